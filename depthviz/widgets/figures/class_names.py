"""Names of classes on a map, each where most of its examples lie, none on another."""

from __future__ import annotations

from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from depthviz.charts.look.figures import rows_from
from depthviz.charts.look.names import short_names
from depthviz.charts.look.options import Look
from depthviz.charts.look.theme import inks_of
from depthviz.widgets.figures.seen import Codes, Seen

__all__ = ["names_layers", "place_names"]

MOST, LEAST = 12, 3  # names, and examples of a class
SHARE = 0.5  # of a class around its middle that lets its name stand there
REACH = 0.2  # around it, of the map's side
LETTER, LINE = 0.6, 1.3  # in font sizes


def place_names(seen: Seen, look: Look) -> pd.DataFrame:
    """Choose which names stand where; the largest classes first.

    Args:
        seen: What the map shows.
        look: How it is drawn.

    Returns:
        A row a name: `name`, `x` and `y`, in the map's unit; none where the map is
        colored by numbers or by group, whose parts lie everywhere, or where columns
        place the examples.
    """
    rows: list[dict[str, Any]] = []
    coloring, strong = seen.coloring, seen.shown & seen.placed
    of_map = seen.axes is None and coloring.column != "group"
    if of_map and isinstance(coloring, Codes):
        names = short_names(coloring.names, longest=18)
        codes = coloring.codes[strong]
        counts = np.bincount(codes[codes >= 0], minlength=len(names))
        unit = seen.square[2] / min(look.width, look.height)
        taken: list[tuple[float, float, float]] = []
        for code in np.argsort(-counts, kind="stable")[:MOST].tolist():
            own = seen.places[strong & (coloring.codes == code)]
            found = _middle(own, seen.square[2])
            half = unit * look.font_size * LETTER * len(names[code]) / 2
            if found is None or _covered(found, half, unit * look.font_size, taken):
                continue
            taken.append((*found, half))
            rows.append({"name": names[code], "x": found[0], "y": found[1]})
    return pd.DataFrame(rows, columns=["name", "x", "y"])


def names_layers(names: pd.DataFrame, look: Look) -> list[alt.Chart]:
    """Write the names, each with an edge of the ground's color around it.

    Args:
        names: As `place_names` gives them.
        look: How the map is drawn.

    Returns:
        The drawings, lowest first; none where there is no name.
    """
    if not len(names):
        return []
    inks = inks_of(look)
    common: dict[str, Any] = {"fontWeight": 600, "limit": look.width / 2}
    words = alt.Chart(rows_from("names"))
    edge = words.mark_text(
        stroke=inks.paper, strokeWidth=look.font_size / 4, strokeJoin="round", **common
    )
    return [one.encode(text="name:N") for one in (edge, words.mark_text(**common))]


def _middle(own: Any, side: float) -> tuple[float, float] | None:
    if len(own) < LEAST:
        return None
    x, y = np.median(own, axis=0)
    near = np.hypot(own[:, 0] - x, own[:, 1] - y) < REACH * side
    return (float(x), float(y)) if near.mean() >= SHARE else None


def _covered(
    place: tuple[float, float],
    half: float,
    letter: float,
    taken: list[tuple[float, float, float]],
) -> bool:
    x, y = place
    return any(
        abs(x - other) < half + wide and abs(y - low) < LINE * letter
        for other, low, wide in taken
    )
