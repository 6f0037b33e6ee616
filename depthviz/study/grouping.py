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

from depthviz.difficulty import Groups, difficulty_groups, group_confidence

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
        dataset: Has `train_depth` and `validation_depth`.
        q: Share of each end.
        boundaries: Absolute depths to use in place of quantiles.

    Returns:
        The groups, with their confidence where the members are known.
    """
    groups = difficulty_groups(
        torch.from_numpy(dataset["train_depth"].values),
        torch.from_numpy(dataset["validation_depth"].values),
        q=q,
        boundaries=boundaries,
    )
    if not set(MEMBERS) <= set(dataset):
        return groups
    in_train = torch.from_numpy(dataset["in_train"].values)
    valid = torch.from_numpy(dataset["member_failed"].values < 0)
    confidence = group_confidence(
        torch.from_numpy(dataset["member_depth"].values),
        in_train,
        valid[:, None].expand_as(in_train),
        groups=groups.codes,
        q=q,
        boundaries=boundaries,
    )
    return groups._replace(confidence=confidence)


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
