"""The accuracy of the probes in the course of a training: early layers settle first."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Unpack

import altair as alt
import numpy as np
import pandas as pd

from depthviz.charts.look.axes import share_axis
from depthviz.charts.look.ends import end_words, ends_of
from depthviz.charts.look.figures import finish
from depthviz.charts.look.options import ChartOptions, Look
from depthviz.charts.look.parts import layered, of_kind
from depthviz.charts.look.side_by_side import beside, beside_look
from depthviz.charts.look.theme import inks_of
from depthviz.charts.reading import Sources, of_member, read_sources, some_examples
from depthviz.ensembles.analysis.vote_rates import probe_rates
from depthviz.errors import ArgumentError, StudyError
from depthviz.study import Study

__all__ = ["accuracy_over_training", "accuracy_over_training_table"]

RIGHT = "votes equal to the label"
STEP = "training step"
PRINTED = 150  # points of a plot, beside which probes have their names
EPOCH = "step or epoch"
# Each by itself: as a format of the axis, "~s" writes 90 beside 5,000 as "0k".
WRITTEN = "format(datum.value, datum.value < 10000 ? ',~g' : '~s')"
SIDES = {"train": "trained on", "validation": "held out"}


def accuracy_over_training_table(
    study: Sources, *, examples: Any = None
) -> pd.DataFrame:
    """Tell how often each probe's vote is right at some steps of a training.

    Args:
        study: What an ensemble's run with `probe_checkpoints=` returned, or an Explorer
            of it: then of its shown member, over all examples. Or studies of one
            network by the step or epoch at which each was measured, as
            `{1: study, 10: study}`.
        examples: Of the studies of several steps: their ids, a mask, or rows of
            `study.frame()`; by default all.

    Returns:
        A row for each step and probe: `step`, the number; `over` ("trained on" or "held
        out", "all" where a study does not say so); `probe`; and `accuracy`, the share
        of its votes that are the given label, in [0, 1].

    Raises:
        ArgumentError: If studies are not named by numbers; if examples are chosen of a
            study that knows the steps over all of them only.
        DataError: If examples are not those of a study.
        StudyError: If the study has no steps; if one of several has no votes, or other
            probes than the first.
    """
    if isinstance(study, Mapping):
        return _of_steps(study, examples)
    [(own, some, _)] = read_sources(study, examples)
    data = own.dataset
    if "probe_accuracy_at" not in data:
        raise StudyError(
            "Accuracy over training needs the probes at steps of the training, which "
            "this study lacks. Run depthviz.Ensemble with probe_checkpoints=8, or give "
            "studies of one network by their epoch: {1: study, 10: study}."
        )
    if some is not None and isinstance(study, Study):
        raise ArgumentError(
            "This study knows its accuracy over training for all examples together; "
            "leave examples out, or give studies by their epoch: {1: study, 10: study}."
        )
    at = data["probe_accuracy_at"].values.astype(float)
    steps = data["checkpoint_step"].values.astype(float)
    return pd.DataFrame(
        {
            "step": np.repeat(steps, len(own.probes)),
            "over": SIDES.get(str(data["probe_accuracy_at"].attrs.get("over")), "all"),
            "probe": list(own.probes) * len(steps),
            "accuracy": at.ravel(),
        }
    )


def accuracy_over_training(
    study: Sources, *, examples: Any = None, **options: Unpack[ChartOptions]
) -> alt.LayerChart | alt.FacetChart:
    """Draw how often each probe's vote is right in the course of a training.

    Args:
        study: As for `accuracy_over_training_table`.
        examples: As for `accuracy_over_training_table`.
        options: As for every chart, see `ChartOptions`.

    Returns:
        The chart, which a notebook draws and `save` writes.

    Raises:
        ArgumentError: As for `accuracy_over_training_table`, or if an option is out of
            range.
        DataError: As for `accuracy_over_training_table`.
        StudyError: As for `accuracy_over_training_table`.
    """
    table = accuracy_over_training_table(study, examples=examples)
    several = table["over"].nunique() > 1
    table = table.assign(shown=table["over"] if several else "")
    look, columns = beside_look(
        options, table, width=420, height=280, print_width=PRINTED
    )
    own = read_sources(study)
    named = table.assign(
        kind="line", number=table["probe"].map(own[0].study.probes.index)
    )
    ends = ends_of(named, look, by=["probe"], value="accuracy", text="probe")
    over = "" if several else f"examples {table['over'].iloc[0]}".capitalize()
    member = of_member(own[0].study) if len(own) == 1 else ""
    drawn: alt.LayerChart | alt.FacetChart = finish(
        beside(
            _layers(table, look, epochs=isinstance(study, Mapping)),
            table,
            look,
            columns=columns,
        ),
        look,
        rows={"history": pd.concat([named, ends])},
        title="Accuracy of the probes over training",
        notes=[over, member.capitalize()],
        description=_in_words(table),
        columns=columns,
    )
    return drawn


def _of_steps(studies: Mapping[Any, Any], examples: Any) -> pd.DataFrame:
    """The table of studies of one network, by the step of each."""
    found = read_sources(studies, examples)
    probes, tables = found[0].study.probes, []
    for study, some, name in found:
        if study.probes != probes:
            raise StudyError(
                f"Studies over a training have the same probes; at {name} they are "
                f"{', '.join(study.probes)}, at {found[0].name} {', '.join(probes)}."
            )
        part = some_examples(study, some)
        rates = probe_rates(part, {"all": np.ones(len(part), bool)})
        rates = rates[rates["examples"] > 0].assign(step=_number(name))
        tables.append(rates[["step", "over", "probe", "accuracy"]])
    table = pd.concat(tables, ignore_index=True)
    return table.sort_values("step", kind="stable", ignore_index=True)


def _number(name: str) -> float:
    try:
        number = float(name)
    except ValueError:
        number = math.nan
    if not math.isfinite(number) or number < 0:
        raise ArgumentError(
            "Studies over a training are named by the step or epoch of each, a number "
            f"from 0 on, as {{1: study, 10: study}}; got {name!r}."
        )
    return number


def _layers(table: pd.DataFrame, look: Look, *, epochs: bool) -> alt.LayerChart:
    inks = inks_of(look)
    steps = np.unique(table["step"])
    early = steps[steps > 0]
    wide = len(early) > 2 and early[-1] > 30 * early[0]
    apart = 4 if look.on_paper else 8
    scale = alt.Scale(type="symlog" if wide else "linear", nice=False, padding=apart)
    listed = early[np.unique(np.linspace(0, len(early) - 1, 6).round().astype(int))]
    axis = alt.Axis(
        values=[*steps[steps == 0].tolist(), *listed.tolist()],
        labelExpr=WRITTEN,
        grid=False,
        labelOverlap="greedy",
    )
    step = alt.X("step:Q", title=EPOCH if epochs else STEP, scale=scale, axis=axis)
    ramp = alt.Scale(range=[inks.mark, inks.accent], interpolate="lab")
    color = alt.Color("number:Q", scale=ramp, legend=None)
    share = share_axis("accuracy", title=RIGHT)
    lines = of_kind("line").encode(step, alt.Detail("probe:N"), color)
    tips = [
        *(alt.Tooltip(f"{name}:N") for name in ("probe", "over")),
        alt.Tooltip("step:Q", format=","),
        alt.Tooltip("accuracy:Q", format=".1%"),
    ]
    dots = lines.mark_point(
        filled=True, opacity=1, size=12 if look.on_paper else 30
    ).encode(share, tooltip=tips)
    named = end_words(step, color, look, title=RIGHT)
    return layered(look, lines.mark_line().encode(share), dots, named, rows="history")


def _in_words(table: pd.DataFrame) -> str:
    """What the chart shows, for those who do not see it."""
    said = []
    for probe, rows in table.groupby("probe", sort=False):
        first, last = rows.iloc[0], rows.iloc[-1]
        said.append(
            f"{probe} {first['accuracy']:.0%} at {first['step']:g}, "
            f"{last['accuracy']:.0%} at {last['step']:g}"
        )
    return f"Share of the votes equal to the label. {'; '.join(said)}."
