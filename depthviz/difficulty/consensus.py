"""What the networks that did not see an example make of it, together.

Where they agree on a class, the example is typical of it; where that class is not the
label, the label is in doubt; where they do not agree, the example is hard. `counted`
says who votes: give the members that held the example out, or the votes of those that
learned it by heart are counted too. Knows nothing of depth and of training.
"""

from collections.abc import Callable

import torch
from torch import Tensor

from depthviz.checks import check_classes, check_shape
from depthviz.datasets.tensor_arguments import takes_arrays
from depthviz.difficulty.averages import check_counted, member_mean
from depthviz.errors import ArgumentError

__all__ = ["c_score", "consensus_class", "consistency", "vote_entropy"]

_BLOCK = 2**23  # counts in memory at a time


@takes_arrays
def consensus_class(predictions: Tensor, counted: Tensor, *, classes: int) -> Tensor:
    """Find the class that most members predict.

    Args:
        predictions: Predicted classes, integers, shape `(M, N)`; of any value where the
            member does not count.
        counted: Which members vote on which example, booleans, shape `(M, N)`.
        classes: Number of classes C.

    Returns:
        Classes, shape `(N,)`, int64; of tied ones the smallest (ours), -1 where nobody
        votes.

    Raises:
        ShapeError: If predictions and counted do not cover the same members and
            examples.
        ArgumentError: If counted is not boolean, or classes not positive.
        LabelError: If predictions that count are no classes below C.

    Example:
        >>> predictions = torch.tensor([[2, 1], [2, 0], [0, 0]])
        >>> everyone = torch.ones(3, 2, dtype=torch.bool)
        >>> consensus_class(predictions, everyone, classes=3)
        tensor([2, 0])
    """

    def winner(counts: Tensor) -> Tensor:
        ranks = torch.arange(classes, 0, -1, device=counts.device)[:, None]
        first = (counts * (classes + 1) + ranks).argmax(0)
        return first.masked_fill(counts.sum(0) == 0, -1)

    return _by_counts(winner, predictions, counted, classes)


@takes_arrays
def consistency(predictions: Tensor, counted: Tensor, *, classes: int) -> Tensor:
    """Find the share of the members that predict the consensus class.

    Args:
        predictions: Predicted classes, shape `(M, N)`.
        counted: Which members vote on which example, booleans, shape `(M, N)`.
        classes: Number of classes C.

    Returns:
        Shares, float64, shape `(N,)`, above 0 and at most 1; NaN where nobody votes.

    Raises:
        ShapeError: As `consensus_class`.
        ArgumentError: As `consensus_class`.
        LabelError: As `consensus_class`.

    Example:
        >>> predictions = torch.tensor([[2, 1], [2, 0], [0, 0], [2, 0]])
        >>> everyone = torch.ones(4, 2, dtype=torch.bool)
        >>> consistency(predictions, everyone, classes=3)
        tensor([0.7500, 0.7500], dtype=torch.float64)

    References:
        Baldock, Maennel & Neyshabur (2021). https://arxiv.org/abs/2106.09647
    """

    def share(counts: Tensor) -> Tensor:
        return counts.amax(0).double() / counts.sum(0)

    return _by_counts(share, predictions, counted, classes)


@takes_arrays
def c_score(predictions: Tensor, counted: Tensor, labels: Tensor) -> Tensor:
    """Find the share of the members that predict the label.

    Its standard error is that of `member_mean(predictions == labels, counted)`.

    Args:
        predictions: Predicted classes, shape `(M, N)`; of any value where the member
            does not count.
        counted: Which members vote on which example, booleans, shape `(M, N)`.
        labels: Given labels, shape `(N,)`.

    Returns:
        Shares, float64, shape `(N,)`, in [0, 1]; NaN where nobody votes.

    Raises:
        ShapeError: If the three do not cover the same members and examples.
        ArgumentError: If counted is not boolean.
        LabelError: If labels, or predictions that count, are no integers of 0 or more.

    Example:
        >>> predictions = torch.tensor([[2, 1], [2, 0], [0, 0], [2, 0]])
        >>> everyone = torch.ones(4, 2, dtype=torch.bool)
        >>> c_score(predictions, everyone, torch.tensor([2, 1]))
        tensor([0.7500, 0.2500], dtype=torch.float64)

    References:
        Jiang, Zhang, Talwar & Mozer (2021). https://arxiv.org/abs/2002.03206
    """
    check_shape("predictions", predictions, "M N", None, None)
    check_counted(counted, *predictions.shape)
    check_shape("labels", labels, "N", predictions.shape[1])
    check_classes("predictions", predictions[:0])
    check_classes("labels", labels)
    given = labels.long()
    correct = torch.empty(predictions.shape, dtype=torch.bool, device=given.device)
    for member, predicted in enumerate(predictions):
        votes = predicted.long()
        check_classes("predictions", votes[counted[member]])
        correct[member] = votes == given
    return member_mean(correct, counted).mean


@takes_arrays
def vote_entropy(predictions: Tensor, counted: Tensor, *, classes: int) -> Tensor:
    """Measure how widely the predictions of the members are spread.

    The entropy of the shares of the members that predict each class. Few members give
    too small a number: n of them at most log n.

    Args:
        predictions: Predicted classes, shape `(M, N)`.
        counted: Which members vote on which example, booleans, shape `(M, N)`.
        classes: Number of classes C.

    Returns:
        Entropy in nats, float64, shape `(N,)`, in [0, log C]; NaN where nobody votes.

    Raises:
        ShapeError: As `consensus_class`.
        ArgumentError: As `consensus_class`.
        LabelError: As `consensus_class`.

    Example:
        >>> predictions = torch.tensor([[2, 1], [2, 0]])
        >>> everyone = torch.ones(2, 2, dtype=torch.bool)
        >>> vote_entropy(predictions, everyone, classes=3)
        tensor([0.0000, 0.6931], dtype=torch.float64)
    """

    def entropy(counts: Tensor) -> Tensor:
        shares = counts.double() / counts.sum(0)
        terms: Tensor = torch.special.xlogy(shares, shares)
        return terms.sum(0).abs()

    return _by_counts(entropy, predictions, counted, classes)


def _by_counts(
    read: Callable[[Tensor], Tensor],
    predictions: Tensor,
    counted: Tensor,
    classes: int,
) -> Tensor:
    """Count the votes for each class, some examples at a time, and read the counts."""
    check_shape("predictions", predictions, "M N", None, None)
    check_counted(counted, *predictions.shape)
    check_classes("predictions", predictions[:0])
    if classes < 1:
        raise ArgumentError(f"classes must be at least 1, got {classes}.")
    size = max(1, _BLOCK // classes)
    said, counts = (torch.split(each, size, dim=1) for each in (predictions, counted))
    blocks = zip(said, counts, strict=True)
    return torch.cat([read(_counts(*block, classes=classes)) for block in blocks])


def _counts(predictions: Tensor, counted: Tensor, *, classes: int) -> Tensor:
    counts = torch.zeros(
        classes, predictions.shape[1], dtype=torch.int64, device=predictions.device
    )
    for predicted, counts_here in zip(predictions, counted, strict=True):
        votes = predicted.long()
        check_classes("predictions", votes[counts_here], classes=classes)
        inside = votes.clamp(0, classes - 1)
        counts.scatter_add_(0, inside[None], counts_here.long()[None])
    return counts
