"""How often the votes of each probe are right, and agree with the network."""

from __future__ import annotations

from typing import Any, Unpack

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from depthviz.charts.look.axes import probe_axis, share_axis
from depthviz.charts.look.ends import end_words, ends_of
from depthviz.charts.look.figures import finish, rows_from
from depthviz.charts.look.options import ChartOptions, Look, read_options
from depthviz.charts.look.palette import mark_of
from depthviz.charts.look.parts import of_kind, panels
from depthviz.charts.look.side_by_side import name_panels, same_probes, studies_in
from depthviz.charts.look.theme import inks_of
from depthviz.charts.reading import Sources, read_sources, some_examples, table_of_each
from depthviz.ensembles.analysis.intervals import interval
from depthviz.ensembles.analysis.vote_rates import OVER, probe_rates
from depthviz.study import Study

__all__ = ["probe_curves", "probe_curves_table"]

PRINTED = 130  # points of a plot, beside which lines have their names
SUSPECTED, OTHERS = "suspected label", "other labels"
MEASURES = ("accuracy", "agreement")
SHOWN = {
    "accuracy": "votes equal to the given label",
    "agreement": "votes equal to the prediction",
}


def probe_curves_table(study: Sources, *, examples: Any = None) -> pd.DataFrame:
    """Tell how often each probe's vote is right, and what the network predicts.

    Args:
        study: What `measure` or an ensemble's run returned, or an Explorer; or several
            of these by their names, as `{"one": study, "other": study}`.
        examples: Their ids, a mask, or rows of `study.frame()`; by default all.

    Returns:
        A row for each part, side, probe and measure: `part` ("suspected label" where
        the evidence is greater for another one, "other labels"), `over` ("trained on"
        or "held out"), `probe`, `measure` ("accuracy": the vote is the given label;
        "agreement": it is the prediction), its `value` in [0, 1], `low` and `high`, the
        interval of 95 % over examples, and the number of `examples`. What holds no
        example is left out.

    Raises:
        DataError: If examples are not those of the study.
        StudyError: If the study has no votes.
    """
    return table_of_each(_table, study, examples)


def probe_curves(
    study: Sources, *, examples: Any = None, **options: Unpack[ChartOptions]
) -> alt.FacetChart:
    """Draw accuracy and agreement of the votes by probe, trained on and held out.

    Args:
        study: As for `probe_curves_table`.
        examples: As for `probe_curves_table`.
        options: As for every chart, see `ChartOptions`.

    Returns:
        The chart, which a notebook draws and `save` writes.

    Raises:
        ArgumentError: If an option is out of range.
        DataError: As for `probe_curves_table`.
        StudyError: As for `probe_curves_table`.
    """
    table = probe_curves_table(study, examples=examples)
    table, shown = name_panels(table, "measure", shown=SHOWN)
    count = len(studies_in(table))
    columns = 1 if options.get("theme") == "print" else max(2, min(count, 4))
    wide = round(520 / columns)
    look = read_options(
        options, width=wide, height=round(wide * 0.85), print_width=PRINTED
    )
    both = pd.concat([table.assign(kind="line"), _ends(table, look)], ignore_index=True)
    found = read_sources(study, examples)
    probes = dict.fromkeys(name for one in found for name in one.study.probes)
    drawn = panels(_layers(list(probes), look), look, shown, columns=columns)
    if not same_probes(found):
        drawn = drawn.resolve_scale(x="independent")
    return finish(
        drawn,
        look,
        rows={"rates": both},
        title="Votes of the probes",
        description=_in_words(table),
        columns=columns,
    )


def _table(study: Study, *, examples: Any) -> pd.DataFrame:
    """The table of one study."""
    part = some_examples(study, examples)
    rates = probe_rates(part, _parts(part))
    rates = rates[rates["examples"] > 0]
    tables = []
    for measure in MEASURES:
        found = interval(rates[measure], rates[f"{measure}_se"])
        columns = rates[["part", "over", "probe", "examples"]].assign(
            measure=measure, value=found.value, low=found.low, high=found.high
        )
        tables.append(columns)
    names = ["part", "over", "probe", "measure", "value", "low", "high", "examples"]
    return pd.concat(tables, ignore_index=True)[names]


def _ends(table: pd.DataFrame, look: Look) -> pd.DataFrame:
    """The names of the lines, where each ends."""
    lone = table["part"].nunique() == 1
    names = table["over"] if lone else table["over"] + ", " + table["part"]
    named = table.assign(name=names)
    return ends_of(named, look, by=["part", "over"], value="value", text="name")


def _parts(study: Study) -> dict[str, NDArray[np.bool_]]:
    data = study.dataset
    if "suspicion" not in data:
        return {OTHERS: np.ones(len(study), bool)}
    suspected = data["suspicion"].values > 0
    return {OTHERS: ~suspected, SUSPECTED: suspected}


def _layers(probes: list[str], look: Look) -> alt.LayerChart:
    """Lines with their intervals, and their names at the ends."""
    inks = inks_of(look)
    wrong = mark_of("wrong", 0, look.ground).color
    scale = alt.Scale(domain=[OTHERS, SUSPECTED], range=[inks.text, wrong])
    dashes = alt.Scale(domain=list(OVER), range=[[4, 3], [1, 0]])
    share = share_axis("value")
    probe = probe_axis(probes, look)
    color = alt.Color("part:N", scale=scale, legend=None)
    of_lines = of_kind("line").encode(probe, color)
    side = alt.Detail("over:N")
    band = of_lines.mark_area(opacity=0.15).encode(
        alt.Y("low:Q", title=None), alt.Y2("high:Q"), side
    )
    line = of_lines.mark_line().encode(
        share, alt.StrokeDash("over:N", scale=dashes, legend=None)
    )
    dots = of_lines.mark_point(filled=True, size=12 if look.on_paper else 30).encode(
        share,
        side,
        opacity=alt.OpacityValue(1),
        tooltip=[
            *(alt.Tooltip(f"{name}:N") for name in ("probe", "part", "over")),
            *(
                alt.Tooltip(f"{name}:Q", format=".1%")
                for name in ("value", "low", "high")
            ),
            alt.Tooltip("examples:Q", format=","),
        ],
    )
    words = end_words(probe, color, look)
    return alt.LayerChart(
        layer=[band, line, dots, words],
        data=rows_from("rates"),
        width=look.width,
        height=look.height,
    )


def _in_words(table: pd.DataFrame) -> str:
    """What the chart shows, for those who do not see it."""
    said = []
    lines = table.groupby(["shown", "part", "over"], sort=False)
    for (panel, part, over), rows in lines:
        first, last = rows.iloc[0], rows.iloc[-1]
        said.append(
            f"{panel} of {part}, {over}: {first['value']:.0%} at {first['probe']}, "
            f"{last['value']:.0%} at {last['probe']}"
        )
    return f"Share of the votes by probe. {'; '.join(said)}."
