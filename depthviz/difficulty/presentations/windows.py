"""How much the probability of a label moves within short windows of training.

An example that is always right does not move, nor does one that is never learned: what
moves is in between, so these numbers order no difficulty, though they are what their
authors prune by. Windows run over an example's own presentations, in their order; rows
in which it was not recorded are no part of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import torch
from torch import Tensor

from depthviz.checks import check_shape, whole_number
from depthviz.datasets.tensor_arguments import takes_arrays
from depthviz.difficulty.learning import check_recorded
from depthviz.errors import ArgumentError

__all__ = ["dual_score", "dynamic_uncertainty", "own_presentations"]

WINDOW = 10
BLOCK = 2**15  # probabilities at a time: they stay in the cache of a processor


class _Moments(NamedTuple):
    """Sums and squared distances from the mean, by where a window begins, `(W, N)`."""

    total: Tensor
    squares: Tensor
    size: int


@takes_arrays
def dynamic_uncertainty(
    probabilities: Tensor, *, window: int = WINDOW, recorded: Tensor | None = None
) -> Tensor:
    """Average how much the probability of the label varies within a window.

    The mean over all windows of consecutive presentations of the standard deviation
    (with J - 1 in the denominator). The authors' code leaves the last window out and
    multiplies by 10; this is the paper's.

    Args:
        probabilities: Softmax probability of the label, shape `(T, N)`, in [0, 1], as
            presented: in training mode, augmented.
        window: Presentations in a window, J, from 2 on.
        recorded: Which of them were recorded, booleans, shape `(T, N)`; all by default.

    Returns:
        float64, shape `(N,)`, 0 or more; NaN where an example has fewer presentations
        than a window.

    Raises:
        ShapeError: If the two do not cover the same steps and examples.
        ArgumentError: If no example has as many presentations as a window, or recorded
            is not boolean.

    Example:
        >>> moving = torch.tensor([[0.0, 0.5], [1.0, 0.5], [0.0, 0.5]])
        >>> dynamic_uncertainty(moving, window=2)
        tensor([0.7071, 0.0000], dtype=torch.float64)

    References:
        He et al. (2023). https://arxiv.org/abs/2306.05175
    """
    return _mean_over_windows(probabilities, window, recorded, weighted=False)


@takes_arrays
def dual_score(
    probabilities: Tensor, *, window: int = WINDOW, recorded: Tensor | None = None
) -> Tensor:
    """Average, over windows, how the label's probability varies times what it lacks.

    The mean over all windows of consecutive presentations of the standard deviation
    (with J - 1 in the denominator) times one less the mean. The authors' code
    multiplies by 10, which changes no order.

    Args:
        probabilities: As for `dynamic_uncertainty`; the authors give the first 30
            epochs of a usual training.
        window: Presentations in a window, J, from 2 on.
        recorded: Which of them were recorded, booleans, shape `(T, N)`; all by default.

    Returns:
        float64, shape `(N,)`, 0 or more; NaN where an example has fewer presentations
        than a window.

    Raises:
        ShapeError: As `dynamic_uncertainty`.
        ArgumentError: As `dynamic_uncertainty`.

    Example:
        >>> moving = torch.tensor([[0.0, 0.5], [1.0, 0.5], [0.0, 0.5]])
        >>> dual_score(moving, window=2)
        tensor([0.3536, 0.0000], dtype=torch.float64)

    References:
        Cho, Shin & Yun (2025). https://arxiv.org/abs/2502.06905
    """
    return _mean_over_windows(probabilities, window, recorded, weighted=True)


def own_presentations(
    values: Tensor, recorded: Tensor, *, most: int | None = None
) -> tuple[Tensor, Tensor]:
    """Move what was recorded of each example to the front, in its order.

    Args:
        values: Shape `(T, N)`.
        recorded: Which of them were recorded, booleans, shape `(T, N)`.
        most: How many of each example are wanted; all by default.

    Returns:
        The values, shape `(S, N)` with S at most T, of no meaning behind the last; and
        how many there are of each example, int64, shape `(N,)`.

    Example:
        >>> values = torch.tensor([[1, 5], [2, 6]])
        >>> own_presentations(values, torch.tensor([[False, True], [True, True]]))
        (tensor([[2, 5], [2, 6]]), tensor([1, 2]))
    """
    height = len(values) if most is None else min(most, len(values))
    if bool(recorded[:height].all()):
        count = torch.full(
            values.shape[1:], height, dtype=torch.int64, device=values.device
        )
        return values[:height], count
    front = values[:height].clone()
    count = torch.zeros(values.shape[1], dtype=torch.int64, device=values.device)
    for row, here in zip(values, recorded, strict=True):
        columns = (here & (count < height)).nonzero().flatten()
        front[count[columns], columns] = row[columns]
        count[columns] += 1
    return front, count


def _mean_over_windows(
    probabilities: Tensor, window: int, recorded: Tensor | None, *, weighted: bool
) -> Tensor:
    check_shape("probabilities", probabilities, "T N", None, None)
    known = check_recorded(recorded, probabilities)
    length = whole_number("window", window, least=2)
    most = int(known.sum(0).max()) if known.numel() else 0
    if most < length:
        raise ArgumentError(
            f"window must be at most the presentations of an example, and no example "
            f"has more than {most}; got window={length}. Record more epochs, or choose "
            "a smaller window."
        )
    front, count = own_presentations(probabilities, known)
    parts = [
        _of_block(front[:, rows].double(), count[rows], length, weighted)
        for rows in _blocks(*front.shape)
    ]
    return torch.cat(parts)


def _blocks(steps: int, examples: int) -> Iterator[slice]:
    width = max(1, BLOCK // steps)
    return (slice(start, start + width) for start in range(0, examples, width))


def _of_block(front: Tensor, count: Tensor, length: int, weighted: bool) -> Tensor:
    """Average over the windows of a few examples, shape `(n,)`."""
    total, squares, _ = _windows(front, length)
    found = squares.div_(length - 1).sqrt_()
    if weighted:
        found *= 1 - total / length
    own = (count - length + 1).clamp(min=0)
    beyond = torch.arange(len(found), device=front.device)[:, None] >= own
    return found.masked_fill_(beyond, 0).sum(0) / own


def _windows(values: Tensor, length: int) -> _Moments:
    """Find the moments of all windows, from shorter ones that lie behind each other."""
    found = first = _Moments(values, torch.zeros_like(values), 1)
    for bit in bin(length)[3:]:  # from the second highest on
        doubled = _join(found, found)
        found = _join(doubled, first) if bit == "1" else doubled
    return found


def _join(one: _Moments, other: _Moments) -> _Moments:
    """Join each window with the one that begins behind it; no digit is lost."""
    p, q = one.size, other.size
    number = min(len(one.total), len(other.total) - p)
    here, behind = slice(number), slice(p, p + number)
    apart = torch.sub(other.total[behind], one.total[here], alpha=q / p)
    squares = one.squares[here] + other.squares[behind]
    squares.addcmul_(apart, apart, value=p / (q * (p + q)))
    return _Moments(one.total[here] + other.total[behind], squares, p + q)
