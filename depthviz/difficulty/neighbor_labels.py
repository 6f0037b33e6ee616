"""How strongly the neighbors of an example speak against its given label.

Ours. A wrong label shows in the embeddings of a network that did not learn it by heart:
the neighbors agree on another class. Every probe counts the same, and only the
commonest other class does; `label_evidence` weighs probes and classes. Neighbors of
rare classes are few: compare margins within a class where classes differ much in size.
"""

import torch
from torch import Tensor

from depthviz.checks import check_classes, check_index, check_shape
from depthviz.datasets.tensor_arguments import takes_arrays
from depthviz.errors import ShapeError
from depthviz.probes.votes import commonest

__all__ = ["neighbor_margin"]


@takes_arrays
def neighbor_margin(index: Tensor, labels: Tensor, given: Tensor) -> Tensor:
    """Weigh the commonest other label among the neighbors against the given one.

    At each probe: the share of the neighbors that carry the commonest label other than
    the given one, minus the share that carry the given label. Averaged over the probes.

    Args:
        index: References of each example at each probe, shape `(P, N, K)`.
        labels: Given label of each reference, shape `(R,)`.
        given: Given label of each example, shape `(N,)`.

    Returns:
        Margin of each example, shape `(N,)`, in [-1, 1]; 1 where every neighbor at
        every probe carries one and the same other label.

    Raises:
        ShapeError: If the arrays do not cover the same examples and references.
        LabelError: If labels are no classes.

    Example:
        >>> index = torch.tensor([[[0, 1, 2], [0, 1, 2]]])
        >>> neighbor_margin(index, torch.tensor([4, 4, 9]), torch.tensor([9, 4]))
        tensor([ 0.3333, -0.3333])
    """
    check_shape("index", index, "P N K", None, None, None)
    check_shape("labels", labels, "R", None)
    check_shape("given", given, "N", index.shape[1])
    check_classes("labels", labels)
    check_classes("given", given)
    check_index(index, len(labels))
    if 0 in (index.shape[0], index.shape[2]):
        raise ShapeError(
            "The margin needs at least one probe and one neighbor, got index of shape "
            f"{tuple(index.shape)}."
        )
    own = given.long().unsqueeze(1)
    margin = torch.zeros(index.shape[1], dtype=torch.float64, device=index.device)
    for neighbors in index:
        margin += _margin(labels.long()[neighbors], own)
    return (margin / index.shape[0] / index.shape[2]).float()


def _margin(carried: Tensor, own: Tensor) -> Tensor:
    """Count the commonest other label minus the own one, in each row."""
    mine = carried == own
    # Own labels become values that occur once each, so that another label wins.
    single = -1 - torch.arange(carried.shape[1], device=carried.device)
    other = commonest(torch.where(mine, single, carried))[1]
    return other * ~mine.all(1) - mine.sum(1)
