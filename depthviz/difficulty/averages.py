"""Means over the members of an ensemble, with how far to trust them.

Not every member counts for every example: one depth is the mean over those that trained
on it, another over those that did not, and members that failed count nowhere. So each
mean comes with its count and its standard error. Reads member after member and needs
memory for a few numbers an example, however many members there are.
"""

from typing import NamedTuple

import torch
from torch import Tensor

from depthviz.checks import check_shape
from depthviz.datasets.tensor_arguments import takes_arrays
from depthviz.errors import ArgumentError

__all__ = [
    "MemberMean",
    "check_booleans",
    "check_counted",
    "mean_of_counted",
    "member_mean",
]


class MemberMean(NamedTuple):
    """A mean over members for each example.

    Attributes:
        mean: float64, shape `(N,)`; NaN where no member counts.
        error: Standard error of the mean, float64, shape `(N,)`; NaN where fewer than
            two members count.
        count: Members that count, int64, shape `(N,)`.
    """

    mean: Tensor
    error: Tensor
    count: Tensor  # type: ignore[assignment]  # tuples have a method of that name


@takes_arrays
def member_mean(values: Tensor, counted: Tensor) -> MemberMean:
    """Average what each member says of an example over the members that count.

    The standard error is the standard deviation with M - 1 in the denominator, divided
    by the square root of the count. It shows how another draw of networks and splits
    would move the mean, and is 0 where they all say the same, few as they may be.

    Args:
        values: What the members say, numbers or booleans, shape `(M, N)`; of any value
            where they do not count.
        counted: Which members count for which example, booleans, shape `(M, N)`.

    Returns:
        Mean, standard error and count.

    Raises:
        ShapeError: If the two do not cover the same members and examples.
        ArgumentError: If counted is not boolean.

    Example:
        >>> depth = torch.tensor([[1, 5], [3, 5], [9, 5]])
        >>> counted = torch.tensor([[True, True], [True, False], [False, False]])
        >>> mean, error, count = member_mean(depth, counted)
        >>> mean, count
        (tensor([2., 5.], dtype=torch.float64), tensor([2, 1]))
        >>> error
        tensor([1., nan], dtype=torch.float64)
    """
    mean, count = mean_of_counted(values, counted)
    squares = _squares(values, counted, mean)
    error = (squares / (count - 1) / count).sqrt()
    return MemberMean(mean, error.masked_fill(count < 2, torch.nan), count)


def mean_of_counted(values: Tensor, counted: Tensor) -> tuple[Tensor, Tensor]:
    """Average over the members that count, without a standard error.

    Args:
        values: As for `member_mean`.
        counted: As for `member_mean`.

    Returns:
        Mean, float64, shape `(N,)`, NaN where no member counts; and how many count,
        int64, shape `(N,)`.

    Raises:
        ShapeError: As `member_mean`.
        ArgumentError: As `member_mean`.

    Example:
        >>> mean_of_counted(torch.tensor([[1, 5]]), torch.tensor([[True, False]]))
        (tensor([1., nan], dtype=torch.float64), tensor([1, 0]))
    """
    check_shape("values", values, "M N", None, None)
    check_counted(counted, *values.shape)
    count = counted.sum(0)
    total = torch.zeros(values.shape[1], dtype=torch.float64, device=values.device)
    for says, counts in zip(values, counted, strict=True):
        total += says.double().masked_fill(~counts, 0)
    return total / count, count


def check_counted(counted: Tensor, members: int, examples: int) -> None:
    """Refuse a mask of members that does not fit.

    Args:
        counted: Which members count for which example.
        members: M of the values.
        examples: N of the values.

    Raises:
        ShapeError: If it covers other members or examples.
        ArgumentError: If it is not boolean.

    Example:
        >>> check_counted(torch.ones(2, 3, dtype=torch.bool), 2, 3)
    """
    check_shape("counted", counted, "M N", members, examples)
    check_booleans("counted", counted)


def check_booleans(name: str, values: Tensor) -> None:
    """Refuse numbers where booleans are asked for: 0.5 is neither.

    Args:
        name: What the error calls them.
        values: Values of any shape.

    Raises:
        ArgumentError: If they are not booleans.

    Example:
        >>> check_booleans("counted", torch.tensor([True]))
    """
    if values.dtype != torch.bool:
        raise ArgumentError(
            f"{name} must be booleans, got {values.dtype}; write {name}.bool()."
        )


def _squares(values: Tensor, counted: Tensor, mean: Tensor) -> Tensor:
    """Add up the squared distances of the members that count from the mean."""
    total = torch.zeros_like(mean)
    for says, counts in zip(values, counted, strict=True):
        total += (says.double() - mean).square_().masked_fill_(~counts, 0)
    return total
