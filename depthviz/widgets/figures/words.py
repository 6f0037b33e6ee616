"""A chart that says why it shows nothing."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from typing import Any

import altair as alt
import pandas as pd

from depthviz.charts.look.figures import finish, rows_from
from depthviz.charts.look.options import read_options
from depthviz.charts.look.parts import layered

__all__ = ["draw_words"]

WIDTH, LINE = 420, 18


def draw_words(words: str, options: Mapping[str, Any]) -> alt.LayerChart:
    """Draw a chart of words alone.

    Args:
        words: What it says.
        options: Of the chart that it stands for, of which it has the theme.

    Returns:
        The chart.
    """
    theme = {"theme": options["theme"]} if "theme" in options else {}
    lines = textwrap.wrap(words, 64)
    look = read_options(theme, width=WIDTH, height=LINE * len(lines) + 2 * LINE)
    rows = pd.DataFrame({"words": lines, "line": range(len(lines))})
    line = alt.Y("line:O", axis=None)
    text = alt.Chart(rows_from("words")).mark_text(align="left", x=0)
    return finish(
        layered(look, text.encode(line, alt.Text("words:N"))),
        look,
        rows={"words": rows},
        title="Nothing is drawn",
        description=words,
    )
