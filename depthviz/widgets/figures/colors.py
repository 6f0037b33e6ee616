"""Color and shape of the points of a map, and the legend that explains them."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

import altair as alt
import numpy as np
from numpy.typing import NDArray

from depthviz.charts.look.names import choose_classes, clean_text, short_names
from depthviz.charts.look.options import Look
from depthviz.charts.look.palette import NUMBERS, RING, Ground, Mark, mark_of
from depthviz.widgets.figures.seen import Codes, Numbers

__all__ = ["Keys", "color_and_shape", "keys_of"]

MISSING: dict[Ground, Mark] = {
    "light": Mark("#868e99", RING),
    "dark": Mark("#7d8591", RING),
}
VALID = "isValid(datum.value)"


class Keys(NamedTuple):
    """The names that stand for colors.

    Attributes:
        field: The column of the table that tells the color.
        names: Of all codes as they are written, shape `(C,)`.
        missing: The name of what has none.
        marks: Those of the names that some example has, and of the missing.
        listed: Those that the legend has.
        more: Number of those that it has not.
        note: What is said of it besides.
    """

    field: str
    names: list[str]
    missing: str
    marks: dict[str, Mark]
    listed: list[str]
    more: int
    note: str


def keys_of(
    coloring: Codes | Numbers, placed: NDArray[np.bool_], ground: Ground
) -> Keys:
    """Choose the marks of a map, and which of them the legend names.

    Args:
        coloring: What the map is colored by.
        placed: Whether each example has a place, shape `(N,)`.
        ground: What it is drawn on.

    Returns:
        The names with their marks; numbers have none.
    """
    if isinstance(coloring, Numbers):
        lost = int(np.isnan(coloring.values[placed]).sum())
        note = f"{lost:,} without a value, as grey rings" if lost else ""
        return Keys("value", [], "", {}, [], 0, note)
    *names, missing = short_names([*map(clean_text, coloring.names), "missing"])
    codes = coloring.codes[placed]
    counts = np.bincount(codes[codes >= 0], minlength=len(names))
    marks = {
        names[code]: mark_of(coloring.names[code], code, ground)
        for code in np.flatnonzero(counts).tolist()
    }
    chosen = choose_classes(names, counts, None)
    listed = [names[code] for code in chosen.codes]
    if (codes < 0).any():
        marks[missing] = MISSING[ground]
        listed.append(missing)
    return Keys("part", names, missing, marks, listed, chosen.more, "")


def color_and_shape(
    coloring: Codes | Numbers, keys: Keys, look: Look
) -> tuple[Any, Any]:
    """Encode a map's points.

    Args:
        coloring: What it is colored by.
        keys: The names.
        look: How it is drawn.

    Returns:
        The encodings of color and shape.
    """
    title = short_names([coloring.title])[0]
    if isinstance(coloring, Codes):
        return _of_names(keys, look, title)
    grey, shape = MISSING[look.ground]
    if not coloring.low <= coloring.high:
        return alt.ColorValue(grey), alt.ShapeValue(shape)
    color = alt.Color(
        "value:Q", scale=_ramp(coloring, look), legend=_bar(coloring, look, title)
    )
    return (
        alt.condition(VALID, color, alt.value(grey)),
        alt.condition(VALID, alt.value("circle"), alt.value(shape)),
    )


def _of_names(keys: Keys, look: Look, title: str) -> tuple[Any, Any]:
    legend = alt.Legend(
        title=title,
        titleLimit=22 * look.font_size,
        orient="bottom" if look.on_paper else "right",
        columns=3 if look.on_paper else 1,
        values=keys.listed,
        symbolOpacity=1,
        symbolStrokeWidth=0,
        symbolSize=20 if look.on_paper else 50,
    )
    names = list(keys.marks)
    color = alt.Scale(domain=names, range=[one.color for one in keys.marks.values()])
    shape = alt.Scale(domain=names, range=[one.shape for one in keys.marks.values()])
    return (
        alt.Color("part:N", scale=color, legend=legend),
        alt.Shape("part:N", scale=shape, legend=legend),
    )


def _ramp(coloring: Numbers, look: Look) -> alt.Scale:
    colors = NUMBERS[look.ground]
    high = coloring.high if coloring.high > coloring.low else coloring.low + 1
    steps = np.linspace(coloring.low, high, len(colors)).tolist()
    return alt.Scale(domain=steps, range=list(colors), clamp=True)


def _bar(coloring: Numbers, look: Look, title: str) -> alt.Legend:
    ends = (
        [coloring.low, coloring.high]
        if coloring.high > coloring.low
        else [coloring.low]
    )
    words = json.dumps(list(coloring.ends))
    return alt.Legend(
        title=title,
        titleLimit=22 * look.font_size,
        orient="bottom" if look.on_paper else "right",
        values=ends,
        labelExpr=f"{words}[datum.value > {json.dumps(coloring.low)} ? 1 : 0]",
        gradientLength=100 if look.on_paper else 160,
        gradientThickness=6 if look.on_paper else 10,
    )
