"""A study: one dataset, its table, the columns people add, how it shows itself."""

import dataclasses

import numpy as np
import pandas as pd
import pytest
import torch
import xarray as xr

from depthviz.errors import ArgumentError, StudyError
from depthviz.study import Study


def test_it_tells_its_parts(study):
    assert len(study) == 9
    assert study.probes == ("input", "<conv>", "softmax")
    assert study.classes == ("cat", "dög", "<b>")
    assert study.k == 2


def test_it_cannot_be_changed(study):
    with pytest.raises(dataclasses.FrozenInstanceError):
        study.dataset = None


def test_a_dataset_without_examples_is_refused():
    with pytest.raises(StudyError, match="this dataset has member"):
        Study(xr.Dataset({"a": ("member", [1, 2])}))


def test_the_table_has_its_columns_in_order(study):
    study = study.assign(mine=range(9), train_depth_se=np.ones(9), a=["x"] * 9)
    assert list(study.frame()) == [
        "split",
        "label",
        "label_name",
        "prediction",
        "correct",
        "confidence",
        "depth",
        "train_depth_se",
        "undecided",
        "suspicion_rank",
        "suspicion",
        "mine",
        "a",
    ]
    assert study.frame().index.name == "example_id"


def test_the_table_derives_what_follows(study):
    frame = study.frame()
    assert frame["correct"].tolist() == (frame["label"] == frame["prediction"]).tolist()
    assert frame.index[frame["undecided"]].tolist() == [3, 7]
    assert frame["split"].tolist() == ["train"] * 6 + ["validation"] * 3
    assert list(frame["split"].cat.categories) == ["train", "validation"]


def test_codes_can_be_subtracted(study):
    frame = study.frame()
    difference = frame["prediction"] - frame["label"]
    assert difference.tolist() == [0, 0, -2, 1, -1, -1, 0, 0, -2]


def test_columns_of_later_studies_take_their_places(study):
    count = ("example", np.zeros(9))
    later = Study(study.dataset.assign(c_score=count, group=count, train_depth=count))
    columns = list(later.frame())
    assert columns.index("depth") + 1 == columns.index("train_depth")
    assert columns.index("undecided") + 1 == columns.index("group")
    assert columns.index("group") + 1 == columns.index("c_score")


def test_assigned_columns_leave_the_study_as_it_was(study):
    assigned = study.assign(note=["a"] * 9)
    assert "note" not in study.frame()
    assert assigned.frame()["note"].tolist() == ["a"] * 9
    again = assigned.assign(note=np.arange(9.0))
    assert again.frame()["note"].tolist() == list(range(9))


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (np.arange(9) % 2 == 0, [True, False] * 4 + [True]),
        (range(9), list(range(9))),
        (
            ["a", None, "é", np.nan, *"vwxyz"],
            ["a", "", "é", "", *"vwxyz"],
        ),
        (pd.Categorical(["b", "a", None] * 3), ["b", "a", ""] * 3),
        (pd.Series(range(8, -1, -1), index=range(8, -1, -1)), list(range(9))),
    ],
)
def test_numbers_truth_values_and_text_can_be_assigned(study, values, expected):
    assert study.assign(mine=values).frame()["mine"].tolist() == expected


@pytest.mark.parametrize(
    ("name", "values", "message"),
    [
        (
            "mine",
            np.zeros(8),
            r"one value for each of the 9 examples, got shape \(8,\)",
        ),
        ("mine", np.zeros((9, 2)), r"got shape \(9, 2\)"),
        ("mine", [object()] * 9, "must hold numbers, truth values or text, got object"),
        ("mine", pd.Series([1, 2], index=[0, 1]), "7 of 9 are missing"),
        ("depth", np.zeros(9), "has measured 'depth' already"),
        ("vote", np.zeros(9), "has measured 'vote' already"),
        ("correct", np.zeros(9), "'correct' is the study's own"),
        ("probe", np.zeros(9), "'probe' is the study's own"),
        ("example_id", np.zeros(9), "has measured 'example_id' already"),
    ],
)
def test_columns_that_do_not_fit_are_refused(study, name, values, message):
    with pytest.raises(StudyError, match=message):
        study.assign(**{name: values})


def test_one_depth_has_no_groups(study):
    with pytest.raises(
        StudyError, match=r"lacks train_depth and validation_depth: one"
    ):
        study.groups()


def test_a_quantile_beside_boundaries_is_refused(study):
    count = len(study)
    depths = {"train_depth": np.arange(count), "validation_depth": np.arange(count)}
    both = study.assign(**depths)
    with pytest.raises(ArgumentError, match="q or boundaries, not both"):
        both.groups(q=0.2, boundaries=(1, 4, 1, 4))
    assert torch.equal(both.groups().codes, both.groups(q=0.3).codes)
    assert torch.equal(both.groups(0.2).codes, both.groups(q=0.2).codes)


def test_two_depths_have_groups(study):
    train, held = [0, 9, 0, 9, 5, 5, 5, 5, 5], [0, 0, 9, 9, 5, 5, 5, 5, 5]
    groups = study.assign(train_depth=train, validation_depth=held).groups(q=0.2)
    assert [groups.names[code] for code in groups.codes[:4]] == [
        "easy",
        "looks like a different class",
        "ambiguous unless the label is given",
        "ambiguous",
    ]


def test_it_shows_itself_with_text_escaped(study):
    assert "9 examples, 3 probes, 3 classes, k = 2" in repr(study)
    page = study._repr_html_()
    assert "&lt;conv&gt;" in page
    assert "<conv>" not in page
    titled = Study(study.dataset.assign_attrs(title="<script>"))
    assert "<script>" not in titled._repr_html_()
