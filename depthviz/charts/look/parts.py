"""Parts that several charts have: panels, layers, and words on what is left out."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Sequence
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from depthviz.charts.look.figures import rows_from
from depthviz.charts.look.options import Look, read_options

__all__ = [
    "by_probe_in_words",
    "facet_look",
    "layered",
    "left_out",
    "of_kind",
    "panels",
]


WHOLE = "all"


def layered(look: Look, *layers: alt.Chart, rows: str = "") -> alt.LayerChart:
    """Lay drawings on each other, the first lowest.

    Args:
        look: How large.
        layers: Drawings of one plot.
        rows: The table of all of them, where they have none of their own.

    Returns:
        All of them.
    """
    return alt.LayerChart(
        layer=list(layers),
        width=look.width,
        height=look.height,
        data=rows_from(rows) if rows else alt.Undefined,
    )


def of_kind(kind: str) -> alt.Chart:
    """Begin a drawing of some rows of a table that other drawings share.

    Args:
        kind: What they have in the column `kind`.

    Returns:
        A drawing without marks.
    """
    chart: alt.Chart = alt.Chart().transform_filter(f"datum.kind == '{kind}'")
    return chart


def facet_look(
    options: Any,
    count: int,
    *,
    width: float,
    height: float,
    columns: int = 0,
    print_width: float = 190,
) -> tuple[Look, int]:
    """Choose how large each of several panels is, so that they fit beside each other.

    Args:
        options: As `ChartOptions`.
        count: Number of panels.
        width: Of a lone one on a screen.
        height: Likewise; panels are of the same shape.
        columns: How many stand side by side, where it is given.
        print_width: Of all that do, in print.

    Returns:
        How to draw a panel, and how many stand side by side.
    """
    on_paper = options.get("theme") == "print"
    columns = columns or {4: 2, 6: 3, 7: 4, 8: 4}.get(count, min(count, 5))
    columns = min(columns, 3 if on_paper else 5)
    wide = width if columns == 1 else 560 / columns
    look = read_options(
        options,
        width=round(wide),
        height=round(wide * height / width),
        print_width=round(print_width / columns),
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
    if list(names) == [WHOLE]:  # one panel of all needs no name
        header["labelExpr"] = "''"
    elif any(len(broken) > 1 for broken in lines.values()):
        header["labelExpr"] = f"{json.dumps(lines)}[datum.label]"
    facet = alt.Facet(
        "shown:N",
        sort=list(names),
        title=None,
        header=alt.Header(labelAnchor="start", labelLimit=look.width, **header),
    )
    found: alt.FacetChart = chart.facet(facet, columns=columns)
    if len(names) > columns and len(names) % columns:
        # One axis below each column would stand below a place without a panel.
        found = found.resolve_axis(x="independent")
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
