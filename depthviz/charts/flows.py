"""Where the votes go from probe to probe: from which class to which.

A probe that sees what the one before it did not see moves votes; where the ribbons run
level, nothing is decided any more.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import Any, Unpack

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from depthviz.charts.look.axes import label_room, place_axis
from depthviz.charts.look.figures import finish, rows_from
from depthviz.charts.look.names import and_more, choose_classes
from depthviz.charts.look.options import ChartOptions, Look, read_options
from depthviz.charts.look.palette import mark_of
from depthviz.charts.look.parts import layered, left_out
from depthviz.charts.look.ribbons import (
    BLOCK,
    ENDS,
    LONGEST,
    blocks_of,
    names_beside,
    ribbons_of,
)
from depthviz.charts.look.theme import inks_of
from depthviz.charts.reading import Source, need, of_member, read_source, some_examples
from depthviz.errors import ArgumentError, StudyError
from depthviz.study import Study

__all__ = ["vote_flow", "vote_flow_table"]

HOW = "Measure it with depthviz.measure."
REST = "other classes"
COLUMN = 226.0  # points of a printed column, less its edges


def vote_flow_table(
    study: Source,
    *,
    examples: Any = None,
    label: str | None = None,
    classes: Iterable[str] | None = None,
) -> pd.DataFrame:
    """Count the examples whose vote goes from one class to another, probe by probe.

    Args:
        study: What `measure` or an ensemble's run returned, or an Explorer; of an
            ensemble the votes are those of the shown member.
        examples: Their ids, a mask, or rows of `study.frame()`; by default all.
        label: Those alone to which this class is given.
        classes: Which classes are told apart, by name; by default all, of more than 20
            those with most votes. The rest is "other classes".

    Returns:
        A row for each pair of neighboring probes and of classes that occur together:
        `from_probe`, `to_probe`, `from_class`, `to_class`, the number of `examples`,
        and their `share` of those with the first class at the first probe, in [0, 1];
        `left_out`, how many of all have no vote at one of the probes, and `more`, how
        many classes are not told apart.

    Raises:
        ArgumentError: If a class is unknown.
        DataError: If examples are not those of the study.
        StudyError: If the study has no votes, or one probe.
    """
    study, examples = read_source(study, examples)
    need(study, "The flow of votes", "vote", how=HOW)
    probes, names = study.probes, study.classes
    if len(probes) < 2:
        raise StudyError(
            "The flow of votes needs two probes or more, and this study has one. "
            "Measure it with more probes."
        )
    votes = _votes(some_examples(study, examples), label)
    known = ((votes >= 0) & (votes < len(names))).all(0)
    lost, votes = int((~known).sum()), votes[:, known]
    chosen = choose_classes(
        names, np.bincount(votes.ravel(), minlength=len(names)), classes
    )
    listed = [*(names[code] for code in chosen.codes), REST]
    place = np.full(len(names), len(chosen.codes))
    place[chosen.codes] = np.arange(len(chosen.codes))
    tables = []
    for probe in range(len(probes) - 1):
        both = np.zeros((len(listed), len(listed)), np.int64)
        np.add.at(both, (place[votes[probe]], place[votes[probe + 1]]), 1)
        before, after = np.nonzero(both)
        columns = {
            "from_probe": probes[probe],
            "to_probe": probes[probe + 1],
            "from_class": np.array(listed, object)[before],
            "to_class": np.array(listed, object)[after],
            "examples": both[before, after],
            "share": both[before, after] / both.sum(1)[before],
        }
        tables.append(pd.DataFrame(columns))
    table = pd.concat(tables, ignore_index=True)
    return table.assign(left_out=lost, more=chosen.more)


def vote_flow(
    study: Source,
    *,
    examples: Any = None,
    label: str | None = None,
    classes: Iterable[str] | None = None,
    **options: Unpack[ChartOptions],
) -> alt.LayerChart:
    """Draw where the votes go from probe to probe: a column a probe, a band a class.

    A ribbon has the color of the class that its examples come from; votes that stay
    with a class are pale.

    Args:
        study: As for `vote_flow_table`.
        examples: As for `vote_flow_table`.
        label: As for `vote_flow_table`.
        classes: As for `vote_flow_table`.
        options: As for every chart, see `ChartOptions`.

    Returns:
        The chart, which a notebook draws and `save` writes.

    Raises:
        ArgumentError: As for `vote_flow_table`, or if an option is out of range.
        DataError: As for `vote_flow_table`.
        StudyError: As for `vote_flow_table`.
    """
    table = vote_flow_table(study, examples=examples, label=label, classes=classes)
    own, _ = read_source(study)
    first = table[table["from_probe"] == own.probes[0]]
    count = int(first["examples"].sum())
    names = _in_order(own, table)
    look = read_options(
        options,
        width=560,
        height=360,
        print_width=COLUMN - label_room(names, longest=LONGEST),
    )
    blocks = blocks_of(own, table, names)
    more = int(table["more"].iloc[0]) if len(table) else 0
    lost = int(table["left_out"].iloc[0]) if len(table) else 0
    what = f"{count:,} example{'s' * (count != 1)}"
    return finish(
        layered(look, *_layers(own, names, look)),
        look,
        rows={
            "flows": ribbons_of(own, table, blocks),
            "blocks": blocks,
            "names": names_beside(own, blocks, look),
        },
        title=f"Where the votes on {what}"
        + (f" labeled {label}" if label else "")
        + " go",
        notes=[
            of_member(own).capitalize(),
            and_more(more, "classes, drawn as one") if REST in names else "",
            left_out(lost, "no vote at one of the probes"),
        ],
        description=_in_words(own, table),
    )


def _votes(part: Study, label: str | None) -> NDArray[np.int64]:
    """The votes on the examples that are meant, shape `(P, N)`."""
    votes = part.dataset["vote"].values.astype(np.int64)
    if label is None:
        return votes
    need(part, "The flow of votes on one class", "label", how=HOW)
    if label not in part.classes:
        listed = ", ".join(map(repr, part.classes[:20]))
        raise ArgumentError(f"Unknown class {label!r}. This study has: {listed}.")
    found = votes[:, part.dataset["label"].values == part.classes.index(label)]
    if not found.shape[1]:
        raise StudyError(f"No example is left to draw: none is labeled {label!r}.")
    return found


def _in_order(study: Study, table: pd.DataFrame) -> list[str]:
    """Classes with a vote, in the order of the study, the others last."""
    present = {*table["from_class"], *table["to_class"]}
    return [name for name in (*study.classes, REST) if name in present]


def _layers(study: Study, names: list[str], look: Look) -> list[alt.Chart]:
    inks = inks_of(look)
    colors = [
        inks.mark
        if name == REST
        else mark_of("", study.classes.index(name), look.ground).color
        for name in names
    ]
    scale = alt.Scale(domain=names, range=colors)

    def across(field: str) -> alt.X:
        return place_axis(field, study.probes, look, beyond=BLOCK)

    height = alt.Scale(domain=[0, 1], reverse=True, nice=False)
    y = alt.Y("top:Q", title=None, axis=None, scale=height)
    tips = [alt.Tooltip(f"{name}:N") for name in ENDS]
    counts = [
        alt.Tooltip("examples:Q", format=","),
        alt.Tooltip("share:Q", format=".1%"),
    ]
    ribbons = (
        alt.Chart(rows_from("flows"))
        .mark_area(interpolate="monotone")
        .encode(
            across("place"),
            y,
            alt.Y2("below:Q"),
            alt.Color("from_class:N", scale=scale, legend=None),
            alt.Detail("flow:N"),
            opacity=alt.condition("datum.stays", alt.value(0.22), alt.value(0.6)),
            tooltip=[*tips, *counts],
        )
    )
    columns = (
        alt.Chart(rows_from("blocks"))
        .mark_rect()
        .encode(
            across("left"),
            alt.X2("right:Q"),
            y,
            alt.Y2("below:Q"),
            alt.Color("class:N", scale=scale, legend=None),
            tooltip=[alt.Tooltip("probe:N"), alt.Tooltip("class:N"), *counts],
        )
    )
    words = alt.Chart(rows_from("names")).mark_text(
        align="left", dx=4 if look.on_paper else 7
    )
    named = words.encode(
        across("right"),
        alt.Y("at:Q", title=None, axis=None, scale=height),
        alt.Text("words:N"),
    )
    return [ribbons, columns, named]


def _in_words(study: Study, table: pd.DataFrame) -> str:
    """What the chart shows, for those who do not see it."""
    said = []
    for before, after in pairwise(study.probes):
        rows = table[table["from_probe"] == before]
        moved = rows[rows["from_class"] != rows["to_class"]]
        share = moved["examples"].sum() / max(1, rows["examples"].sum())
        most = "".join(
            f", most from {row.from_class} to {row.to_class}"
            for row in moved.nlargest(1, "examples").itertuples()
        )
        said.append(f"{before} to {after} {share:.0%}{most}")
    return f"Share of the votes that change class, {'; '.join(said)}."
