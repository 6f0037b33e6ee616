"""The map of a view as a chart: what stands on the screen, as a figure to keep.

Drawn in the page's order: what the filters leave out, grey and smaller, then what is
shown, then what is selected, in a ring. Every mark is a plain filled shape, so that
many of them can be saved as one picture.
"""

from __future__ import annotations

import textwrap
from typing import Any

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from depthviz.charts.look.figures import finish, rows_from
from depthviz.charts.look.names import and_more
from depthviz.charts.look.options import Look, read_options
from depthviz.charts.look.parts import layered, left_out
from depthviz.charts.look.theme import inks_of
from depthviz.errors import StudyError
from depthviz.widgets.figures.class_names import names_layers, place_names
from depthviz.widgets.figures.colors import Keys, color_and_shape, keys_of
from depthviz.widgets.figures.seen import Codes, Seen
from depthviz.widgets.still.column_places import ColumnAxis

__all__ = ["draw_map"]

SIDE, SIDE_IN_PRINT = 420, 190
DIMMED = {"light": 0.15, "dark": 0.19}  # share of the text's color in the ground
LEAST, MOST, SHARE = 1.8, 7.0, 0.38  # of a point's diameter, as in the page
SMALLER, LARGER, RIM = 0.6, 1.15, 1.75
MARGIN = 0.03  # of an axis, beyond both ends
FEW = 5000  # above, a thin edge around each point would not be seen
LEFT_OUT, SHOWN, SELECTED = 0, 1, 2


def draw_map(
    seen: Seen, options: Any, *, title: str, provenance: str = ""
) -> alt.LayerChart:
    """Draw the map of a view.

    Args:
        seen: What it shows.
        options: As `ChartOptions`.
        title: The chart's own, where the person gave none.
        provenance: A line below it; "" for none.

    Returns:
        The chart.

    Raises:
        ArgumentError: If an option is out of range.
        StudyError: If no example has a place.
    """
    look = read_options(options, width=SIDE, height=SIDE, print_width=SIDE_IN_PRINT)
    placed = seen.placed
    if not placed.any():
        raise StudyError("There is nothing to draw: no example has a place there.")
    keys = keys_of(seen.coloring, placed, look.ground)
    table, names = _table(seen, placed, keys), place_names(seen, look)
    axes = _axes(seen, look, provenance)
    drawn = [*_points(seen, look, len(table), keys), *names_layers(names, look)]
    chart = layered(look, *(one.encode(*axes) for one in drawn)).properties(
        view=alt.ViewBackground(
            stroke=inks_of(look).line, strokeWidth=0.5 if look.on_paper else 1
        )
    )
    notes = [and_more(keys.more, "classes"), *_notes(seen, placed, keys)]
    colored = f"Colored by {seen.coloring.title}"
    return finish(
        chart,
        look,
        rows={"map": table, "names": names},
        title=title,
        notes=notes,
        description=". ".join(filter(None, [colored, *notes, provenance])) + ".",
    )


def _table(seen: Seen, placed: NDArray[np.bool_], keys: Keys) -> pd.DataFrame:
    """List the points, those with a place."""
    state = np.where(seen.shown, np.where(seen.selected, SELECTED, SHOWN), LEFT_OUT)
    coloring = seen.coloring
    colored: dict[str, Any] = (
        {"part": np.array([*keys.names, keys.missing], object)[coloring.codes]}
        if isinstance(coloring, Codes)
        else {"value": coloring.values}
    )
    columns = {
        "example_id": seen.ids,
        "x": seen.places[:, 0],
        "y": seen.places[:, 1],
        "state": state,
        **colored,
    }
    return pd.DataFrame(columns).loc[placed]


def _notes(seen: Seen, placed: NDArray[np.bool_], keys: Keys) -> list[str]:
    grey = int((placed & ~seen.shown).sum())
    ringed = int((placed & seen.shown & seen.selected).sum())
    return [
        f"{grey:,} filtered out, in grey" if grey else "",
        f"{ringed:,} selected, in a ring" if ringed else "",
        keys.note,
        left_out(int((~placed).sum()), "points without a place"),
    ]


def _points(seen: Seen, look: Look, count: int, keys: Keys) -> list[alt.Chart]:
    """Draw the points, lowest layer first."""
    inks, scale = inks_of(look), look.font_size / 12
    space = np.sqrt(look.width * look.height / len(seen.ids))
    wide = float(np.clip(SHARE * space, LEAST * scale, MOST * scale))
    strong = max(LARGER * wide, 4 * scale)
    edge = 0.0 if count > FEW else max(0.25, 0.1 * wide)
    color, shape = color_and_shape(seen.coloring, keys, look)
    grey = alt.ColorValue(_mixed(inks.text, inks.paper, DIMMED[look.ground]))
    ring = alt.ColorValue(inks.accent)
    tips = [f"{name}:N" for name in ("example_id", keys.field)]
    layers = (
        (LEFT_OUT, SMALLER * wide, grey, 0.0),
        (SHOWN, wide, color, edge),
        (SELECTED, strong + 2 * RIM * scale, ring, 0.0),
        (SELECTED, strong, color, edge),
    )
    return [
        alt.Chart(rows_from("map"))
        .transform_filter(f"datum.state == {state}")
        .mark_point(
            filled=True,
            opacity=1,
            size=diameter**2,
            stroke=inks.paper if rim else None,
            strokeWidth=rim,
        )
        .encode(color=painted, shape=shape, tooltip=tips)
        for state, diameter, painted, rim in layers
    ]


def _axes(seen: Seen, look: Look, provenance: str) -> list[Any]:
    """Make both axes, to one scale, with the line of provenance below."""
    if seen.axes is not None:
        return _column_axes(seen.axes, look, provenance)
    x, y, side = seen.square
    unit = side * 1.04 / min(look.width, look.height)
    reach = {"x": unit * look.width / 2, "y": unit * look.height / 2}
    middle = {"x": x + side / 2, "y": y + side / 2}
    size, lines = _small_lines(look, provenance)
    below = alt.Axis(
        title=lines,
        titleAnchor="start",
        titleAlign="left",
        titleFontSize=size,
        labels=False,
        ticks=False,
        domain=False,
        grid=False,
    )
    scales = {
        name: alt.Scale(
            domain=[middle[name] - reach[name], middle[name] + reach[name]],
            nice=False,
            zero=False,
        )
        for name in ("x", "y")
    }
    return [
        alt.X("x:Q", axis=below if lines else None, scale=scales["x"]),
        alt.Y("y:Q", axis=None, scale=scales["y"]),
    ]


def _small_lines(look: Look, text: str) -> tuple[float, list[str]]:
    size = round(0.85 * look.font_size, 1)
    return size, textwrap.wrap(text, max(24, int(look.width / (0.52 * size))))


def _column_axes(
    axes: tuple[ColumnAxis, ColumnAxis], look: Look, provenance: str
) -> list[Any]:
    """Make the axes of two columns, each to its own scale."""
    lines = _small_lines(look, provenance)[1]
    across, up = axes
    scales = [
        alt.Scale(domain=[one.low - margin, one.high + margin], nice=False, zero=False)
        for one in axes
        for margin in [MARGIN * (one.high - one.low)]
    ]
    below = alt.Axis(title=[across.title, *lines], tickCount=5, grid=True)
    beside = alt.Axis(title=up.title, tickCount=5, grid=True)
    return [
        alt.X("x:Q", axis=below, scale=scales[0]),
        alt.Y("y:Q", axis=beside, scale=scales[1]),
    ]


def _mixed(ink: str, ground: str, share: float) -> str:
    """Mix two colors, `#rrggbb`."""
    pairs = zip(bytes.fromhex(ink[1:]), bytes.fromhex(ground[1:]), strict=True)
    mixed = (round(share * one + (1 - share) * other) for one, other in pairs)
    return "#" + bytes(mixed).hex()
