"""Checks that classes and indices are what they claim to be.

Labels, votes and predictions are whole numbers from 0 on; anything else is a mistake
best told before it becomes a wrong vote.
"""

from typing import Protocol

import torch
from torch import Tensor

from depthviz.errors import LabelError, ShapeError

__all__ = ["check_classes", "check_index", "check_shape"]


def check_classes(name: str, values: Tensor, *, classes: int | None = None) -> None:
    """Refuse classes that are no integers, negative, or beyond the known ones.

    Args:
        name: What the error calls them.
        values: Classes of any shape.
        classes: Number of classes, where it is known.

    Raises:
        LabelError: If they are none.

    Example:
        >>> check_classes("labels", torch.tensor([0, 2]), classes=3)
    """
    if values.is_floating_point() or values.is_complex() or values.dtype == torch.bool:
        raise LabelError(f"{name} must be integers, got {values.dtype}.")
    if values.numel() == 0:
        return
    low, high = int(values.min()), int(values.max())
    if low < 0:
        raise LabelError(f"{name} must be 0 or more, got {low}.")
    if classes is not None and high >= classes:
        raise LabelError(
            f"{name} must be below the {classes} classes, got {high}. Classes count "
            "from 0."
        )


def check_index(index: Tensor, references: int) -> None:
    """Refuse neighbors that point outside the references.

    Args:
        index: Neighbors, any shape.
        references: Number of references.

    Raises:
        ShapeError: If one does.
        LabelError: If they are no integers.

    Example:
        >>> check_index(torch.tensor([[0, 1]]), 2)
    """
    check_classes("index", index)
    if index.numel() and int(index.max()) >= references:
        raise ShapeError(
            f"index points to reference {int(index.max())}, but there are labels for "
            f"{references}; give the labels of all references."
        )


class Shaped(Protocol):
    """What has dimensions: a tensor, or rows that lie on the disk."""

    @property
    def shape(self) -> torch.Size:
        """Sizes of the dimensions."""

    @property
    def ndim(self) -> int:
        """Number of dimensions."""


def check_shape(name: str, values: Shaped, letters: str, *sizes: int | None) -> None:
    """Refuse an array of other dimensions.

    Args:
        name: What the error calls it.
        values: The array.
        letters: Its dimensions in the letters of the definitions, as "P N".
        sizes: Size that each dimension must have; None where any will do.

    Raises:
        ShapeError: If it differs; says what was expected and what came.

    Example:
        >>> check_shape("votes", torch.zeros(3, 5), "P N", None, 5)
    """
    fits = values.ndim == len(sizes) and all(
        wanted in (None, size) for size, wanted in zip(values.shape, sizes, strict=True)
    )
    if not fits:
        wanted = ", ".join(
            letter if size is None else f"{letter}={size}"
            for letter, size in zip(letters.split(), sizes, strict=True)
        )
        raise ShapeError(
            f"{name} must have shape ({wanted}), got {tuple(values.shape)}."
        )
