"""Which row of a study is which example of the data that were measured.

Training examples were measured first, in their order, then validation examples; the
data of an ensemble are all in one. A record counts positions in the training data.
"""

from __future__ import annotations

from functools import partial
from typing import Any, NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from depthviz.datasets.examples import Examples
from depthviz.datasets.named import Columns
from depthviz.errors import ArgumentError, StudyError
from depthviz.study.measures.reading import kept_positions, read_again
from depthviz.study.members import is_ensemble
from depthviz.study.rows import MEASURED_ROW, count_measured

__all__ = ["NO_COLUMNS", "Located", "locate_data", "locate_record", "trained_rows"]

NO_COLUMNS = Columns()
SHOWN = ("label", "data_label", "given_label")


class Located(NamedTuple):
    """Where the rows of a study lie in the data.

    Attributes:
        parts: Data, each with the positions of those that are wanted of it.
        rows: The rows of the study that they are, one after another, shape `(S,)`.
    """

    parts: tuple[Examples, ...]
    rows: NDArray[np.intp]


def locate_data(
    data: xr.Dataset,
    train: Any,
    validation: Any,
    *,
    collate_fn: Any = None,
    columns: Columns = NO_COLUMNS,
) -> Located:
    """Find a study's examples in the data that were measured.

    Args:
        data: A study's dataset.
        train: The training data, or all data of an ensemble.
        validation: The validation data; None where they are not given.
        collate_fn: Makes a batch of their items; None stacks these.
        columns: Which of their columns are input and label.

    Returns:
        The examples that are there, and the rows that they are.

    Raises:
        StudyError: If the data are not those of the study.
        ArgumentError: If there are validation data of an ensemble.
    """
    measured = _measured_rows(data)
    read = partial(read_again, data, collate_fn=collate_fn, columns=columns)
    first = read(train, "train")
    if is_ensemble(data):
        if validation is not None:
            raise ArgumentError(
                "The data of an ensemble are all in data=; give no validation=."
            )
        return _take(data, [(first, measured)], np.arange(len(measured)))
    held_out = ~trained_rows(data)
    start = len(first)
    _check_count(measured[~held_out], first, "data=")
    wanted = [(first, measured[~held_out])]
    rows = np.flatnonzero(~held_out)
    if validation is not None and held_out.any():
        second = read(validation, "validation")
        wanted.append((second, measured[held_out] - start))
        rows = np.concatenate([rows, np.flatnonzero(held_out)])
    return _take(data, wanted, rows)


def locate_record(data: xr.Dataset, count: int) -> NDArray[np.int64]:
    """Find a study's examples in a training record.

    Args:
        data: A study's dataset.
        count: How many examples the record has.

    Returns:
        Position of each, shape `(N,)`; -1 of those that are not in it.

    Raises:
        StudyError: If the record has more examples than were measured.
    """
    measured, trained = _measured_rows(data), trained_rows(data)
    kept = kept_positions(data, count)
    if kept is not None:  # the record counts those as well that were left out
        inside = measured < len(kept)
        return np.where(inside, kept[np.where(inside, measured, 0)], -1)
    most = count_measured(data)
    if count > most:
        raise StudyError(
            f"The record has {count:,} examples, and {most:,} were measured for this "
            "study; give the record of a training on the same data."
        )
    inside = measured < count
    return np.where(inside if is_ensemble(data) else inside & trained, measured, -1)


def trained_rows(data: xr.Dataset) -> NDArray[np.bool_]:
    """Find the training examples of a study, booleans, shape `(N,)`."""
    if "split" not in data:
        return np.ones(data.sizes["example"], bool)
    trained: NDArray[np.bool_] = data["split"].values == 0
    return trained


def check_labels_of(
    data: xr.Dataset, rows: NDArray[np.intp], labels: NDArray[Any], what: str
) -> None:
    """Refuse data with other labels than the study's.

    Args:
        data: A study's dataset; labels may be those before any were planted.
        rows: Rows of the study, shape `(S,)`.
        labels: Labels that were found, shape `(S,)`.
        what: What the error calls them.

    Raises:
        StudyError: If labels differ.
    """
    known = [data[name].values[rows] for name in SHOWN if name in data]
    if not known or any(np.array_equal(labels, one) for one in known):
        return
    other = int((labels != known[0]).sum())
    raise StudyError(
        f"{what} has other labels than this study for {other:,} of {len(rows):,} "
        "examples, so it is not what was measured. Give the same examples in the same "
        "order."
    )


def _measured_rows(data: xr.Dataset) -> NDArray[np.int64]:
    if isinstance(data.attrs.get("measurement"), list):
        raise StudyError(
            "This study joins several measurements, whose data are not in one order. "
            "Add the measure to each of them, and join them then."
        )
    return data[MEASURED_ROW].values.astype(np.int64)


def _take(
    data: xr.Dataset,
    wanted: list[tuple[Examples, NDArray[np.int64]]],
    rows: NDArray[np.intp],
) -> Located:
    parts = []
    for examples, places in wanted:
        _check_count(places, examples, f"{examples.name} data")
        parts.append(examples.subset(places.astype(np.intp), name=examples.name))
    return Located(tuple(parts), rows)


def _check_count(places: NDArray[np.int64], examples: Examples, what: str) -> None:
    if len(places) and not 0 <= places.min() <= places.max() < len(examples):
        raise StudyError(
            f"{what} has {len(examples):,} examples, and this study measured "
            f"number {int(places.max()) + 1:,} of them; give the data that were "
            "measured, in the same order."
        )
