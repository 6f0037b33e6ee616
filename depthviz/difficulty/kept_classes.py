"""The classes that are kept of an example where there are very many.

Neighbors of an example carry few classes, and a network gives few of a thousand a
probability worth a number. Up to 64 classes all are kept. Of more, the 64 with most
neighbors and probability are, the given one always; what lies outside counts as no
neighbor, and as an equal part of the probability that is left.
"""

from typing import NamedTuple

import torch
from torch import Tensor

from depthviz.checks import check_classes, check_shape
from depthviz.datasets.tensor_arguments import takes_arrays

__all__ = [
    "CLASSES_KEPT",
    "KeptClasses",
    "all_probabilities",
    "all_shares",
    "keep_classes",
]

CLASSES_KEPT = 64


class KeptClasses(NamedTuple):
    """What is kept of each example; T is the number of classes, at most 64.

    Attributes:
        classes: The classes, ascending, shape `(N, T)`; None where all are kept.
        share: Share of the neighbors that carry each, shape `(N, T)`.
        log_probability: Log-softmax of the network for each, shape `(N, T)`.
    """

    classes: Tensor | None
    share: Tensor
    log_probability: Tensor


@takes_arrays
def keep_classes(share: Tensor, log_probability: Tensor, given: Tensor) -> KeptClasses:
    """Keep the classes of each example that matter.

    Args:
        share: Share of the neighbors that carry each class, shape `(N, C)`.
        log_probability: Log-softmax of the network, shape `(N, C)`.
        given: Given labels, shape `(N,)`.

    Returns:
        All classes if there are at most 64; otherwise the given one and those with the
        largest sum of share and probability.

    Raises:
        ShapeError: If the arrays do not cover the same examples and classes.
        LabelError: If labels are no classes.

    Example:
        >>> share = torch.zeros(1, 100)
        >>> kept = keep_classes(share, share, torch.tensor([99]))
        >>> kept.share.shape, int(kept.classes.max())
        (torch.Size([1, 64]), 99)
    """
    check_shape("share", share, "N C", None, None)
    count, classes = share.shape
    check_shape("log_probability", log_probability, "N C", count, classes)
    check_shape("given", given, "N", count)
    check_classes("given", given, classes=classes)
    if classes <= CLASSES_KEPT:
        return KeptClasses(None, share, log_probability)
    weight = share.double() + log_probability.double().exp()
    weight.scatter_(1, given.long().unsqueeze(1), torch.inf)
    kept = weight.topk(CLASSES_KEPT, dim=1).indices.sort(1).values
    return KeptClasses(kept, share.gather(1, kept), log_probability.gather(1, kept))


@takes_arrays
def all_shares(share: Tensor, classes: Tensor | None, *, count: int) -> Tensor:
    """Give every class its share of the neighbors, 0 where none was kept.

    Args:
        share: Shares of the classes kept, shape `(N, T)`.
        classes: Which these are, shape `(N, T)`; None for all.
        count: Number of classes C.

    Returns:
        Shares, float64, shape `(N, C)`.

    Example:
        >>> all_shares(torch.tensor([[0.5]]), torch.tensor([[2]]), count=3)
        tensor([[0.0000, 0.0000, 0.5000]], dtype=torch.float64)
    """
    if classes is None:
        return share.double()
    everything = torch.zeros(len(share), count, dtype=torch.float64)
    return everything.scatter_(1, classes.long(), share.double())


@takes_arrays
def all_probabilities(
    log_probability: Tensor, classes: Tensor | None, *, count: int
) -> Tensor:
    """Give every class its log-probability, those not kept equal parts of the rest.

    Args:
        log_probability: Log-softmax of the classes kept, shape `(N, T)`.
        classes: Which these are, shape `(N, T)`; None for all.
        count: Number of classes C.

    Returns:
        Logarithms of probabilities, float64, shape `(N, C)`.

    Example:
        >>> half = torch.tensor([[0.5]]).log()
        >>> all_probabilities(half, torch.tensor([[2]]), count=3).exp()
        tensor([[0.2500, 0.2500, 0.5000]], dtype=torch.float64)
    """
    known = log_probability.double()
    if classes is None:
        return known
    left = (1 - known.exp().sum(1, keepdim=True)).clamp(min=1e-12)
    rest = (left / (count - classes.shape[1])).log().expand(-1, count)
    return rest.scatter(1, classes.long(), known)
