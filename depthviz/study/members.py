"""Facts about the members of a study: whether it has any, and which failed.

`member_failed` holds a step for each member of an ensemble: -1 where its training went
well, 0 where nobody knows the step, because a loop of the user's own recorded nothing.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import xarray as xr

__all__ = [
    "TWO_DEPTHS",
    "count_failed",
    "describe_fit",
    "failed_members",
    "held_out_accuracy",
    "is_ensemble",
    "learned_share",
    "list_failures",
    "shown_member",
    "train_axis",
    "when_failed",
]

TWO_DEPTHS = ("train_depth", "validation_depth")
LEARNED_WELL = 0.9  # share of trained-on labels that are predicted
_FAILED = "member_failed"
_MOST_LISTED = 5


def is_ensemble(dataset: xr.Dataset) -> bool:
    """Whether a study averages over members.

    Args:
        dataset: A study's dataset, of many networks or of one.

    Returns:
        Whether it does.
    """
    return {"member", *TWO_DEPTHS} <= {*dataset.sizes, *dataset.data_vars}


def failed_members(dataset: xr.Dataset) -> dict[int, int]:
    """Find the members whose loss became NaN.

    Args:
        dataset: A study's dataset, of many networks or of one.

    Returns:
        The step of each failed member, by its number.
    """
    if _FAILED not in dataset:
        return {}
    steps = dataset[_FAILED].values.tolist()
    return {member: step for member, step in enumerate(steps) if step >= 0}


def shown_member(dataset: xr.Dataset) -> int:
    """Find the member whose map, votes and prediction are shown.

    Args:
        dataset: A study's dataset.

    Returns:
        Its number; 0 for a study of one network.
    """
    return int(dataset.attrs.get("shown_member", 0))


def train_axis(dataset: xr.Dataset) -> str:
    """Name the depth that groups go by on the train side.

    Args:
        dataset: A study's dataset.

    Returns:
        The depth of the given label, or that of the prediction in a study of an
        earlier version and in one to which a user added two depths.
    """
    return "train_label_depth" if "train_label_depth" in dataset else "train_depth"


def held_out_accuracy(rows: pd.DataFrame) -> float:
    """Average how often members that held an example out predict its label.

    Args:
        rows: Rows of `study.frame()` with `c_score` and `held_out`.

    Returns:
        Share of those predictions, each counted once, in [0, 1]; NaN where nothing was
        held out.
    """
    held_out = rows["held_out"].to_numpy(float)
    right = np.nan_to_num(rows["c_score"].to_numpy(float)) * held_out
    return float(right.sum() / held_out.sum()) if held_out.sum() else np.nan


def learned_share(dataset: xr.Dataset) -> float:
    """Find the share of the labels they trained on that the members predict.

    Args:
        dataset: A study's dataset.

    Returns:
        The mean over the members that did not fail, in [0, 1]; NaN for a study without
        members.
    """
    if not {_FAILED, "member_accuracy"} <= set(dataset):
        return np.nan
    accuracy = dataset["member_accuracy"].values[dataset[_FAILED].values < 0, 0]
    known = accuracy[np.isfinite(accuracy)]
    return float(known.mean()) if known.size else np.nan


def describe_fit(dataset: xr.Dataset) -> str:
    """Say how well the members learned their labels, and what that means for depths.

    Args:
        dataset: A study's dataset.

    Returns:
        A few words; "" for a study without members.
    """
    share = learned_share(dataset)
    if np.isnan(share):
        return ""
    learned = f"members predict {share:.0%} of the labels they trained on"
    if share >= LEARNED_WELL:
        return learned
    return f"{learned}: of the others, train_depth is that of another class"


def count_failed(dataset: xr.Dataset) -> int:
    """Count the members that failed.

    Args:
        dataset: A study's dataset.

    Returns:
        Their number; 0 for a study of one network.
    """
    return int((dataset[_FAILED] >= 0).sum()) if _FAILED in dataset else 0


def when_failed(step: int) -> str:
    """Say when a member failed.

    Args:
        step: The step, from 1, or 0 where none is known.

    Returns:
        Words that follow its number.

    Example:
        >>> when_failed(7), when_failed(0)
        ('at step 7', 'after training')
    """
    return f"at step {step}" if step > 0 else "after training"


def list_failures(failed: dict[int, int], form: str) -> str:
    """List the first failed members, and how many more there are.

    Args:
        failed: The step of each, as of `failed_members`.
        form: How one is written, with `{member}` and `{when}`.

    Returns:
        A list for a sentence.

    Example:
        >>> list_failures({3: 7, 5: 0}, "{member} ({when})")
        '3 (at step 7), 5 (after training)'
    """
    written = [
        form.format(member=member, when=when_failed(step))
        for member, step in failed.items()
    ]
    left = len(written) - _MOST_LISTED
    listed = ", ".join(written[:_MOST_LISTED])
    return listed + (f" and {left} more" if left > 0 else "")
