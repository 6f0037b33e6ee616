"""What lies in the same direction as an example's embedding.

Cosines of embeddings, some rows at a time: the nearest of a trusted set (is this an
example of that kind at all?), and the confidence of all that are near (how much of it
would another label for one correct?). Neither orders difficulty.
"""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import Tensor

from depthviz.checks import check_shape
from depthviz.datasets.tensor_arguments import takes_arrays
from depthviz.errors import ArgumentError, FeatureError

__all__ = ["neighborhood_confidence", "purity"]

NUMBERS = 2**24  # cosines in memory at a time
COSINE = 0.95


@takes_arrays
def purity(
    embeddings: Tensor, reference: Tensor, *, own: Tensor | None = None
) -> Tensor:
    """Find the cosine of each embedding to the nearest one of a trusted set.

    Args:
        embeddings: Floats, shape `(N, F)`.
        reference: Embeddings of examples of the kind that is wanted, such as labeled
            ones in distribution, shape `(R, F)`.
        own: Position of each example in the reference, which is left out, integers,
            shape `(N,)`; -1 where it is not in it, as by default.

    Returns:
        Cosine, float64, shape `(N,)`, in [-1, 1]; NaN where nothing but the example
        itself is in the reference.

    Raises:
        ShapeError: If the two have other numbers of features, or own does not fit.
        FeatureError: If an embedding has no direction, since it is 0, or no number.

    Example:
        >>> ends = torch.tensor([[1.0, 0.0], [0.0, 2.0]])
        >>> purity(ends, torch.tensor([[3.0, 0.0]]))
        tensor([1., 0.], dtype=torch.float64)

    References:
        Park et al. (2022). https://arxiv.org/abs/2210.07805
    """
    check_shape("embeddings", embeddings, "N F", None, None)
    check_shape("reference", reference, "R F", None, embeddings.shape[1])
    unit, trusted = _unit("embeddings", embeddings), _unit("reference", reference)
    if own is not None:
        check_shape("own", own, "N", len(embeddings))
    parts = []
    for rows in _blocks(len(unit), len(trusted)):
        cosine = unit[rows] @ trusted.T
        if own is not None:
            inside = (own[rows] >= 0).nonzero().flatten()
            cosine[inside, own[rows][inside].long()] = -torch.inf
        nearest = cosine.new_full((len(cosine),), -torch.inf)
        parts.append(cosine.amax(1) if len(trusted) else nearest)
    found = torch.cat(parts) if parts else unit.new_empty(0)
    known: Tensor = found.masked_fill(found.isinf(), torch.nan)
    return known.clamp(-1, 1)


@takes_arrays
def neighborhood_confidence(
    embeddings: Tensor, confidence: Tensor, *, cosine: float = COSINE
) -> Tensor:
    """Add up the confidence of all examples that lie in the same direction.

    Each counts by its similarity, `(1 + cosine) / 2`; the example itself is one of
    them. The authors' threshold of 0.975 is one of that similarity: a cosine of 0.95.

    Args:
        embeddings: Floats, shape `(N, F)`.
        confidence: Largest softmax of each example, shape `(N,)`, in [0, 1].
        cosine: Neighbors are those above it.

    Returns:
        Sum, float64, shape `(N,)`, from the example's own confidence on.

    Raises:
        ShapeError: If the two do not cover the same examples.
        ArgumentError: If cosine is not from -1 to below 1.
        FeatureError: If an embedding has no direction, since it is 0, or no number.

    Example:
        >>> ends = torch.tensor([[1.0, 0.0], [2.0, 0.0], [0.0, 1.0]])
        >>> neighborhood_confidence(ends, torch.tensor([0.5, 0.25, 1.0]))
        tensor([0.7500, 0.7500, 1.0000], dtype=torch.float64)

    References:
        Park et al. (2023). https://arxiv.org/abs/2311.01002
    """
    check_shape("embeddings", embeddings, "N F", None, None)
    check_shape("confidence", confidence, "N", len(embeddings))
    if not -1 <= cosine < 1:
        raise ArgumentError(f"cosine must be from -1 to below 1, got {cosine!r}.")
    unit, sure = _unit("embeddings", embeddings), confidence.double()
    parts = []
    for rows in _blocks(len(unit), len(unit)):
        near = unit[rows] @ unit.T
        weight = ((1 + near) / 2).masked_fill_(near <= cosine, 0)
        own = torch.arange(len(unit), device=unit.device)[rows]
        weight[torch.arange(len(own), device=unit.device), own] = 1
        parts.append(weight @ sure)
    return torch.cat(parts) if parts else unit.new_empty(0)


def _unit(name: str, rows: Tensor) -> Tensor:
    """Rows of length 1, float64; refuses those that have no direction."""
    precise = rows.double()
    lengths = precise.norm(dim=1, keepdim=True)
    odd = (~((lengths > 0) & lengths.isfinite())).flatten().nonzero().flatten()
    if len(odd):
        raise FeatureError(
            f"{name}[{int(odd[0])}] has no direction: its length is "
            f"{float(lengths[odd[0]])}, in {len(odd)} of {len(rows)} rows. Leave these "
            "examples out, or take another probe."
        )
    unit: Tensor = precise / lengths
    return unit


def _blocks(rows: int, columns: int) -> Iterator[slice]:
    height = max(1, NUMBERS // max(1, columns))
    return (slice(start, start + height) for start in range(0, rows, height))
