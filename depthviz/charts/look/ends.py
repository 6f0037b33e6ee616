"""The names of lines, where each ends: none on another, none far from its line."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

import altair as alt
import numpy as np
import pandas as pd

from depthviz.charts.look.axes import share_axis
from depthviz.charts.look.names import BREAK, clean_text
from depthviz.charts.look.options import Look
from depthviz.charts.look.parts import of_kind

__all__ = ["end_words", "ends_of", "spread_apart"]

LEVEL = 1.2  # from a line of words to the next, in letters
LONGEST = 22  # letters of a line in print


def ends_of(
    table: pd.DataFrame, look: Look, *, by: Sequence[str], value: str, text: str
) -> pd.DataFrame:
    """Find the last row of each line, and where its name stands.

    Args:
        table: Rows in the order of each line; with panels in `shown`, if there are any.
        look: How the chart is drawn; in print long names have two lines.
        by: Columns that tell the lines of a panel apart.
        value: The column of their height, a share.
        text: The column of their names.

    Returns:
        A row a line whose height is known, of the kind "end", with its name in `words`,
        which has `BREAK` between two lines, and the place of that in `at`.
    """
    known = table[np.isfinite(table[value])]
    panel = known["shown"] if "shown" in known else pd.Series("", known.index)
    lines = [known[name] for name in by]
    ends = known.groupby([panel, *lines], sort=False, observed=True).tail(1)
    room = LONGEST if look.on_paper else 1000
    words = ends[text].map(lambda name: textwrap.wrap(clean_text(name), room) or [""])
    each, line = words.map(len), LEVEL * look.font_size / look.height
    at = np.zeros(len(ends))
    for own in ends.groupby(panel[ends.index], sort=False).indices.values():
        heights = ends[value].to_numpy(float)[own].tolist()
        sizes = (line * each.to_numpy()[own]).tolist()
        at[own] = spread_apart(heights, sizes, within=(-line / 2, 1 + line / 2))
    first = at + line * (each - 1) / 2  # the middle of the first of its lines
    found: pd.DataFrame = ends.assign(kind="end", words=words.map(BREAK.join), at=first)
    return found


def end_words(
    probe: alt.X, color: alt.Color, look: Look, *, title: str = ""
) -> alt.Chart:
    """Write each line's name at its end, on an axis of shares.

    Args:
        probe: As of the lines.
        color: Likewise.
        look: How.
        title: Of the axis, as of the lines.

    Returns:
        The drawing of what `ends_of` found.
    """
    words = of_kind("end").mark_text(
        align="left",
        dx=6 if look.on_paper else 9,
        lineBreak=BREAK,
        lineHeight=LEVEL * look.font_size,
    )
    share = share_axis("at", title=title or None)
    found: alt.Chart = words.encode(probe, share, color, alt.Text("words:N"))
    return found


def spread_apart(
    places: Sequence[float],
    sizes: float | Sequence[float],
    *,
    within: tuple[float, float] = (-np.inf, np.inf),
) -> list[float]:
    """Move words that would stand on each other apart.

    Args:
        places: Where the middle of each would stand.
        sizes: How much room each needs, or all.
        within: Where the first may begin and the last end, if there is room.

    Returns:
        Places in the same order, each near its own.

    Example:
        >>> spread_apart([10.0, 11.0, 40.0], 10)
        [5.5, 15.5, 40.0]
    """
    rooms = np.broadcast_to(np.asarray(sizes, float), len(places))
    blocks: list[tuple[float, list[int]]] = []
    for at in np.argsort(places, kind="stable").tolist():
        members = [at]
        while True:
            room = float(rooms[members].sum())
            middle = float(np.mean([places[one] for one in members]))
            middle = max(min(middle, within[1] - room / 2), within[0] + room / 2)
            if (
                not blocks
                or middle - blocks[-1][0]
                >= (room + float(rooms[blocks[-1][1]].sum())) / 2
            ):
                break
            members = blocks.pop()[1] + members
        blocks.append((middle, members))
    moved = [0.0] * len(places)
    for middle, members in blocks:
        top = middle - float(rooms[members].sum()) / 2
        for one in members:
            moved[one] = top + float(rooms[one]) / 2
            top += float(rooms[one])
    return moved
