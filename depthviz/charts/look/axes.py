"""Axes of probes, of other names and of shares, with names cut where they are long."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import altair as alt
import numpy as np

from depthviz.charts.look.names import short_names
from depthviz.charts.look.options import Look

__all__ = [
    "label_room",
    "name_axis",
    "place_axis",
    "probe_axis",
    "replaced",
    "share_axis",
    "skipped_names",
]

STEEP = 60.0  # points of a name that would reach far to the left of a printed plot
PRINTED = 22  # letters of a name beside a printed plot


def share_axis(field: str, *, title: str | None = None) -> alt.Y:
    """Make an axis of shares, from none to all.

    Args:
        field: The column, of values in [0, 1].
        title: Of the axis.

    Returns:
        The encoding.
    """
    return alt.Y(
        f"{field}:Q",
        title=title,
        scale=alt.Scale(domain=[0, 1]),
        axis=alt.Axis(format="%", tickCount=5),
    )


def probe_axis(probes: Sequence[str], look: Look, *, title: str | None = None) -> alt.X:
    """Make the axis of probes, from the input on.

    Args:
        probes: Their names.
        look: How the chart is drawn.
        title: Of the axis.

    Returns:
        The encoding of a column `probe`.
    """
    axis: alt.X = name_axis(
        alt.X, "probe", probes, look=look, room=look.width, title=title
    )
    return axis


def name_axis(
    channel: Any,
    field: str,
    names: Sequence[str],
    *,
    look: Look,
    room: float = np.inf,
    title: str | None = None,
    **encoding: Any,
) -> Any:
    """Make an axis of names, cut where they are long.

    Args:
        channel: `alt.X` or `alt.Y`.
        field: The column of names.
        names: All of them, in their order.
        look: How the chart is drawn.
        room: Pixels for all; names that do not fit stand upright, or some are left out.
        title: Of the axis.
        encoding: What else the channel takes.

    Returns:
        The encoding.
    """
    upright = channel is alt.Y
    lines = _lines(names, look, room, upright=upright)
    cut = {name: short for name, short in lines.shown.items() if name != short}
    every = lines.every
    axis: dict[str, Any] = {"labelAngle": lines.angle, "labelOverlap": False}
    if every > 1:
        axis["values"] = list(names)[::every]
    if cut:
        axis["labelExpr"] = replaced(cut)
    return channel(
        f"{field}:N", sort=list(names), title=title, axis=alt.Axis(**axis), **encoding
    )


def label_room(names: Iterable[str], *, longest: int = PRINTED) -> float:
    """Estimate how wide names beside a printed plot are.

    Args:
        names: What stands there.
        longest: Letters to which they are cut.

    Returns:
        Points, with what keeps them apart from the plot.

    Example:
        >>> label_room(["cat", "automobile"])
        50.0
    """
    letters = [len(short) for short in short_names(names, longest=longest)]
    return 4.2 * max(letters, default=0) + 8


def place_axis(
    field: str, names: Sequence[str], look: Look, *, beyond: float = 0.0
) -> alt.X:
    """Make an axis of names that stand at 0, 1, …, with room for what lies between.

    Args:
        field: The column of places.
        names: All of them, in their order.
        look: How the chart is drawn.
        beyond: How far the axis goes on at both ends, in places.

    Returns:
        The encoding.
    """
    lines = _lines(names, look, look.width, upright=False)
    shown = json.dumps(list(lines.shown.values()), ensure_ascii=True)
    axis = alt.Axis(
        values=list(range(0, len(names), lines.every)),
        labelExpr=f"{shown}[datum.value]",
        labelAngle=lines.angle,
        labelAlign="center" if not lines.angle else "right",
        labelOverlap=False,
        grid=False,
    )
    scale = alt.Scale(domain=[-beyond, len(names) - 1 + beyond], nice=False)
    return alt.X(f"{field}:Q", title=None, axis=axis, scale=scale)


def skipped_names(count: int, room: float, look: Look) -> str:
    """Say that an axis is too short for all its names.

    Args:
        count: How many there are.
        room: Pixels for all.
        look: How the chart is drawn.

    Returns:
        A few words; "" where all are written.

    Example:
        >>> from depthviz.charts.look.options import read_options
        >>> skipped_names(60, 340, read_options({}, width=340, height=340))
        'of the names one in 3 is written'
    """
    every = _every(count, room, look)
    return f"of the names one in {every} is written" if every > 1 else ""


def replaced(cut: dict[str, str]) -> str:
    """Write an expression that gives the short form of a label.

    Args:
        cut: The short form of each name that has one.

    Returns:
        What `labelExpr` takes.
    """
    table = json.dumps(cut, ensure_ascii=True)
    return f"{table}[datum.label] || datum.label"


class _Lines(NamedTuple):
    """How names are written along an axis: short, at an angle, one of so many."""

    shown: dict[str, str]
    angle: int
    every: int


def _lines(names: Sequence[str], look: Look, room: float, *, upright: bool) -> _Lines:
    longest = (PRINTED if look.on_paper else 30) if upright else 18
    shown = dict(zip(names, short_names(names, longest=longest), strict=True))
    step, wide = room / max(1, len(names)), 0.6 * look.font_size
    widest = max(map(len, shown.values()), default=0) * wide
    level = upright or widest <= max(step - 4, 8)
    every = _every(len(names), room, look)
    steep = every > 1 or (look.on_paper and widest > STEEP)
    return _Lines(shown, 0 if level else -90 if steep else -45, every)


def _every(count: int, room: float, look: Look) -> int:
    """Of how many names one is written, so that they do not stand on each other."""
    return max(1, int(np.ceil(1.25 * look.font_size * max(1, count) / room)))
