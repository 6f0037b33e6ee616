"""The columns of the table: means over the members, for each example.

Means over the members that trained on an example, or over those that held it out, each
with its standard error. Arrays of all members are read by blocks of examples, so memory
does not grow with their number; only the depths, of one byte each, are read as a whole
for the bootstrap of the groups. A member whose value is no number, such as an infinite
margin, is left out of that mean, though `held_out` counts it.

The definitions are those of `depthviz.difficulty`; this module says what goes in.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
import xarray as xr
from numpy.typing import NDArray
from torch import Tensor

from depthviz.difficulty import (
    c_score,
    consensus_class,
    consistency,
    member_mean,
    memorization,
    vote_entropy,
)

__all__ = ["example_columns"]

NUMBERS = 8_000_000  # values read at a time, over all members
# Averaged over the members that trained on an example, or that held it out.
TRAINED = {
    "train_depth": "member_depth",
    "train_label_depth": "member_label_depth",
    "iteration_learned": "member_iteration_learned",
    "forgetting": "member_forgetting",
    "aum": "member_aum",
}
HELD_OUT = {
    "validation_depth": "member_depth",
    "suspicion": "member_suspicion",  # of a run that an earlier version began
    "neighbor_margin": "member_neighbor_margin",
    "label_probability": "member_label_probability",
    "output_margin": "member_output_margin",
    "input_margin": "member_input_margin",
}
Columns = dict[str, NDArray[Any]]


def example_columns(
    regions: xr.Dataset,
    labels: NDArray[np.integer],
    *,
    valid: NDArray[np.bool_],
    classes: int,
) -> Columns:
    """Average the members' values of each example.

    Args:
        regions: The arrays of all members.
        labels: Given labels, shape `(N,)`.
        valid: Members that count, shape `(M,)`.
        classes: Number of classes, C.

    Returns:
        Columns by name, each of shape `(N,)`.
    """
    blocks = [
        _block(regions, labels, rows, valid, classes)
        for rows in _rows(len(labels), regions.sizes["member"])
    ]
    return {
        name: np.concatenate([block[name] for block in blocks]) for name in blocks[0]
    }


def _rows(count: int, members: int) -> Iterator[slice]:
    height = max(1, NUMBERS // max(1, members))
    for start in range(0, count, height):
        yield slice(start, min(start + height, count))


def _block(
    regions: xr.Dataset,
    labels: NDArray[np.integer],
    rows: slice,
    valid: NDArray[np.bool_],
    classes: int,
) -> Columns:
    part = regions.isel(example=rows)
    counts = torch.from_numpy(valid)[:, None]
    in_train = torch.from_numpy(part["in_train"].values)
    trained, held_out = in_train & counts, ~in_train & counts
    columns: Columns = {
        "trained_on": trained.sum(0).numpy().astype(np.int32),
        "held_out": held_out.sum(0).numpy().astype(np.int32),
    }
    for wanted, which in ((TRAINED, trained), (HELD_OUT, held_out)):
        for name, source in wanted.items():
            if source in part:
                columns |= _mean(name, _tensor(part, source), which)
    predictions = _tensor(part, "member_prediction").long()
    given = torch.from_numpy(labels[rows]).long()
    return columns | _votes(predictions, given, trained, held_out, classes=classes)


def _votes(
    predictions: Tensor,
    given: Tensor,
    trained: Tensor,
    held_out: Tensor,
    *,
    classes: int,
) -> Columns:
    right = predictions == given
    kept = memorization(right, trained, held_out | trained)
    return {
        "consensus_class": consensus_class(predictions, held_out, classes=classes)
        .numpy()
        .astype(np.int32),
        "consistency": _float32(consistency(predictions, held_out, classes=classes)),
        "c_score": _float32(c_score(predictions, held_out, given)),
        "c_score_se": _float32(member_mean(right, held_out).error),
        "entropy": _float32(vote_entropy(predictions, held_out, classes=classes)),
        "memorization": _float32(kept.mean),
        "memorization_se": _float32(kept.error),
    }


def _mean(name: str, values: Tensor, which: Tensor) -> Columns:
    # A margin is infinite where the gradients vanish: it has no mean.
    found = member_mean(values, which & values.isfinite())
    return {name: _float32(found.mean), f"{name}_se": _float32(found.error)}


def _tensor(part: xr.Dataset, name: str) -> Tensor:
    values = part[name].values
    small = values.astype(np.int32) if values.dtype.kind == "u" else values
    return torch.from_numpy(small)


def _float32(values: Tensor) -> NDArray[np.float32]:
    return values.float().numpy()
