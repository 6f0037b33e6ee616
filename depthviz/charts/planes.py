"""The plane of two depths: trained on and held out, with the corners of the groups."""

from __future__ import annotations

from typing import Any, Unpack

import altair as alt
import numpy as np
import pandas as pd

from depthviz.charts.look.figures import finish, rows_from
from depthviz.charts.look.options import ChartOptions, Look, read_options
from depthviz.charts.look.palette import mark_of
from depthviz.charts.look.parts import left_out
from depthviz.charts.reading import need, some_examples
from depthviz.study import Study
from depthviz.study.members import train_axis

__all__ = ["depth_plane", "depth_plane_table"]

HOW = "Run depthviz.Ensemble to measure several networks."
SIDES = {
    "train_label_depth": "depth of the label, trained on",
    "train_depth": "depth, trained on",
}
HELD_OUT = "depth, held out"
NO_GROUP = "no group"


def depth_plane_table(study: Study, *, examples: Any = None) -> pd.DataFrame:
    """Count the examples at each place of the plane of two depths.

    Args:
        study: What an ensemble's run returned.
        examples: Their ids, a mask, or rows of `study.frame()`; by default all.

    Returns:
        A row for each place and group: `trained_on`, the depth over networks that
        trained on an example (of its label, as groups go by it), `held_out`, that over
        the others, both in 0..P; `group`, the stored one; `examples`, how many are
        there, and `left_out`, how many of all have no place.

    Raises:
        DataError: If examples are not those of the study.
        StudyError: If the study has one depth per example.
    """
    side = train_axis(study.dataset)
    need(study, "The plane of two depths", side, "validation_depth", how=HOW)
    frame = some_examples(study, examples).frame()
    group = frame["group"].astype("object") if "group" in frame else NO_GROUP
    places = pd.DataFrame(
        {
            "trained_on": frame[side].astype(float).round(3),
            "held_out": frame["validation_depth"].astype(float).round(3),
            "group": group,
        }
    ).fillna({"group": NO_GROUP})
    known = places.replace([np.inf, -np.inf], np.nan).dropna()
    table = known.value_counts(sort=False).rename("examples").reset_index()
    return table.assign(left_out=len(places) - len(known))


def depth_plane(
    study: Study, *, examples: Any = None, **options: Unpack[ChartOptions]
) -> alt.LayerChart:
    """Draw the plane of two depths, with the boundaries of the groups.

    A mark is a place; its area, how many examples are there.

    Args:
        study: As for `depth_plane_table`.
        examples: As for `depth_plane_table`.
        options: As for every chart, see `ChartOptions`.

    Returns:
        The chart, which a notebook draws and `save` writes.

    Raises:
        ArgumentError: If an option is out of range.
        DataError: As for `depth_plane_table`.
        StudyError: As for `depth_plane_table`.
    """
    look = read_options(options, width=340, height=340, print_width=180)
    table = depth_plane_table(study, examples=examples)
    ends = study.dataset["group"].attrs.get("boundaries") if _grouped(study) else None
    lines = _boundaries(ends)
    count = int(table["examples"].sum())
    lost = int(table["left_out"].iloc[0]) if len(table) else len(study)
    return finish(
        alt.LayerChart(
            layer=[*_rules(look), _marks(study, table, look)],
            width=look.width,
            height=look.height,
        ),
        look,
        rows={"places": table, "boundaries": lines},
        title=f"Two depths of {count:,} example{'s' * (count != 1)}",
        notes=[left_out(lost, "they lack one of the depths")],
        description=_in_words(table),
    )


def _grouped(study: Study) -> bool:
    return "group" in study.dataset


def _boundaries(ends: Any) -> pd.DataFrame:
    """Where low ends and high begins, on either side."""
    values = [float(end) for end in ends] if ends is not None else []
    sides = ["trained_on", "trained_on", "held_out", "held_out"][: len(values)]
    return pd.DataFrame({"side": sides, "end": values})


def _rules(look: Look) -> list[alt.Chart]:
    drawn = []
    for side, channel in (("trained_on", alt.X), ("held_out", alt.Y)):
        base = alt.Chart(rows_from("boundaries"))
        rule = base.mark_rule(
            strokeDash=[3, 3], strokeWidth=0.5 if look.on_paper else 1
        )
        drawn.append(
            rule.transform_filter(f"datum.side == '{side}'").encode(
                channel("end:Q"), tooltip=alt.Tooltip("end:Q", title="boundary")
            )
        )
    return drawn


def _marks(study: Study, table: pd.DataFrame, look: Look) -> alt.Chart:
    names = _names(study, table)
    marks = [mark_of(name, code, look.ground) for code, name in enumerate(names)]
    last = len(study.probes)
    scale = alt.Scale(domain=[0, last], nice=False, padding=6)
    axis = _axis(study, look)
    side = SIDES[train_axis(study.dataset)]
    legend = alt.Legend(title=None, orient="bottom", columns=2, labelLimit=400)
    most = max(1, int(table["examples"].max())) if len(table) else 1
    largest = (70 if look.on_paper else 260) if most > 1 else 30
    smallest = 5 if look.on_paper else 14
    base = alt.Chart(rows_from("places")).mark_point(
        filled=True, stroke=None, opacity=1, fillOpacity=0.75
    )
    drawn: alt.Chart = base.encode(
        alt.X("trained_on:Q", title=side, scale=scale, axis=axis),
        alt.Y("held_out:Q", title=HELD_OUT, scale=scale, axis=axis),
        alt.Size(
            "examples:Q",
            legend=None,
            scale=alt.Scale(domain=[1, most], range=[smallest, largest], type="sqrt"),
        )
        if most > 1
        else alt.SizeValue(largest),
        alt.Color(
            "group:N",
            scale=alt.Scale(domain=names, range=[mark.color for mark in marks]),
            legend=legend,
        ),
        alt.Shape(
            "group:N",
            scale=alt.Scale(domain=names, range=[mark.shape for mark in marks]),
            legend=legend,
        ),
        tooltip=[
            alt.Tooltip("trained_on:Q", title=side, format=".2f"),
            alt.Tooltip("held_out:Q", title=HELD_OUT, format=".2f"),
            alt.Tooltip("group:N"),
            alt.Tooltip("examples:Q", format=","),
        ],
    )
    return drawn


def _names(study: Study, table: pd.DataFrame) -> list[str]:
    """Groups that are drawn, in the order of the study."""
    present = set(table["group"])
    known = (
        [str(name) for name in study.dataset["group"].attrs.get("names", [])]
        if (_grouped(study))
        else []
    )
    return [*(name for name in known if name in present), *sorted(present - set(known))]


def _axis(study: Study, look: Look) -> alt.Axis:
    """Ticks at whole depths, few enough to be read."""
    every = max(1, -(-len(study.probes) // 8))
    return alt.Axis(
        values=list(range(0, len(study.probes) + 1, every)), format="d", grid=False
    )


def _in_words(table: pd.DataFrame) -> str:
    """What the chart shows, for those who do not see it."""
    counts = table.groupby("group", sort=False)["examples"].sum()
    said = [f"{name} {count:,}" for name, count in counts.items()]
    return (
        "Depth over networks that trained on an example, and over those that held it "
        f"out. Examples by group: {', '.join(said)}."
    )
