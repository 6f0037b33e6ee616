"""What a study of many networks adds to a view: groups, errors, facts of the members.

One network gives one depth and none of this; then there is nothing to add. Counts and
averages only, over what the study holds already. Knows nothing of the browser.
"""

from typing import Any

import numpy as np
import pandas as pd

from depthviz.difficulty import MEASURES
from depthviz.study import Study
from depthviz.study.members import (
    TWO_DEPTHS,
    failed_members,
    held_out_accuracy,
    is_ensemble,
    when_failed,
)

__all__ = [
    "add_member",
    "describe_plane",
    "ensemble_facts",
    "errors_of",
    "pack_errors",
]

_ERROR = "_se"
_OF_ONE_MEMBER = {
    "split",
    "prediction",
    "correct",
    "confidence",
    "depth",
    "depth_of_label",
    "undecided",
}
_COUNTED_BY = {
    "train_depth": "trained_on",
    "iteration_learned": "trained_on",
    "forgetting": "trained_on",
    "aum": "trained_on",
    "validation_depth": "held_out",
    "consistency": "held_out",
    "suspicion": "held_out",
    "c_score": "held_out",
    "entropy": "held_out",
    "output_margin": "held_out",
    "input_margin": "held_out",
}
_STEPS = np.iinfo(np.uint16).max
_MOST_FAILURES = 5


def describe_plane(study: Study) -> dict[str, Any] | None:
    """Say where the groups lie in the plane of the two depths.

    Args:
        study: What to show.

    Returns:
        `boundaries`: where low ends and high begins, of the depth when trained on and
        of that when held out, within the range of depths or one beside it, to the last
        digit, since the browser finds the groups again by them; `names` of the groups,
        in the order of their codes; `q`, the quantile of the boundaries, or None. None
        for a study without groups.
    """
    group = study.dataset.get("group")
    if (
        not is_ensemble(study.dataset)
        or group is None
        or "boundaries" not in group.attrs
    ):
        return None
    ends = np.clip(group.attrs["boundaries"], -1, study.dataset.sizes["probe"] + 1)
    return {
        "boundaries": [float(end) for end in ends],
        "names": [str(name) for name in group.attrs["names"]],
        "q": float(group.attrs["q"]) if "q" in group.attrs else None,
    }


def pack_errors(
    frame: pd.DataFrame,
) -> tuple[dict[str, dict[str, Any]], dict[str, bytes]]:
    """Pack the standard errors of measures, which are no columns of their own.

    Args:
        frame: `study.frame()`.

    Returns:
        For each measure with an error its `error_scale` and the name of the column that
        counts its members, and the chunks `error/NAME`: uint16, times the scale; 65535
        where there is none.
    """
    found: dict[str, dict[str, Any]] = {}
    chunks = {}
    for name in errors_of(frame):
        values = frame[name + _ERROR].to_numpy(float)
        known = np.isfinite(values)
        scale = float(values[known].max(initial=0) / (_STEPS - 1)) or 1.0
        steps = np.full(len(values), _STEPS, "<u2")
        steps[known] = np.rint(values[known] / scale)
        chunks[f"error/{name}"] = steps.tobytes()
        found[name] = {"error_scale": scale}
    for name, count in _COUNTED_BY.items():
        if name in frame and count in frame:
            found[name] = {**found.get(name, {}), "members": count}
    return found, chunks


def errors_of(frame: pd.DataFrame) -> list[str]:
    """Name the measures whose standard error is a column of the frame."""
    return [name for name in MEASURES if {name, name + _ERROR} <= set(frame)]


def add_member(study: Study, columns: list[dict[str, Any]]) -> None:
    """Say in the titles of what one member alone measured, which member it was."""
    if not is_ensemble(study.dataset):
        return
    member = study.dataset.attrs.get("shown_member", 0)
    for column in columns:
        if column["name"] in _OF_ONE_MEMBER:
            column["title"] += f", member {member}"
            column["of_member"] = True


def ensemble_facts(study: Study) -> list[list[str]]:
    """State in one line each what a reader of an ensemble asks first.

    Args:
        study: A study of many networks.

    Returns:
        Pairs of name and value.
    """
    frame, failed = study.frame(), failed_members(study.dataset)
    facts = [
        ["Examples", f"{len(frame):,}"],
        ["Members", f"{study.dataset.sizes['member'] - len(failed)}"],
    ]
    if failed:
        facts.append(["Failed members", _steps(failed)])
    if {"held_out", "c_score"} <= set(frame):
        least, most = frame["held_out"].min(), frame["held_out"].max()
        facts.append(["Held out, times", f"{least} to {most}"])
        facts.append(["Right when held out", f"{held_out_accuracy(frame):.1%}"])
    for name, title in zip(TWO_DEPTHS, ("trained on", "held out"), strict=True):
        facts.append([f"Mean depth, {title}", f"{frame[name].mean():.2f}"])
    return facts


def _steps(failed: dict[int, int]) -> str:
    named = [f"{member} ({when_failed(step)})" for member, step in failed.items()]
    left = len(named) - _MOST_FAILURES
    return ", ".join(named[:_MOST_FAILURES]) + (f" and {left} more" if left > 0 else "")
