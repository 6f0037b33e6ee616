"""How many of the most suspicious labels are wrong, by how many are looked at."""

from __future__ import annotations

from typing import Unpack

import altair as alt
import numpy as np
import pandas as pd

from depthviz.charts.look.axes import share_axis
from depthviz.charts.look.figures import finish, rows_from
from depthviz.charts.look.options import ChartOptions, Look, read_options
from depthviz.charts.look.parts import layered
from depthviz.charts.look.theme import inks_of
from depthviz.charts.reading import Source, read_source
from depthviz.checks import whole_number
from depthviz.relabeling import relabel

__all__ = ["suspect_precision", "suspect_precision_table"]

PLACES = 40  # numbers of examples that are drawn


def suspect_precision_table(
    study: Source, *, most: int | None = None, seed: int = 0
) -> pd.DataFrame:
    """Estimate how many of the first n suspects are wrong, for several n.

    Args:
        study: A study of an ensemble in which labels were planted, which alone tells,
            or an Explorer of it: it is about all examples, whatever is shown.
        most: The largest n; by default twice the number of suspected labels.
        seed: Decides the resamples of the intervals.

    Returns:
        A row for each n: `examples`, the n most suspicious; `share`, how many of them
        are expected to be wrong, in [0, 1]; `low` and `high`, its interval of 95 %; and
        `suspected`, whether the last of them is more suspicious than not.

    Raises:
        ArgumentError: If most is no whole number from 1 on.
        StudyError: If nobody planted labels, or too few; if the study has no suspicion.
    """
    study, _ = read_source(study)
    found = relabel(study, seed=seed)
    known = len(found.ranking.order)
    last = 2 * len(found) if most is None else whole_number("most", most, least=1)
    last = max(1, min(last, known))
    numbers = np.unique(np.linspace(1, last, min(last, PLACES)).round().astype(int))
    first = max(1, last // 40)  # of fewer than that nothing can be told apart
    rows = [found.precision(int(number)) for number in numbers if number >= first]
    table = pd.DataFrame(rows, columns=["examples", "share", "low", "high"])
    return table.assign(suspected=table["examples"] <= len(found))


def suspect_precision(
    study: Source,
    *,
    most: int | None = None,
    seed: int = 0,
    **options: Unpack[ChartOptions],
) -> alt.LayerChart:
    """Draw how many of the first n suspects are wrong, with the interval of 95 %.

    Args:
        study: As for `suspect_precision_table`.
        most: As for `suspect_precision_table`.
        seed: As for `suspect_precision_table`.
        options: As for every chart, see `ChartOptions`.

    Returns:
        The chart, which a notebook draws and `save` writes.

    Raises:
        ArgumentError: As for `suspect_precision_table`, or if an option is out of
            range.
        StudyError: As for `suspect_precision_table`.
    """
    study, _ = read_source(study)
    look = read_options(options, width=420, height=240)
    table = suspect_precision_table(study, most=most, seed=seed)
    proposed = (
        int(table["examples"][table["suspected"]].max())
        if (table["suspected"].any())
        else 0
    )
    end = pd.DataFrame({"examples": [proposed], "words": ["all suspected labels"]})
    return finish(
        layered(look, *_layers(look)),
        look,
        rows={"precision": table, "suspected": end[end["examples"] > 0]},
        title="Wrong labels among the first suspects",
        notes=["Calibrated by planted labels; the band holds 95 %"],
        description=_in_words(table),
    )


def _layers(look: Look) -> list[alt.Chart]:
    inks = inks_of(look)
    number = alt.X(
        "examples:Q",
        title="examples looked at, the most suspicious first",
        scale=alt.Scale(zero=True, nice=False),
        axis=alt.Axis(format=",d", tickCount=6),
    )
    share = share_axis("share", title="share that is wrong")
    base = alt.Chart(rows_from("precision")).encode(number)
    band = base.mark_area(opacity=0.16, color=inks.mark).encode(
        alt.Y("low:Q", title="share that is wrong"), alt.Y2("high:Q")
    )
    dots = {"size": 0 if look.on_paper else 14, "color": inks.text}
    line = base.mark_line(color=inks.text, point=dots)
    tips = [
        alt.Tooltip("examples:Q", format=","),
        *(alt.Tooltip(f"{name}:Q", format=".0%") for name in ("share", "low", "high")),
    ]
    mark = alt.Chart(rows_from("suspected")).encode(number)
    rule = mark.mark_rule(strokeDash=[3, 3], strokeWidth=0.5 if look.on_paper else 1)
    words = mark.mark_text(
        align="left", baseline="bottom", dx=4, dy=-3, color=inks.faint, y="height"
    )
    return [
        band,
        line.encode(share, tooltip=tips),
        rule,
        words.encode(alt.Text("words:N")),
    ]


def _in_words(table: pd.DataFrame) -> str:
    """What the chart shows, for those who do not see it."""
    chosen = table.iloc[np.unique([0, len(table) // 2, len(table) - 1])]
    said = [
        f"of the first {row.examples:,} about {row.share:.0%} ({row.low:.0%} to "
        f"{row.high:.0%})"
        for row in chosen.itertuples()
    ]
    return f"Expected share of wrong labels: {'; '.join(said)}."
