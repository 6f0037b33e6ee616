"""The data of a study, given again and read as they were when it was measured.

A study says how its labels were numbered and which examples were left out of the data.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from depthviz.datasets.examples import Examples
from depthviz.datasets.forms import as_examples
from depthviz.datasets.labels import KnownNames, renumber
from depthviz.datasets.named import Columns
from depthviz.datasets.skipping import Broken, leave_out

__all__ = ["GIVEN", "SKIPPED", "VALUES", "kept_positions", "read_again"]

# Attributes of a study: by split, the rows that were left out, and how many were given;
# and the labels that stand for the classes.
SKIPPED, GIVEN, VALUES = "skipped", "examples_given", "label_values"


def read_again(
    study: xr.Dataset, data: Any, name: str, *, collate_fn: Any, columns: Columns
) -> Examples:
    """View data as they were measured.

    Args:
        study: A study's dataset.
        data: Training or validation data, or all of an ensemble.
        name: "train" or "validation".
        collate_fn: Makes a batch of items; None stacks these.
        columns: Which columns are input and label.

    Returns:
        The examples, without those that were left out, unless data lack them already.
    """
    names = tuple(map(str, study["class"].values)) if "class" in study else ()
    known = KnownNames(names, complete=bool(names))
    found = as_examples(
        data, name=name, collate_fn=collate_fn, columns=columns, known=known
    )
    values = study.attrs.get(VALUES)
    if values is not None and found.labels is not None:
        found = found.relabel(renumber(found.labels, [int(value) for value in values]))
    rows = _skipped(study, name, len(found))
    return found if rows is None else leave_out(found, [Broken(i, "") for i in rows])


def kept_positions(study: xr.Dataset, count: int) -> NDArray[np.int64] | None:
    """Find where the training examples of a study stand in data of a length.

    Args:
        study: A study's dataset.
        count: Number of training examples.

    Returns:
        Their positions; None where nothing was left out of so many.
    """
    rows = _skipped(study, "train", count)
    return None if rows is None else np.delete(np.arange(count), rows)


def _skipped(study: xr.Dataset, name: str, count: int) -> list[int] | None:
    rows = study.attrs.get(SKIPPED, {}).get(name)
    if not rows or study.attrs.get(GIVEN, {}).get(name) != count:
        return None
    return [int(row) for row in rows]
