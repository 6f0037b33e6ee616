"""How alike the measures of difficulty rank the examples."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Unpack

import altair as alt
import numpy as np
import pandas as pd

from depthviz.charts.look.axes import name_axis
from depthviz.charts.look.figures import finish
from depthviz.charts.look.options import ChartOptions, Look
from depthviz.charts.look.parts import layered, left_out
from depthviz.charts.look.side_by_side import (
    beside,
    beside_look,
    name_panels,
    studies_in,
)
from depthviz.charts.look.theme import inks_of
from depthviz.charts.reading import Sources, some_examples, table_of_each
from depthviz.difficulty import MEASURES, first_in_words, is_falling
from depthviz.errors import ArgumentError, StudyError
from depthviz.study import Study

__all__ = ["rank_correlations", "rank_correlations_table"]

STRONG = 0.6  # above it words are of the color of the paper
PRINTED = 126  # points of a side, beside the names of the measures
LEAST = 3  # examples of a correlation
SAME = {"suspicion_rank"}  # as suspicion ranks
OPPOSED = "#b35806"  # told from the accent by color-blind people
MOST_WRITTEN = 14  # measures beside which there is room for numbers


def rank_correlations_table(
    study: Sources, *, examples: Any = None, measures: Iterable[str] | None = None
) -> pd.DataFrame:
    """Correlate the ranks that measures give the examples.

    The hardest come first in each, or the largest where a measure has no hard end.

    Args:
        study: What `measure` or an ensemble's run returned, or an Explorer; or several
            of these by their names, as `{"one": study, "other": study}`.
        examples: Their ids, a mask, or rows of `study.frame()`; by default all.
        measures: Names of columns, such as your own; by default all of
            `depthviz.difficulty.MEASURES` that the study has.

    Returns:
        A row for each pair of measures, both ways: `one`, `other`; `correlation`,
        Spearman's, in [-1, 1], positive where both find the same examples hard; NaN
        below three examples of which both are known, or where one is the same for all;
        and the number of those `examples`.

    Raises:
        ArgumentError: If a measure is unknown or holds no numbers.
        DataError: If examples are not those of the study.
        StudyError: If the study has fewer than two measures.
    """
    wanted = None if measures is None else list(measures)
    return table_of_each(_table, study, examples, measures=wanted)


def rank_correlations(
    study: Sources,
    *,
    examples: Any = None,
    measures: Iterable[str] | None = None,
    **options: Unpack[ChartOptions],
) -> alt.LayerChart | alt.FacetChart:
    """Draw how alike the measures of difficulty rank the examples.

    Args:
        study: As for `rank_correlations_table`.
        examples: As for `rank_correlations_table`.
        measures: As for `rank_correlations_table`.
        options: As for every chart, see `ChartOptions`.

    Returns:
        The chart, which a notebook draws and `save` writes.

    Raises:
        ArgumentError: As for `rank_correlations_table`, or if an option is out of
            range.
        DataError: As for `rank_correlations_table`.
        StudyError: As for `rank_correlations_table`.
    """
    table = rank_correlations_table(study, examples=examples, measures=measures)
    titles = [_title(name) for name in table["one"].unique()]
    if len(set(titles)) < len(titles):
        titles = table["one"].unique().tolist()
    shown = dict(zip(table["one"].unique(), titles, strict=True))
    table = table.assign(row=table["one"].map(shown), column=table["other"].map(shown))
    table, _ = name_panels(table)
    side = max(160, min(520, 36 * len(titles)))
    look, columns = beside_look(
        options,
        table,
        width=side,
        height=side,
        print_width=max(70, min(PRINTED, 10.5 * len(titles))),
    )
    several = bool(studies_in(table))
    table["words"] = table["correlation"].map(_written)
    empty = int(table["correlation"].isna().sum())
    cells = _cells(titles, look, written=not several and not look.on_paper)
    drawn: alt.LayerChart | alt.FacetChart = finish(
        beside(layered(look, *cells, rows="ranks"), table, look, columns=columns),
        look,
        rows={"ranks": table},
        title="How alike the measures rank the examples",
        notes=[
            _note(table["one"].unique().tolist()),
            left_out(empty, "pairs with too few examples, or all alike"),
        ],
        description=_in_words(table),
        columns=columns,
    )
    return drawn


def _note(names: list[str]) -> str:
    """Say which end comes first; some measures have no hard one."""
    ends = {first_in_words(name) for name in names}
    other = ", the largest of one that has none" if "largest" in ends else ""
    return f"Spearman's correlation, the hard end of each measure first{other}"


def _table(
    study: Study, *, examples: Any, measures: Iterable[str] | None
) -> pd.DataFrame:
    """The table of one study."""
    frame = some_examples(study, examples).frame()
    names = _names(frame, measures)
    values = frame[names].astype(float).replace([np.inf, -np.inf], np.nan)
    signs = [1 if is_falling(name) else -1 for name in names]
    ranks = (values * signs).corr(method="spearman", min_periods=LEAST)
    known = values.notna().astype(int)
    both = known.T @ known
    size = len(names)
    return pd.DataFrame(
        {
            "one": np.repeat(names, size),
            "other": names * size,
            "correlation": ranks.to_numpy().ravel(),
            "examples": both.to_numpy().ravel(),
        }
    )


def _names(frame: pd.DataFrame, measures: Iterable[str] | None) -> list[str]:
    numbers = [
        str(name)
        for name in frame.columns
        if pd.api.types.is_numeric_dtype(frame[name].dtype)
        and not pd.api.types.is_bool_dtype(frame[name].dtype)
    ]
    if measures is None:
        names = [name for name in MEASURES if name in numbers and name not in SAME]
    else:
        names = list(dict.fromkeys(measures))
        for name in names:
            if name not in numbers:
                listed = ", ".join(map(repr, numbers))
                raise ArgumentError(
                    f"Unknown measure {name!r}. Columns of numbers are: {listed}."
                )
    if len(names) < 2:
        raise StudyError(
            "Rank correlations need two measures of difficulty or more, and there is "
            f"{'only ' + repr(names[0]) if names else 'none'}. Measure the study with "
            "depthviz.measure or depthviz.Ensemble."
        )
    return names


def _written(value: float) -> str:
    """Write a correlation; what is next to nothing has no sign."""
    near = round(value, 1)
    return "0" if near == 0 else f"{near:+.1f}".replace("-", "\N{MINUS SIGN}")


def _title(name: str) -> str:
    return MEASURES[name].title if name in MEASURES else name


def _cells(titles: list[str], look: Look, *, written: bool) -> list[alt.Chart]:
    inks = inks_of(look)
    middle = inks.paper if look.ground == "light" else inks.line
    scheme = alt.Scale(
        domain=[-1, 0, 1],
        range=[OPPOSED, middle, inks.accent],
        interpolate="lab",
    )
    base = alt.Chart().encode(
        name_axis(alt.X, "column", titles, look=look, room=look.width),
        name_axis(alt.Y, "row", titles, look=look, room=look.height),
    )
    cells = base.mark_rect(stroke=inks.line, strokeWidth=0.5).encode(
        alt.Fill(
            "correlation:Q",
            scale=scheme,
            legend=alt.Legend(
                title=None,
                format="+.1f",
                tickCount=3 if look.on_paper else 5,
                orient="bottom" if look.on_paper else "right",
                gradientThickness=6 if look.on_paper else 12,
                gradientLength=look.height * 0.7,
            ),
        ),
        tooltip=[
            alt.Tooltip("row:N", title="one"),
            alt.Tooltip("column:N", title="other"),
            alt.Tooltip("correlation:Q", format="+.3f"),
            alt.Tooltip("examples:Q", format=","),
        ],
    )
    if not written or len(titles) > MOST_WRITTEN:
        return [cells]
    words = base.mark_text(fontSize=0.85 * look.font_size).encode(
        alt.Text("words:N"),
        color=alt.condition(
            f"abs(datum.correlation) > {STRONG}",
            alt.value(inks.paper),
            alt.value(inks.text),
        ),
        tooltip=alt.TooltipValue(None),
    )
    return [cells, words.transform_filter("isValid(datum.correlation)")]


def _in_words(table: pd.DataFrame) -> str:
    """What the chart shows, for those who do not see it."""
    said = []
    for name, rows in table.groupby("shown", sort=False):
        pairs = rows[(rows["one"] < rows["other"]) & rows["correlation"].notna()]
        if pairs.empty:
            said.append(f"{name} No pair of measures has enough examples".lstrip())
            continue
        ordered = pairs.sort_values("correlation")
        ends = [
            f"{row['one']} and {row['other']} {row['correlation']:+.2f}"
            for row in (ordered.iloc[-1], ordered.iloc[0])
        ]
        said.append(f"{name} Most alike: {ends[0]}; least: {ends[1]}".lstrip())
    return f"Rank correlation of each pair of measures. {'. '.join(said)}."
