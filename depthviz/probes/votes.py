"""The vote of an example's k nearest neighbors at one probe.

A k-NN probe reads a layer without training anything: it asks which label is commonest
among the k nearest training examples. Of tied labels the one with the nearest neighbor
wins (ours); other rules are there to compare with. Memory is that of the neighbors,
whatever the number of classes. Knows nothing of networks, studies or depth.
"""

from typing import Literal, get_args

import torch
from torch import Tensor

from depthviz.checks import check_classes, check_index, check_shape
from depthviz.datasets.tensor_arguments import takes_arrays
from depthviz.errors import ArgumentError

__all__ = ["TIES", "Ties", "commonest", "knn_vote"]

Ties = Literal["nearest", "smallest", "fewer neighbors"]
TIES: tuple[Ties, ...] = get_args(Ties)


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
