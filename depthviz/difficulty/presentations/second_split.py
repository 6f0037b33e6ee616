"""When an example is forgotten while a network goes on to train on others.

A network trains on one half of the data, then on the other. Of the first half it soon
forgets what it had only learned by heart: wrong labels first. Knows nothing of how the
halves were chosen.
"""

from __future__ import annotations

import torch
from torch import Tensor

from depthviz.checks import check_shape
from depthviz.datasets.tensor_arguments import takes_arrays
from depthviz.difficulty.averages import check_booleans
from depthviz.difficulty.learning import check_recorded

__all__ = ["second_split_forgetting"]


@takes_arrays
def second_split_forgetting(
    correct: Tensor, *, recorded: Tensor | None = None
) -> Tensor:
    """Find the epoch of the second stage from which an example stays wrong.

    Args:
        correct: Whether the label of an example of the first half was predicted after
            each epoch of training on the second, booleans, shape `(T, N)`.
        recorded: Which of them were recorded, booleans, shape `(T, N)`; all by default.
            Epochs are then an example's own records.

    Returns:
        Epoch, from 1, float64, shape `(N,)`; T + 1 where it was right to the end, NaN
        where nothing was recorded.

    Raises:
        ShapeError: If the two do not cover the same epochs and examples.
        ArgumentError: If one is not boolean.

    Example:
        >>> correct = torch.tensor([[1, 0, 1], [1, 0, 0], [1, 0, 0]]).bool()
        >>> second_split_forgetting(correct)
        tensor([4., 1., 2.], dtype=torch.float64)

    References:
        Maini, Garg, Lipton & Kolter (2022). https://arxiv.org/abs/2210.15031
    """
    check_shape("correct", correct, "T N", None, None)
    check_booleans("correct", correct)
    known = check_recorded(recorded, correct)
    epoch, last_right = (torch.zeros_like(correct[:1].sum(0)) for _ in range(2))
    for right, here in zip(correct, known, strict=True):
        epoch = epoch + here
        last_right = torch.where(here & right, epoch, last_right)
    found = (last_right + 1).double()
    if recorded is None:
        return found
    return found.masked_fill(epoch == 0, torch.nan)
