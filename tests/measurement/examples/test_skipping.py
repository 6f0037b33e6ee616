"""Broken examples that are left out, and what is said of them."""

import numpy as np
import pandas as pd
import pytest
import torch
from torch.utils.data import Dataset

import depthviz as dv
from depthviz.errors import ArgumentError, LabelError, ShapeError
from depthviz.study.measures.rows import locate_record
from tests.measurement.small import (
    HELD_OUT,
    LABELS,
    POINTS,
    TRAIN,
    measured,
    perceptron,
)

BROKEN = {4: "truncated file", 11: float("nan"), 30: None}
GOOD = np.delete(np.arange(38), list(BROKEN))


class Damaged(Dataset):
    """Pictures of which one cannot be read, one is NaN and one has no label."""

    def __init__(self, broken=BROKEN, count=38):
        self.broken, self.count = broken, count

    def __len__(self):
        return self.count

    def __getitem__(self, index):
        row, label = torch.tensor(POINTS[index]), int(LABELS[index])
        what = self.broken.get(index, 0)
        if isinstance(what, str):
            raise OSError(what)
        if what is None:
            return row, None
        return (row * what if what else row), label


@pytest.fixture(scope="module")
def study():
    return measured(train=Damaged(), on_error="skip")


def test_the_rest_is_measured_as_if_the_broken_had_never_been(study):
    whole = measured(train=(POINTS[GOOD], LABELS[GOOD]))
    one, other = study.frame(), whole.frame()
    assert one.reset_index(drop=True).equals(other.reset_index(drop=True))


def test_the_rest_keep_the_positions_that_they_had(study):
    assert study.frame().index.tolist() == [*GOOD, *range(38, 50)]


def test_the_study_keeps_which_were_left_out(study, tmp_path):
    opened = dv.open_study(study.save(tmp_path / "study"))
    for each in (study, opened):
        assert each.dataset.attrs["skipped"] == {"train": [4, 11, 30]}
        assert "truncated file" in each.dataset.attrs["skipped_because"]


def test_one_line_says_how_many_and_the_first(capsys):
    measured(train=Damaged(), on_error="skip", progress=True)
    said = capsys.readouterr().out.splitlines()
    assert [line for line in said if "Left out" in line] == [
        "Left out 3 examples that are broken: train[4] (OSError: truncated file), "
        "train[11] (its input is NaN or infinite), train[30] (LabelError: The label of "
        "train[30] must be an integer, got NoneType None; leave out the examples "
        "without a label.)."
    ]


def test_names_pictures_and_previews_are_those_of_the_rest():
    ids = [f"n{i}" for i in range(50)]
    images = np.arange(50, dtype=np.uint8)[:, None, None] * np.ones((1, 4, 4), np.uint8)
    given = {"ids": ids, "images": images, "preview": [f"text {i}" for i in range(50)]}
    found = measured(train=Damaged(), on_error="skip", **given)
    kept = [*GOOD, *range(38, 50)]
    assert found.frame().index.tolist() == [ids[i] for i in kept]
    assert found.frame()["text"].tolist() == [f"text {i}" for i in kept]
    assert found.dataset["image"].values[:, 0, 0, 0].tolist() == kept


def test_both_splits_and_arrays_have_broken_ones():
    points = POINTS.copy()
    points[[3, 40, 49], [0, 1, 2]] = np.nan, np.inf, -np.inf
    train, held_out = (points[:38], LABELS[:38]), (points[38:], LABELS[38:])
    found = measured(train=train, validation=held_out, on_error="skip")
    assert found.dataset.attrs["skipped"] == {"train": [3], "validation": [2, 11]}
    assert len(found) == 47


def test_rows_of_a_table_keep_their_names():
    frame = pd.DataFrame(POINTS).rename(columns=str).assign(kind=LABELS)
    frame.loc[2, "3"] = np.nan
    frame.index = [f"r{i}" for i in range(50)]
    found = measured(train=frame, validation=None, label="kind", on_error="skip")
    assert found.frame().index.tolist() == [f"r{i}" for i in range(50) if i != 2]


def test_measures_are_added_from_the_data_that_were_given(study):
    added = study.add("prototype_distance", model=perceptron(), data=Damaged())
    clean = POINTS[GOOD], LABELS[GOOD]
    again = study.add("prototype_distance", model=perceptron(), data=clean)
    assert added.frame().equals(again.frame())
    assert np.isfinite(added.frame()["prototype_distance"][: len(GOOD)]).all()


def test_a_record_of_all_examples_is_laid_over_the_rest(study):
    rows = locate_record(study.dataset, 38)
    assert rows.tolist() == [*GOOD, *[-1] * 12]
    assert locate_record(study.dataset, len(GOOD))[: len(GOOD)].tolist() == [
        *range(len(GOOD))
    ]


def test_nothing_broken_changes_nothing():
    one, other = measured(), measured(on_error="skip")
    assert one.frame().equals(other.frame())
    assert "skipped" not in other.dataset.attrs


def test_errors_name_the_rest_by_the_positions_that_they_had():
    labels = LABELS[:38].copy()
    labels[20] = 9
    points = TRAIN[0].copy()
    points[5] = np.nan
    with pytest.raises(LabelError, match=r"train\[20\] has label 9"):
        measured(train=(points, labels), on_error="skip")


def test_what_every_example_raises_is_raised():
    every = dict.fromkeys(range(38), "no such disk")
    with pytest.raises(OSError, match="no such disk"):
        measured(train=Damaged(every), on_error="skip")


def test_too_few_may_be_left_for_the_neighbors():
    most = dict.fromkeys(range(33), "gone")
    with pytest.raises(ShapeError, match="k must be below the 5 training examples"):
        measured(train=Damaged(most), validation=HELD_OUT, on_error="skip")


def test_by_default_the_first_broken_example_is_raised():
    with pytest.raises(OSError, match="truncated file") as caught:
        measured(train=Damaged())
    assert "train[4] could not be read" in caught.value.__notes__[0]


def test_other_wishes_are_refused():
    with pytest.raises(ArgumentError, match="on_error must be one of 'raise', 'skip'"):
        measured(on_error="ignore")
