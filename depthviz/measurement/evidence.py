"""What speaks for another label of each example, from its neighbors at all probes.

Of one network: the examples that it did not train on decide how much each probe counts,
and only for them does its softmax count. Shares and log-probabilities by class are
stored too, compactly, so that members of an ensemble are pooled without another pass.
Memory does not grow with examples times classes: blocks of examples are summed up.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from depthviz.difficulty import (
    KeptClasses,
    LabelEvidence,
    ProbeWeights,
    class_shares,
    keep_classes,
    label_evidence,
    probe_weights,
)
from depthviz.study.rules import HELD_OUT_RULE, TRAINED_RULE, rule_facts
from depthviz.study.table import SPLITS

__all__ = ["SHARE_UNIT", "evidence_variables"]

EXAMPLE = ("example",)
NUMBERS = 500_000  # examples times classes in memory at a time
SHARE_UNIT = 2**16 - 1  # a share of 1 as it is stored
Variables = dict[str, tuple[tuple[str, ...], NDArray[Any], dict[str, Any]]]


class Witnesses(NamedTuple):
    """What one network and its neighbors say of the examples.

    Attributes:
        neighbors: References of each example at each probe, itself left out, shape
            `(P, N, K)`.
        votes: Classes that they vote for, shape `(P, N)`.
        references: Given label of each reference, shape `(R,)`.
        given: Given labels, shape `(N,)`.
        logits: Of the network, shape `(N, C)`.
        trained: Whether the network trained on each example, shape `(N,)`.
    """

    neighbors: Tensor
    votes: Tensor
    references: Tensor
    given: Tensor
    logits: Tensor
    trained: Tensor


def evidence_variables(witnesses: Witnesses) -> Variables:
    """Find suspicion and suggested label of each example, and what they rest on.

    Args:
        witnesses: What the network and the neighbors say.

    Returns:
        Variables of a study by name.
    """
    count, classes = witnesses.logits.shape
    weights = probe_weights(
        witnesses.votes, witnesses.given, witnesses.trained, classes=classes
    )
    found = [_block(witnesses, weights, rows) for rows in _rows(count, classes)]
    suspicion = torch.cat([evidence.suspicion for evidence, _ in found])
    suggested = torch.cat([evidence.suggested_label for evidence, _ in found])
    rule = TRAINED_RULE if bool(witnesses.trained.all()) else HELD_OUT_RULE
    return {
        "suspicion": (EXAMPLE, suspicion.float().numpy(), rule_facts(rule)),
        "suggested_label": (EXAMPLE, _codes(suggested, classes), {}),
        "probe_weight": (
            ("probe", "part"),
            torch.stack([weights.trained, weights.held_out], 1).float().numpy(),
            {"parts": list(SPLITS)},
        ),
        **_kept_variables([kept for _, kept in found], classes),
    }


def _rows(count: int, classes: int) -> Iterator[slice]:
    height = max(1, NUMBERS // classes)
    return (slice(start, start + height) for start in range(0, count, height))


def _block(
    witnesses: Witnesses, weights: ProbeWeights, rows: slice
) -> tuple[LabelEvidence, KeptClasses]:
    """Find the evidence of some examples, and the classes that are kept of them."""
    given, trained = witnesses.given[rows], witnesses.trained[rows]
    neighbors, logits = witnesses.neighbors[:, rows], witnesses.logits[rows]
    classes = logits.shape[1]
    shares = class_shares(
        neighbors, witnesses.references, trained, weights=weights, classes=classes
    )
    log_probability = logits.double().log_softmax(1)
    share = (shares.weighted / shares.weight[:, None]).nan_to_num(nan=0.0)
    kept = keep_classes(share, log_probability, given)
    unseen = log_probability.masked_fill(trained[:, None], torch.nan)
    k = neighbors.shape[2]
    return label_evidence(shares, given, k=k, log_probability=unseen), kept


def _kept_variables(blocks: list[KeptClasses], classes: int) -> Variables:
    """Store shares as 16 bits, and logarithms as half-precision numbers."""
    share = torch.cat([block.share for block in blocks]).numpy()
    logs = torch.cat([block.log_probability for block in blocks]).numpy()
    smallest = float(np.finfo(np.float16).min)
    which = [block.classes for block in blocks if block.classes is not None]
    dimensions = (*EXAMPLE, "kept" if which else "class")
    found: Variables = {
        "class_share": (
            dimensions,
            np.rint(share * SHARE_UNIT).astype(np.uint16),
            {"unit": f"1/{SHARE_UNIT}"},
        ),
        "log_probability": (
            dimensions,
            np.maximum(logs, smallest).astype(np.float16),
            {},
        ),
    }
    if which:
        kept = torch.cat(which).numpy()
        type_of_class = np.min_scalar_type(classes - 1)
        found["kept_class"] = (dimensions, kept.astype(type_of_class), {})
    return found


def _codes(labels: Tensor, classes: int) -> NDArray[np.signedinteger[Any]]:
    small = classes <= np.iinfo(np.int16).max
    return labels.numpy().astype(np.int16 if small else np.int32)
