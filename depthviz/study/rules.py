"""The rule by which a study's suspicion was found.

A study that names none was made by an earlier version, whose suspicion was the neighbor
margin: the two are numbers of different kinds.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr

__all__ = [
    "EARLIER_RULE",
    "HELD_OUT_RULE",
    "TRAINED_RULE",
    "describe_suspicion",
    "rule_facts",
    "suspicion_rule",
]

HELD_OUT_RULE = "label evidence"
TRAINED_RULE = "label evidence, without held-out examples"
EARLIER_RULE = "neighbor margin"


def rule_facts(rule: str) -> dict[str, Any]:
    """Make the attributes of `suspicion` that name its rule.

    Args:
        rule: One of this module's.

    Returns:
        Attributes by name.
    """
    return {"rule": rule}


def suspicion_rule(dataset: xr.Dataset) -> str | None:
    """Find the rule that a study's suspicion was found by.

    Args:
        dataset: A study's dataset.

    Returns:
        The rule, or None where there is no suspicion.
    """
    if "suspicion" not in dataset:
        return None
    return str(dataset["suspicion"].attrs.get("rule", EARLIER_RULE))


def describe_suspicion(dataset: xr.Dataset) -> str:
    """Say in a few words what a reader must know of a study's suspicion.

    Args:
        dataset: A study's dataset.

    Returns:
        That it is of the earlier rule, or that of some labels nothing can be said; ""
        where there is nothing to know.
    """
    rule = suspicion_rule(dataset)
    if rule is None:
        return ""
    if rule == EARLIER_RULE:
        return (
            "suspicion by the earlier rule, the neighbor margin (measure again for "
            "label evidence)"
        )
    unknown = int(np.isnan(dataset["suspicion"].values).sum())
    if not unknown:
        return ""
    which = (
        "any label" if unknown == dataset.sizes["example"] else f"{unknown:,} labels"
    )
    return f"nothing can be said against {which}: no probe predicts labels"
