"""Columns as the browser reads them."""

import json

import numpy as np
import pandas as pd

from depthviz.widgets.payload.columns import pack_column, pack_ids


def test_class_columns_become_codes_with_a_code_for_missing() -> None:
    column = pack_column(pd.Series([3.0, np.nan, 0.0], name="consensus_class"))
    assert column.description["kind"] == "class"
    assert np.frombuffer(column.data, "<u2").tolist() == [3, 65535, 0]


def test_numbers_keep_nan_and_say_whether_they_are_whole() -> None:
    depth = pack_column(pd.Series([0, 4], name="depth", dtype="int16"))
    assert depth.description["integer"] is True
    margin = pack_column(pd.Series([0.5, None], name="margin", dtype="Float64"))
    assert "integer" not in margin.description
    values = np.frombuffer(margin.data, "<f4")
    assert values[0] == 0.5
    assert np.isnan(values[1])


def test_whole_numbers_too_large_for_the_browser_stay_exact_as_text() -> None:
    photo = pack_column(pd.Series([2_000_000_001, 2_000_000_002], name="photo"))
    assert json.loads(photo.data) == ["2000000001", "2000000002"]
    small = pack_column(pd.Series([2**24, -(2**24)], name="count"))
    assert np.frombuffer(small.data, "<f4").tolist() == [2**24, -(2**24)]


def test_measures_carry_their_direction() -> None:
    assert pack_column(pd.Series([1.0], name="depth")).description["harder"] == "larger"
    smaller = pack_column(pd.Series([1.0], name="confidence")).description
    assert smaller["harder"] == "smaller"
    assert "harder" not in pack_column(pd.Series([1.0], name="my_own")).description
    neither = pack_column(pd.Series([1.0], name="dual")).description
    assert "harder" not in neither
    assert neither["title"] == "DUAL"


def test_truth_values_get_words() -> None:
    column = pack_column(pd.Series([True, False], name="correct"))
    assert column.description["categories"] == ["wrong", "right"]
    assert list(column.data) == [1, 0]
    assert pack_column(pd.Series([True], name="seen")).description["categories"] == [
        "no",
        "yes",
    ]


def test_few_strings_are_categories_and_many_are_text() -> None:
    few = pack_column(pd.Series(["a", "b", None, "a"], name="source"))
    assert few.description["categories"] == ["a", "b"]
    assert list(few.data) == [0, 1, 255, 0]
    many = pack_column(pd.Series([f"<b>{i}" for i in range(9)], name="note"))
    assert many.description["kind"] == "text"
    assert json.loads(many.data)[8] == "<b>8"


def test_ids_are_text_of_their_own_kind() -> None:
    column = pack_ids(pd.Series(["7", "8", "9"]))
    assert (column.description["kind"], column.description["dtype"]) == ("id", "text")
    assert json.loads(column.data) == ["7", "8", "9"]


def test_ids_that_are_whole_numbers_travel_as_numbers_where_they_fit() -> None:
    column = pack_ids(pd.Series([3, -1, 2**31 - 1]))
    assert (column.description["kind"], column.description["dtype"]) == ("id", "int32")
    assert np.frombuffer(column.data, "<i4").tolist() == [3, -1, 2**31 - 1]
    large = pack_ids(pd.Series([2**31]))
    assert json.loads(large.data) == ["2147483648"]


def test_missing_text_is_empty() -> None:
    values = pd.Series([f"n{i}" for i in range(4)] + [None], name="note")
    assert json.loads(pack_column(values).data) == ["n0", "n1", "n2", "n3", ""]


def test_too_many_categories_become_text() -> None:
    values = pd.Series(pd.Categorical([str(i) for i in range(300)]), name="source")
    assert pack_column(values).description["kind"] == "text"
