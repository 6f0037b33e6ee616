"""A row differs from its neighbors' where a slow count says so too."""

import numpy as np
import pandas as pd
import pytest

from depthviz.errors import ArgumentError, ShapeError, StudyError
from depthviz.study import open_study
from depthviz.study.previews.rows import differences, row_columns
from tests.studies import vector_study

DRAW = np.random.default_rng(0)


def test_numbers_differ_in_robust_deviations_of_the_neighbors() -> None:
    values = DRAW.normal(size=40) * 3
    near = DRAW.integers(0, 40, (10, 7))
    rows = np.arange(10)
    found = differences(values, rows, near, coded=False)
    for row in rows:
        others = values[near[row]]
        median = np.median(others)
        deviation = 1.4826 * np.median(np.abs(others - median))
        assert found.typical[row] == median
        slow = abs(values[row] - median) / deviation
        assert found.far[row] == pytest.approx(slow) or deviation < 0.2


def test_codes_differ_by_the_share_of_neighbors_with_another_one() -> None:
    values = np.array([0.0, 0, 1, 2, np.nan])
    near = np.array([[1, 2, 3, -1], [2, 2, 2, 2], [0, 1, 3, 4]])
    found = differences(values, np.array([0, 1, 4]), near, coded=True)
    assert found.typical.tolist() == [0, 1, 0]
    np.testing.assert_allclose(found.far, [2, 3, 3 * 0.75])


def test_neighbors_that_are_all_alike_and_none_at_all_are_no_division() -> None:
    values = np.array([5.0, 1, 1, 1, 1])
    near = np.array([[1, 2, 3], [-1, -1, -1]])
    found = differences(values, np.array([0, 1]), near, coded=False)
    assert np.isfinite(found.far).all()
    assert found.far[0] > 3
    assert found.far[1] == 0
    same = differences(np.ones(3), np.array([0]), np.array([[1, 2]]), coded=False)
    assert same.far.tolist() == [0]


def test_a_table_becomes_columns_and_stays_through_saving(tmp_path: object) -> None:
    table = pd.DataFrame({"acid": DRAW.normal(size=12), "kind": ["red", "white"] * 6})
    study = vector_study().with_preview(table.set_index(np.arange(12)[::-1]))
    again = open_study(study.save(tmp_path / "study"))  # type: ignore[operator]
    assert row_columns(again.dataset) == ["acid", "kind"]
    np.testing.assert_array_equal(again.frame()["acid"], table["acid"])
    assert row_columns(again.subset([3, 4]).dataset) == ["acid", "kind"]


@pytest.mark.parametrize(
    ("table", "error"),
    [
        ({}, ArgumentError),
        ({"a": range(11)}, ShapeError),
        ({"depth": range(12)}, StudyError),
    ],
)
def test_a_table_that_does_not_fit_is_refused(
    table: object, error: type[Exception]
) -> None:
    with pytest.raises(error):
        vector_study().with_preview(table)


@pytest.mark.filterwarnings("ignore:overflow encountered")
@pytest.mark.parametrize(
    ("values", "far"),
    [
        ([np.inf, 1, 1, 1], 3),
        ([np.inf, np.inf, 1, 1], 2),
        ([np.inf, np.inf, np.inf, np.inf], 0),
        ([-np.inf, np.inf, np.inf, np.inf], 3),
        ([1, np.inf, np.inf, np.inf], 3),
        ([1, -np.inf, 1, np.inf], 0),
        ([np.nan, np.inf, np.inf, np.inf], 3),
        ([1e308, -1e308, -1e308, -1e308], 1e6),
    ],
)
def test_what_is_infinite_is_told_from_what_is_not(
    values: list[float], far: float
) -> None:
    column, near = np.array(values, float), np.array([[1, 2, 3]])
    found = differences(column, np.array([0]), near, coded=False)
    assert found.far.tolist() == [pytest.approx(far)]
