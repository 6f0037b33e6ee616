"""The plane of two depths: trained on and held out, with the corners of the groups."""

from __future__ import annotations

import textwrap
from functools import partial
from typing import Any, Unpack

import altair as alt
import numpy as np
import pandas as pd

from depthviz.charts.look.corners import (
    Frame,
    corner_pictures,
    frame_of,
    picture_layers,
)
from depthviz.charts.look.figures import finish
from depthviz.charts.look.options import ChartOptions, Look
from depthviz.charts.look.palette import mark_of
from depthviz.charts.look.parts import layered, left_out, of_kind
from depthviz.charts.look.side_by_side import beside, beside_look, name_panels
from depthviz.charts.look.thumbnails import has_pictures
from depthviz.charts.reading import (
    Sources,
    need,
    read_sources,
    some_examples,
    table_of_each,
)
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


def depth_plane_table(study: Sources, *, examples: Any = None) -> pd.DataFrame:
    """Count the examples at each place of the plane of two depths.

    Args:
        study: What an ensemble's run returned, or an Explorer; or several of these by
            their names, as `{"one": study, "other": study}`.
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
    return table_of_each(_table, study, examples)


def depth_plane(
    study: Sources,
    *,
    examples: Any = None,
    pictures: bool = True,
    **options: Unpack[ChartOptions],
) -> alt.LayerChart | alt.FacetChart:
    """Draw the plane of two depths, with the boundaries of the groups.

    A mark is a place; its area, how many examples are there.

    Args:
        study: As for `depth_plane_table`.
        examples: As for `depth_plane_table`.
        pictures: Whether pictures stand in the corners, where a study keeps some: of
            each group the examples that keep it most often when networks are drawn
            again, of equal ones those farthest in the corner.
        options: As for every chart, see `ChartOptions`.

    Returns:
        The chart, which a notebook draws and `save` writes.

    Raises:
        ArgumentError: If an option is out of range.
        DataError: As for `depth_plane_table`.
        StudyError: As for `depth_plane_table`.
    """
    table, _ = name_panels(depth_plane_table(study, examples=examples))
    look, columns = beside_look(
        options, table, width=340, height=340, print_width=180, across=2
    )
    found = read_sources(study, examples)
    parts = {one.name: some_examples(one.study, one.examples) for one in found}
    last = max(len(part.probes) for part in parts.values())
    some = pictures and any(map(has_pictures, parts.values()))
    frame = frame_of(last, look, pictures=some)
    places = [table.assign(kind="place"), *(_boundaries(*one) for one in parts.items())]
    if some:
        corners = [corner_pictures(part, frame, name) for name, part in parts.items()]
        places += [one for one in corners if len(one)]
    names = _names(list(parts.values()), table)
    side = SIDES[train_axis(found[0].study.dataset)]
    plane = layered(look, *_layers(names, table, frame, look, side=side), rows="places")
    count = int(table["examples"].sum())
    lost = sum(map(len, parts.values())) - count
    drawn: alt.LayerChart | alt.FacetChart = finish(
        beside(plane, table, look, columns=columns),
        look,
        rows={"places": pd.concat(places) if len(table) else table},
        title=f"Two depths of {count:,} example{'s' * (count != 1)}",
        notes=[
            left_out(lost, "they lack one of the depths"),
            "Pictures: the most typical of each corner" if some else "",
        ],
        description=_in_words(table),
        columns=columns,
    )
    return drawn


def _table(study: Study, *, examples: Any) -> pd.DataFrame:
    """The table of one study."""
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


def _boundaries(name: str, study: Study) -> pd.DataFrame:
    """Where low ends and high begins, on either side."""
    known = study.dataset["group"].attrs if "group" in study.dataset else {}
    values = [float(end) for end in known.get("boundaries", [])]
    sides = ["trained_on", "trained_on", "held_out", "held_out"][: len(values)]
    return pd.DataFrame({"kind": sides, "end": values, "shown": name})


def _layers(
    names: list[str], table: pd.DataFrame, frame: Frame, look: Look, *, side: str
) -> list[alt.Chart]:
    marks = [mark_of(name, code, look.ground) for code, name in enumerate(names)]
    legend = alt.Legend(
        title=None,
        orient="bottom",
        columns=1 if look.on_paper else 2,
        labelLimit=400,
        symbolSize=30 if look.on_paper else 100,
    )
    color = alt.Color(
        "group:N",
        scale=alt.Scale(domain=names, range=[mark.color for mark in marks]),
        legend=legend,
    )
    shape = alt.Shape(
        "group:N",
        scale=alt.Scale(domain=names, range=[mark.shape for mark in marks]),
        legend=legend,
    )
    tip = alt.Tooltip("end:Q", title="boundary")
    letters = max(12, int(look.width / (0.55 * look.font_size)))
    x = partial(_across, frame, textwrap.wrap(side, letters))
    y = partial(_up, frame)
    return [
        _rules("trained_on", look).encode(x("end"), tooltip=tip),
        _rules("held_out", look).encode(y("end"), tooltip=tip),
        _marks(table, look, side).encode(x("trained_on"), y("held_out"), color, shape),
        *(
            picture_layers(frame, look, x("left"), y("low"), color)
            if frame.high
            else []
        ),
    ]


def _rules(side: str, look: Look) -> alt.Chart:
    fine = 0.5 if look.on_paper else 1
    drawn: alt.Chart = of_kind(side).mark_rule(strokeDash=[3, 3], strokeWidth=fine)
    return drawn


def _across(frame: Frame, title: list[str], field: str) -> alt.X:
    ends = [-frame.beside, frame.last + frame.beside]
    scale = alt.Scale(domain=ends, nice=False, zero=False)
    return alt.X(f"{field}:Q", title=title, scale=scale, axis=_axis(frame))


def _up(frame: Frame, field: str) -> alt.Y:
    ends = [-frame.band, frame.last + frame.band]
    scale = alt.Scale(domain=ends, nice=False, zero=False)
    return alt.Y(f"{field}:Q", title=HELD_OUT, scale=scale, axis=_axis(frame))


def _marks(table: pd.DataFrame, look: Look, side: str) -> alt.Chart:
    most = max(1, int(table["examples"].max())) if len(table) else 1
    largest = (70 if look.on_paper else 260) if most > 1 else 30
    smallest = 5 if look.on_paper else 14
    size = alt.Scale(domain=[1, most], range=[smallest, largest], type="sqrt")
    base = of_kind("place").mark_point(
        filled=True, stroke=None, opacity=1, fillOpacity=0.75
    )
    drawn: alt.Chart = base.encode(
        alt.Size("examples:Q", legend=None, scale=size)
        if most > 1
        else alt.SizeValue(largest),
        tooltip=[
            alt.Tooltip("trained_on:Q", title=side, format=".2f"),
            alt.Tooltip("held_out:Q", title=HELD_OUT, format=".2f"),
            alt.Tooltip("group:N"),
            alt.Tooltip("examples:Q", format=","),
        ],
    )
    return drawn


def _names(studies: list[Study], table: pd.DataFrame) -> list[str]:
    """Groups that are drawn, in the order of the studies."""
    present = set(table["group"])
    known = [
        str(name)
        for study in studies
        if "group" in study.dataset
        for name in study.dataset["group"].attrs.get("names", [])
    ]
    listed = [name for name in dict.fromkeys(known) if name in present]
    return [*listed, *sorted(present - set(known))]


def _axis(frame: Frame) -> alt.Axis:
    """Ticks at whole depths, few enough to be read."""
    every = max(1, -(-frame.last // 8))
    values = list(range(0, frame.last + 1, every))
    return alt.Axis(values=values, format="d", grid=False)


def _in_words(table: pd.DataFrame) -> str:
    """What the chart shows, for those who do not see it."""
    called = (table["shown"].astype(str) + " " + table["group"].astype(str)).str.strip()
    counts = table["examples"].groupby(called, sort=False).sum()
    said = [f"{name} {count:,}" for name, count in counts.items()]
    return (
        "Depth over networks that trained on an example, and over those that held it "
        f"out. Examples by group: {', '.join(said)}."
    )
