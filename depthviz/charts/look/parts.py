"""Parts that several charts have: the axis of probes, words at the ends of lines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt
import numpy as np

from depthviz.charts.look.names import short_names
from depthviz.charts.look.options import Look

__all__ = ["layered", "name_axis", "probe_axis", "spread_apart"]

LONGEST_LEVEL = 60  # pixels of a name that stands level


def layered(look: Look, *layers: alt.Chart) -> alt.LayerChart:
    """Lay drawings on each other, the first lowest.

    Args:
        look: How large.
        layers: Drawings of one plot.

    Returns:
        All of them.
    """
    return alt.LayerChart(layer=list(layers), width=look.width, height=look.height)


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
    shown = dict(zip(names, short_names(names, longest=18), strict=True))
    cut = {name: short for name, short in shown.items() if name != short}
    step, wide = room / max(1, len(names)), 0.6 * look.font_size
    level = max(map(len, shown.values()), default=0) * wide <= max(step - 4, 8)
    every = max(1, int(np.ceil(1.3 * look.font_size / step)))
    axis: dict[str, Any] = {} if level else {"labelAngle": -90 if every > 1 else -45}
    if level:
        axis["labelAngle"] = 0
    if every > 1:
        axis["values"] = list(names)[::every]
    if cut:
        axis["labelExpr"] = _replaced(cut)
    return channel(
        f"{field}:N", sort=list(names), title=title, axis=alt.Axis(**axis), **encoding
    )


def spread_apart(places: Sequence[float], least: float) -> list[float]:
    """Move words that would stand on each other apart.

    Args:
        places: Where each would stand.
        least: Distance that two need.

    Returns:
        Places in the same order, each near its own.

    Example:
        >>> spread_apart([10.0, 11.0, 40.0], 10)
        [5.5, 15.5, 40.0]
    """
    order = np.argsort(places, kind="stable")
    blocks: list[tuple[float, list[int]]] = []
    for at in order.tolist():
        blocks.append((float(places[at]), [at]))
        while len(blocks) > 1 and _overlap(blocks[-2], blocks[-1], least):
            second, first = blocks.pop(), blocks.pop()
            members = first[1] + second[1]
            middle = float(np.mean([places[one] for one in members]))
            blocks.append((middle, members))
    moved = [0.0] * len(places)
    for middle, members in blocks:
        for number, one in enumerate(members):
            moved[one] = middle + least * (number - (len(members) - 1) / 2)
    return moved


def _overlap(
    first: tuple[float, list[int]], second: tuple[float, list[int]], least: float
) -> bool:
    room = least * (len(first[1]) + len(second[1])) / 2
    return second[0] - first[0] < room


def _replaced(cut: dict[str, str]) -> str:
    """Write an expression that gives the short form of each name."""
    import json

    table = json.dumps(cut, ensure_ascii=True)
    return f"{table}[datum.label] || datum.label"
