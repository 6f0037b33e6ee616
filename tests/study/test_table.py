"""What may become a column, and how it comes out of the table."""

from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
import torch
import xarray as xr

from depthviz.difficulty import MEASURES
from depthviz.errors import StudyError
from depthviz.study import Study
from depthviz.study.table import DERIVED

LARGE = 2**63 + 5


@pytest.mark.parametrize(
    "values",
    [
        [1, None, 3] * 3,
        [1.0, np.nan, 3] * 3,
        [1, pd.NA, 3.0] * 3,
        pd.Series([1, None, 3] * 3, dtype="Int64"),
        np.array([1, None, 3] * 3, object),
    ],
)
def test_numbers_of_which_some_are_missing_become_floats(study, values):
    column = study.assign(mine=values).frame()["mine"]
    assert column.dtype == np.float64
    assert np.array_equal(column, [1, np.nan, 3] * 3, equal_nan=True)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ([1, "a", None] * 3, "truth values or text, got int among text"),
        (
            [True, None, False] * 3,
            r"missing values among truth values \(3 of 9\), row 1",
        ),
        (pd.array([True, None, False] * 3, dtype="boolean"), "missing values among"),
        (pd.Series([None, True, False] * 3, dtype="boolean"), "row 0 first.*fillna"),
        (pd.array([2**62 + 1, None, 3] * 3, dtype="Int64"), "too large for floats"),
        (np.ma.array([2**62 + 1] * 9, mask=[1, *[0] * 8]), "too large for floats"),
        ([2**64 + 1, *range(8)], "holds whole numbers that are too large"),
        ([-1, 2**63 + 1, *range(7)], "holds whole numbers that are too large"),
        (pd.date_range("2026", periods=9), "got datetime. Give it as text"),
        (pd.to_timedelta(range(9)), "got timedelta. Give it as numbers"),
        ([Decimal("1.5"), None, 2] * 3, "got Decimal|got decimal"),
        ([Decimal("1.5")] * 9, r"got decimal. .*astype\(float\)"),
        (np.arange(9) * 1j, "got complex numbers. .*values.real"),
        ([b"a"] * 9, "got bytes. .*decode"),
        (pd.period_range("2026", periods=9), "got period|got Period"),
        (
            ["a"] * 8 + ["caf\udce9.png"],
            r"'mine' holds text that is not UTF-8: value 8",
        ),
    ],
)
def test_what_is_no_column_is_refused_in_true_words(study, values, message):
    with pytest.raises(StudyError, match=message):
        study.assign(mine=values)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (pd.array([1, None, 3] * 3, dtype="Int64"), [1.0, np.nan, 3.0] * 3),
        (
            np.ma.array(np.arange(9), mask=np.arange(9) == 4),
            [*range(4), np.nan, *range(5, 9)],
        ),
        (torch.arange(9.0, requires_grad=True), list(range(9))),
        (torch.arange(9).bfloat16(), list(range(9))),
        (pd.array([True, False, True] * 3, dtype="boolean"), [1, 0, 1] * 3),
    ],
)
def test_arrays_of_other_libraries_are_taken(study, values, expected):
    column = study.assign(mine=values).frame()["mine"]
    assert np.array_equal(column.astype(float), expected, equal_nan=True)


def test_an_array_with_ids_goes_by_them(study):
    turned = study.dataset["depth"].isel(example=slice(None, None, -1))
    assert (
        study.assign(mine=turned).frame()["mine"].tolist()
        == study.frame()["depth"].tolist()
    )


@pytest.mark.parametrize("name", sorted({*MEASURES, "consensus_class"} - {*DERIVED}))
@pytest.mark.parametrize(
    ("values", "kind"), [(["a"] * 9, "text"), ([True] * 9, "truth values")]
)
def test_a_measure_holds_numbers(study, name, values, kind):
    study = Study(study.dataset.drop_vars(name, errors="ignore"))
    with pytest.raises(StudyError, match=f"{name!r} must hold numbers.*got {kind};"):
        study.assign(**{name: values})
    assert study.assign(**{name: range(9)}).frame()[name].tolist() == list(range(9))


def test_large_whole_numbers_keep_their_values(study):
    frame = study.assign(mine=np.full(9, LARGE, np.uint64)).frame()
    assert frame["mine"].tolist() == [LARGE] * 9


@pytest.mark.parametrize("kind", [np.int8, np.uint8, np.uint32, np.int64])
def test_other_whole_numbers_come_out_wide(study, kind):
    column = study.assign(mine=np.arange(9, dtype=kind)).frame()["mine"]
    assert column.dtype == np.int64


def ranked(suspicion, split=None, **more):
    """The ranks of a study that has no more than these columns."""
    columns = {"suspicion": ("example", suspicion), **more}
    if split is not None:
        columns["split"] = ("example", np.array(split, np.uint8))
    ids = {"example_id": ("example", np.arange(len(suspicion)))}
    return Study(xr.Dataset(columns, ids)).frame()["suspicion_rank"].tolist()


def test_the_rank_is_the_share_of_the_split_that_is_less_suspicious():
    draw = np.random.default_rng(0)
    suspicion = draw.integers(-5, 5, 200) / 5
    split = draw.integers(0, 2, 200)
    suspicion[draw.random(200) < 0.1] = np.nan
    for found, value, side in zip(
        ranked(suspicion, split), suspicion, split, strict=True
    ):
        others = suspicion[(split == side) & ~np.isnan(suspicion)]
        if np.isnan(value):
            assert np.isnan(found)
        else:
            assert found == pytest.approx((others < value).sum() / len(others))


def test_validation_examples_do_not_crowd_the_top_of_the_ranks():
    draw = np.random.default_rng(1)
    split = np.arange(1000) % 5 == 0
    planted = (np.arange(1000) < 60) & ~split
    suspicion = draw.normal(size=1000) / 10 + planted * 0.6 + split * 1.0
    rows = pd.DataFrame({"suspicion": suspicion, "planted": planted})
    rows["suspicion_rank"] = ranked(suspicion, split)
    count = planted.sum()
    assert rows.nlargest(count, "suspicion")["planted"].mean() < 0.1
    assert rows.nlargest(count, "suspicion_rank")["planted"].mean() > 0.7


def test_without_a_split_the_rank_is_among_all():
    assert ranked([0.5, -1.0, 0.5, 2.0]) == [0.25, 0, 0.25, 0.75]
    assert ranked([3], [1]) == [0]
    assert ranked(np.array([], float), []) == []


def test_of_many_networks_the_rank_is_among_all_whatever_the_shown_member_held_out():
    suspicion = [0.5, -1.0, 0.25, 2.0]
    depth = ("example", np.zeros(4))
    trained = (("member", "example"), np.eye(2, 4, dtype=bool))
    many = {"train_depth": depth, "validation_depth": depth, "in_train": trained}
    assert ranked(suspicion, [0, 0, 1, 1]) == [0.5, 0, 0, 0.5]
    assert ranked(suspicion, [0, 0, 1, 1], **many) == [0.5, 0, 0.25, 0.75]


def test_the_rank_is_no_column_to_assign(study):
    with pytest.raises(StudyError, match="'suspicion_rank' is the study's own"):
        study.assign(suspicion_rank=range(9))


def test_the_name_of_the_label_stands_in_the_table(study):
    names = study.frame()["label_name"]
    assert names.tolist() == ["cat", "dög", "<b>"] * 3
    with pytest.raises(StudyError, match="'label_name' is the study's own"):
        study.assign(label_name=["a"] * 9)


def test_classes_of_one_name_share_it_and_a_label_beyond_has_none(study):
    data = study.dataset.assign_coords({"class": ["crane", "cat", "crane"]})
    data["label"].values[:4] = [0, 2, 3, -1]
    names = Study(data).frame()["label_name"]
    assert names[:2].tolist() == ["crane", "crane"]
    assert names[2:4].isna().all()


def test_classes_that_are_numbers_have_no_names(study):
    data = study.dataset.assign_coords({"class": ["0", "1", "2"]})
    assert "label_name" not in Study(data).frame()


def test_unsigned_numbers_in_a_list_keep_their_values(study):
    large = [2**63 + i for i in range(9)]
    assert study.assign(mine=large).frame()["mine"].tolist() == large


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("neighbor_row", "the study's own"),
        ("image", "has measured 'image' already"),
        ("projection", "the study's own"),
        ("member_failed", "the study's own"),
        ("trained_on", "the study's own"),
    ],
)
def test_names_that_say_what_a_study_is_are_refused(study, name, words):
    with pytest.raises(StudyError, match=words):
        study.assign(**{name: range(9)})


def test_a_column_may_be_named_self(study):
    assert study.assign(**{"self": range(9)}).frame()["self"].tolist() == [*range(9)]
