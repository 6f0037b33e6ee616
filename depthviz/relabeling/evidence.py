"""What speaks for a suggested label, probe by probe and network by network."""

from __future__ import annotations

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from depthviz.study.members import failed_members, is_ensemble

__all__ = ["count_members", "label_shares", "probe_evidence"]


def probe_evidence(
    data: xr.Dataset,
    rows: NDArray[np.intp],
    *,
    suggested: NDArray[np.int64],
    given: NDArray[np.int64],
) -> NDArray[np.float32]:
    """Compare the neighbors that carry the suggested label with those of the given.

    Args:
        data: A study's dataset; of many networks its neighbors are the shown member's.
        rows: Some examples, shape `(S,)`.
        suggested: The suggested label of each, shape `(S,)`.
        given: Its given label, shape `(S,)`.

    Returns:
        Share of the neighbors with the suggested label less that with the given one,
        in [-1, 1], shape `(S, P)`; NaN where no neighbor is among the examples.
    """
    return label_shares(data, rows, suggested) - label_shares(data, rows, given)


def label_shares(
    data: xr.Dataset, rows: NDArray[np.intp], label: NDArray[np.int64]
) -> NDArray[np.float32]:
    """Find the share of the neighbors that carry a label, at each probe.

    Args:
        data: A study's dataset; of many networks its neighbors are the shown member's.
        rows: Some examples, shape `(S,)`.
        label: The label that is asked for of each, shape `(S,)`.

    Returns:
        Shares in [0, 1], shape `(S, P)`; NaN where no neighbor is among the examples.
    """
    index = data["neighbor_index"].isel(example=rows).values
    here = index >= 0
    carry = here & (data["label"].values.astype(np.int64)[index] == label[:, None])
    count = np.where(here.any(2), here.sum(2), np.nan)
    shares: NDArray[np.float32] = (carry.sum(2) / count).T.astype(np.float32)
    return shares


def count_members(
    data: xr.Dataset,
    rows: NDArray[np.intp],
    *,
    suggested: NDArray[np.int64],
    given: NDArray[np.int64],
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Count the networks that held each example out and predict either label.

    Args:
        data: A study's dataset, of many networks or of one.
        rows: Some examples, shape `(S,)`.
        suggested: The suggested label of each, shape `(S,)`.
        given: Its given label, shape `(S,)`.

    Returns:
        How many predict the suggested label, and how many the given one; members that
        failed count nowhere. Shape `(S,)` each.
    """
    if is_ensemble(data):
        part = data[["in_train", "member_prediction"]].isel(example=rows)
        alive = np.ones(data.sizes["member"], bool)
        alive[list(failed_members(data))] = False
        held_out = ~part["in_train"].values & alive[:, None]
        predicted = part["member_prediction"].values
    else:
        held_out = data["split"].values[None, rows] == 1
        predicted = data["prediction"].values[None, rows]
    return (
        (held_out & (predicted == suggested)).sum(0),
        (held_out & (predicted == given)).sum(0),
    )
