"""The vote of an example's k nearest neighbors at one probe.

A k-NN probe reads a layer without training anything: it asks which label is commonest
among the k nearest training examples. Of tied labels the one with the nearest neighbor
wins (ours); other rules are there to compare with. Memory is that of the neighbors,
whatever the number of classes. Knows nothing of networks, studies or depth.
"""

from typing import Any, Literal, get_args

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from depthviz.checks import check_classes, check_index, check_shape
from depthviz.datasets.tensor_arguments import takes_arrays
from depthviz.errors import ArgumentError

__all__ = ["TIES", "Ties", "commonest", "commonest_of_columns", "knn_vote"]

Ties = Literal["nearest", "smallest", "fewer neighbors"]
TIES: tuple[Ties, ...] = get_args(Ties)
FEW = 100  # neighbors up to which comparing them all is faster than sorting; below 256
COLUMNS = 4096  # as many are compared at a time, in memory that is near


@takes_arrays
def knn_vote(
    index: Tensor,
    labels: Tensor,
    *,
    classes: int | None = None,
    ties: Ties = "nearest",
) -> Tensor:
    """Let the neighbors of each query vote for a class.

    Args:
        index: References of each query from near to far, shape `(Q, K)`.
        labels: Given label of each reference, shape `(R,)`.
        classes: Number of classes, to refuse labels beyond it.
        ties: Which of tied labels wins. "nearest": that of the nearest neighbor (ours).
            "smallest": the smallest, as in scikit-learn, in `torch.mode` on the CPU and
            in `bincount().argmax()`. "fewer neighbors": that which is left when the
            farthest neighbors are let go of one by one.

    Returns:
        The commonest label among the neighbors, shape `(Q,)`.

    Raises:
        ArgumentError: If there is no such rule.
        LabelError: If labels are no integers, negative, or beyond the classes.
        ShapeError: If a neighbor has no label.

    Example:
        >>> labels = torch.tensor([7, 5, 5, 7])
        >>> knn_vote(torch.tensor([[0, 1, 2], [1, 0, 3], [1, 0, 2], [0, 1, 2]]), labels)
        tensor([5, 7, 5, 5])
        >>> knn_vote(torch.tensor([[3, 1], [1, 3]]), labels)
        tensor([7, 5])
        >>> knn_vote(torch.tensor([[3, 1]]), labels, ties="smallest")
        tensor([5])
        >>> tied = torch.tensor([[0, 1, 2, 3]])
        >>> knn_vote(tied, labels), knn_vote(tied, labels, ties="fewer neighbors")
        (tensor([7]), tensor([5]))
    """
    check_shape("index", index, "Q K", None, None)
    check_shape("labels", labels, "R", None)
    check_classes("labels", labels, classes=classes)
    check_index(index, len(labels))
    return commonest(labels.long()[index], ties=ties)[0]


def commonest(values: Tensor, *, ties: Ties = "nearest") -> tuple[Tensor, Tensor]:
    """Find the commonest value of each row, of tied ones that which comes first.

    Args:
        values: Integers, shape `(Q, K)`, K at least 1.
        ties: Another rule for tied values, as in `knn_vote`.

    Returns:
        The values and how often each occurs in its row, shapes `(Q,)`.

    Raises:
        ArgumentError: If there is no such rule.
        ShapeError: If the rows are empty.

    Example:
        >>> commonest(torch.tensor([[4, 2, 2, 4], [1, 2, 2, 4]]))
        (tensor([4, 2]), tensor([2, 2]))
    """
    if ties not in TIES:
        listed = ", ".join(map(repr, TIES))
        raise ArgumentError(f"ties must be one of {listed}, got {ties!r}.")
    width = values.shape[1]
    if width == 0:
        check_shape("neighbors", values, "Q K", None, 1)
    if width <= FEW and values.device.type == "cpu" and _are_small(values):
        return _by_comparing(values, ties)
    return _by_sorting(values, ties)


def commonest_of_columns(
    values: NDArray[Any], *, ties: Ties, among: NDArray[np.bool_] | None = None
) -> tuple[NDArray[Any], NDArray[Any]]:
    """Find the commonest value of each column, and how often it occurs.

    Each row is compared with all others: some K passes over small contiguous numbers.

    Args:
        values: Integers from near to far, shape `(K, Q)`.
        ties: Which of tied values wins.
        among: Which of them have a vote, shape `(K, Q)`; None where all do.

    Returns:
        The values, any where none has a vote, and counts, shapes `(Q,)`.

    Example:
        >>> commonest_of_columns(np.array([[7, 4], [5, 4], [5, 1]]), ties="nearest")[0]
        array([5, 4])
    """
    count = np.empty(values.shape, np.min_scalar_type(len(values)))
    for row, here in enumerate(values):
        # Of tied values the one that lasts longest is complete first.
        others = values[: row + 1] if ties == "fewer neighbors" else values
        equal = (others == here).view(np.uint8)
        np.add.reduce(equal, axis=0, dtype=count.dtype, out=count[row])
    if among is not None:
        count[~among] = 0
    most = count.max(axis=0)
    if ties == "smallest":
        beyond = np.iinfo(values.dtype).max
        return np.where(count == most, values, beyond).min(axis=0), most
    winner = np.empty(values.shape[1], values.dtype)
    # Written from far to near, so that of tied values the nearest stays.
    for here, times in zip(values[::-1], count[::-1], strict=True):
        np.copyto(winner, here, where=times == most)
    return winner, most


def _are_small(values: Tensor) -> bool:
    """Whether all values are whole numbers that int32 holds."""
    if values.dtype == torch.int32 or not values.numel():
        return True
    low, high = values.aminmax()
    limits = torch.iinfo(torch.int32)
    return limits.min <= int(low) and int(high) <= limits.max


def _by_comparing(values: Tensor, ties: Ties) -> tuple[Tensor, Tensor]:
    """Compare each neighbor with all others, many rows at a time.

    Takes K passes over small numbers that lie in a row, where sorting moves indices
    around: an order of magnitude faster for the numbers of neighbors that people use.
    """
    columns = values.t().to(torch.int32).numpy()
    winner = np.empty(len(values), np.int64)
    most = np.empty(len(values), np.int64)
    for start in range(0, len(values), COLUMNS):
        some = slice(start, start + COLUMNS)
        block = np.ascontiguousarray(columns[:, some])
        winner[some], most[some] = commonest_of_columns(block, ties=ties)
    kept = torch.from_numpy(winner).to(values.dtype)
    return kept, torch.from_numpy(most)


def _by_sorting(values: Tensor, ties: Ties) -> tuple[Tensor, Tensor]:
    """Sort each row, and count the runs of equal values."""
    width = values.shape[1]
    ordered, position = values.sort(dim=1, stable=True)
    changes = ordered[:, 1:] != ordered[:, :-1]
    run = torch.zeros_like(position)
    run[:, 1:] = changes.cumsum(1)
    count = torch.zeros_like(position).scatter_add_(1, run, torch.ones_like(position))
    first = torch.full_like(position, width)
    first.scatter_reduce_(1, run, position, "amin")
    best = (count * (width + 1) - _handicap(ties, run, first, position)).argmax(
        1, keepdim=True
    )
    winner = values.gather(1, first.gather(1, best))
    return winner.squeeze(1), count.gather(1, best).squeeze(1)


def _handicap(ties: Ties, run: Tensor, first: Tensor, position: Tensor) -> Tensor:
    """Rank the runs of equal values among tied ones, the winner lowest, up to K."""
    if ties == "nearest":
        return first
    if ties == "smallest":
        return torch.arange(run.shape[1], device=run.device).expand_as(run)
    # Of tied values the one that lasts longest is complete first.
    return torch.zeros_like(position).scatter_reduce_(1, run, position, "amax")
