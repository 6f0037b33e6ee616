"""Tables, mappings of arrays and data sets of dictionaries, by their columns."""

import numpy as np
import pandas as pd
import pytest
import torch

from depthviz.datasets.forms import as_examples
from depthviz.datasets.named import Columns
from depthviz.errors import ArgumentError, DataError, LabelError
from tests.measurement.small import LABELS, POINTS, measured, perceptron, same

NAMES = list("abcdef")
FRAME = pd.DataFrame(POINTS, columns=NAMES).assign(kind=LABELS)


def whole(data, columns, **options):
    found = as_examples(data, columns=columns, **options)
    return found.read(slice(0, len(found)))


@pytest.mark.parametrize(
    ("data", "columns"),
    [
        (FRAME, Columns(None, "kind")),
        (FRAME.convert_dtypes(), Columns(tuple(NAMES), "kind")),
        (FRAME[["kind", *NAMES]].astype({"kind": "category"}), Columns(None, "kind")),
        ({"x": POINTS, "y": LABELS}, Columns("x", "y")),
        (
            [{"x": row, "y": int(y)} for row, y in zip(POINTS, LABELS, strict=True)],
            Columns("x", "y"),
        ),
        (
            [
                {"x": row.tolist(), "y": y, "text": "so"}
                for row, y in zip(POINTS, LABELS, strict=True)
            ],
            Columns("x", "y"),
        ),
    ],
)
def test_every_form_gives_the_rows_of_the_arrays(data, columns):
    inputs, labels = whole(data, columns)
    assert torch.equal(inputs, torch.tensor(POINTS))
    assert labels.tolist() == LABELS.tolist()


def test_a_table_is_measured_as_its_arrays_are():
    one = measured()
    train, held_out = FRAME[:38], FRAME[38:].reset_index(drop=True)
    same(one, measured(perceptron(), train, held_out, label="kind"))


def test_a_measure_is_added_from_the_same_columns():
    study = measured(perceptron(), FRAME, None, label="kind")
    distance = {"model": perceptron(), "progress": False}
    found = study.add("prototype_distance", data=FRAME, label="kind", **distance)
    arrays = study.add("prototype_distance", data=(POINTS, LABELS), **distance)
    assert found.frame().equals(arrays.frame())


def test_several_columns_are_given_by_name():
    inputs, _ = whole({"x": POINTS, "z": POINTS, "y": LABELS}, Columns(None, "y"))
    assert list(inputs) == ["x", "z"]


def test_truth_values_and_whole_numbers_are_floats():
    frame = pd.DataFrame({"on": [True, False], "n": [3, 4], "y": ["b", "a"]})
    inputs, labels = whole(frame, Columns(None, "y"))
    assert inputs.dtype == torch.float32
    assert (inputs.tolist(), labels.tolist()) == ([[1, 3], [0, 4]], [1, 0])


def test_a_missing_number_is_named_by_its_row():
    frame = FRAME.convert_dtypes()
    frame.loc[7, "c"] = pd.NA
    with pytest.raises(ValueError, match=r"train\[7\]"):
        measured(perceptron(), frame, None, label="kind")


def test_a_missing_label_is_named_by_its_row():
    frame = FRAME.astype({"kind": "Int64"})
    frame.loc[4, "kind"] = pd.NA
    with pytest.raises(LabelError, match=r"train\[4\] has .*; leave out"):
        whole(frame, Columns(None, "kind"))


def test_rows_of_any_kind_go_to_a_collator():
    frame = FRAME.assign(color=pd.Categorical(["red", "blue"] * 25))

    def collate(rows):
        numbers = [[row["a"], float(row["color"] == "red")] for row in rows]
        return torch.tensor(numbers), [row["label"] for row in rows]

    inputs, labels = whole(frame, Columns(None, "kind"), collate_fn=collate)
    assert inputs[:2, 1].tolist() == [1, 0]
    assert labels.tolist() == LABELS.tolist()


@pytest.mark.parametrize(
    ("index", "ids"),
    [
        (None, None),
        ([*"abc"], [*"abc"]),
        ([7, 3, 5], [7, 3, 5]),
        (["a", "a", "b"], None),
        (pd.MultiIndex.from_tuples([(1, 2), (1, 3), (2, 2)]), None),
        (pd.date_range("2020-01-01", periods=3), ["2020-01-01 00:00:00"]),
    ],
)
def test_an_index_that_tells_rows_apart_names_them(index, ids):
    frame = FRAME[:3] if index is None else FRAME[:3].set_axis(index)
    found = as_examples(frame, columns=Columns(None, "kind")).ids
    assert found == ids if ids is None else found[: len(ids)] == ids


def test_rows_of_a_table_that_was_split_keep_their_names():
    frame = FRAME.set_axis([f"row {i}" for i in range(50)])
    study = measured(perceptron(), frame[10:], frame[:10], label="kind")
    assert study.frame().index.tolist() == [*frame.index[10:], *frame.index[:10]]


@pytest.mark.parametrize(
    ("data", "columns", "error", "message"),
    [
        (FRAME, Columns(), DataError, "which column is the label; name it with label="),
        (FRAME, Columns(None, "sort"), DataError, "no column 'sort'; it has 'a', 'b'"),
        (FRAME, Columns(("a", "z"), "kind"), DataError, "no column 'z'"),
        (FRAME[["kind"]], Columns(None, "kind"), DataError, "no column besides"),
        (
            FRAME.assign(day=pd.Timestamp("2020-01-01"), word="x"),
            Columns(None, "kind"),
            DataError,
            r"2 of 8 columns .*'day' \(datetime64.*'word' .*ColumnTransformer",
        ),
        (
            FRAME.assign(city=pd.Categorical([f"city {i}" for i in range(50)])),
            Columns(None, "kind"),
            DataError,
            r"'city' \(category\)",
        ),
        (
            pd.concat([FRAME, FRAME[["a"]]], axis=1),
            Columns(None, "kind"),
            DataError,
            "have one name",
        ),
        ((POINTS, LABELS), Columns("x", "y"), ArgumentError, "is a pair of inputs"),
        ({"x": POINTS, "y": LABELS}, Columns("x", "z"), DataError, "no column 'z'"),
        ([{"x": POINTS[0]}], Columns("x", "y"), DataError, r"train\[0\] has no 'y'"),
        ([(POINTS[0], 1)], Columns("x", "y"), DataError, "is a tuple of 2; leave both"),
    ],
)
def test_other_data_are_refused_in_words(data, columns, error, message):
    with pytest.raises(error, match=message):
        whole(data, columns)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ((3, "y"), "input=3"),
        (([], "y"), r"input=\[\]"),
        ((["x", 1], "y"), "Got input="),
        (("x", 4), "Got label=4"),
        (("x", None), "input='x' needs label="),
        ((["x", "y"], "y"), "among the inputs"),
    ],
)
def test_names_of_columns_are_strings(given, message):
    with pytest.raises(ArgumentError, match=message):
        Columns.read(*given)


def test_a_column_of_ten_thousand_categories_is_refused_in_a_line():
    count = 10_000
    frame = pd.DataFrame(np.zeros((count, 2)), columns=["a", "b"])
    frame["city"] = pd.Categorical([f"city {i}" for i in range(count)])
    with pytest.raises(DataError, match="'city'") as caught:
        whole(frame.assign(kind=0), Columns(None, "kind"))
    assert len(str(caught.value)) < 700
