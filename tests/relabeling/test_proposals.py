"""Proposals and the labels that follow: as slow counts say, and never planted ones."""

import time

import numpy as np
import pandas as pd
import pytest
import xarray as xr

import depthviz as dv
from depthviz.errors import ArgumentError, DataError, StudyError
from depthviz.relabeling import relabel
from tests.ensembles.runs import LABELS, POINTS, run, untrained
from tests.relabeling.suspects import earlier, many, one, planted, with_columns

MAKERS = pytest.mark.parametrize("make", [many, one])


@MAKERS
def test_the_most_suspicious_above_the_threshold_come_first(make):
    study = make()
    frame = study.frame()
    for threshold in (0.0, 1.5):
        found = relabel(study, threshold=threshold).proposals
        above = frame[frame["suspicion"] > threshold]
        expected = above.sort_values("suspicion", ascending=False, kind="stable")
        assert len(found) > 5
        assert found.index.equals(expected.index)
        for name in ("label", "suggested_label", "suspicion"):
            assert np.array_equal(found[name], expected[name])


@MAKERS
def test_names_are_those_of_the_classes(make):
    study = make()
    for _, row in relabel(study).proposals.iterrows():
        assert row["label_name"] == study.classes[row["label"]]
        assert row["suggested_name"] == study.classes[row["suggested_label"]]


def test_count_keeps_the_first():
    study = many()
    every, few = relabel(study).proposals, relabel(study, count=7).proposals
    assert few.equals(every.head(7))
    assert len(relabel(study, count=10_000)) == len(every)


def test_labels_change_where_proposed_and_nowhere_else():
    study = many()
    found = relabel(study)
    before = pd.Series(study.dataset["label"].values.astype(int), found.labels.index)
    changed = found.labels != before
    assert set(found.labels.index[changed]) == set(found.proposals.index)
    expected = found.proposals["suggested_label"]
    assert (found.labels[expected.index] == expected).all()
    assert found.labels.dtype == np.int64


def test_planted_labels_are_never_proposed_and_get_back_what_they_were():
    study = planted(many())
    data, found = study.dataset, relabel(study)
    mask, before = data["planted"].values, data["given_label"].values
    suspects = (data["suspicion"].values > 0) & mask
    assert suspects.sum() > 5
    assert not set(found.proposals.index) & set(data["example_id"].values[mask])
    assert np.array_equal(found.labels[mask], before[mask])
    assert len(found) == (data["suspicion"].values > 0)[~mask].sum()
    assert "planted labels left out" in repr(found)


def test_planted_labels_have_no_rank_among_the_suspicious():
    study = planted(many())
    mask, frame = study.dataset["planted"].values, study.frame()
    assert frame["suspicion_rank"][mask].isna().all()
    rest = frame[~mask].dropna(subset="suspicion")
    below = rest["suspicion"].rank(method="min") - 1
    np.testing.assert_allclose(rest["suspicion_rank"], below / len(rest))


def test_a_column_planted_of_the_users_own_is_no_planting():
    study = many()
    own = study.assign(planted=np.arange(len(study)) % 2 == 0)
    assert relabel(own).proposals.equals(relabel(study).proposals)


@MAKERS
def test_members_that_held_it_out_are_counted(make):
    study = make()
    data, found = study.dataset, relabel(study).proposals
    failed = data["member_failed"].values >= 0 if "member" in data.sizes else [False]
    rows = {name: row for row, name in enumerate(data["example_id"].values)}
    for name, proposal in found.iterrows():
        row, votes = rows[name], []
        for member, out in enumerate(failed):
            if "member" in data.sizes:
                held_out = not data["in_train"].values[member, row]
                prediction = data["member_prediction"].values[member, row]
            else:
                held_out = data["split"].values[row] == 1
                prediction = data["prediction"].values[row]
            if held_out and not out:
                votes.append(prediction)
        assert proposal["members_for"] == votes.count(proposal["suggested_label"])
        assert proposal["members_against"] == votes.count(proposal["label"])
    assert found["members_against"].sum() > 0


def slow_evidence(study, name, proposal):
    data = study.dataset
    row = data["example_id"].values.tolist().index(name)
    for probe in range(data.sizes["probe"]):
        near = data["neighbor_index"].values[probe, row]
        carried = data["label"].values[near[near >= 0]]
        if not len(carried):
            yield np.nan
            continue
        given = (carried == proposal["label"]).mean()
        yield (carried == proposal["suggested_label"]).mean() - given


@pytest.mark.parametrize("part", [False, True])
@MAKERS
def test_evidence_is_the_share_for_less_the_share_against(make, part):
    study = make()
    if part:
        study = study.subset(np.random.default_rng(0).permutation(len(study))[:50])
    found = relabel(study)
    assert found.evidence.columns.tolist() == list(study.probes)
    for name, proposal in found.proposals.iterrows():
        expected = list(slow_evidence(study, name, proposal))
        np.testing.assert_allclose(found.evidence.loc[name], expected, atol=1e-6)


def test_the_noise_matrix_counts_each_proposal_once():
    study = many()
    found = relabel(study)
    matrix = found.noise_matrix
    assert matrix.to_numpy().sum() == len(found)
    assert (np.diag(matrix) == 0).all()
    pairs = found.proposals.groupby(["label_name", "suggested_name"]).size()
    assert all(matrix.loc[pair] == count for pair, count in pairs.items())
    assert (matrix.index.name, matrix.columns.name) == ("given", "suggested")


def test_some_of_the_proposals_may_be_kept():
    found = relabel(many())
    agreed = found.proposals.index[[4, 1]]
    kept = found.keep(agreed)
    assert kept.proposals.equals(found.proposals.iloc[[1, 4]])
    assert kept.noise_matrix.to_numpy().sum() == 2
    mask = found.proposals["members_for"] > 0
    assert found.keep(mask).proposals.equals(found.proposals[mask])
    changed = kept.labels != found.keep([]).labels
    assert set(kept.labels.index[changed]) == set(agreed)
    stranger = found.labels.index.difference(found.proposals.index)[0]
    with pytest.raises(DataError, match=r"[Uu]nknown"):
        found.keep([stranger])


def test_of_nothing_known_nothing_is_proposed():
    study = many()
    count = len(study)
    nothing = with_columns(
        planted(study),
        suspicion=np.full(count, np.nan, np.float32),
        suggested_label=np.full(count, -1, np.int16),
    )
    found = relabel(nothing)
    assert (len(found), found.unknown) == (0, count)
    assert found.proposals.empty
    assert found.evidence.empty
    assert not found.noise_matrix.to_numpy().any()
    assert np.array_equal(found.labels, nothing.dataset["given_label"])
    assert f"nothing can be said of {count}" in repr(found)
    with pytest.raises(StudyError, match="no probe predicts labels better than chance"):
        found.precision(10)


def test_the_order_of_the_examples_does_not_matter():
    study = many()
    mixed = study.subset(np.random.default_rng(3).permutation(len(study)))
    one, other = relabel(study), relabel(mixed)
    ids = one.proposals.index
    assert other.proposals.loc[ids].equals(one.proposals)
    assert other.labels[one.labels.index].equals(one.labels)


def test_the_suspicion_of_an_earlier_version_is_refused():
    with pytest.raises(StudyError, match="of an earlier rule, the margin of the neigh"):
        relabel(earlier(many()))


@pytest.mark.parametrize("name", ["suspicion", "suggested_label"])
def test_a_study_without_what_is_needed_is_refused(name):
    study = dv.Study(many().dataset.drop_vars(name))
    with pytest.raises(StudyError, match=f"this study lacks {name}. Measure it with"):
        relabel(study)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"threshold": float("nan")}, "threshold must be a number.*got nan"),
        ({"threshold": "0"}, "threshold must be a number.*got '0'"),
        ({"count": 0}, "count must be a whole number of at least 1, got 0"),
        ({"count": 2.5}, "count must be a whole number"),
    ],
)
def test_options_out_of_range_are_refused(options, told):
    with pytest.raises(ArgumentError, match=told):
        relabel(many(), **options)


def test_a_thousand_classes_take_moments():
    draw = np.random.default_rng(0)
    label, other = draw.integers(0, 1_000, (2, 20_000))
    columns = {
        "label": label,
        "suggested_label": np.where(other == label, (label + 1) % 1_000, other),
        "suspicion": draw.normal(size=20_000),
        "prediction": label,
        "split": np.ones(20_000, np.uint8),
    }
    data = xr.Dataset({name: ("example", values) for name, values in columns.items()})
    data["suspicion"].attrs["rule"] = "label evidence"
    ids = ("example", np.arange(20_000))
    names = {"class": list(map(str, range(1_000))), "example_id": ids}
    study = dv.Study(data.assign_coords(names))
    started = time.process_time()
    found = relabel(study)
    assert found.noise_matrix.shape == (1_000, 1_000)
    assert found.noise_matrix.to_numpy().sum() == len(found) > 1_000
    assert time.process_time() - started < 5


def test_corrected_labels_go_into_the_next_ensemble(tmp_path):
    study = dv.Study(run(tmp_path / "first", recipe=untrained))
    draw = np.random.default_rng(0)
    found = relabel(
        with_columns(
            study,
            suspicion=draw.normal(-1, 1, len(study)).astype(np.float32),
            suggested_label=((LABELS + 1) % 3).astype(np.int16),
        )
    )
    again = run(
        tmp_path / "again", data=(POINTS, LABELS), labels=found.labels, recipe=untrained
    )
    changed = again["label"].values != again["data_label"].values
    assert set(np.flatnonzero(changed)) == set(found.proposals.index)
    mixed = found.labels.sample(frac=1, random_state=0)
    with pytest.raises(DataError, match="in another order than the data"):
        run(tmp_path / "mixed", labels=mixed, recipe=untrained)
