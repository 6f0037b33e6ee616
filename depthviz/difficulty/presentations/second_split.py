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

__all__ = ["second_split_forgetting"]


@takes_arrays
def second_split_forgetting(correct: Tensor) -> Tensor:
    """Find the epoch of the second stage from which an example stays wrong.

    Args:
        correct: Whether the label of an example of the first half was predicted after
            each epoch of training on the second, booleans, shape `(T, N)`.

    Returns:
        Epoch, from 1, float64, shape `(N,)`; T + 1 where it was right to the end.

    Raises:
        ShapeError: If correct is not of this shape.
        ArgumentError: If it is not boolean.

    Example:
        >>> correct = torch.tensor([[1, 0, 1], [1, 0, 0], [1, 0, 0]]).bool()
        >>> second_split_forgetting(correct)
        tensor([4., 1., 2.], dtype=torch.float64)

    References:
        Maini, Garg, Lipton & Kolter (2022). https://arxiv.org/abs/2210.15031
    """
    check_shape("correct", correct, "T N", None, None)
    check_booleans("correct", correct)
    epochs = torch.arange(1, len(correct) + 1, device=correct.device)[:, None]
    last_right = (epochs * correct).sum(0) * 0
    if len(correct):
        last_right = (epochs * correct).amax(0)
    return (last_right + 1).double()
