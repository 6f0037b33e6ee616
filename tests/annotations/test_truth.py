"""What people decided is what readings and scores are counted against."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import depthviz as dv
from depthviz import annotations
from depthviz.ensembles.analysis.truth import find_truth
from depthviz.errors import ArgumentError, DataError, LabelError, StudyError
from depthviz.study import Study
from tests.ensembles.synthetic import ensemble_study


@pytest.fixture(scope="module")
def study() -> Study:
    found = ensemble_study(seed=6, wrong=0.3)
    ids = [f"train/{number:04}.png" for number in range(len(found))]
    return Study(found.dataset.assign_coords(example_id=("example", ids)))


@pytest.fixture
def store(tmp_path: Path) -> annotations.Annotations:
    return annotations.open(tmp_path / "x.annotations.sqlite", annotator="ada")


def review(store: annotations.Annotations, study: Study) -> None:
    """Say the truth of every example: its class where the label is wrong."""
    for example, row in study.frame().iterrows():
        wrong = row["label"] != row["truth"]
        store.record(example, "verdict", "wrong label" if wrong else "correct")
        if wrong:
            store.record(example, "label", study.classes[row["truth"]])


def test_a_store_of_all_examples_is_the_truth(
    store: annotations.Annotations, study: Study
) -> None:
    review(store, study)
    truth = study.frame()["truth"]
    assert store.truth(study).tolist() == truth.tolist()
    expected = dv.accuracy_by_group(study, truth=truth)
    pd.testing.assert_frame_equal(dv.accuracy_by_group(study, truth=store), expected)
    given = dv.accuracy_by_group(study)
    assert expected["accuracy"][0] > given["accuracy"][0] + 0.1
    ours = dv.best_probe(study, by="validation_depth", truth=store).table
    wanted = dv.best_probe(study, by="validation_depth", truth=truth).table
    pd.testing.assert_frame_equal(ours, wanted)


def test_what_was_judged_and_is_open_counts_nowhere(
    store: annotations.Annotations, study: Study
) -> None:
    ids = study.frame().index
    store.record(ids[0], "verdict", "wrong label")  # and nobody says which is right
    store.record(ids[1], "verdict", "ambiguous")
    store.record(ids[2], "verdict", "correct")
    store.record(ids[2], "label", "1", annotator="bob")
    store.record(ids[3], "verdict", "correct")
    store.record(ids[3], "verdict", "ambiguous", annotator="bob")
    store.record(ids[4], "label", "no class of these")
    store.record(ids[5], "verdict", "wrong label")
    store.record(ids[5], "verdict", None)  # taken back
    store.record(ids[6], "note", "nothing is judged by that")
    truth = store.truth(study)
    assert truth.isna().tolist()[:7] == [True, True, False, True, True, False, False]
    assert (truth[7:] == study.frame()["label"][7:]).all()
    for given in (truth, store):
        classes, known = find_truth(study, given)
        assert known.sum() == len(study) - 4
        assert classes[known].tolist() == truth.dropna().tolist()
    pairs = dv.accuracy_by_group(study)["pairs"][0]
    data = study.dataset
    held_out = (~data["in_train"].values).sum(0)
    left_out = held_out[[0, 1, 3, 4]].sum()
    assert dv.accuracy_by_group(study, truth=store)["pairs"][0] == pairs - left_out


def test_a_column_of_verdicts_leaves_out_what_is_not_settled(
    store: annotations.Annotations, study: Study
) -> None:
    review(store, study)
    columns = store.columns(study.frame().index)
    right = (study.frame()["label"] == study.frame()["truth"]).to_numpy()
    with_verdicts = study.assign(**columns)
    column = with_verdicts.frame()["verdict"]
    turned = column.sample(frac=1, random_state=0)
    for given in (columns, column, turned):
        classes, known = find_truth(study, given)
        assert known.tolist() == right.tolist()
        assert (classes[known] == study.frame()["label"][right]).all()
    table = dv.accuracy_by_group(study, truth=columns)
    assert table["pairs"][0] < dv.accuracy_by_group(study)["pairs"][0]


def test_series_with_missing_classes_go_by_their_index(study: Study) -> None:
    truth = study.frame()["truth"].astype(float)
    truth.iloc[::3] = np.nan
    for given in (truth, truth.astype("Int64"), truth.astype(object)):
        classes, known = find_truth(study, given.sample(frac=1, random_state=0))
        assert known.sum() == len(study) - len(truth[::3])
        assert (classes[known] == truth.dropna()).all()


def test_decisions_of_other_examples_are_refused(
    store: annotations.Annotations, study: Study
) -> None:
    store.record("elsewhere/1.png", "verdict", "correct")
    with pytest.raises(DataError, match=r"do not have, such as 'elsewhere/1\.png'"):
        dv.accuracy_by_group(study, truth=store)
    assert store.truth(study, others="ignore").notna().all()


def test_numbers_as_ids_are_of_the_data_that_was_annotated(
    store: annotations.Annotations,
) -> None:
    found = ensemble_study(seed=1)
    study = Study(found.dataset.assign_attrs(data_sha256="d2" * 32))
    store.record(0, "verdict", "wrong label", data="d1" * 32)
    with pytest.raises(DataError, match=r"other data.*its ids are numbers.*data="):
        dv.best_probe(study, truth=store)
    assert store.truth(study, data="d1" * 32).isna().sum() == 1
    store.undo()
    assert store.truth(study).notna().all()


@pytest.mark.parametrize(
    ("given", "error", "words"),
    [
        (pd.DataFrame({"label": [1]}), LabelError, "column 'verdict'.*has: 'label'"),
        (pd.Series([1.0], ["a"]), StudyError, "240 of 240 are missing"),
    ],
)
def test_what_is_no_truth_is_refused(
    study: Study, given: Any, error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        dv.accuracy_by_group(study, truth=given)


def test_nothing_known_and_odd_classes_are_refused(study: Study) -> None:
    ids = study.frame().index
    with pytest.raises(LabelError, match="nothing to count"):
        find_truth(study, pd.Series("ambiguous", ids, name="verdict"))
    with pytest.raises(LabelError, match="nothing to count"):
        find_truth(study, pd.Series(np.nan, ids))
    for odd in (0.5, 99, "a"):
        column = pd.Series([odd, *[None] * (len(ids) - 1)], ids, dtype=object)
        with pytest.raises(LabelError, match="positions among the classes"):
            find_truth(study, column)


def test_an_adjudicator_may_have_given_verdicts_alone(
    store: annotations.Annotations,
) -> None:
    store.record("a", "verdict", "correct")
    store.record("b", "verdict", "wrong label")
    for example in "ab":
        store.record(example, "label", "1", annotator="bob")
    labels = pd.Series([0, 0], ["a", "b"])
    found = store.apply(labels, rule="adjudicator", adjudicator="ada")
    assert found.labels.tolist() == [0, 1]
    with pytest.raises(ArgumentError, match="adjudicator must be one of"):
        store.apply(labels, rule="adjudicator", adjudicator="zoe")
