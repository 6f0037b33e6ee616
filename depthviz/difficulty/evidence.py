"""How strongly neighbors at all probes, and the networks, speak for another label.

Ours. Where hidden layers do not repeat the labels they were trained on, the neighbors
of an example carry the class that it looks like. A probe counts as far as its votes
predict labels that its network has not seen, and less for examples that the network
trained on the more it repeats their labels by heart. All networks count: an example has
no vote about itself, whoever trained on it.
"""

from typing import NamedTuple

import torch
from torch import Tensor

from depthviz.checks import check_classes, check_index, check_shape
from depthviz.datasets.tensor_arguments import takes_arrays
from depthviz.errors import ShapeError

__all__ = [
    "ClassShares",
    "LabelEvidence",
    "ProbeWeights",
    "class_shares",
    "label_evidence",
    "probe_weights",
]

BY_HEART = 1e-9  # the least error of held-out votes that is divided by


class ProbeWeights(NamedTuple):
    """How much each probe of one network counts.

    Attributes:
        held_out: For examples that the network did not train on, shape `(P,)`.
        trained: For examples that it trained on, shape `(P,)`.
    """

    held_out: Tensor
    trained: Tensor


class ClassShares(NamedTuple):
    """Shares of neighbors by the class they carry; those of several networks add up.

    Attributes:
        weighted: Sum over probes of weight times share, shape `(N, C)`.
        weight: Sum of the weights, shape `(N,)`.
    """

    weighted: Tensor
    weight: Tensor


class LabelEvidence(NamedTuple):
    """What speaks against each given label.

    Attributes:
        suspicion: Evidence for the best other class less that for the given label,
            shape `(N,)`; above 0 the other class is the likelier one. NaN where no
            probe counts.
        suggested_label: That other class, shape `(N,)`; -1 where no probe counts.
    """

    suspicion: Tensor
    suggested_label: Tensor


@takes_arrays
def probe_weights(
    votes: Tensor, given: Tensor, trained: Tensor, *, classes: int
) -> ProbeWeights:
    """Weigh the probes of one network by what their votes predict.

    With a and t the accuracies of the votes of held-out examples and of those trained
    on, a probe has weight `w = max(0, a - 1/C)^2` for the former and `w * (1 - t) /
    (1 - a)`, at most w, for the latter. If no example is held out it is
    `max(0, t - 1/C)^2 * (1 - t)` for all.

    Args:
        votes: Class that each probe votes for, shape `(P, N)`.
        given: Given label of each example, shape `(N,)`.
        trained: Whether the network trained on each example, truth values of shape
            `(N,)`.
        classes: Number of classes C.

    Returns:
        The weights, float64, 0 or more.

    Raises:
        LabelError: If votes or labels are no classes.
        ShapeError: If the arrays do not cover the same examples.

    Example:
        >>> votes = torch.tensor([[0, 1, 0, 1], [0, 1, 1, 0]])
        >>> trained = torch.tensor([True, True, False, False])
        >>> given = torch.tensor([0, 1, 0, 1])
        >>> probe_weights(votes, given, trained, classes=2).held_out
        tensor([0.2500, 0.0000], dtype=torch.float64)
    """
    check_shape("votes", votes, "P N", None, None)
    check_shape("given", given, "N", votes.shape[1])
    check_shape("trained", trained, "N", votes.shape[1])
    check_classes("given", given, classes=classes)
    check_classes("votes", votes.reshape(-1), classes=classes)
    right = (votes.long() == given.long()).double()
    learned, seen = trained.bool(), right[:, trained.bool()].mean(1)
    if bool(learned.all()):
        weight = (seen - 1 / classes).clamp(min=0) ** 2 * (1 - seen)
        return ProbeWeights(weight, weight)
    unseen = right[:, ~learned].mean(1)
    weight = (unseen - 1 / classes).clamp(min=0) ** 2
    if not bool(learned.any()):
        return ProbeWeights(weight, weight)
    repeats = (1 - seen) / (1 - unseen).clamp(min=BY_HEART)
    return ProbeWeights(weight, weight * repeats.clamp(0, 1))


@takes_arrays
def class_shares(
    index: Tensor,
    labels: Tensor,
    trained: Tensor,
    *,
    weights: ProbeWeights,
    classes: int,
) -> ClassShares:
    """Add up, over the probes of one network, which classes the neighbors carry.

    Args:
        index: References of each example at each probe, itself left out, shape
            `(P, N, K)`.
        labels: Given label of each reference, shape `(R,)`.
        trained: Whether the network trained on each example, shape `(N,)`.
        weights: Those of `probe_weights`.
        classes: Number of classes C.

    Returns:
        The weighted shares, float64: `N * C` numbers, whatever the number of probes.

    Raises:
        LabelError: If labels are no classes.
        ShapeError: If the arrays do not cover the same probes, examples and references.

    Example:
        >>> index = torch.tensor([[[0, 1], [1, 2]]])
        >>> one = ProbeWeights(torch.tensor([0.5]), torch.tensor([0.25]))
        >>> labels, trained = torch.tensor([0, 1, 1]), torch.tensor([False, True])
        >>> class_shares(index, labels, trained, weights=one, classes=2).weighted
        tensor([[0.2500, 0.2500],
                [0.0000, 0.2500]], dtype=torch.float64)
    """
    check_shape("index", index, "P N K", None, None, None)
    probes, count, k = index.shape
    if 0 in (probes, k):
        raise ShapeError(
            "Evidence needs at least one probe and one neighbor, got index of shape "
            f"{tuple(index.shape)}."
        )
    check_shape("labels", labels, "R", None)
    check_shape("trained", trained, "N", count)
    check_shape("weights", weights.held_out, "P", probes)
    check_shape("weights", weights.trained, "P", probes)
    check_classes("labels", labels, classes=classes)
    check_index(index, len(labels))
    learned = trained.bool()
    weighted = torch.zeros(count, classes, dtype=torch.float64, device=index.device)
    weight = torch.zeros(count, dtype=torch.float64, device=index.device)
    for probe, neighbors in enumerate(index):
        each = torch.where(
            learned, weights.trained[probe].double(), weights.held_out[probe].double()
        )
        carried = labels.long()[neighbors]
        weighted.scatter_add_(1, carried, (each / k).unsqueeze(1).expand(-1, k))
        weight += each
    return ClassShares(weighted, weight)


@takes_arrays
def label_evidence(
    shares: ClassShares,
    given: Tensor,
    *,
    k: int,
    log_probability: Tensor | None = None,
) -> LabelEvidence:
    """Compare the evidence for the best other class with that for the given label.

    The evidence for a class is the logarithm of its share among the neighbors, plus
    half a neighbor, and half the mean logarithm of the probability that networks which
    held the example out give it.

    Args:
        shares: Those of `class_shares`, added up over the networks.
        given: Given label of each example, shape `(N,)`.
        k: Number of neighbors K that voted at a probe.
        log_probability: Mean log-softmax over the networks that held each example out,
            shape `(N, C)`; NaN, which counts 0, where there is none.

    Returns:
        Suspicion and the class that is suggested.

    Raises:
        LabelError: If labels are no classes.
        ShapeError: If the arrays do not cover the same examples and classes, or there
            is one class.

    Example:
        >>> shares = ClassShares(torch.tensor([[0.9, 0.1]]), torch.tensor([1.0]))
        >>> found = label_evidence(shares, torch.tensor([1]), k=10)
        >>> found.suspicion, found.suggested_label
        (tensor([1.8458], dtype=torch.float64), tensor([0]))
    """
    check_shape("shares", shares.weighted, "N C", None, None)
    count, classes = shares.weighted.shape
    check_shape("weight", shares.weight, "N", count)
    check_shape("given", given, "N", count)
    check_classes("given", given, classes=classes)
    if classes < 2:
        raise ShapeError("Evidence for another label needs at least two classes.")
    known = shares.weight > 0
    share = shares.weighted.double() / shares.weight.double().unsqueeze(1)
    evidence = torch.log(share + 1 / (2 * k))
    if log_probability is not None:
        check_shape("log_probability", log_probability, "N C", count, classes)
        evidence = evidence + 0.5 * log_probability.double().nan_to_num(nan=0.0)
    own = given.long().unsqueeze(1)
    others = evidence.scatter(1, own, -torch.inf)
    best, suggested = others.max(1)
    suspicion = best - evidence.gather(1, own).squeeze(1)
    return LabelEvidence(
        torch.where(known, suspicion, torch.nan), torch.where(known, suggested, -1)
    )
