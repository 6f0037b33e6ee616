"""How sure a network was of an example while it trained.

Means over the recorded steps: of the margin of the label (a wrong label is pulled down
by the examples like it), and of its probability, how it varied, and how often it won.
Records count equally, whenever they were made; what the network said later than the
last of them is unknown here.
"""

from typing import NamedTuple

import torch
from torch import Tensor

from depthviz.checks import check_shape
from depthviz.datasets.tensor_arguments import takes_arrays
from depthviz.difficulty.averages import (
    check_booleans,
    mean_of_counted,
    member_mean,
)
from depthviz.difficulty.learning import check_recorded

__all__ = ["DataMap", "area_under_margin", "data_map"]


class DataMap(NamedTuple):
    """The place of each example on a data map; NaN where nothing was recorded.

    Attributes:
        confidence: Mean probability of the label, float64, shape `(N,)`, in [0, 1].
        variability: Its standard deviation over the records (population form),
            float64, shape `(N,)`, in [0, 0.5].
        correctness: Share of the records in which the label was predicted, float64,
            shape `(N,)`, in [0, 1].
    """

    confidence: Tensor
    variability: Tensor
    correctness: Tensor


@takes_arrays
def area_under_margin(margins: Tensor, *, recorded: Tensor | None = None) -> Tensor:
    """Average the margin of the label over the recorded steps.

    Args:
        margins: Logit of the label minus the largest other, shape `(T, N)`.
        recorded: Which of them were recorded, booleans, shape `(T, N)`; all by default.

    Returns:
        Mean margin, float64, shape `(N,)`, in units of the logits; NaN where nothing
        was recorded, or one of the margins is NaN.

    Raises:
        ShapeError: If the two do not cover the same steps and examples.
        ArgumentError: If recorded is not boolean.

    Example:
        >>> area_under_margin(torch.tensor([[1.0, -4.0], [3.0, 2.0]]))
        tensor([ 2., -1.], dtype=torch.float64)

    References:
        Pleiss et al. (2020). https://arxiv.org/abs/2001.10528
    """
    check_shape("margins", margins, "T N", None, None)
    return mean_of_counted(margins, check_recorded(recorded, margins))[0]


@takes_arrays
def data_map(
    probabilities: Tensor, correct: Tensor, *, recorded: Tensor | None = None
) -> DataMap:
    """Place examples by how sure and how steady the network was of their labels.

    Args:
        probabilities: Softmax probability of the label, shape `(T, N)`, in [0, 1].
        correct: Whether the label was predicted, booleans, shape `(T, N)`.
        recorded: Which of them were recorded, booleans, shape `(T, N)`; all by default.

    Returns:
        Confidence, variability and correctness.

    Raises:
        ShapeError: If the arrays do not cover the same steps and examples.
        ArgumentError: If correct or recorded is not boolean.

    Example:
        >>> probabilities = torch.tensor([[0.25, 1.0], [0.75, 1.0]])
        >>> data_map(probabilities, probabilities > 0.5).variability
        tensor([0.2500, 0.0000], dtype=torch.float64)

    References:
        Swayamdipta et al. (2020). https://arxiv.org/abs/2009.10795
    """
    check_shape("probabilities", probabilities, "T N", None, None)
    check_shape("correct", correct, "T N", *probabilities.shape)
    check_booleans("correct", correct)
    known = check_recorded(recorded, probabilities)
    mean, error, count = member_mean(probabilities, known)
    # From the standard error back to the deviation of the records themselves.
    spread = torch.where(count == 1, 0 * mean, error * (count - 1).double().sqrt())
    return DataMap(mean, spread, mean_of_counted(correct, known)[0])
