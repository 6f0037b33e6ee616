"""What the map of a view shows: places, colors, which examples are shown and selected.

The rules are the page's, so that a figure is the map that a person has before them:
between two probes each point stands at the mix of both, numbers are spread over their
1 % to 99 % quantiles, and groups are those of the boundaries as they were moved.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from depthviz.widgets.filter_mask import column_codes
from depthviz.widgets.payload.manifest import DEPTHS, column_info, value_names
from depthviz.widgets.still.axis import telling_probe
from depthviz.widgets.still.column_places import ColumnAxis

__all__ = ["Codes", "Numbers", "Seen", "coloring_of", "places_at", "probe_of"]

VOTE = "probe_vote"  # the page's color by the vote at the probe
LOW, HIGH = 0.01, 0.99


class Codes(NamedTuple):
    """Colors by name.

    Attributes:
        column: What it is, as it is asked for.
        title: The same in words.
        names: Of the codes, shape `(C,)`.
        codes: Of each example, shape `(N,)`; -1 where it has none.
    """

    column: str
    title: str
    names: list[str]
    codes: NDArray[np.int64]


class Numbers(NamedTuple):
    """Colors by number.

    Attributes:
        column: What it is, as it is asked for.
        title: The same in words.
        values: Of each example, shape `(N,)`, within `low` and `high`; NaN where it
            has none.
        low: What has the first color; NaN where no example has a number.
        high: What has the last color.
        ends: Both as they are written.
    """

    column: str
    title: str
    values: NDArray[np.float64]
    low: float
    high: float
    ends: tuple[str, str]


class Seen(NamedTuple):
    """The map of a view.

    Attributes:
        places: Of the examples, shape `(N, 2)`, to no unit; NaN where one has none.
        square: The corner of all maps and their side: `x`, `y` and length.
        coloring: What they are colored by.
        shown: Whether each passes the filters, shape `(N,)`.
        selected: Whether each is selected, shape `(N,)`.
        ids: Their ids as text, shape `(N,)`.
        axes: The columns that place them, in their own units; None of a map.
    """

    places: NDArray[np.float64]
    square: tuple[float, float, float]
    coloring: Codes | Numbers
    shown: NDArray[np.bool_]
    selected: NDArray[np.bool_]
    ids: NDArray[np.object_]
    axes: tuple[ColumnAxis, ColumnAxis] | None = None

    @property
    def placed(self) -> NDArray[np.bool_]:
        """Whether each example has a place, shape `(N,)`."""
        return np.isfinite(self.places[:, 0]) & np.isfinite(self.places[:, 1])


def probe_of(frame: pd.DataFrame, probes: int, ui_state: Mapping[str, Any]) -> float:
    """Find the place on the axis of probes, in 0..P-1; between two it is no integer."""
    asked = ui_state.get("probe")
    if isinstance(asked, int | float) and not isinstance(asked, bool):
        return float(min(probes - 1, max(0, asked)))
    return float(telling_probe(frame, probes))


def places_at(
    data: xr.Dataset, probe: float
) -> tuple[NDArray[np.float64], tuple[float, float, float]]:
    """Find where the examples stand, and the square around all maps.

    Args:
        data: A study's dataset, with maps.
        probe: The place on the axis of probes.

    Returns:
        Places, shape `(N, 2)`, and corner and side of the square.
    """
    maps = data["projection"]
    first = math.floor(probe)
    second = min(first + 1, maps.sizes["probe"] - 1)
    one, other = (maps.isel(probe=at).values.astype(float) for at in (first, second))
    share = probe - first
    places = one if share == 0 else one + (other - one) * share
    each = (maps.values[..., axis] for axis in (0, 1))
    ends = [
        (np.fmin.reduce(axis, axis=None), np.fmax.reduce(axis, axis=None))
        for axis in each
    ]
    lowest, highest = np.nan_to_num(np.array(ends, float)).T
    side = float((highest - lowest).max()) or 1.0
    x, y = (lowest + highest - side) / 2
    return places, (float(x), float(y), side)


def coloring_of(
    data: xr.Dataset,
    frame: pd.DataFrame,
    manifest: Mapping[str, Any],
    ui_state: Mapping[str, Any],
    *,
    groups: NDArray[np.integer[Any]] | None = None,
) -> Codes | Numbers:
    """Find what the map is colored by.

    Args:
        data: The study's dataset.
        frame: Its table, with what is decided.
        manifest: The study's.
        ui_state: Color and probe of the view.
        groups: The groups' codes under moved boundaries, shape `(N,)`.

    Returns:
        Codes or numbers of all examples; by default the page's own choice.
    """
    name = ui_state.get("color")
    if name == VOTE and "vote" in data:
        probe = math.floor(probe_of(frame, len(data["probe"]), ui_state) + 0.5)
        title = f"Vote at {data['probe'].values[probe]}"
        return _codes(VOTE, title, manifest["classes"], data["vote"].values[probe])
    info = column_info(manifest, name) if isinstance(name, str) else None
    if info is None or info["kind"] in ("text", "id"):
        grouped = manifest.get("plane") and column_info(manifest, "group")
        info = column_info(manifest, "group" if grouped else "label")
    assert info is not None  # noqa: S101  # every view has labels
    names = value_names(manifest, info["name"])
    if names is None:
        return _numbers(info, frame[info["name"]], len(data["probe"]))
    moved = info["name"] == "group" and groups is not None
    codes = groups if moved else column_codes(frame, info["name"], manifest)
    return _codes(info["name"], info["title"], names, codes)


def _codes(column: str, title: str, names: list[str], values: Any) -> Codes:
    codes = np.asarray(values).astype(np.int64)
    known = (codes >= 0) & (codes < len(names))
    return Codes(column, title, list(names), np.where(known, codes, -1))


def _numbers(info: Mapping[str, Any], column: pd.Series[Any], probes: int) -> Numbers:
    values = column.to_numpy(np.float32, na_value=np.nan).astype(float)
    known = np.sort(values[np.isfinite(values)])
    cuts = False, False
    if info["name"] in DEPTHS:
        low, high = 0.0, float(probes)
    elif not len(known):
        low = high = math.nan
    else:
        low, high = (_at(known, share) for share in (LOW, HIGH))
        if low == high:
            low, high = _at(known, 0), _at(known, 1)
        cuts = bool(low > known[0]), bool(high < known[-1])
    whole = bool(info.get("integer"))
    ends = (
        "≤ " * cuts[0] + _written(low, whole=whole),
        "≥ " * cuts[1] + _written(high, whole=whole),
    )
    held = np.clip(values, low, high)
    return Numbers(info["name"], info["title"], held, low, high, ends)


def _at(known: NDArray[np.float64], share: float) -> float:
    return float(known[math.floor(share * (len(known) - 1) + 0.5)])


def _written(value: float, *, whole: bool) -> str:
    """Write a number as the page does."""
    if not math.isfinite(value):
        return ""
    size = abs(value)
    if (whole and value.is_integer()) or size >= 100:
        text = f"{value:,.0f}" if size < 1e6 or whole else f"{value:.1e}"
    elif size and size < 1e-3:
        text = f"{value:.1e}"
    else:
        text = f"{value:.3f}".rstrip("0").rstrip(".")
    return text.replace("-", "\N{MINUS SIGN}")
