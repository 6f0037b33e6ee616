"""Which row is which in a study that is a part, a reordering or a join.

`neighbor_index` holds positions in the study itself. Whoever takes rows of a study's
dataset with xarray makes them stale, so each dataset carries `study_row`, the position
that each example had in its study, and `measured_row`, the one that it had when it was
measured. A `Study` that is made of other rows finds its neighbors again by them, and
keeps `neighbor_row`, the neighbors as measured, for later parts and joins.

Knows nothing of what is measured of an example.
"""

from __future__ import annotations

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from depthviz.errors import StudyError
from depthviz.study.storage.root import STUDY_ROW
from depthviz.study.storage.saved_views import detach_views

__all__ = [
    "MEASURED_ROW",
    "NEIGHBOR_ROW",
    "STUDY_ROW",
    "count_measured",
    "locate_neighbors",
    "measured_here",
    "number_rows",
    "settle_rows",
    "shift_rows",
]

MEASURED_ROW = "measured_row"
NEIGHBOR_INDEX, NEIGHBOR_ROW = "neighbor_index", "neighbor_row"
COUNT = "examples"  # attribute of both: how many there were
NOT_HERE = -1


def settle_rows(dataset: xr.Dataset) -> xr.Dataset:
    """Make a dataset's neighbors positions in itself, whichever rows were taken.

    Args:
        dataset: That of a study, or rows of one in any order.

    Returns:
        The dataset, with `study_row` from 0 on. Where rows were taken, the neighbors
        that are not among them are -1. Nothing is read where none were.

    Raises:
        StudyError: If rows come twice, or were filled in.
    """
    if STUDY_ROW not in dataset.variables:
        return number_rows(dataset)
    before = _read_rows(dataset, STUDY_ROW)
    count = dataset[STUDY_ROW].attrs.get(COUNT)
    if count == len(before) and np.array_equal(before, np.arange(count)):
        return dataset if MEASURED_ROW in dataset.variables else number_rows(dataset)
    if MEASURED_ROW not in dataset.variables:
        dataset = dataset.assign_coords({MEASURED_ROW: dataset[STUDY_ROW].variable})
    return number_rows(locate_neighbors(detach_views(dataset)))


def number_rows(dataset: xr.Dataset) -> xr.Dataset:
    """Write down the position of each example, now and when it was measured."""
    count = dataset.sizes["example"]
    rows = np.arange(count, dtype=np.int32)
    names = [STUDY_ROW]
    if MEASURED_ROW not in dataset.variables:
        names.append(MEASURED_ROW)
    numbers = ("example", rows, {COUNT: count})
    return dataset.assign_coords(dict.fromkeys(names, numbers))


def locate_neighbors(dataset: xr.Dataset) -> xr.Dataset:
    """Find the positions of the neighbors by the rows at which they were measured.

    Args:
        dataset: Has `measured_row`. Its `neighbor_row`, or `neighbor_index` where there
            is none, holds rows as measured.

    Returns:
        The dataset with `neighbor_index` of positions, -1 where a neighbor is none of
        its examples; with `neighbor_row` unless it has every example in order.
    """
    measured = _read_rows(dataset, MEASURED_ROW)
    if NEIGHBOR_INDEX not in dataset:
        return dataset
    whole = np.array_equal(measured, np.arange(count_measured(dataset)))
    stored = _as_measured(dataset)
    rows = stored.values
    highest = max(measured.max(initial=0), rows.max(initial=0))
    place = np.full(highest + 2, NOT_HERE)  # the last for neighbors that are -1
    place[measured] = np.arange(len(measured))
    found = stored.copy(data=place.astype(np.int32)[rows])
    located = dataset.assign({NEIGHBOR_INDEX: found})
    if whole:
        return located.drop_vars(NEIGHBOR_ROW, errors="ignore")
    return located.assign({NEIGHBOR_ROW: stored})


def measured_here(dataset: xr.Dataset) -> xr.Dataset:
    """Take a study's rows for those of the measurement, as if it were measured so.

    Args:
        dataset: A study's dataset, with every example.

    Returns:
        The dataset, with `measured_row` from 0 on.
    """
    rest = dataset.drop_vars([MEASURED_ROW, NEIGHBOR_ROW], errors="ignore")
    return number_rows(rest)


def shift_rows(dataset: xr.Dataset, start: int, count: int) -> xr.Dataset:
    """Number the examples as measured at a place among others.

    Args:
        dataset: A study's dataset.
        start: The place of its measurement.
        count: How many examples all measurements have.

    Returns:
        The dataset without `study_row`, its neighbors in `neighbor_row` alike.
    """
    measured = dataset[MEASURED_ROW].values + np.int32(start)
    shifted = dataset.drop_vars(STUDY_ROW).assign_coords(
        {MEASURED_ROW: ("example", measured, {COUNT: count})}
    )
    if NEIGHBOR_INDEX not in dataset:
        return shifted
    stored = _as_measured(dataset)
    rows = stored.values
    moved = np.where(rows < 0, rows, rows + start).astype(np.int32)
    return shifted.assign({NEIGHBOR_ROW: stored.copy(data=moved)})


def count_measured(dataset: xr.Dataset) -> int:
    """Count the examples of the measurement that a study is of, or is a part of.

    Args:
        dataset: A study's dataset.

    Returns:
        Their number; the study's own where nothing is known.
    """
    row = dataset.variables.get(MEASURED_ROW)
    count = dataset.sizes["example"]
    measured = count if row is None else row.attrs.get(COUNT, count)
    return int(measured) if isinstance(measured, int | np.integer) else count


def _as_measured(dataset: xr.Dataset) -> xr.Variable:
    """Take the neighbors by the rows at which they were measured."""
    name = NEIGHBOR_ROW if NEIGHBOR_ROW in dataset else NEIGHBOR_INDEX
    return dataset[name].variable


def _read_rows(dataset: xr.Dataset, name: str) -> NDArray[np.integer]:
    """Read row numbers: whole, and none twice."""
    rows: NDArray[np.integer] = dataset[name].values
    if rows.dtype.kind not in "iu" or rows.shape != (dataset.sizes["example"],):
        raise StudyError(
            f"{name} must be a whole number for each example, got {rows.dtype} of "
            f"shape {rows.shape}: this dataset was filled up with examples that nobody "
            "measured. Take a part with study.subset(ids) or dataset.isel(example=...)."
        )
    if len(np.unique(rows)) < len(rows):
        raise StudyError(
            "Examples of the study come twice in this dataset, or those of several "
            "studies were put together, so nobody knows which neighbors are meant. "
            "Join studies with depthviz.concat([one, other]); take each example once."
        )
    return rows
