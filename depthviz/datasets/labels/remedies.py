"""What is no label, and what to do about it, in words."""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = ["MISSING", "NAMES", "WHOLE", "is_missing", "other_shape", "remedy"]

MISSING = "; leave out the examples without a label"
WHOLE = "; make them whole numbers with .astype('int64') if they are classes"
NAMES = (
    "; name the classes in the order of the network's outputs with class_names=, or "
    "give each name a number, such as names, labels = np.unique(labels, "
    "return_inverse=True)"
)


def is_missing(value: Any) -> bool:
    """Whether a value of any library stands for none."""
    if value is None or type(value).__name__ in ("NAType", "NaTType"):
        return True
    return isinstance(value, (float, np.floating)) and bool(np.isnan(value))


def other_shape(shape: tuple[int, ...]) -> str:
    """Say what to do about labels with a further dimension."""
    if shape[1:] == (1,):
        return ": squeeze it, by labels[:, 0] of all or int(label[0]) of one"
    if len(shape) == 2:
        return (
            ", and rows that are not one-hot: the class of a soft label is its argmax "
            "over the classes"
        )
    return ": one class for each example, not for each pixel or token"


def remedy(value: Any, otherwise: str) -> str:
    """Say what to do about a label that is no whole number."""
    if is_missing(value):
        return MISSING
    return NAMES if isinstance(value, (str, bytes)) else otherwise
