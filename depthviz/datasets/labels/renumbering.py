"""Whole numbers that are no positions among the classes, as such positions.

Labels 10, 20, 30 of a network of three classes can only be these three in their order.
Labels of which some are beyond the classes, with more or fewer values than classes, are
wrong in a way that nobody should guess.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

__all__ = ["describe_values", "find_values", "renumber"]

SHOWN = 5


def find_values(labels: Sequence[Tensor], classes: int) -> tuple[int, ...] | None:
    """Find the values that stand for the classes, where they are no positions.

    Args:
        labels: Of each split, int64, shape `(N,)`.
        classes: Number of the network's classes, C.

    Returns:
        C values, ascending; None where labels are positions already, or no such order
        is beyond doubt.

    Example:
        >>> find_values([torch.tensor([20, 10, 30, 10])], 3)
        (10, 20, 30)
        >>> find_values([torch.tensor([0, 1, 7, 2])], 3) is None
        True
    """
    values = torch.from_numpy(np.unique(torch.cat(list(labels)).numpy()))
    positions = int(values.max()) < classes
    if positions or int(values.min()) < 0 or len(values) != classes:
        return None
    return tuple(values.tolist())


def renumber(labels: Tensor, values: Sequence[int]) -> Tensor:
    """Find the position of each label among the values that there are.

    Args:
        labels: Int64, shape `(N,)`.
        values: Ascending; each label is one of them.

    Returns:
        Positions, int64, shape `(N,)`.

    Example:
        >>> renumber(torch.tensor([20, 10]), (10, 20, 30))
        tensor([1, 0])
    """
    return torch.searchsorted(torch.tensor(values), labels)


def describe_values(values: Sequence[int]) -> str:
    """Say which values stand for the classes, in one line.

    Args:
        values: Ascending.

    Returns:
        A sentence.

    Example:
        >>> describe_values((10, 20, 30))
        'Labels 10, 20, 30 are taken as the classes 0 to 2, in this order.'
    """
    more = ", …" if len(values) > SHOWN else ""
    listed = ", ".join(map(str, values[:SHOWN])) + more
    return (
        f"Labels {listed} are taken as the classes 0 to {len(values) - 1}, in this "
        "order."
    )
