"""Where in the network columns of a study can be read, beside each other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Unpack

import altair as alt
import pandas as pd

from depthviz.charts.look.axes import probe_axis, share_axis
from depthviz.charts.look.ends import end_words, ends_of
from depthviz.charts.look.figures import finish, rows_from
from depthviz.charts.look.options import ChartOptions, Look, read_options
from depthviz.charts.look.parts import left_out, of_kind, panels
from depthviz.charts.look.side_by_side import name_panels
from depthviz.charts.look.theme import inks_of
from depthviz.charts.reading import Source, of_member, read_source, some_examples
from depthviz.errors import StudyError
from depthviz.study import Study
from depthviz.study import decodability as count_decodable
from depthviz.study.decoding.classes import classes_of
from depthviz.study.decoding.votes import check_voters

__all__ = ["decodability", "decodability_table"]

PRINTED = 130  # points of a plot, beside which lines have their names
OVER = ("trained on", "held out")
MOST_VALUES, MOST_COLUMNS = 20, 4
CHANCE = "commonest value"


def decodability_table(
    study: Source,
    *,
    columns: Sequence[str] | None = None,
    examples: Any = None,
    bins: int | None = None,
) -> pd.DataFrame:
    """Tell at which probes columns can be read off the neighbors.

    Decodable is not used by the network, see `depthviz.decodability`.

    Args:
        study: What `measure` or an ensemble's run returned, or an Explorer; of an
            ensemble, its shown member.
        columns: Names of columns of `study.frame()`; by default the label, and up to
            three columns that were added to the study and have up to 20 values.
        examples: Which are counted: ids, a mask, or rows of `study.frame()`; by default
            all. Their neighbors are those in the whole study.
        bins: Into how many parts numbers go, which are no classes otherwise.

    Returns:
        A row for each column, side and probe, as `depthviz.decodability` returns it.

    Raises:
        ArgumentError: If there is no such column; lists those that there are.
        DataError: If examples are not those of the study.
        StudyError: If a column holds no classes, or the study lacks neighbors.
    """
    study, examples = read_source(study, examples)
    some_examples(study, examples)
    names = _usual(study) if columns is None else columns
    return count_decodable(study, names, examples=examples, bins=bins)


def decodability(
    study: Source,
    *,
    columns: Sequence[str] | None = None,
    examples: Any = None,
    bins: int | None = None,
    **options: Unpack[ChartOptions],
) -> alt.FacetChart:
    """Draw at which probes columns can be read off the neighbors, a panel each.

    Bands are 95 % intervals; the thin line is the share of the commonest value.

    Args:
        study: As for `decodability_table`.
        columns: As for `decodability_table`.
        examples: As for `decodability_table`.
        bins: As for `decodability_table`.
        options: As for every chart, see `ChartOptions`.

    Returns:
        The chart, which a notebook draws and `save` writes.

    Raises:
        ArgumentError: As for `decodability_table`, or if an option is out of range.
        DataError: As for `decodability_table`.
        StudyError: As for `decodability_table`.
    """
    table = decodability_table(study, columns=columns, examples=examples, bins=bins)
    table, shown = name_panels(table, "column")
    across = 1 if options.get("theme") == "print" else max(1, min(len(shown), 3))
    wide = {1: 420, 2: 260}.get(across, 175)
    look = read_options(options, width=wide, height=240, print_width=PRINTED)
    own, _ = read_source(study, examples)
    lines = table.assign(kind="line", name=table["over"])
    ends = ends_of(lines, look, by=["over"], value="accuracy", text="name")
    missing = int(table.groupby(["column", "over"])["missing"].max().sum())
    return finish(
        panels(_layers(list(own.probes), look), look, shown, columns=across),
        look,
        rows={"rates": pd.concat([lines, ends], ignore_index=True)},
        title="What can be read off the neighbors",
        notes=[
            f"Share of right votes; thin: of the {CHANCE}",
            "Decodable is not used by the network",
            of_member(own).capitalize(),
            left_out(missing, "they have no value, or no neighbor with one"),
        ],
        description=_in_words(table),
        columns=across,
    )


def _usual(study: Study) -> list[str]:
    """The label, and columns of the user's that have few values."""
    names = ["label"]
    for name, column in study.dataset.data_vars.items():
        added = column.dims == ("example",) and column.attrs.get("origin") == "user"
        if added and _is_class(study, str(name)):
            names.append(str(name))
    return names[:MOST_COLUMNS]


def _is_class(study: Study, name: str) -> bool:
    """Whether neighbors can vote for a column, and it has few values."""
    try:
        found = classes_of(study, name)
        check_voters(study, name, found)
    except StudyError:
        return False
    return len(found.values) <= MOST_VALUES


def _layers(probes: list[str], look: Look) -> alt.LayerChart:
    """Lines with their intervals, chance, and their names at the ends."""
    inks = inks_of(look)
    probe, share = probe_axis(probes, look), share_axis("accuracy")
    dashes = alt.Scale(domain=list(OVER), range=[[4, 3], [1, 0]])
    dash = alt.StrokeDash("over:N", scale=dashes, legend=None)
    ink = alt.Scale(domain=list(OVER), range=[inks.text, inks.text])
    color = alt.Color("over:N", scale=ink, legend=None)
    of_lines = of_kind("line").encode(probe)
    side = alt.Detail("over:N")
    band = of_lines.mark_area(opacity=0.15, color=inks.text).encode(
        alt.Y("low:Q", title=None), alt.Y2("high:Q"), side
    )
    thin = 0.5 if look.on_paper else 1
    chance = of_lines.mark_line(strokeWidth=thin, color=inks.mark).encode(
        share_axis("chance"), dash
    )
    line = of_lines.mark_line().encode(share, dash, color)
    dots = of_lines.mark_point(filled=True, size=12 if look.on_paper else 30).encode(
        share,
        side,
        color,
        opacity=alt.OpacityValue(1),
        tooltip=[
            *(alt.Tooltip(f"{name}:N") for name in ("probe", "column", "over")),
            *(
                alt.Tooltip(f"{name}:Q", format=".1%")
                for name in ("accuracy", "low", "high", "chance", "balanced_accuracy")
            ),
            *(alt.Tooltip(f"{name}:Q", format=",") for name in ("examples", "missing")),
        ],
    )
    return alt.LayerChart(
        layer=[band, chance, line, dots, end_words(probe, color, look)],
        data=rows_from("rates"),
        width=look.width,
        height=look.height,
    )


def _in_words(table: pd.DataFrame) -> str:
    """What the chart shows, for those who do not see it."""
    said = []
    for (column, over), rows in table.groupby(["column", "over"], sort=False):
        first, last = rows.iloc[0], rows.iloc[-1]
        best = rows.iloc[int(rows["accuracy"].argmax())]
        said.append(
            f"{column}, {over}: {first['accuracy']:.0%} at {first['probe']}, most at "
            f"{best['probe']} with {best['accuracy']:.0%}, {last['accuracy']:.0%} at "
            f"{last['probe']}; its {CHANCE} has {first['chance']:.0%}"
        )
    return f"Share of votes equal to the value, by probe. {'. '.join(said)}."
