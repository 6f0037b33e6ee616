"""Which columns are classes, in which order, and what is refused with a reason."""

from typing import Any

import numpy as np
import pytest

from depthviz.errors import ArgumentError, StudyError
from depthviz.study import Study
from depthviz.study.decoding.classes import classes_of
from tests.charts.studies import study_named
from tests.studies import vector_study
from tests.study.decoding.small import colored


def assigned(values: Any) -> Any:
    return colored().assign(mine=values)


@pytest.mark.parametrize(
    ("values", "found"),
    [
        (["b", "a", "", "c"] * 15, ["a", "b", "c"]),
        ([True, False] * 30, [False, True]),
        ([7, -3, 10_000] * 20, [-3, 7, 10_000]),
        ([1.0, np.nan, 0.0] * 20, [0.0, 1.0]),
        ([np.inf, 2.0, 3.0] * 20, [2.0, 3.0]),
    ],
)
def test_values_are_sorted_and_missing_ones_have_none(values: Any, found: Any) -> None:
    classes = classes_of(assigned(values), "mine")
    assert classes.values.tolist() == found
    for code, value in zip(classes.codes, values, strict=True):
        known = value in found
        assert code == (found.index(value) if known else -1)


def test_what_a_measured_column_calls_none_is_missing() -> None:
    study = study_named("ensemble")
    for name in ("consensus_class", "suggested_label"):
        values = study.frame()[name].to_numpy()
        codes = classes_of(study, name).codes
        assert ((codes == -1) == (values < 0)).all()
        assert (values < 0).any()


def test_numbers_are_cut_into_parts_of_as_many_examples_where_it_is_said() -> None:
    study = colored()
    with pytest.raises(StudyError, match=r"60 different numbers, .* Say bins=4"):
        classes_of(study, "brightness")
    classes = classes_of(study, "brightness", bins=4)
    assert np.bincount(classes.codes).tolist() == [15, 15, 15, 15]
    order = study.frame()["brightness"].argsort().to_numpy()
    assert (np.diff(classes.codes[order]) >= 0).all()


def test_bins_change_nothing_of_classes() -> None:
    study = colored()
    for name in ("color", "bold", "label"):
        assert classes_of(study, name, bins=2).values.equals(
            classes_of(study, name).values
        )


def test_many_whole_numbers_are_no_classes_unless_they_are_labels() -> None:
    study = study_named("1,000 classes")
    assert len(classes_of(study, "label").values) > 60
    few = vector_study(120).assign(number=np.arange(120) % 100)
    assert len(classes_of(few, "number").values) == 100
    with pytest.raises(StudyError, match="101 different whole numbers"):
        classes_of(few.assign(number=np.arange(120) % 101), "number")


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (["same"] * 60, "one value, same, of all 60 examples"),
        (["same", ""] * 30, "one value, same, of all 30 examples"),
        ([np.nan] * 60, "has no value of any example"),
        ([""] * 60, "has no value of any example"),
    ],
)
def test_what_tells_nothing_apart_is_refused(values: Any, said: str) -> None:
    with pytest.raises(StudyError, match=said):
        classes_of(assigned(values), "mine")


@pytest.mark.parametrize("column", ["nobody", 3, None, ("label", "bold")])
def test_a_column_that_is_not_there_is_named_with_those_that_are(column: Any) -> None:
    with pytest.raises(ArgumentError, match=r"This study has: 'split', 'label'"):
        classes_of(colored(), column)


@pytest.mark.parametrize("bins", [1, 0, 2.5, True])
def test_bins_are_whole_numbers_from_two_on(bins: Any) -> None:
    with pytest.raises(ArgumentError, match="bins must be"):
        classes_of(colored(), "brightness", bins=bins)


@pytest.mark.parametrize("bins", [None, 3])
def test_equal_numbers_are_one_value_in_however_many_bins(bins: int | None) -> None:
    with pytest.raises(StudyError, match=r"one value, 1\.0, of all 59"):
        classes_of(assigned([np.nan] + [1.0] * 59), "mine", bins=bins)


def test_an_example_without_a_label_has_no_class() -> None:
    data = colored().dataset
    label = np.where(np.arange(60) < 2, -1, data["label"].values.astype(int))
    classes = classes_of(Study(data.assign(label=("example", label))), "label")
    assert classes.codes.tolist()[:2] == [-1, -1]
    assert -1 not in classes.values
