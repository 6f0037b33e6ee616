"""What goes with depth, with intervals: accuracy and entropy, learning and margins.

In the paper examples that settle late are predicted worse, learned late, and have small
margins. What training tells stands against the depth over the same networks: those that
trained on an example, or those that held it out.
"""

from __future__ import annotations

from typing import Any, Literal, Unpack

import altair as alt
import numpy as np
import pandas as pd

from depthviz.charts.look.figures import finish
from depthviz.charts.look.means import Mean, mean_panels, means_table
from depthviz.charts.look.options import ChartOptions
from depthviz.charts.look.parts import by_probe_in_words, facet_look, left_out
from depthviz.charts.look.side_by_side import name_panels, studies_in
from depthviz.charts.reading import (
    Sources,
    need,
    read_sources,
    some_examples,
    table_of_each,
)
from depthviz.checks import one_of
from depthviz.errors import StudyError
from depthviz.study import Study

__all__ = [
    "accuracy_by_depth",
    "accuracy_by_depth_table",
    "learning_by_depth",
    "learning_by_depth_table",
]

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
TRAINED, HELD_OUT = ("train_depth", "depth"), ("validation_depth", "depth")
# The depths that a measure stands against, the first that a study has; its least value.
LEARNING = {
    "iteration_learned": (TRAINED, 0.0),
    "aum": (TRAINED, -np.inf),
    "output_margin": (HELD_OUT, 0.0),
    "input_margin": (HELD_OUT, 0.0),
}
CALLED = {
    "iteration_learned": "iteration learned",
    "aum": "area under the margin",
    "output_margin": "output margin",
    "input_margin": "input margin",
}


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
    found = read_sources(study, examples)
    drawn, tables = mean_panels(found, table, look, columns=columns)
    lost = int(table.groupby("shown")["left_out"].first().max()) if len(table) else 0
    chart: alt.FacetChart | alt.VConcatChart = finish(
        drawn,
        look,
        rows=tables,
        title="What goes with depth",
        notes=[
            "Mean over the examples that settle at a probe",
            left_out(lost, "they have no depth"),
        ],
        description=_in_words(table, ".2f"),
        columns=columns,
    )
    return chart


def learning_by_depth_table(study: Sources, *, examples: Any = None) -> pd.DataFrame:
    """Average when examples are learned, and their margins, by depth.

    Args:
        study: What `measure` or an ensemble's run returned, or an Explorer; or several
            of these by their names, as `{"one": study, "other": study}`. Columns of a
            training record are added by `study.assign`.
        examples: Their ids, a mask, or rows of `study.frame()`; by default all.

    Returns:
        A row for each measure and probe: `measure` ("iteration_learned", "aum",
        "output_margin" or "input_margin", those that the study has), `probe`
        ("undecided" where even the last disagrees), the mean `value`, `low` and `high`,
        its interval of 95 % over examples, the number of `examples`, and `left_out`,
        how many of all have no depth. Of many networks the first two go by
        `train_depth`, the margins by `validation_depth`: the same networks tell both.

    Raises:
        DataError: If examples are not those of the study.
        StudyError: If the study lacks depths, or all of the measures.
    """
    return table_of_each(_learning, study, examples)


def learning_by_depth(
    study: Sources, *, examples: Any = None, **options: Unpack[ChartOptions]
) -> alt.FacetChart | alt.VConcatChart:
    """Draw iteration learned and margins against depth, a panel each.

    A bar is the interval of 95 % of the mean over the examples that settle there.

    Args:
        study: As for `learning_by_depth_table`.
        examples: As for `learning_by_depth_table`.
        options: As for every chart, see `ChartOptions`.

    Returns:
        The chart, which a notebook draws and `save` writes.

    Raises:
        ArgumentError: If an option is out of range.
        DataError: As for `learning_by_depth_table`.
        StudyError: As for `learning_by_depth_table`.
    """
    table = learning_by_depth_table(study, examples=examples)
    table, shown = name_panels(table, "measure", shown=CALLED)
    count = len(studies_in(table))
    across = 2 if options.get("theme") == "print" and len(shown) > 1 else 0
    look, columns = facet_look(
        options,
        max(1, len(shown)),
        width=400,
        height=280,
        columns=count or across,
        print_width=170,
    )
    drawn, tables = mean_panels(
        read_sources(study, examples), table, look, columns=columns
    )
    lost = int(table.groupby("shown")["left_out"].first().max()) if len(table) else 0
    chart: alt.FacetChart | alt.VConcatChart = finish(
        drawn,
        look,
        rows=tables,
        title="Learning and margins by depth",
        notes=[
            "Mean over the examples that settle at a probe",
            left_out(lost, "they have no depth"),
        ],
        description=_in_words(table, ".3g"),
        columns=columns,
    )
    return chart


def _table(study: Study, *, examples: Any, depth: Depth | None) -> pd.DataFrame:
    """The table of one study."""
    part = some_examples(study, examples)
    frame = part.frame()
    need(study, "Accuracy by depth", "depth", how="Measure it with depthviz.measure.")
    known = tuple(name for name in DEPTHS if name in frame)
    side = known[0] if depth is None else one_of("depth", depth, known)
    means = [
        Mean(measure, column, side, 0.0, np.inf if measure == "entropy" else 1.0)
        for measure, columns in MEASURES.items()
        for column in [name for name in columns if name in frame][:1]
    ]
    if not means:
        raise StudyError(
            "Accuracy by depth needs labels and predictions, which this study lacks. "
            "Measure it with depthviz.measure."
        )
    return means_table(part, means)


def _learning(study: Study, *, examples: Any) -> pd.DataFrame:
    """The table of one study."""
    need(study, "Learning by depth", "depth", how="Measure it with depthviz.measure.")
    part = some_examples(study, examples)
    frame = part.frame()
    means = [
        Mean(
            measure,
            measure,
            next(name for name in depths if name in frame),
            least,
            np.inf,
        )
        for measure, (depths, least) in LEARNING.items()
        if measure in frame and np.isfinite(frame[measure].to_numpy(float)).any()
    ]
    if not means:
        raise StudyError(
            "Learning by depth needs iteration_learned, aum or a margin, which this "
            "study lacks. Run depthviz.Ensemble, or add the columns of a "
            "depthviz.Recorder with study.assign."
        )
    return means_table(part, means)


def _in_words(table: pd.DataFrame, form: str) -> str:
    """What the chart shows, for those who do not see it."""
    said = by_probe_in_words(table, "shown", "value", form)
    return f"Means over the examples that settle at each probe. {said}."
