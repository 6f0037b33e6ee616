"""What goes with depth: accuracy, consistency and entropy, with their intervals."""

from __future__ import annotations

from typing import Any, Literal, Unpack

import altair as alt
import numpy as np
import pandas as pd

from depthviz.charts.look.axes import probe_axis
from depthviz.charts.look.figures import finish, rows_from
from depthviz.charts.look.options import ChartOptions, Look
from depthviz.charts.look.parts import by_probe_in_words, facet_look, left_out, panels
from depthviz.charts.look.side_by_side import name_panels, same_probes, studies_in
from depthviz.charts.look.theme import inks_of
from depthviz.charts.reading import (
    Read,
    Sources,
    need,
    read_sources,
    some_examples,
    table_of_each,
)
from depthviz.checks import one_of
from depthviz.ensembles.analysis.intervals import mean_of
from depthviz.errors import StudyError
from depthviz.study import Study

__all__ = ["accuracy_by_depth", "accuracy_by_depth_table"]

Depth = Literal["validation_depth", "train_depth", "train_label_depth", "depth"]
DEPTHS = ("validation_depth", "train_depth", "train_label_depth", "depth")
# Columns by measure, the first that a study has.
MEASURES = {
    "accuracy": ("c_score", "correct"),
    "consistency": ("consistency",),
    "entropy": ("entropy",),
}
SHOWN = {
    "accuracy": "accuracy",
    "consistency": "consistency",
    "entropy": "entropy in nats",
}
UNDECIDED = "undecided"
LOST = "they have no depth"
LISTED = ("value", "low", "high")


def accuracy_by_depth_table(
    study: Sources, *, examples: Any = None, depth: Depth | None = None
) -> pd.DataFrame:
    """Average what is known of the examples that settle at each probe.

    Args:
        study: What `measure` or an ensemble's run returned, or an Explorer; or several
            of these by their names, as `{"one": study, "other": study}`.
        examples: Their ids, a mask, or rows of `study.frame()`; by default all.
        depth: The depth that they are sorted by, a column of `study.frame()`; by
            default `validation_depth` of many networks, `depth` of one.

    Returns:
        A row for each measure and probe: `measure` ("accuracy": the C-score, of one
        network the share that it predicts right; "consistency" and "entropy" of many),
        `probe` ("undecided" where even the last disagrees), the mean `value`, `low` and
        `high`, its interval of 95 % over examples, the number of `examples`, and
        `left_out`, how many of all have no depth. Probes without examples are left out.

    Raises:
        ArgumentError: If depth is unknown.
        DataError: If examples are not those of the study.
        StudyError: If the study lacks depths, or all of the measures.
    """
    return table_of_each(_table, study, examples, depth=depth)


def accuracy_by_depth(
    study: Sources,
    *,
    examples: Any = None,
    depth: Depth | None = None,
    **options: Unpack[ChartOptions],
) -> alt.FacetChart | alt.VConcatChart:
    """Draw accuracy, consistency and entropy against depth, a panel each.

    A bar is the interval of 95 % of the mean over the examples that settle there.

    Args:
        study: As for `accuracy_by_depth_table`.
        examples: As for `accuracy_by_depth_table`.
        depth: As for `accuracy_by_depth_table`.
        options: As for every chart, see `ChartOptions`.

    Returns:
        The chart, which a notebook draws and `save` writes.

    Raises:
        ArgumentError: As for `accuracy_by_depth_table`, or if an option is out of
            range.
        DataError: As for `accuracy_by_depth_table`.
        StudyError: As for `accuracy_by_depth_table`.
    """
    table = accuracy_by_depth_table(study, examples=examples, depth=depth)
    table, shown = name_panels(table, "measure", shown=SHOWN)
    count = len(studies_in(table))
    look, columns = facet_look(
        options,
        max(1, len(shown)),
        width=400,
        height=320,
        columns=count,
        print_width=177,
    )
    found, each = read_sources(study, examples), table.groupby("measure")
    drawn = _panels(found, table, look, columns)
    lost = int(table.groupby("shown")["left_out"].first().max()) if len(table) else 0
    chart: alt.FacetChart | alt.VConcatChart = finish(
        drawn,
        look,
        rows={
            "means": table,
            **({str(name): own for name, own in each} if count else {}),
        },
        title="What goes with depth",
        notes=[
            "Mean over the examples that settle at a probe",
            left_out(lost or (0 if len(table) else len(found[0].study)), LOST),
        ],
        description=_in_words(table),
        columns=columns,
    )
    return chart


def _panels(studies: list[Read], table: pd.DataFrame, look: Look, columns: int) -> Any:
    """A panel a measure; of several studies a row a measure, on the same scales."""
    probes = list(dict.fromkeys(name for one in studies for name in one.study.probes))
    if (table["probe"] == UNDECIDED).any():
        probes.append(UNDECIDED)
    shown = list(dict.fromkeys(table["shown"])) or [SHOWN["accuracy"]]
    if not studies_in(table):
        drawn = panels(_layers(probes, look, "means"), look, shown, columns=columns)
        return drawn.resolve_scale(y="independent")
    rows = []
    for measure, own in table.groupby("measure", sort=False):
        names = list(dict.fromkeys(own["shown"]))
        row = panels(_layers(probes, look, str(measure)), look, names, columns=columns)
        apart = not same_probes(studies)
        rows.append(row.resolve_scale(x="independent") if apart else row)
    return alt.vconcat(*rows)


def _table(study: Study, *, examples: Any, depth: Depth | None) -> pd.DataFrame:
    """The table of one study."""
    frame = some_examples(study, examples).frame()
    need(study, "Accuracy by depth", "depth", how="Measure it with depthviz.measure.")
    known = tuple(name for name in DEPTHS if name in frame)
    side = known[0] if depth is None else one_of("depth", depth, known)
    values = frame[side].to_numpy(float)
    has = np.isfinite(values)
    last = len(study.probes)
    place = np.where(has, np.clip(np.nan_to_num(values), 0, last), -1).astype(int)
    names = [*study.probes, UNDECIDED]
    rows = []
    for measure, columns in MEASURES.items():
        column = next((name for name in columns if name in frame), None)
        if column is None:
            continue
        most = np.inf if measure == "entropy" else 1.0
        for code in np.unique(place[has]).tolist():
            own = frame[column].to_numpy(float)[place == code]
            found = mean_of(own, most=most)
            count = int(np.isfinite(own).sum())
            rows.append((measure, names[code], *found, count, int((~has).sum())))
    if not rows and has.any():
        raise StudyError(
            "Accuracy by depth needs labels and predictions, which this study lacks. "
            "Measure it with depthviz.measure."
        )
    listed = ["measure", "probe", "value", "low", "high", "examples", "left_out"]
    numbers = dict.fromkeys(LISTED, float)
    return pd.DataFrame(rows, columns=listed).astype(numbers)


def _layers(probes: list[str], look: Look, rows: str) -> alt.LayerChart:
    inks = inks_of(look)
    base = alt.Chart().encode(probe_axis(probes, look))
    fine = alt.Axis(format="~g", tickCount=5)
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
                    *(alt.Tooltip(f"{name}:Q", format=".3f") for name in LISTED),
                    alt.Tooltip("examples:Q", format=","),
                ],
            ),
        ],
        data=rows_from(rows),
        width=look.width,
        height=look.height,
    )


def _in_words(table: pd.DataFrame) -> str:
    """What the chart shows, for those who do not see it."""
    said = by_probe_in_words(table, "shown", "value", ".2f")
    return f"Means over the examples that settle at each probe. {said}."
