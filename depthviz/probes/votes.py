"""The vote of an example's k nearest neighbors at one probe.

A k-NN probe reads a layer without training anything: it asks which label is commonest
among the k nearest training examples. Of tied labels the one with the nearest neighbor
wins (ours). Memory is that of the neighbors, whatever the number of classes. Knows
nothing of networks, studies or depth.
"""

import torch
from torch import Tensor

from depthviz.probes.classes import check_classes, check_index, check_shape

__all__ = ["commonest", "knn_vote"]


def knn_vote(index: Tensor, labels: Tensor, *, classes: int | None = None) -> Tensor:
    """Let the neighbors of each query vote for a class.

    Args:
        index: References of each query from near to far, shape `(Q, K)`.
        labels: Given label of each reference, shape `(R,)`.
        classes: Number of classes, to refuse labels beyond it.

    Returns:
        The commonest label among the neighbors, shape `(Q,)`; of tied labels the one
        of the nearest neighbor.

    Raises:
        LabelError: If labels are no integers, negative, or beyond the classes.
        ShapeError: If a neighbor has no label.

    Example:
        >>> labels = torch.tensor([7, 5, 5, 7])
        >>> knn_vote(torch.tensor([[0, 1, 2], [1, 0, 3], [1, 0, 2], [0, 1, 2]]), labels)
        tensor([5, 7, 5, 5])
        >>> knn_vote(torch.tensor([[3, 1], [1, 3]]), labels)
        tensor([7, 5])
    """
    check_shape("index", index, "Q K", None, None)
    check_shape("labels", labels, "R", None)
    check_classes("labels", labels, classes=classes)
    check_index(index, len(labels))
    return commonest(labels.long()[index])[0]


def commonest(values: Tensor) -> tuple[Tensor, Tensor]:
    """Find the commonest value of each row, of tied ones that which comes first.

    Args:
        values: Integers, shape `(Q, K)`, K at least 1.

    Returns:
        The values and how often each occurs in its row, shapes `(Q,)`.

    Raises:
        ShapeError: If the rows are empty.

    Example:
        >>> commonest(torch.tensor([[4, 2, 2, 4], [1, 2, 2, 4]]))
        (tensor([4, 2]), tensor([2, 2]))
    """
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
    best = (count * (width + 1) - first).argmax(1, keepdim=True)
    winner = values.gather(1, first.gather(1, best))
    return winner.squeeze(1), count.gather(1, best).squeeze(1)
