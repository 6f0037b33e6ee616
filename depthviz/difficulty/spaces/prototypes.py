"""How far an example is from the middle of its class.

The middle is the median of each feature over the class, which few odd examples do not
move, or its mean. Knows nothing of other classes: an example in between two is as far
as one that is far from all.
"""

from __future__ import annotations

from typing import Literal

import torch
from torch import Tensor

from depthviz.checks import check_classes, check_shape, one_of
from depthviz.datasets.tensor_arguments import takes_arrays
from depthviz.difficulty.averages import check_booleans

__all__ = ["Center", "prototype_distance"]

Center = Literal["median", "mean"]


@takes_arrays
def prototype_distance(
    embeddings: Tensor,
    labels: Tensor,
    *,
    center: Center = "median",
    reference: Tensor | None = None,
) -> Tensor:
    """Measure how far embeddings lie from the middle of the class of their label.

    Args:
        embeddings: Floats, shape `(N, F)`.
        labels: Given labels, integers, shape `(N,)`.
        center: The middle of a class: "median" of each feature, of two middle ones
            their mean, or "mean".
        reference: Which examples make the middle, booleans, shape `(N,)`; all by
            default.

    Returns:
        Euclidean distance, float64, shape `(N,)`; NaN where no reference has the label.

    Raises:
        ShapeError: If the arrays do not cover the same examples.
        LabelError: If labels are no integers of 0 or more.
        ArgumentError: If center is neither, or reference is not boolean.

    Example:
        >>> line = torch.tensor([[0.0], [1.0], [5.0], [7.0]])
        >>> prototype_distance(line, torch.tensor([0, 0, 0, 1]))
        tensor([1., 0., 4., 0.], dtype=torch.float64)

    References:
        Xia et al. (2023). https://openreview.net/forum?id=7D5EECbOaf9
        Sorscher et al. (2022). https://arxiv.org/abs/2206.14486
    """
    check_shape("embeddings", embeddings, "N F", None, None)
    check_shape("labels", labels, "N", len(embeddings))
    check_classes("labels", labels)
    one_of("center", center, ("median", "mean"))
    makes = torch.ones_like(labels, dtype=torch.bool)
    if reference is not None:
        check_shape("reference", reference, "N", len(embeddings))
        check_booleans("reference", reference)
        makes = reference
    found = torch.full(
        (len(labels),), torch.nan, dtype=torch.float64, device=embeddings.device
    )
    for label in torch.unique(labels).tolist():
        own = labels == label
        members = embeddings[own & makes].double()
        if len(members):
            middle = _middle(members, center)
            found[own] = (embeddings[own].double() - middle).norm(dim=1)
    return found


def _middle(members: Tensor, center: Center) -> Tensor:
    """The middle of a class, shape `(F,)`; torch's own median is the lower of two."""
    if center == "mean":
        return members.mean(0)
    half, odd = divmod(len(members), 2)
    ordered = members.sort(0).values
    return ordered[half] if odd else (ordered[half - 1] + ordered[half]) / 2
