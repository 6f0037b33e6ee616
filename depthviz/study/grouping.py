"""The groups of a study's examples, and how sure each is.

Where the depths of each member are known, a bootstrap over the members that did not
fail gives the confidence; depths that a user added have none.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
import xarray as xr
from numpy.typing import NDArray
from torch import Tensor

from depthviz.difficulty import Groups, difficulty_groups, group_confidence
from depthviz.study.members import train_axis

__all__ = ["NO_GROUP", "QUANTILE", "group_columns", "group_examples"]

NO_GROUP = 255
QUANTILE = 0.3
MEMBERS = ("member_depth", "in_train", "member_failed")


def group_examples(
    dataset: xr.Dataset,
    *,
    q: float,
    boundaries: tuple[float, float, float, float] | None = None,
) -> Groups:
    """Sort examples by their two depths.

    Args:
        dataset: Has `validation_depth`, and `train_label_depth` or `train_depth`.
        q: Share of each end.
        boundaries: Absolute depths to use in place of quantiles.

    Returns:
        The groups, with their confidence where the members are known.
    """
    options: dict[str, Any] = {"q": q, "boundaries": boundaries}
    options |= _agreements(dataset)
    groups = difficulty_groups(
        torch.from_numpy(dataset[train_axis(dataset)].values),
        torch.from_numpy(dataset["validation_depth"].values),
        **options,
    )
    if not set(MEMBERS) <= set(dataset):
        return groups
    in_train = torch.from_numpy(dataset["in_train"].values)
    valid = torch.from_numpy(dataset["member_failed"].values < 0)
    of_label = dataset.get("member_label_depth")
    confidence = group_confidence(
        torch.from_numpy(dataset["member_depth"].values),
        in_train,
        valid[:, None].expand_as(in_train),
        groups=groups.codes,
        train_depths=None if of_label is None else torch.from_numpy(of_label.values),
        **options,
    )
    return groups._replace(confidence=confidence)


def _agreements(dataset: xr.Dataset) -> dict[str, Tensor]:
    """Average the neighbors that agree, over probes and members, on either side.

    Trained on, they agree with the given label; held out, with the prediction.
    """
    sources = {
        "train_agreement": "member_label_agreement",
        "validation_agreement": "member_agreement",
    }
    k = dataset.attrs.get("k", dataset.sizes.get("neighbor"))
    if k is None or not {*sources.values(), *MEMBERS} <= set(dataset):
        return {}
    valid = dataset["member_failed"].values < 0
    sides = {"train_agreement": True, "validation_agreement": False}
    return {
        name: _mean_count(dataset, source, valid, trained=sides[name]) / k
        for name, source in sources.items()
    }


def _mean_count(
    dataset: xr.Dataset, source: str, valid: NDArray[np.bool_], *, trained: bool
) -> Tensor:
    """Average a count over the probes and the members of one side, shape (N,)."""
    total = np.zeros(dataset.sizes["example"])
    count = np.zeros(dataset.sizes["example"])
    for member in np.flatnonzero(valid):
        one = dataset[[source, "in_train"]].isel(member=int(member))
        counted = one["in_train"].values == trained
        total += np.where(counted, one[source].values.mean(0), 0.0)
        count += counted
    return torch.from_numpy(total / np.maximum(count, 1))


def group_columns(
    dataset: xr.Dataset,
) -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
    """Assign the examples to groups, with the bootstrap confidence.

    Args:
        dataset: The two depths, and those of all members.

    Returns:
        Columns by name, and what belongs to the groups: their names, the quantile and
        the boundaries.
    """
    groups = group_examples(dataset, q=QUANTILE)
    facts = {
        "names": list(groups.names),
        "q": QUANTILE,
        "boundaries": list(groups.boundaries),
        "train_axis": train_axis(dataset),
        "ties_broken": list(groups.ranked),
    }
    confidence = torch.full(groups.codes.shape, torch.nan, dtype=torch.float32)
    if groups.confidence is not None:
        confidence = groups.confidence
    return {
        "group": _codes(groups),
        "group_confidence": confidence.float().numpy(),
    }, facts


def _codes(groups: Groups) -> NDArray[np.uint8]:
    codes = groups.codes.numpy()
    return np.where(codes < 0, NO_GROUP, codes).astype(np.uint8)
