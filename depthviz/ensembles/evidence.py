"""Label evidence of an ensemble, pooled over its members and all their probes.

A member that trained on an example is a witness too, for an example has no vote about
itself; its softmax is none. Members are read one at a time, for a block of examples, so
memory grows neither with their number nor with examples times classes.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import torch
import xarray as xr
from numpy.typing import NDArray
from torch import Tensor

from depthviz.difficulty import (
    ClassShares,
    KeptClasses,
    all_probabilities,
    all_shares,
    keep_classes,
    label_evidence,
)
from depthviz.measurement.evidence import SHARE_UNIT
from depthviz.study.rules import HELD_OUT_RULE, rule_facts

__all__ = ["evidence_variables"]

EXAMPLE = ("example",)
NUMBERS = 1_000_000  # examples times classes in memory at a time
Variables = dict[str, tuple[tuple[str, ...], NDArray[Any], dict[str, Any]]]


class Pooled(NamedTuple):
    """Sums over the members, for some examples; C classes.

    Attributes:
        shares: Weighted shares of neighbors by class, with their weights.
        logs: Sum of the log-probabilities of those that held out, shape `(N, C)`.
        probabilities: Sum of their probabilities, shape `(N, C)`.
        held_out: Number of these members, shape `(N, 1)`.
    """

    shares: ClassShares
    logs: Tensor
    probabilities: Tensor
    held_out: Tensor


class Block(NamedTuple):
    """What is found of some examples."""

    suspicion: Tensor
    suggested_label: Tensor
    soft_entropy: Tensor
    kept: KeptClasses


def evidence_variables(
    regions: xr.Dataset,
    labels: NDArray[np.integer],
    *,
    valid: NDArray[np.bool_],
    classes: int,
    k: int,
) -> Variables:
    """Find suspicion, suggested label and held-out probabilities of each example.

    Args:
        regions: The arrays of all members.
        labels: Given labels, shape `(N,)`.
        valid: Members that count, shape `(M,)`.
        classes: Number of classes, C.
        k: Number of neighbors, the example itself left out.

    Returns:
        Variables of a study by name.
    """
    blocks = [
        _block(
            regions.isel(example=rows),
            torch.from_numpy(labels[rows]).long(),
            valid=valid,
            classes=classes,
            k=k,
        )
        for rows in _rows(len(labels), classes)
    ]
    suspicion = torch.cat([block.suspicion for block in blocks])
    suggested = torch.cat([block.suggested_label for block in blocks])
    entropy = torch.cat([block.soft_entropy for block in blocks])
    return {
        "suspicion": (EXAMPLE, suspicion.float().numpy(), rule_facts(HELD_OUT_RULE)),
        "suggested_label": (EXAMPLE, suggested.numpy().astype(np.int32), {}),
        "soft_entropy": (EXAMPLE, entropy.float().numpy(), {}),
        **_probability_variables([block.kept for block in blocks], classes),
    }


def _rows(count: int, classes: int) -> Iterator[slice]:
    height = max(1, NUMBERS // classes)
    return (slice(start, start + height) for start in range(0, count, height))


def _block(
    part: xr.Dataset,
    given: Tensor,
    *,
    valid: NDArray[np.bool_],
    classes: int,
    k: int,
) -> Block:
    pooled = _pool(part, valid, classes)
    logs = pooled.logs / pooled.held_out  # NaN where nobody held the example out
    mean = pooled.probabilities / pooled.held_out
    entropy = torch.special.entr(mean).sum(1)
    clean = mean.nan_to_num(nan=0.0)
    kept = keep_classes(clean, clean.log(), given)
    share = kept.share.masked_fill(pooled.held_out == 0, torch.nan)
    kept = kept._replace(share=share)
    found = label_evidence(pooled.shares, given, k=k, log_probability=logs)
    return Block(found.suspicion, found.suggested_label, entropy, kept)


def _pool(part: xr.Dataset, valid: NDArray[np.bool_], classes: int) -> Pooled:
    """Add up the members."""
    count = part.sizes["example"]
    weighted, logs, probabilities = (
        torch.zeros(count, classes, dtype=torch.float64) for _ in range(3)
    )
    weight = torch.zeros(count, dtype=torch.float64)
    held_out = torch.zeros(count, 1, dtype=torch.float64)
    for member in np.flatnonzero(valid):
        one = part.isel(member=int(member))
        trained = torch.from_numpy(one["in_train"].values)
        of_part = one["member_probe_weight"].values.astype(np.float64).sum(0)
        inside, outside = map(float, of_part)
        each = torch.full((count,), outside, dtype=torch.float64)
        each[trained] = inside
        which = None
        if "member_kept_class" in one:
            which = torch.from_numpy(one["member_kept_class"].values.astype(np.int64))
        share = torch.from_numpy(one["member_class_share"].values.astype(np.float64))
        weighted += each[:, None] * all_shares(share / SHARE_UNIT, which, count=classes)
        weight += each
        log_probability = all_probabilities(
            torch.from_numpy(one["member_log_probability"].values),
            which,
            count=classes,
        )
        log_probability[trained] = 0
        logs += log_probability
        probabilities += log_probability.exp().masked_fill(trained[:, None], 0)
        held_out += ~trained[:, None]
    return Pooled(ClassShares(weighted, weight), logs, probabilities, held_out)


def _probability_variables(blocks: list[KeptClasses], classes: int) -> Variables:
    """Store the mean softmax of the members that held out, in half precision."""
    which = [block.classes for block in blocks if block.classes is not None]
    mean = torch.cat([block.share for block in blocks]).numpy().astype(np.float16)
    dimensions = (*EXAMPLE, "kept_class" if which else "class")
    found: Variables = {"held_out_probability": (dimensions, mean, {})}
    if which:
        kept = torch.cat(which).numpy().astype(np.min_scalar_type(classes - 1))
        found["held_out_class"] = (dimensions, kept, {})
    return found
