"""The tables of a study: its probes, groups and members, and where it came from.

Plain data frames with documented columns, for the report, the command line and anybody
else. They count and average what the study holds and measure nothing.
"""

from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from depthviz.errors import StudyError
from depthviz.study import Study
from depthviz.study.members import failed_members, held_out_accuracy, when_failed
from depthviz.study.rows import count_measured

__all__ = [
    "describe_part",
    "group_table",
    "member_table",
    "probe_table",
    "provenance_table",
]

_NOT_LISTED = ("title",)
_OF_PROBES = ("probe_agreement", "probe_accuracy", "neighbors_kept", "search_recall")
_OF_GROUPS = ("q", "boundaries")


def probe_table(study: Study) -> pd.DataFrame:
    """Count, for each probe, what is settled there.

    Args:
        study: What to summarize; of many networks the member that is shown.

    Returns:
        One row a probe: `probe`, `settled` (share of all examples whose depth is this
        probe's) and, over the validation examples where there are any, else over the
        training examples, `agreement` (share of votes equal to the prediction) and
        `accuracy` (share of votes equal to the label), where the study has them. With a
        projection also
        `neighbors_kept` (share of all examples' nearest neighbors that the map keeps),
        and after an approximate search `search_recall` (share of the nearest neighbors
        that it found, measured on a sample). Shares are in [0, 1].

    Raises:
        StudyError: If the study has no depth, or no names of probes.
    """
    data = study.dataset
    if "depth" not in data:
        raise StudyError(
            "What is settled at each probe is counted from the depths; this study has "
            "no 'depth'. Measure it with depthviz.measure."
        )
    depth = data["depth"].values
    settled = [float(np.mean(depth == probe)) for probe in range(len(study.probes))]
    table = pd.DataFrame({"probe": study.probes, "settled": settled})
    for name in _OF_PROBES:
        if name in data:
            table[name.removeprefix("probe_")] = data[name].values
    return table


def group_table(study: Study) -> pd.DataFrame:
    """Count the examples of each group, and how well they are predicted.

    Args:
        study: A study of many networks, with groups.

    Returns:
        One row a group, those without examples too: `group`, `examples`, `share` of the
        examples that have a group, `accuracy` (share of the predictions of members that
        held an example out which equal its label), the means of `train_depth` and
        `validation_depth`, and of `group_confidence` where the study has it and over
        the examples that have one. Shares are in [0, 1], depths in 0..P; NaN for a
        group without examples.

    Raises:
        StudyError: If the study has no groups.
    """
    frame = study.frame()
    if "group" not in frame or "train_depth" not in frame:
        raise StudyError(
            "Groups need two depths of every example, averaged over members; this "
            "study has none. Run depthviz.Ensemble to measure several networks."
        )
    groups = frame["group"].astype("category")
    rows = [_group_row(name, frame[groups == name]) for name in groups.cat.categories]
    table = pd.DataFrame(rows)
    table.insert(2, "share", table["examples"] / max(1, table["examples"].sum()))
    return table


def _group_row(name: str, rows: pd.DataFrame) -> dict[str, Any]:
    row: dict[str, Any] = {"group": name, "examples": len(rows)}
    if {"held_out", "c_score"} <= set(rows):
        row["accuracy"] = held_out_accuracy(rows)
    for column in ("train_depth", "validation_depth", "group_confidence"):
        if column in rows:
            row[column] = float(rows[column].mean())
    return row


def member_table(study: Study) -> pd.DataFrame:
    """List the networks of a study.

    Args:
        study: A study of many networks.

    Returns:
        One row a member: `member`, `trained_on` and `held_out` (numbers of examples),
        `train_accuracy` and `held_out_accuracy` (shares in [0, 1], where the study has
        them) and `failed_at`, when its loss became NaN: a step, or "after training"
        where none is known; empty text where it did not.

    Raises:
        StudyError: If the study is of one network.
    """
    data = study.dataset
    if "in_train" not in data:
        raise StudyError(
            "Only a study of many networks has members; this one is of one network. "
            "Run depthviz.Ensemble to measure several."
        )
    trained_on = data["in_train"].values.sum(axis=1)
    failed = failed_members(data)
    columns: dict[str, Any] = {
        "member": np.arange(len(trained_on)),
        "trained_on": trained_on,
        "held_out": data.sizes["example"] - trained_on,
    }
    if "member_accuracy" in data:
        accuracy = data["member_accuracy"].values
        columns |= {
            "train_accuracy": accuracy[:, 0].astype(float),
            "held_out_accuracy": accuracy[:, 1].astype(float),
        }
    columns["failed_at"] = [
        when_failed(failed[member]).removeprefix("at ") if member in failed else ""
        for member in range(len(trained_on))
    ]
    return pd.DataFrame(columns)


def provenance_table(study: Study) -> pd.DataFrame:
    """List how a study was measured.

    Args:
        study: What to describe.

    Returns:
        One row a fact, with the columns `what` and `value`, both text.
    """
    facts = {
        name: value
        for name, value in study.dataset.attrs.items()
        if name not in _NOT_LISTED
    }
    if part := describe_part(study):
        facts["part_of"] = part
    group = study.dataset.get("group", xr.DataArray()).attrs
    facts |= {f"group_{name}": group[name] for name in _OF_GROUPS if name in group}
    return pd.DataFrame(
        {
            "what": [name.replace("_", " ") for name in facts],
            "value": [_format_fact(name, value) for name, value in facts.items()],
        }
    )


def describe_part(study: Study) -> str:
    """Describe of what a study is a part, in words; empty text where it is whole."""
    measured = count_measured(study.dataset)
    if len(study) == measured:
        return ""
    return (
        f"{len(study):,} of the {measured:,} examples measured: depths, votes, groups "
        "and the accuracy of probes and members are those of all of them"
    )


def _format_fact(name: str, value: Any) -> str:
    """Write a fact in one line; a probe as its module."""
    if name == "probes":
        return ", ".join(_format_probe(**probe) for probe in value)
    if name == "group_boundaries":
        train_low, train_high, low, high = (f"{end:.3g}" for end in value)
        return (
            f"train depth: low at or below {train_low}, high at or above {train_high}; "
            f"validation depth: low at or below {low}, high at or above {high}"
        )
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "none"
    return str(value)


def _format_probe(
    name: str,
    module: str | None,
    at: str,
    call: int | None = None,
    pool: str | None = None,
) -> str:
    place = module if call is None else f"call {call} of {module}"
    if at == "input":
        place = f"into {place}"
    said = [] if place in (None, name) else [str(place)]
    if pool is not None:
        said.append(f"pooled: {pool}")
    return f"{name} ({', '.join(said)})" if said else name
