"""What the page is sent of a study of many networks: its plane, its standard errors.

One network gives one depth and none of this; then there is nothing to send.
"""

from typing import Any

import numpy as np
import pandas as pd

from depthviz.difficulty import MEASURES
from depthviz.study import Study
from depthviz.study.members import is_ensemble, shown_member
from depthviz.study.rules import EARLIER_RULE, suspicion_rule

__all__ = [
    "describe_plane",
    "error_columns",
    "mark_earlier_rule",
    "mark_member_columns",
    "pack_errors",
]

_OF_ONE_MEMBER = {
    "split",
    "prediction",
    "correct",
    "confidence",
    "depth",
    "depth_of_label",
    "undecided",
}
_MEMBER_COUNTS = {
    "train_depth": "trained_on",
    "train_label_depth": "trained_on",
    "iteration_learned": "trained_on",
    "forgetting": "trained_on",
    "aum": "trained_on",
    "validation_depth": "held_out",
    "consistency": "held_out",
    "neighbor_margin": "held_out",
    "label_probability": "held_out",
    "soft_entropy": "held_out",
    "c_score": "held_out",
    "entropy": "held_out",
    "output_margin": "held_out",
    "input_margin": "held_out",
}
_STEPS = np.iinfo(np.uint16).max


def describe_plane(study: Study) -> dict[str, Any] | None:
    """Describe where the groups lie in the plane of the two depths.

    Args:
        study: What to show.

    Returns:
        `boundaries`: where low ends and high begins, of the depth when trained on and
        of that when held out, within the range of depths or one beyond it, to the last
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
    for name, error in error_columns(frame).items():
        values = frame[error].to_numpy(float)
        known = np.isfinite(values)
        scale = float(values[known].max(initial=0) / (_STEPS - 1)) or 1.0
        steps = np.full(len(values), _STEPS, "<u2")
        steps[known] = np.rint(values[known] / scale)
        chunks[f"error/{name}"] = steps.tobytes()
        found[name] = {"error_scale": scale}
    for name, count in _MEMBER_COUNTS.items():
        if name in frame and count in frame:
            found[name] = {**found.get(name, {}), "members": count}
    return found, chunks


def error_columns(frame: pd.DataFrame) -> dict[str, str]:
    """Find the columns that are standard errors, by the name of their measure."""
    errors = {name: f"{name}_se" for name in MEASURES}
    return {n: error for n, error in errors.items() if {n, error} <= set(frame)}


def mark_earlier_rule(study: Study, columns: list[dict[str, Any]]) -> None:
    """Describe a suspicion of the earlier rule as what it is."""
    if suspicion_rule(study.dataset) != EARLIER_RULE:
        return
    for column in columns:
        if column["name"] == "suspicion":
            column["title"] += ", earlier rule"
            column["help"] = MEASURES["neighbor_margin"].help


def mark_member_columns(study: Study, columns: list[dict[str, Any]]) -> None:
    """Name the member in the titles of the columns that one member alone measured."""
    if not is_ensemble(study.dataset):
        return
    member = shown_member(study.dataset)
    for column in columns:
        if column["name"] in _OF_ONE_MEMBER:
            column["title"] += f", member {member}"
            column["of_member"] = True
