"""The row of a table that an example is, and in what it differs from its neighbors.

How far a number lies from those of the nearest examples is told in their own robust
standard deviations, so that a column of large numbers is not thought to differ most. A
word differs by the share of neighbors that have another one, three where all have. So
does what is no finite number: no distance leads there.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

__all__ = ["ROW_COLUMNS", "Differences", "differences", "row_columns"]

ROW_COLUMNS = "row_columns"  # attribute of the dataset: the names, in order
NORMAL = 1.4826  # of a median deviation, for the standard one of normal numbers
LEAST_SPREAD = 0.05  # of the whole column's: neighbors may be all alike
MOST_ODD = 3.0
MOST_FAR = 1e6  # no spread is so small that more would say anything


class Differences(NamedTuple):
    """One column beside its neighbors'.

    Attributes:
        typical: The neighbors' median, or their commonest code, shape `(B,)`; NaN where
            there are no neighbors.
        far: How far the example's own value is from theirs, shape `(B,)`, from 0 on.
    """

    typical: NDArray[np.float64]
    far: NDArray[np.float64]


def row_columns(data: xr.Dataset) -> list[str]:
    """Name the columns that are the row of an example.

    Args:
        data: A study's dataset.

    Returns:
        Their names, in order; none where examples are no rows of a table.
    """
    named: Any = data.attrs.get(ROW_COLUMNS, [])
    names = [named] if isinstance(named, str) else list(named)
    return [name for name in names if name in data and data[name].dims == ("example",)]


def differences(
    values: NDArray[np.float64],
    rows: NDArray[np.intp],
    neighbors: NDArray[np.intp],
    *,
    coded: bool,
) -> Differences:
    """Compare some examples with their neighbors in one column.

    Args:
        values: The column, shape `(N,)`; NaN where a value is missing. Infinite ones
            are told from finite ones, and typical of nobody.
        rows: Positions of the examples, shape `(B,)`.
        neighbors: Positions of their neighbors, shape `(B, K)`, -1 for none.
        coded: Whether values are codes, of which none is more than another.

    Returns:
        What is typical of the neighbors, and how far each example is from it.

    Example:
        >>> values = np.array([1.0, 2.0, 3.0, 40.0])
        >>> near = np.array([[0, 1, 2]])
        >>> differences(values, np.array([3]), near, coded=False).typical
        array([2.])
    """
    near = np.where(neighbors >= 0, values[neighbors], np.nan)
    own = values[rows]
    compare = _codes if coded else _numbers
    typical, far = compare(own, np.where(np.isinf(near), np.nan, near), values)
    known = ~np.isnan(near)
    present = known.sum(1) / max(1, near.shape[1])
    other = (known & (near != own[:, None])).sum(1) / np.maximum(1, known.sum(1))
    nowhere = np.isinf(own) | np.isnan(typical)
    far = np.where(nowhere, MOST_ODD * other, np.minimum(far, MOST_FAR))
    far = np.where(np.isnan(own), MOST_ODD * present, far)
    return Differences(typical, np.where(known.any(1), far, 0.0))


def _numbers(
    own: NDArray[np.float64], near: NDArray[np.float64], values: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    typical = _medians(near)
    spread = NORMAL * _medians(np.abs(near - typical[:, None]))
    least = LEAST_SPREAD * _spread(values)
    scale = np.maximum(spread, least)
    distance = np.abs(own - typical)
    safe = np.where(np.isfinite(scale) & (scale > 0), scale, 1.0)
    far = np.where(scale > 0, distance / safe, 0.0)
    return typical, np.nan_to_num(far, posinf=MOST_FAR)


def _codes(
    own: NDArray[np.float64], near: NDArray[np.float64], _: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    typical = np.array([_commonest(row[~np.isnan(row)]) for row in near])
    known = np.maximum(1, (~np.isnan(near)).sum(1))
    other = 1 - (near == own[:, None]).sum(1) / known
    return typical, MOST_ODD * other


def _medians(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Find the median of each row; NaN where it has no number."""
    medians: NDArray[np.float64] = pd.DataFrame(rows).median(axis=1).to_numpy()
    return medians


def _spread(values: NDArray[np.float64]) -> float:
    finite = values[np.isfinite(values)]
    if not len(finite):
        return 0.0
    low, high = np.quantile(finite, [0.25, 0.75])
    return float(high - low) / 1.349 or float(finite.std())


def _commonest(codes: Sequence[float] | NDArray[np.float64]) -> float:
    if not len(codes):
        return float("nan")
    found, counts = np.unique(codes, return_counts=True)
    return float(found[counts.argmax()])
