"""Checks of what is given, shared by all that takes arguments or arrays.

Labels, votes and predictions are whole numbers from 0 on; anything else is a mistake
best reported before it becomes a wrong vote. torch is loaded by whoever has tensors.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import numpy as np

from depthviz.errors import ArgumentError, KeywordError, LabelError, ShapeError

if TYPE_CHECKING:
    from torch import Size, Tensor

__all__ = [
    "check_classes",
    "check_index",
    "check_shape",
    "one_of",
    "renamed_keywords",
    "whole_number",
]

F = TypeVar("F", bound=Callable[..., Any])


def check_classes(name: str, values: Tensor, *, classes: int | None = None) -> None:
    """Refuse classes that are no integers, negative, or beyond the known ones.

    Args:
        name: What the error calls them.
        values: Classes of any shape.
        classes: Number of classes, where it is known.

    Raises:
        LabelError: If they are none.

    Example:
        >>> import torch
        >>> check_classes("labels", torch.tensor([0, 2]), classes=3)
    """
    kind = values.dtype
    if kind.is_floating_point or kind.is_complex or str(kind) == "torch.bool":
        raise LabelError(f"{name} must be integers, got {kind}.")
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
        >>> import torch
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
    def shape(self) -> Size:
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
        >>> import torch
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


def whole_number(name: str, value: Any, *, least: int, below: int | None = None) -> int:
    """Read a whole number, of Python or of numpy.

    Args:
        name: What the error calls it.
        value: What was given.
        least: The smallest value allowed.
        below: The first value too large.

    Returns:
        The number as Python's own.

    Raises:
        ArgumentError: If it is something else, or out of range.

    Example:
        >>> whole_number("k", 30, least=1)
        30
    """
    whole = isinstance(value, (int, np.integer)) and not isinstance(value, bool)
    if whole and value >= least and (below is None or value < below):
        return int(value)
    end = "" if below is None else f" and below {below:,}"
    raise ArgumentError(
        f"{name} must be a whole number of at least {least}{end}, got {value!r}."
    )


def one_of(name: str, value: Any, allowed: tuple[Any, ...]) -> Any:
    """Refuse what is not among the values allowed.

    Args:
        name: What the error calls it.
        value: What was given.
        allowed: What may be.

    Returns:
        The value.

    Raises:
        ArgumentError: If it is something else.
    """
    if value not in allowed:
        listed = ", ".join(map(repr, allowed))
        raise ArgumentError(f"{name} must be one of {listed}, got {value!r}.")
    return value


def renamed_keywords(**renamed: str) -> Callable[[F], F]:
    """Refuse old keywords of a function or class with a line that gives the new one.

    Args:
        renamed: New name of each old keyword.

    Returns:
        A decorator that changes neither signature nor types. A call with an old keyword
        raises KeywordError, which is a TypeError.

    Example:
        >>> @renamed_keywords(neighbours="k")
        ... def vote(*, k):
        ...     return k
        >>> vote(neighbours=3)
        Traceback (most recent call last):
        depthviz.errors.KeywordError: The argument 'neighbours' of vote is now 'k'.
    """

    def decorate(target: F) -> F:
        if isinstance(target, type):
            constructor = "__new__" if "__new__" in vars(target) else "__init__"
            checked = check(getattr(target, constructor), target.__name__)
            setattr(target, constructor, checked)
            return target
        return check(target, target.__name__)

    def check(function: F, owner: str) -> F:
        @wraps(function)
        def checked(*args: Any, **keywords: Any) -> Any:
            for old in keywords.keys() & renamed.keys():
                raise KeywordError(
                    f"The argument {old!r} of {owner} is now {renamed[old]!r}."
                )
            return function(*args, **keywords)

        return checked  # type: ignore[return-value]  # same signature, by wraps

    return decorate
