"""Means of the examples that settle at each probe: their table, and panels of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import altair as alt
import numpy as np
import pandas as pd

from depthviz.charts.look.axes import probe_axis
from depthviz.charts.look.figures import rows_from
from depthviz.charts.look.options import Look
from depthviz.charts.look.parts import panels
from depthviz.charts.look.side_by_side import same_probes, studies_in
from depthviz.charts.look.theme import inks_of
from depthviz.charts.reading import Read
from depthviz.ensembles.analysis.intervals import mean_of
from depthviz.study import Study

__all__ = ["UNDECIDED", "Mean", "mean_panels", "means_table"]

UNDECIDED = "undecided"
NUMBERS = ("value", "low", "high")


class Mean(NamedTuple):
    """One measure that is averaged.

    Attributes:
        measure: Its name.
        column: The column of its values.
        depth: The column of the depth that examples are sorted by.
        least: The smallest value there can be.
        most: The largest.
    """

    measure: str
    column: str
    depth: str
    least: float
    most: float


def means_table(part: Study, means: Sequence[Mean]) -> pd.DataFrame:
    """Average measures over the examples that settle at each probe.

    Args:
        part: The examples.
        means: What is averaged.

    Returns:
        A row for each measure and probe that has examples: `measure`, `probe`, the mean
        `value`, `low` and `high`, its interval of 95 % over examples, the number of
        `examples`, and `left_out`, how many of all have no depth.
    """
    frame, names = part.frame(), [*part.probes, UNDECIDED]
    rows = []
    for mean in means:
        depth = frame[mean.depth].to_numpy(float)
        values = frame[mean.column].to_numpy(float)
        has = np.isfinite(depth)
        place = np.clip(np.nan_to_num(depth), 0, len(part.probes)).astype(int)
        for code in np.unique(place[has]).tolist():
            own = values[has & (place == code)]
            found = mean_of(own, least=mean.least, most=mean.most)
            count, lost = int(np.isfinite(own).sum()), int((~has).sum())
            rows.append((mean.measure, names[code], *found, count, lost))
    listed = ["measure", "probe", *NUMBERS, "examples", "left_out"]
    return pd.DataFrame(rows, columns=listed).astype(dict.fromkeys(NUMBERS, float))


def mean_panels(
    studies: list[Read], table: pd.DataFrame, look: Look, *, columns: int
) -> tuple[Any, dict[str, pd.DataFrame]]:
    """Draw a panel a measure; of several studies a row a measure, on the same scales.

    Args:
        studies: What is drawn.
        table: Of `means_table`, in which `name_panels` named the panels.
        look: How.
        columns: How many stand side by side.

    Returns:
        The drawing, and its tables by their names.
    """
    probes = list(dict.fromkeys(name for one in studies for name in one.study.probes))
    if (table["probe"] == UNDECIDED).any():
        probes.append(UNDECIDED)
    shown = list(dict.fromkeys(table["shown"])) or [""]
    if not studies_in(table):
        drawn = panels(_layers(probes, look, "means"), look, shown, columns=columns)
        return drawn.resolve_scale(y="independent"), {"means": table}
    rows, tables = [], {"means": table}
    for measure, own in table.groupby("measure", sort=False):
        tables[str(measure)] = own
        names = list(dict.fromkeys(own["shown"]))
        row = panels(_layers(probes, look, str(measure)), look, names, columns=columns)
        apart = not same_probes(studies)
        rows.append(row.resolve_scale(x="independent") if apart else row)
    return alt.vconcat(*rows), tables


def _layers(probes: list[str], look: Look, rows: str) -> alt.LayerChart:
    inks = inks_of(look)
    base = alt.Chart().encode(probe_axis(probes, look))
    fine = alt.Axis(format=",~r", tickCount=5)
    scale = alt.Scale(zero=True)
    rule = base.mark_rule(strokeWidth=1 if look.on_paper else 2, color=inks.mark)
    bars = rule.encode(
        alt.Y("low:Q", title=None, scale=scale, axis=fine), alt.Y2("high:Q")
    )
    line = base.mark_line(color=inks.text).encode(alt.Y("value:Q", title=None))
    dots = base.mark_point(
        filled=True, opacity=1, color=inks.text, size=14 if look.on_paper else 40
    )
    return alt.LayerChart(
        layer=[
            bars,
            line,
            dots.encode(
                alt.Y("value:Q", title=None),
                tooltip=[
                    alt.Tooltip("probe:N"),
                    *(alt.Tooltip(f"{name}:Q", format=".3f") for name in NUMBERS),
                    alt.Tooltip("examples:Q", format=","),
                ],
            ),
        ],
        data=rows_from(rows),
        width=look.width,
        height=look.height,
    )
