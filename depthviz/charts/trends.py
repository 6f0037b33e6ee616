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
from depthviz.charts.look.theme import inks_of
from depthviz.charts.reading import need, some_examples
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
LISTED = ("value", "low", "high")


def accuracy_by_depth_table(
    study: Study, *, examples: Any = None, depth: Depth | None = None
) -> pd.DataFrame:
    """Average what is known of the examples that settle at each probe.

    Args:
        study: What `measure` or an ensemble's run returned.
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


def accuracy_by_depth(
    study: Study,
    *,
    examples: Any = None,
    depth: Depth | None = None,
    **options: Unpack[ChartOptions],
) -> alt.FacetChart:
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
    table = table.assign(shown=table["measure"].map(SHOWN))
    shown = table["shown"].unique().tolist() or [SHOWN["accuracy"]]
    look, columns = facet_look(options, len(shown), width=400, height=320)
    drawn = panels(_layers(study, table, look), look, shown, columns=columns)
    lost = int(table["left_out"].iloc[0]) if len(table) else len(study)
    found: alt.FacetChart = drawn.resolve_scale(y="independent")
    return finish(
        found,
        look,
        rows={"means": table},
        title="What goes with depth",
        notes=[
            "Mean over the examples that settle at a probe",
            left_out(lost, "they have no depth"),
        ],
        description=_in_words(table),
        columns=columns,
    )


def _layers(study: Study, table: pd.DataFrame, look: Look) -> alt.LayerChart:
    inks = inks_of(look)
    names = list(study.probes)
    if (table["probe"] == UNDECIDED).any():
        names.append(UNDECIDED)
    base = alt.Chart().encode(probe_axis(names, look))
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
        data=rows_from("means"),
        width=look.width,
        height=look.height,
    )


def _in_words(table: pd.DataFrame) -> str:
    """What the chart shows, for those who do not see it."""
    said = by_probe_in_words(table, "measure", "value", ".2f")
    return f"Means over the examples that settle at each probe. {said}."
