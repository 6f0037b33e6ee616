"""Parts that several charts have: panels, words at the ends of lines."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Sequence
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from depthviz.charts.look.axes import share_axis
from depthviz.charts.look.figures import rows_from
from depthviz.charts.look.options import Look, read_options

__all__ = [
    "by_probe_in_words",
    "end_words",
    "ends_of",
    "facet_look",
    "layered",
    "left_out",
    "panels",
    "spread_apart",
]


def layered(look: Look, *layers: alt.Chart) -> alt.LayerChart:
    """Lay drawings on each other, the first lowest.

    Args:
        look: How large.
        layers: Drawings of one plot.

    Returns:
        All of them.
    """
    return alt.LayerChart(layer=list(layers), width=look.width, height=look.height)


def facet_look(
    options: Any, count: int, *, width: float, height: float
) -> tuple[Look, int]:
    """Choose how large each of several panels is, so that they fit beside each other.

    Args:
        options: As `ChartOptions`.
        count: Number of panels.
        width: Of a lone one on a screen.
        height: Likewise; panels are of the same shape.

    Returns:
        How to draw a panel, and how many stand side by side.
    """
    on_paper = options.get("theme") == "print"
    columns = {4: 2, 6: 3, 7: 4, 8: 4}.get(count, min(count, 5))
    columns = min(columns, 3) if on_paper else columns
    wide = width if columns == 1 else 560 / columns
    look = read_options(
        options,
        width=round(wide),
        height=round(wide * height / width),
        print_width=round(190 / columns),
    )
    return look, columns


def panels(
    chart: Any, look: Look, names: Sequence[str], *, columns: int
) -> alt.FacetChart:
    """Draw each part in a panel with its name above, in two lines where it is long.

    Args:
        chart: Of a table with a column `shown`.
        look: How.
        names: Values of that column, in their order.
        columns: How many stand side by side.

    Returns:
        The panels.
    """
    letters = max(6, int(look.width / (0.52 * look.font_size)))
    lines = {name: textwrap.wrap(name, letters) for name in names}
    header: dict[str, Any] = {}
    if any(len(broken) > 1 for broken in lines.values()):
        header["labelExpr"] = f"{json.dumps(lines)}[datum.label]"
    facet = alt.Facet(
        "shown:N",
        sort=list(names),
        title=None,
        header=alt.Header(labelAnchor="start", labelLimit=look.width, **header),
    )
    found: alt.FacetChart = chart.facet(facet, columns=columns)
    return found


def left_out(count: int, why: str) -> str:
    """Say how many rows are not drawn.

    Args:
        count: How many.
        why: The reason, as a sentence goes on.

    Returns:
        A few words; "" for none.

    Example:
        >>> left_out(1200, "they have no depth")
        '1,200 left out: they have no depth'
    """
    return f"{count:,} left out: {why}" if count else ""


def by_probe_in_words(table: pd.DataFrame, by: str, value: str, form: str) -> str:
    """Say the values at the probes, for those who do not see them.

    Args:
        table: With a column `probe`.
        by: The column that is told apart.
        value: The column that is told; what has none is left out.
        form: How a value is written, as `format` takes it.

    Returns:
        Such as "easy: input 12%, conv1 30%; ambiguous: input 8%".
    """
    said = []
    for name, rows in table[np.isfinite(table[value])].groupby(by, sort=False):
        each = zip(rows["probe"], rows[value], strict=True)
        said.append(f"{name}: {', '.join(f'{at} {one:{form}}' for at, one in each)}")
    return "; ".join(said)


def ends_of(table: Any, *, by: Sequence[str], value: str, least: float) -> Any:
    """Find the last row of each line, and where its words stand.

    Args:
        table: Rows in the order of each line.
        by: Columns that tell the lines apart.
        value: The column of their height.
        least: Distance of two words, in units of it.

    Returns:
        A row a line whose height is known, with the place of its words in `at`.
    """
    known = table[np.isfinite(table[value])]
    ends = known.groupby(list(by), sort=False, observed=True).tail(1)
    return ends.assign(at=spread_apart(ends[value].tolist(), least))


def end_words(
    rows: str, probe: alt.X, color: alt.Color, *, text: str, title: str
) -> alt.Chart:
    """Write a line's name at its end, on an axis of shares.

    Args:
        rows: The name of the table, which `ends_of` gave.
        probe: As of the lines.
        color: Likewise.
        text: The column of the names.
        title: Of the axis, as of the lines.

    Returns:
        The drawing.
    """
    words = alt.Chart(rows_from(rows)).mark_text(align="left", dx=9)
    found: alt.Chart = words.encode(
        probe, share_axis("at", title=title), color, alt.Text(f"{text}:N")
    )
    return found


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
