"""Labels as whole numbers: of an array at once, or of one item of a data set.

A label is a class by its number. What almost is one (one-hot rows, floats, names) is
refused with how to make it one: which of several ways is right, its owner knows.
"""

from __future__ import annotations

from numbers import Integral
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from depthviz.datasets.plain_arrays import plain_array
from depthviz.errors import LabelError

__all__ = ["is_scalar", "read_label", "read_labels"]

LARGEST = np.iinfo(np.int64).max
MISSING = "; leave out the examples without a label"
WHOLE = "; make them whole numbers with .astype('int64') if they are classes"
NAMES = (
    "; give each name a number, such as names, labels = np.unique(labels, "
    "return_inverse=True), and class_names=names"
)


def read_labels(given: Any, name: str, *, what: str | None = None) -> Tensor:
    """Read the labels of a pair of arrays.

    Args:
        given: One whole number an example: an array of any library, or a list.
        name: What errors call these examples.
        what: What errors call the labels; by default "Labels of" the examples.

    Returns:
        Labels, int64, shape `(N,)`.

    Raises:
        DataError: If some are masked.
        LabelError: If they are no whole numbers, or not one for each example.
    """
    title = what or f"Labels of {name}"
    plain = plain_array(given, title)
    labels = plain.detach().cpu().numpy() if isinstance(plain, Tensor) else plain
    if given is None or not labels.ndim:
        raise LabelError(
            f"{title} must have shape (N,), one integer per example, got {given!r:.60}."
        )
    if not labels.size:
        return torch.empty(0, dtype=torch.int64)
    if labels.ndim != 1:
        raise LabelError(
            f"{title} must have shape (N,), one integer per example, "
            f"got shape {labels.shape}{_other_shape(labels.shape)}."
        )
    whole = _whole_numbers(labels) if labels.dtype.kind == "O" else labels
    if whole is None or whole.dtype.kind not in "iu":
        odd = _first_odd(labels)
        raise LabelError(
            f"{title} must be integers, got {labels.dtype}; {name}[{odd}] has "
            f"{labels[odd]!r}{_remedy(labels[odd], WHOLE)}."
        )
    if whole.dtype.kind == "u":
        whole = whole.clip(max=min(LARGEST, np.iinfo(whole.dtype).max))
    return torch.from_numpy(whole.astype(np.int64))


def read_label(value: Any, place: str) -> int:
    """Read the label of one item.

    Args:
        value: What the data set gave.
        place: What errors call the item.

    Returns:
        The label.

    Raises:
        LabelError: If it is no whole number.
    """
    plain = value.item() if is_scalar(value) else value
    if value is np.ma.masked:
        raise LabelError(f"The label of {place} is masked{MISSING}.")
    if _is_whole(plain):
        return max(-LARGEST, min(int(plain), LARGEST))
    shape = np.shape(value) if isinstance(value, (list, tuple)) else None
    shape = tuple(getattr(value, "shape", ())) or shape or ()
    remedy = (
        f" of shape {shape}{_other_shape((1, *shape))}"
        if shape
        else _remedy(plain, "; make it a whole number if it is a class")
    )
    raise LabelError(
        f"The label of {place} must be an integer, got {type(value).__name__} "
        f"{value!r:.60}{remedy}."
    )


def is_scalar(value: Any) -> bool:
    """Whether an array or tensor holds one number without a dimension."""
    return isinstance(value, (Tensor, np.ndarray, np.generic)) and value.ndim == 0


def _is_whole(value: Any) -> bool:
    return isinstance(value, Integral) and not isinstance(value, (bool, np.bool_))


def _whole_numbers(labels: NDArray[Any]) -> NDArray[np.int64] | None:
    """Read objects that are all whole numbers; None where one is not."""
    whole = all(_is_whole(one) and abs(int(one)) <= LARGEST for one in labels)
    return labels.astype(np.int64) if whole else None


def _is_whole_float(value: Any) -> bool:
    return isinstance(value, (float, np.floating)) and value % 1 == 0


def _first_odd(labels: NDArray[Any]) -> int:
    """Find the first label that is no whole number even when converted."""
    near = (_is_whole(one) or _is_whole_float(one) for one in labels)
    return next((i for i, whole in enumerate(near) if not whole), 0)


def _other_shape(shape: tuple[int, ...]) -> str:
    """Say what to do about labels with a further dimension."""
    if shape[1:] == (1,):
        return ": squeeze it, by labels[:, 0] of all or int(label[0]) of one"
    if len(shape) == 2:
        return ": the class of a one-hot or soft label is its argmax over the classes"
    return ": one class for each example, not for each pixel or token"


def _remedy(value: Any, otherwise: str) -> str:
    nothing = value is None or type(value).__name__ in ("NAType", "NaTType")
    if nothing or (isinstance(value, (float, np.floating)) and np.isnan(value)):
        return MISSING
    return NAMES if isinstance(value, (str, bytes)) else otherwise
