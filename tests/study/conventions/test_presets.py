"""Presets against the published codes' steps, written out one example at a time.

Each function follows what a code does, as far as stored neighbors can tell: what its
preset calls lost is left out here too.
"""

import numpy as np
import pytest

from depthviz.study import PRESETS, Recount, stored_sensitivity
from tests.measurement.clouds import Cloud

K = 6


class Code:
    """What the codes share: a sort of all distances, and labels of the nearest."""

    def __init__(self, cloud, k):
        self.cloud, self.k = cloud, k
        self.labels = np.array(cloud.labels)
        self.references = np.flatnonzero(cloud.trained)
        self.probes = len(cloud.points)

    def nearest(self, probe, example, width):
        points = self.cloud.points[probe]
        apart = np.linalg.norm(points[self.references] - points[example], axis=1)
        order = apart.argsort(kind="stable")[:width]
        return self.labels[self.references[order]]

    def count(self, labels):
        return np.bincount(labels, minlength=3).argmax()


def walk_back(votes):
    """Steps from the last probe while votes equal its own, the first probe unasked."""
    steps, backwards = 0, votes[::-1]
    while steps <= len(votes) - 2 and backwards[steps] == backwards[0]:
        steps += 1
    return len(votes) - steps


def miae(code, example):
    votes = [
        code.count(code.nearest(probe, example, code.k)[1:])
        for probe in range(1, code.probes)
    ]
    return walk_back(votes)


def angular_gap(code, example):
    more = int(code.cloud.trained[example])
    votes = [
        code.count(code.nearest(probe, example, code.k + more)[more:])
        for probe in range(1, code.probes)
    ]
    return walk_back(votes)


def example_difficulty(code, example):
    """The step after which a match never fails again; all steps if the last fails."""
    matches = [
        code.count(code.nearest(probe, example, code.k)) == code.labels[example]
        for probe in range(code.probes)
    ]
    learned = 0
    for step, (before, now) in enumerate(
        zip([False, *matches], [*matches, True], strict=True)
    ):
        if now and not before:
            learned = step
    return learned


def aucurriculum(code, example):
    run = 1
    total = 0
    for probe in reversed(range(code.probes)):
        vote = code.count(code.nearest(probe, example, code.k))
        run *= int(vote == code.cloud.prediction[example])
        total += run
    return (code.probes - total) / (code.probes + 1)


def spurious_features(code, example):
    votes = []
    for probe in range(1, code.probes - 1):
        mean = round(float(code.nearest(probe, example, 29).mean()), 2)
        votes.append(1 if mean > 0.62 else 0 if mean < 0.38 else None)
    if None in votes[-2:]:
        return np.nan
    layers = 4
    for place in range(len(votes) - 1):
        if votes[place] != votes[-1]:
            layers = 4 * (place + 1) + 4
    return layers


CODES = {
    "MIAE": miae,
    "AngularGap": angular_gap,
    "nn_example_difficulty": example_difficulty,
    "aucurriculum": aucurriculum,
    "TMLR23_Dynamics_of_Spurious_Features": spurious_features,
}


def test_each_preset_has_a_code_to_compare_with():
    assert set(CODES) == set(PRESETS)


@pytest.mark.parametrize("name", PRESETS)
@pytest.mark.parametrize("seed", range(5))
def test_a_preset_writes_what_its_code_does(name, seed):
    binary = name.startswith("TMLR23")
    cloud = Cloud(seed, count=60, probes=5, classes=2 if binary else 3, values=5)
    if binary:  # clearer votes, so that some are counted
        cloud.points[2:] += 2 * np.array(cloud.labels)[:, None]
    code, k = Code(cloud, K), 30 if binary else K
    expected = [CODES[name](code, example) for example in range(60)]
    preset = PRESETS[name]
    found = preset.write(Recount(cloud.study(k)).under(preset.conventions))
    np.testing.assert_allclose(found, expected, rtol=1e-12)
    assert len(set(expected)) > 2


@pytest.mark.parametrize("name", PRESETS)
def test_the_table_has_a_row_for_each_preset_and_says_what_is_lost(name):
    cloud = Cloud(1, count=60, probes=5)
    study, preset = cloud.study(30), PRESETS[name]
    row = stored_sensitivity(study).set_index("convention").loc[f"as in {name}"]
    depth = Recount(study).under(preset.conventions).depth
    own = study.dataset["depth"].values
    if preset.conventions.least:  # no input probe, so its first depth is the second
        own = np.where(own < 2, 2, own)
    assert row["changed"] == (depth != own).sum()
    assert row["no_depth"] == np.isnan(depth).sum()
    assert all(lost in row["untold"] for lost in preset.lost)


def test_a_preset_that_needs_more_neighbors_says_so():
    table = stored_sensitivity(Cloud(1).study(5)).set_index("convention")
    row = table.loc["as in TMLR23_Dynamics_of_Spurious_Features"]
    assert np.isnan(row["share"])
    assert row["untold"] == "It needs 29 neighbors of each example; 5 are stored."


def test_angular_gap_is_told_as_its_lines_read_not_as_they_are_meant():
    preset = PRESETS["AngularGap"]
    assert "get_pd_resnet.py" in preset.differs
    assert "largest distances vote" in preset.differs
    assert "nearest" not in preset.differs
    assert any("farthest are not stored" in lost for lost in preset.lost)
    assert not any("training mode" in lost for lost in preset.lost)


def test_a_code_without_the_softmax_says_what_its_last_probe_is():
    assert "logits" in PRESETS["nn_example_difficulty"].lost[0]
