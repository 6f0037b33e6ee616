"""The label of one item of a data set."""

from __future__ import annotations

from collections.abc import Sequence
from numbers import Integral
from typing import Any

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from depthviz.datasets.labels.remedies import MISSING, other_shape, remedy
from depthviz.datasets.labels.words import code_words
from depthviz.errors import LabelError

__all__ = ["LARGEST", "is_scalar", "is_whole", "one_hot_classes", "read_label"]

LARGEST = np.iinfo(np.int64).max


def read_label(value: Any, place: str, names: Sequence[str] | None = None) -> int:
    """Read the label of one item.

    Args:
        value: What the data set gave.
        place: What errors call the item.
        names: Names of the classes, where they are known: a label may be one of them.

    Returns:
        The label.

    Raises:
        LabelError: If it stands for no whole number.

    Example:
        >>> read_label(2.0, "train[0]"), read_label(np.array([0, 0, 1]), "train[0]")
        (2, 2)
        >>> read_label("dog", "train[0]", ["cat", "dog"])
        1
    """
    if value is np.ma.masked:
        raise LabelError(f"The label of {place} is masked{MISSING}.")
    plain = value.item() if is_scalar(value) else value
    if is_whole(plain):
        return max(-LARGEST, min(int(plain), LARGEST))
    if names is not None and isinstance(plain, str):
        return code_words([plain], names, place.rpartition("[")[0] or place)[0]
    row = _row(value)
    hot = None if row is None else one_hot_classes(row[None])
    if hot is not None:
        return int(hot[0])
    shape = tuple(getattr(value, "shape", ())) or (() if row is None else row.shape)
    what = (
        f" of shape {shape}{other_shape((1, *shape))}"
        if shape
        else remedy(plain, "; make it a whole number if it is a class")
    )
    raise LabelError(
        f"The label of {place} must be an integer, got {type(value).__name__} "
        f"{value!r:.60}{what}."
    )


def is_scalar(value: Any) -> bool:
    """Whether an array or tensor holds one number without a dimension."""
    return isinstance(value, (Tensor, np.ndarray, np.generic)) and value.ndim == 0


def is_whole(value: Any) -> bool:
    """Whether a value is a whole number, of whatever type; True and False are."""
    if isinstance(value, (Integral, np.bool_)):
        return True
    return isinstance(value, (float, np.floating)) and value % 1 == 0


def one_hot_classes(rows: NDArray[Any]) -> NDArray[np.int64] | None:
    """Find the class of rows `(N, C)` of which each has one 1 and else 0; else None."""
    if rows.ndim != 2 or rows.shape[1] < 2 or rows.dtype.kind not in "biuf":
        return None
    ones = rows == 1
    if not (ones.sum(axis=1) == 1).all() or np.count_nonzero(rows) != len(rows):
        return None
    classes: NDArray[np.int64] = ones.argmax(axis=1).astype(np.int64)
    return classes


def _row(value: Any) -> NDArray[Any] | None:
    """Read a label of several numbers as an array; None where it is none."""
    if isinstance(value, Tensor):
        return value.detach().cpu().float().numpy()
    if isinstance(value, np.ndarray):
        return value
    try:
        return np.asarray(value) if isinstance(value, (list, tuple)) else None
    except ValueError:
        return None
