"""How far neighbors, votes, labels and predictions agree.

Shares in [0, 1], of one example's neighbors or of one probe's votes. An empty set of
examples has no share: the result is then NaN, as the mean of nothing is.
"""

import torch
from torch import Tensor

from depthviz.checks import check_classes, check_index, check_shape
from depthviz.datasets.tensor_arguments import takes_arrays
from depthviz.errors import ShapeError

__all__ = ["check_votes", "neighbor_agreement", "probe_accuracy", "probe_agreement"]


@takes_arrays
def neighbor_agreement(index: Tensor, labels: Tensor, prediction: Tensor) -> Tensor:
    """Find the share of each query's neighbors that carry its predicted class.

    Args:
        index: References of each query, shape `(Q, K)`.
        labels: Given label of each reference, shape `(R,)`.
        prediction: The network's class for each query, shape `(Q,)`.

    Returns:
        Share of each query, shape `(Q,)`, in [0, 1].

    Raises:
        ShapeError: If the arrays do not cover the same queries and references.
        LabelError: If labels or predictions are no classes.

    Example:
        >>> labels = torch.tensor([3, 3, 1])
        >>> neighbor_agreement(torch.tensor([[0, 2]]), labels, torch.tensor([3]))
        tensor([0.5000])
    """
    check_shape("index", index, "Q K", None, None)
    check_shape("labels", labels, "R", None)
    check_shape("prediction", prediction, "Q", len(index))
    check_classes("labels", labels)
    check_classes("prediction", prediction)
    check_index(index, len(labels))
    return (labels[index] == prediction.unsqueeze(1)).float().mean(1)


@takes_arrays
def probe_agreement(votes: Tensor, prediction: Tensor) -> Tensor:
    """Find the share of examples whose vote equals the network's prediction.

    Args:
        votes: Winning class of each probe, shape `(P, N)`.
        prediction: The network's class, shape `(N,)`.

    Returns:
        Share of each probe, shape `(P,)`, in [0, 1].

    Raises:
        ShapeError: If votes and prediction do not cover the same examples.
        LabelError: If they are no classes.

    Example:
        >>> probe_agreement(torch.tensor([[1, 0], [1, 1]]), torch.tensor([1, 1]))
        tensor([0.5000, 1.0000])
    """
    return _share(votes, "prediction", prediction)


@takes_arrays
def probe_accuracy(votes: Tensor, labels: Tensor) -> Tensor:
    """Find the share of examples whose vote equals their label.

    Args:
        votes: Winning class of each probe, shape `(P, N)`.
        labels: Given labels, shape `(N,)`.

    Returns:
        Share of each probe, shape `(P,)`, in [0, 1].

    Raises:
        ShapeError: If votes and labels do not cover the same examples.
        LabelError: If they are no classes.

    Example:
        >>> probe_accuracy(torch.tensor([[1, 0], [1, 1]]), torch.tensor([0, 0]))
        tensor([0.5000, 0.0000])
    """
    return _share(votes, "labels", labels)


def _share(votes: Tensor, name: str, classes: Tensor) -> Tensor:
    check_votes(votes, name, classes)
    return (votes == classes).to(torch.float32).mean(1)


def check_votes(votes: Tensor, name: str, classes: Tensor) -> None:
    """Refuse votes that do not cover the examples of what they are compared with.

    Args:
        votes: Winning classes, shape `(P, N)`.
        name: What the error calls the classes.
        classes: Shape `(N,)`.

    Raises:
        ShapeError: If they cover others.
        LabelError: If they are no classes.

    Example:
        >>> zeros = torch.zeros(2, 5, dtype=torch.int64)
        >>> check_votes(zeros, "labels", zeros[0])
    """
    check_shape("votes", votes, "P N", None, None)
    check_shape(name, classes, "N", None)
    if votes.shape[1] != len(classes):
        raise ShapeError(
            f"votes cover {votes.shape[1]} examples but {name} covers {len(classes)}; "
            "index both by the same examples."
        )
    check_classes("votes", votes)
    check_classes(name, classes)
