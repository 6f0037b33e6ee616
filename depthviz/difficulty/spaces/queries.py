"""Which unlabeled examples to ask for: informative ones of the right kind.

Purity and informativeness are brought to one scale, then added up, or weighed by a
small network that learned from labeled examples what lowers the loss. Positive weights
keep it rising in both.
"""

from __future__ import annotations

from typing import TypeAlias

import torch
from torch import Tensor

from depthviz.checks import check_shape
from depthviz.datasets.tensor_arguments import takes_arrays

__all__ = ["first_query_score", "query_input", "query_score", "ranking_loss"]


Layer: TypeAlias = tuple[Tensor, Tensor]
"""Weights and bias of a layer."""


@takes_arrays
def query_input(informativeness: Tensor, purity: Tensor) -> Tensor:
    """Bring informativeness and purity to one scale, above 0.

    Args:
        informativeness: Shape `(N,)`.
        purity: Shape `(N,)`.

    Returns:
        Exponentials of the standardized two (population form), float64, shape `(N, 2)`.

    Raises:
        ShapeError: If the two do not cover the same examples.

    Example:
        >>> query_input(torch.tensor([0.0, 2.0]), torch.tensor([1.0, 3.0]))[0]
        tensor([0.3679, 0.3679], dtype=torch.float64)

    References:
        Park et al. (2022). https://arxiv.org/abs/2210.07805
    """
    check_shape("informativeness", informativeness, "N", None)
    check_shape("purity", purity, "N", len(informativeness))
    return torch.stack([_standard(informativeness), _standard(purity)], 1)


@takes_arrays
def first_query_score(informativeness: Tensor, purity: Tensor) -> Tensor:
    """Score examples before anything was learned of what lowers the loss.

    Args:
        informativeness: Shape `(N,)`; it counts as it is, as in the authors' code.
        purity: Shape `(N,)`.

    Returns:
        Score, float64, shape `(N,)`; the largest are asked for.

    Raises:
        ShapeError: If the two do not cover the same examples.

    Example:
        >>> first_query_score(torch.tensor([0.0, 2.0]), torch.tensor([1.0, 3.0]))
        tensor([0.3679, 4.7183], dtype=torch.float64)

    References:
        Park et al. (2022). https://arxiv.org/abs/2210.07805
    """
    check_shape("informativeness", informativeness, "N", None)
    check_shape("purity", purity, "N", len(informativeness))
    return informativeness.double() + _standard(purity)


@takes_arrays
def query_score(meta: Tensor, first: Layer, second: Layer) -> Tensor:
    """Score examples by a network of two layers whose weights are not negative.

    Args:
        meta: What `query_input` gives, shape `(N, 2)`.
        first: Weights `(2, H)` and bias `(H,)` of the first layer.
        second: Weights `(H, 1)` and bias `(1,)` of the second. Negative weights count
            as 0.

    Returns:
        Score, float64, shape `(N,)`.

    Raises:
        ShapeError: If meta is not of this shape.

    Example:
        >>> one = torch.ones(2, 1), torch.zeros(1)
        >>> query_score(torch.zeros(1, 2), one, (torch.ones(1, 1), torch.zeros(1)))
        tensor([0.5000], dtype=torch.float64)

    References:
        Park et al. (2022). https://arxiv.org/abs/2210.07805
    """
    check_shape("meta", meta, "N 2", None, 2)
    hidden = (meta.double() @ _rising(first[0]) + first[1].double()).sigmoid()
    return (hidden @ _rising(second[0]) + second[1].double())[:, 0]


@takes_arrays
def ranking_loss(scores: Tensor, losses: Tensor, *, margin: float = 1.0) -> Tensor:
    """Compare the order of scores with that of losses, in pairs.

    The first example is paired with the last, the second with the last but one.

    Args:
        scores: Shape `(N,)`, N even.
        losses: True losses, 0 for what is out of distribution, shape `(N,)`.
        margin: By how much the score of the larger loss must be ahead.

    Returns:
        Mean over the pairs, shape `()`.

    Raises:
        ShapeError: If the two do not cover the same examples.

    Example:
        >>> ranking_loss(torch.tensor([0.0, 3.0]), torch.tensor([0.0, 1.0]))
        tensor(0., dtype=torch.float64)

    References:
        Yoo & Kweon (2019). https://arxiv.org/abs/1905.03677
    """
    check_shape("scores", scores, "N", None)
    check_shape("losses", losses, "N", len(scores))
    half = len(scores) // 2
    apart, order = ((each - each.flip(0))[:half].double() for each in (scores, losses))
    sign = 2 * torch.sign(order.clamp(min=0)) - 1
    return (margin - sign * apart).clamp(min=0).mean()


def _standard(values: Tensor) -> Tensor:
    precise = values.double()
    return ((precise - precise.mean()) / precise.std(correction=0)).exp()


def _rising(weights: Tensor) -> Tensor:
    return weights.double().clamp(min=0)
