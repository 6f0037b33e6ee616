"""Each finding of a report counts what its sentence says."""

import re
from collections.abc import Callable

import numpy as np
import pytest

from depthviz.reports.contents.finding import Finding, suspected_labels
from depthviz.reports.contents.found import find_findings
from depthviz.reports.contents.numbers import held_out_right, percent, with_interval
from depthviz.reports.contents.twins import find_twins
from depthviz.study import Study
from tests.charts.studies import STUDIES, ensemble, synthetic
from tests.relabeling.suspects import one
from tests.studies import tiny_study, vector_study


def by_key(study: Study, most: int = 9) -> dict[str, Finding]:
    return {found.key: found for found in find_findings(study, most=most)}


def number(text: str) -> int:
    found = re.search(r"\d[\d,]*", text)
    assert found, text
    return int(found[0].replace(",", ""))


def test_findings_about_groups_count_their_examples() -> None:
    study = synthetic()
    frame, found = study.frame(), by_key(study)
    kinds = [key for key in found if key.startswith("group:")]
    assert len(kinds) >= 2
    for key in kinds:
        rows = np.flatnonzero(frame["group"] == key.removeprefix("group:"))
        assert sorted(found[key].rows) == rows.tolist()
        assert number(found[key].says) == len(rows)
        names = study.dataset["group"].attrs["names"]
        assert names[found[key].filters["group"][0]] == found[key].group


def test_what_held_out_networks_say_counts_each_prediction_once() -> None:
    frame = synthetic().frame()
    held = frame[frame["held_out"] > 0]
    found = held_out_right(held)
    right = (held["c_score"] * held["held_out"]).sum() / held["held_out"].sum()
    assert found.value == pytest.approx(right)
    rng = np.random.default_rng(0)
    draws = []
    for _ in range(800):
        drawn = held.iloc[rng.integers(0, len(held), len(held))]
        total = drawn["held_out"].sum()
        draws.append((drawn["c_score"] * drawn["held_out"]).sum() / total)
    low, high = np.quantile(draws, [0.025, 0.975])
    assert found.low == pytest.approx(low, abs=0.012)
    assert found.high == pytest.approx(high, abs=0.012)


def test_suspected_labels_have_more_evidence_for_another() -> None:
    frame = one().frame()
    rows = suspected_labels(frame)
    chosen = frame.iloc[rows]
    assert len(rows)
    assert (chosen["suspicion"] > 0).all()
    assert (chosen["suggested_label"] != chosen["label"]).all()
    rest = frame.drop(index=chosen.index)
    same = rest["suggested_label"] == rest["label"]
    assert ((rest["suspicion"] <= 0) | same | rest["suspicion"].isna()).all()
    found = by_key(one())["suspected"]
    assert number(found.says) == len(rows)
    least = found.filters["suspicion"]["from"]
    assert (frame["suspicion"] >= least).sum() >= len(rows)


def test_planted_labels_are_counted_among_the_first() -> None:
    data = one().dataset
    rows = suspected_labels(one().frame())
    planted = np.zeros(len(one()), bool)
    planted[rows[:3]] = True
    study = Study(data.assign(planted=("example", planted)))
    more = by_key(study)["suspected"].more
    assert f"Of the {min(50, len(rows))} most suspicious labels 3 were planted" in more


def test_late_ones_are_those_of_the_last_probes() -> None:
    study = tiny_study()
    found = by_key(study)
    depth = study.frame()["depth"].to_numpy()
    if "late" in found:
        late = found["late"]
        assert set(depth[late.rows]) <= set(late.filters["depth"])
        assert number(late.says) == np.isin(depth, late.filters["depth"]).sum()
    undecided = found["undecided"]
    assert number(undecided.says) == (depth >= len(study.probes)).sum()


def test_sure_mistakes_are_wrong_and_sure() -> None:
    data = tiny_study().dataset
    sure = Study(data.assign(confidence=data["confidence"] * 0 + 0.95))
    frame = sure.frame()
    assert number(by_key(sure)["sure"].says) == (~frame["correct"]).sum()
    unsure = Study(data.assign(confidence=data["confidence"] * 0 + 0.5))
    assert "sure" not in by_key(unsure)


def test_pairs_of_equal_pictures_under_two_labels_are_found() -> None:
    data = ensemble().dataset.copy(deep=True)
    images, label = data["image"].values.copy(), data["label"].values.copy()
    images[:] = np.random.default_rng(1).integers(0, 256, images.shape)
    images[7], images[9], images[11] = images[2], images[2], images[4]
    label[2], label[7], label[9], label[4], label[11] = 0, 1, 1, 1, 1
    images[20:22] = 0  # of one color: nothing is on them
    label[20], label[21] = 0, 1
    changed = data.assign(
        image=(data["image"].dims, images), label=(data["label"].dims, label)
    )
    assert find_twins(Study(changed)) == [(2, 7)]
    assert by_key(Study(changed))["twins"].says.startswith("1 picture stands")
    assert find_twins(vector_study()) == []


@pytest.mark.parametrize("make", STUDIES.values(), ids=STUDIES)
def test_findings_hold_for_some_and_not_for_all(make: Callable[[], Study]) -> None:
    study = make()
    for found in find_findings(study):
        assert 0 < len(found.rows) < len(study)
        assert found.says
        assert "nan" not in found.says + found.more
        assert set(found.filters) <= set(study.frame())


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (0, "0 %"),
        (0.0004, "under 0.1 %"),
        (0.5, "50 %"),
        (0.99951, "over 99.9 %"),
        (1, "100 %"),
    ],
)
def test_shares_are_rounded_to_none_and_all_only_where_they_are(
    share: float, words: str
) -> None:
    assert percent(share) == words


def test_an_interval_without_width_is_not_told() -> None:
    frame = synthetic().frame().assign(c_score=1.0)
    assert with_interval(held_out_right(frame)) == "100 %"
