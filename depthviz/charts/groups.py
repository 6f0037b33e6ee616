"""How often the vote of each probe is right in each group of examples."""

from __future__ import annotations

from typing import Any, Unpack

import altair as alt
import pandas as pd

from depthviz.charts.look.axes import probe_axis, share_axis
from depthviz.charts.look.ends import end_words, ends_of
from depthviz.charts.look.figures import finish
from depthviz.charts.look.options import ChartOptions, Look
from depthviz.charts.look.palette import mark_of
from depthviz.charts.look.parts import (
    by_probe_in_words,
    layered,
    of_kind,
)
from depthviz.charts.look.side_by_side import (
    beside,
    beside_look,
    name_panels,
    same_probes,
)
from depthviz.charts.look.theme import inks_of
from depthviz.charts.reading import Sources, read_sources, some_examples, table_of_each
from depthviz.ensembles import accuracy_by_group
from depthviz.ensembles.analysis.counts import By, Over
from depthviz.ensembles.analysis.group_accuracy import EVERYTHING
from depthviz.ensembles.analysis.intervals import interval
from depthviz.ensembles.analysis.truth import Truth
from depthviz.study import Study

__all__ = ["group_accuracy", "group_accuracy_table"]

VOTES = "votes equal to the label"
PRINTED = 118  # points of a plot, beside which groups have their names
SAID = {"held_out": "held out", "trained_on": "trained on"}


def group_accuracy_table(
    study: Sources,
    *,
    examples: Any = None,
    over: Over = "held_out",
    by: By = "group",
    truth: Truth | None = None,
) -> pd.DataFrame:
    """Tell how often each probe's vote is right in each group, with intervals.

    Args:
        study: What an ensemble's run returned, or an Explorer; or several of these by
            their names, as `{"one": study, "other": study}`.
        examples: Their ids, a mask, or rows of `study.frame()`; by default all.
        over: Pairs of members and examples they held out, or trained on.
        by: The groups of both depths; or low, intermediate and high validation depth.
        truth: Right classes, as `depthviz.accuracy_by_group` takes them.

    Returns:
        The rows of `depthviz.accuracy_by_group`, with `low` and `high`, the interval of
        95 % of the accuracy; groups without examples are left out.

    Raises:
        ArgumentError: If over or by has another value.
        DataError: If examples are not those of the study.
        LabelError: If truth holds something other than classes.
        ShapeError: If truth does not cover the examples.
        StudyError: If the study is no ensemble's.
    """
    return table_of_each(_table, study, examples, over=over, by=by, truth=truth)


def group_accuracy(
    study: Sources,
    *,
    examples: Any = None,
    over: Over = "held_out",
    by: By = "group",
    truth: Truth | None = None,
    **options: Unpack[ChartOptions],
) -> alt.LayerChart | alt.FacetChart:
    """Draw how often each probe's vote, and the network, is right in each group.

    Args:
        study: As for `group_accuracy_table`.
        examples: As for `group_accuracy_table`.
        over: As for `group_accuracy_table`.
        by: As for `group_accuracy_table`.
        truth: As for `group_accuracy_table`.
        options: As for every chart, see `ChartOptions`.

    Returns:
        The chart, which a notebook draws and `save` writes.

    Raises:
        ArgumentError: As for `group_accuracy_table`, or if an option is out of range.
        DataError: As for `group_accuracy_table`.
        LabelError: As for `group_accuracy_table`.
        ShapeError: As for `group_accuracy_table`.
        StudyError: As for `group_accuracy_table`.
    """
    table = group_accuracy_table(
        study, examples=examples, over=over, by=by, truth=truth
    )
    table, _ = name_panels(table)
    look, columns = beside_look(
        options, table, width=420, height=280, print_width=PRINTED
    )
    ends = ends_of(table, look, by=["group"], value="accuracy", text="group")
    apart = not same_probes(read_sources(study, examples))
    drawn: alt.LayerChart | alt.FacetChart = finish(
        beside(_layers(table, look), table, look, columns=columns, apart=apart),
        look,
        rows={"rates": pd.concat([table.assign(kind="line"), ends])},
        title=f"Accuracy of the probes by group, {SAID[over]}",
        description=_in_words(table),
        columns=columns,
    )
    return drawn


def _table(
    study: Study, *, examples: Any, over: Over, by: By, truth: Truth | None
) -> pd.DataFrame:
    """The table of one study."""
    part = some_examples(study, examples)
    table = accuracy_by_group(part, over=over, by=by, truth=truth)
    found = interval(table["accuracy"], table["accuracy_se"])
    table = table.assign(low=found.low, high=found.high)
    return table[table["examples"] > 0].reset_index(drop=True)


def _channels(groups: list[str], look: Look) -> tuple[alt.Color, alt.Shape]:
    """The color and the shape of each group, those that it has everywhere."""
    own = [name for name in groups if name != EVERYTHING]
    marks = {name: mark_of(name, at, look.ground) for at, name in enumerate(own)}
    colors = {name: mark.color for name, mark in marks.items()}
    shapes = {name: mark.shape for name, mark in marks.items()}
    colors[EVERYTHING], shapes[EVERYTHING] = inks_of(look).text, "circle"

    def scale(of: dict[str, str]) -> alt.Scale:
        return alt.Scale(domain=groups, range=[of[name] for name in groups])

    return (
        alt.Color("group:N", scale=scale(colors), legend=None),
        alt.Shape("group:N", scale=scale(shapes), legend=None),
    )


def _layers(table: pd.DataFrame, look: Look) -> alt.LayerChart:
    color, shape = _channels(table["group"].unique().tolist(), look)
    probe = probe_axis(table["probe"].unique().tolist(), look)
    share = share_axis("accuracy", title=VOTES)
    base = of_kind("line").encode(probe, color)
    band = base.mark_area(opacity=0.12).encode(
        alt.Y("low:Q", title=VOTES), alt.Y2("high:Q")
    )
    line = base.mark_line().encode(share)
    dots = base.mark_point(
        filled=True, stroke=None, opacity=1, size=18 if look.on_paper else 45
    ).encode(
        share,
        shape,
        tooltip=[
            alt.Tooltip("group:N"),
            alt.Tooltip("probe:N"),
            alt.Tooltip("accuracy:Q", format=".1%"),
            alt.Tooltip("low:Q", format=".1%"),
            alt.Tooltip("high:Q", format=".1%"),
            alt.Tooltip("examples:Q", format=","),
        ],
    )
    named = end_words(probe, color, look, title=VOTES)
    return layered(look, band, line, dots, named, rows="rates")


def _in_words(table: pd.DataFrame) -> str:
    """What the chart shows, for those who do not see it."""
    called = table["group"].where(
        table["shown"] == "", table["shown"] + ", " + table["group"]
    )
    said = by_probe_in_words(table.assign(called=called), "called", "accuracy", ".0%")
    return f"Share of votes equal to the label. {said}."
