"""The line below a figure of what a person saw: how to find the same again."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import xarray as xr

from depthviz.charts.look.names import clean_text, short_names
from depthviz.study.members import is_ensemble, shown_member
from depthviz.version import __version__

__all__ = ["filter_words", "probe_words", "provenance_line"]

DIGITS = 12  # of a digest
MOST = 6  # values of a filter


def provenance_line(
    data: xr.Dataset,
    *,
    probe: float,
    color: str,
    filters: Mapping[str, Any],
    by: str = "",
) -> str:
    """Say which data, seed, probe and filters a figure is of.

    Args:
        data: The study's dataset.
        probe: The place on the axis of probes.
        color: What the figure is colored by.
        filters: As `explorer.filters` gives them.
        by: The columns that place the examples, where it is not the map.

    Returns:
        One line.
    """
    digest = str(data.attrs.get("data_sha256") or "")
    parts = [
        f"data {clean_text(digest[:DIGITS])}" if digest else "data without a digest",
        f"seed {clean_text(data.attrs['seed'])}" if "seed" in data.attrs else "",
        f"member {shown_member(data)}" if is_ensemble(data) else "",
        *([f"placed by {clean_text(by)}"] if by else _map_words(data, probe)),
        f"colored by {clean_text(color)}",
        *(filter_words(filters) or ["no filter"]),
        f"depthviz {__version__}",
    ]
    return " · ".join(part for part in parts if part)


def _map_words(data: xr.Dataset, probe: float) -> list[str]:
    method = clean_text(data.attrs.get("projection", "the study"))
    return [f"map by {method}", f"at {probe_words(data, probe)}"]


def probe_words(data: xr.Dataset, probe: float) -> str:
    """Name a place on the axis of probes.

    Args:
        data: The study's dataset.
        probe: The place.

    Returns:
        The probe's name, or the two between which it lies and how far.
    """
    names = short_names(data["probe"].values)
    first, share = math.floor(probe), probe - math.floor(probe)
    if not share:
        return names[first]
    return f"{share:.0%} of the way from {names[first]} to {names[first + 1]}"


def filter_words(filters: Mapping[str, Any]) -> list[str]:
    """Say what passes.

    Args:
        filters: As `explorer.filters` gives them.

    Returns:
        A few words for each.

    Example:
        >>> filter_words({"label": ["cat", "dog"], "confidence": {"from": 0.2}})
        ['label: cat, dog', 'confidence ≥ 0.2']
    """
    return [_words(clean_text(name), one) for name, one in filters.items()]


def _words(name: str, condition: Any) -> str:
    if not isinstance(condition, Mapping):
        listed = short_names(dict.fromkeys(map(str, condition)))
        more = len(listed) - MOST
        shown = ", ".join(listed[:MOST])
        return f"{name}: {shown}" + (f" and {more} more" if more > 0 else "")
    if "contains" in condition:
        return f"{name} contains “{clean_text(condition['contains'])}”"
    low, high = (_number(condition.get(end)) for end in ("from", "to"))
    if low and high:
        said = f"{name} {low} to {high}"
    elif low or high:
        said = f"{name} ≥ {low}" if low else f"{name} ≤ {high}"
    else:
        return f"{name} missing"
    return said + (" or missing" if condition.get("missing") else "")


def _number(value: Any) -> str:
    return "" if value is None else f"{np.float32(value):.5g}"
