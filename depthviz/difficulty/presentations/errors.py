"""How far a network's output is from the label while it trains.

The norm of the error is kept of each presentation, so that the one at an early step can
be asked for later. Knows nothing of what was predicted.
"""

from __future__ import annotations

import torch
from torch import Tensor

from depthviz.checks import check_classes, check_shape
from depthviz.datasets.tensor_arguments import takes_arrays
from depthviz.difficulty.averages import mean_of_counted
from depthviz.difficulty.learning import check_recorded

__all__ = ["error_norm", "training_loss"]


@takes_arrays
def error_norm(logits: Tensor, labels: Tensor) -> Tensor:
    """Measure how far the softmax is from the label.

    The Euclidean norm of softmax minus one-hot label. EL2N is its mean over networks at
    one early step of their trainings.

    Args:
        logits: Floats, shape `(N, C)`.
        labels: Given labels, integers, shape `(N,)`.

    Returns:
        Norms, float32 or float64, shape `(N,)`, in [0, sqrt 2]; NaN where a logit is.

    Raises:
        ShapeError: If the two do not cover the same examples.
        LabelError: If a label is none of the C classes.

    Example:
        >>> error_norm(torch.zeros(2, 2), torch.tensor([0, 1]))
        tensor([0.7071, 0.7071])

    References:
        Paul, Ganguli & Dziugaite (2021). https://arxiv.org/abs/2107.07075
    """
    check_shape("logits", logits, "N C", None, None)
    check_shape("labels", labels, "N", len(logits))
    check_classes("labels", labels, classes=logits.shape[1])
    return norm_of_error(logits, labels.long())


def norm_of_error(logits: Tensor, labels: Tensor) -> Tensor:
    """Measure as `error_norm` what is checked already; labels int64.

    What the label's probability lacks is the sum of the others: one less that
    probability would lose all digits where the network is sure.
    """
    precise = logits if logits.dtype == torch.float64 else logits.float()
    others = precise.softmax(1).scatter(1, labels[:, None], 0)
    return (others.sum(1).square() + others.square().sum(1)).sqrt()


@takes_arrays
def training_loss(probabilities: Tensor, *, recorded: Tensor | None = None) -> Tensor:
    """Average the cross-entropy of the label over the presentations.

    Args:
        probabilities: Softmax probability of the label, shape `(T, N)`, in [0, 1].
        recorded: Which of them were recorded, booleans, shape `(T, N)`; all by default.

    Returns:
        Mean loss in nats, float64, shape `(N,)`, 0 or more; NaN where nothing was
        recorded. A probability too small for its type counts as its smallest number.

    Raises:
        ShapeError: If the two do not cover the same steps and examples.
        ArgumentError: If recorded is not boolean.

    Example:
        >>> training_loss(torch.tensor([[1.0, 0.5], [1.0, 0.5]]))
        tensor([0.0000, 0.6931], dtype=torch.float64)
    """
    check_shape("probabilities", probabilities, "T N", None, None)
    known = check_recorded(recorded, probabilities)
    kind = probabilities.dtype if probabilities.is_floating_point() else torch.float32
    losses = -probabilities.to(kind).clamp(min=torch.finfo(kind).tiny).log()
    return mean_of_counted(losses, known)[0].abs()
