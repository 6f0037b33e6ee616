"""At which probes the neighbors speak for the given label, and at which for another.

In a network that has learned a wrong label by heart the last probes repeat it, while at
hidden ones the neighbors carry the class that the example looks like. Ours.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal, Unpack

import altair as alt
import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from depthviz.charts.look.axes import probe_axis, share_axis
from depthviz.charts.look.ends import end_words, ends_of
from depthviz.charts.look.figures import finish
from depthviz.charts.look.names import and_more, choose_classes
from depthviz.charts.look.options import ChartOptions, Look
from depthviz.charts.look.parts import layered, left_out, of_kind
from depthviz.charts.look.side_by_side import (
    beside,
    beside_look,
    name_panels,
    same_probes,
)
from depthviz.charts.look.theme import inks_of
from depthviz.charts.reading import (
    Sources,
    of_member,
    parts_of,
    read_sources,
    table_of_each,
)
from depthviz.errors import StudyError
from depthviz.relabeling.evidence import label_shares
from depthviz.study import Study
from depthviz.study.examples import rows_of

__all__ = ["evidence_by_probe", "evidence_table"]

By = Literal["group", "class", "split", "correct"]
MOST_LOST = 0.05  # of the neighbors
PRINTED = 140  # points of a plot, beside which lines have their names
ROLES = ("suggested", "given")
NEEDED = ("label", "suggested_label", "neighbor_index")
NEIGHBORS = "share of the neighbors"


def evidence_table(
    study: Sources,
    *,
    examples: Any = None,
    by: By | None = None,
    classes: Iterable[str] | None = None,
) -> pd.DataFrame:
    """Find the shares of neighbors with the suggested and the given label, by probe.

    Args:
        study: What `measure` or an ensemble's run returned, or an Explorer; or several
            of these by their names. Of an ensemble the neighbors are those of the shown
            member.
        examples: Their ids, a mask, or rows of `study.frame()`; by default those for
            whose suggested label there is more evidence than for the given one.
            Examples without a suggested label are left out.
        by: Sort them by "group", the given label ("class"), "split" or "correct".
        classes: Which of these parts, by name; by default all, of more than 20 the
            commonest.

    Returns:
        A row for each part, probe and label, with the columns `probe`, `label`
        ("suggested" or "given"), and over the examples the `mean` share of their
        neighbors in [0, 1], the quartiles `low` and `high`, and how many `examples`
        there are; `part`; `more`, how many parts are not listed; and `left_out`, how
        many examples are in no part.

    Raises:
        ArgumentError: If by or one of the classes is unknown.
        StudyError: If the study lacks labels, suggested labels or neighbors, or is a
            part that lost them, or no example is left.
        DataError: If examples are not those of the study.
    """
    wanted = None if classes is None else list(classes)
    return table_of_each(_table, study, examples, by=by, classes=wanted)


def evidence_by_probe(
    study: Sources,
    *,
    examples: Any = None,
    by: By | None = None,
    classes: Iterable[str] | None = None,
    **options: Unpack[ChartOptions],
) -> alt.LayerChart | alt.FacetChart:
    """Draw the shares of neighbors with the suggested and the given label, by probe.

    A line is the mean over the examples, its band the middle half of them.

    Args:
        study: As for `evidence_table`.
        examples: As for `evidence_table`.
        by: As for `evidence_table`; a panel each.
        classes: As for `evidence_table`.
        options: As for every chart, see `ChartOptions`; the title is by default the
            number of examples.

    Returns:
        The chart, which a notebook draws and `save` writes.

    Raises:
        ArgumentError: As for `evidence_table`, or if an option is out of range.
        StudyError: As for `evidence_table`.
        DataError: As for `evidence_table`.
    """
    table = evidence_table(study, examples=examples, by=by, classes=classes)
    table, _ = name_panels(table, "part" if by else "")
    look, columns = beside_look(
        options, table, width=420, height=220, print_width=PRINTED
    )
    found = read_sources(study, examples)
    probes = dict.fromkeys(name for one in found for name in one.study.probes)
    named = table.assign(kind="line", name=table["label"] + " label")
    ends = ends_of(named, look, by=["label"], value="mean", text="name")
    apart = not same_probes(found)
    count = int(table.groupby("shown")["examples"].first().sum())
    drawn: alt.LayerChart | alt.FacetChart = finish(
        beside(_layers(list(probes), look), table, look, columns=columns, apart=apart),
        look,
        rows={"evidence": pd.concat([named, ends])},
        title=f"Neighbors of {count:,} example{'s' * (count != 1)}"
        + (f", by {by}" if by else ""),
        notes=[
            "" if _has_room(look) else NEIGHBORS.capitalize(),
            of_member(found[0].study).capitalize() if len(found) == 1 else "",
            and_more(int(table["more"].max()), "classes" if by == "class" else "parts"),
            left_out(int(table["left_out"].max()), f"they have no {by}"),
        ],
        description=_in_words(table),
        columns=columns,
    )
    return drawn


def _table(
    study: Study, *, examples: Any, by: By | None, classes: list[str] | None
) -> pd.DataFrame:
    """The table of one study."""
    data = study.dataset
    missing = [name for name in NEEDED if name not in data]
    if missing:
        raise StudyError(
            f"The evidence by probe needs {' and '.join(missing)}, which this study "
            "lacks. Measure it again with depthviz.measure or Ensemble.run."
        )
    rows = _rows(data, examples)
    _check_neighbors(data, rows)
    parts = parts_of(study, by)
    codes = parts.codes[rows]
    counts = np.bincount(codes[codes >= 0], minlength=len(parts.names))
    chosen = choose_classes(parts.names, counts, classes if by else None)
    own = {code: rows[codes == code] for code in chosen.codes}
    tables = [
        _shares(data, some).assign(
            part=parts.names[code], more=chosen.more, left_out=int((codes < 0).sum())
        )
        for code, some in own.items()
        if len(some)
    ]
    if not tables:
        raise StudyError(
            "No example is left to draw: none with a suggested label is in these parts."
        )
    return pd.concat(tables, ignore_index=True)


def _check_neighbors(data: xr.Dataset, rows: NDArray[np.intp]) -> None:
    """Refuse a part of a study that lost neighbors: what is left is no fair share."""
    index = data["neighbor_index"].isel(example=rows).values
    lost = float((index < 0).mean()) if index.size else 0.0
    if lost > MOST_LOST:
        raise StudyError(
            f"The evidence by probe needs the labels of the neighbors, and {lost:.0%} "
            "of those of these examples are not in this part of a study. Draw it of "
            "the whole: evidence_by_probe(study, examples=part.frame().index)."
        )


def _shares(data: xr.Dataset, rows: NDArray[np.intp]) -> pd.DataFrame:
    """The shares of both labels at each probe over some examples."""
    tables = []
    for role, name in zip(ROLES, ("suggested_label", "label"), strict=True):
        label = data[name].values[rows].astype(np.int64)
        shares = pd.DataFrame(label_shares(data, rows, label))
        columns = {
            "probe": data["probe"].values.astype(str),
            "label": role,
            "mean": shares.mean(),
            "low": shares.quantile(0.25),
            "high": shares.quantile(0.75),
            "examples": len(rows),
        }
        tables.append(pd.DataFrame(columns))
    return pd.concat(tables, ignore_index=True)


def _layers(probes: list[str], look: Look) -> alt.LayerChart:
    inks = inks_of(look)
    color = alt.Color("label:N", scale=_roles([inks.text, inks.faint]), legend=None)
    probe = probe_axis(probes, look)
    title = NEIGHBORS if _has_room(look) else None
    share = share_axis("mean", title=title)
    base = of_kind("line").encode(probe, color)
    band = base.mark_area(opacity=0.15).encode(
        alt.Y("low:Q", title=title), alt.Y2("high:Q")
    )
    dash = alt.StrokeDash("label:N", scale=_roles([[1, 0], [5, 4]]), legend=None)
    line = base.mark_line().encode(share, dash)
    dots = base.mark_point(
        size=14 if look.on_paper else 45,
        strokeWidth=1 if look.on_paper else 2,
        opacity=1,
    ).encode(
        share,
        alt.Fill("label:N", scale=_roles([inks.text, inks.paper]), legend=None),
        tooltip=[
            alt.Tooltip("probe:N"),
            alt.Tooltip("label:N"),
            alt.Tooltip("mean:Q", format=".1%"),
            alt.Tooltip("low:Q", format=".1%", title="lower quartile"),
            alt.Tooltip("high:Q", format=".1%", title="upper quartile"),
        ],
    )
    names = end_words(probe, color, look, title=title or "")
    return layered(look, band, line, dots, names, rows="evidence")


def _has_room(look: Look) -> bool:
    """Whether the title of the axis is no longer than the axis."""
    return look.height > 0.55 * look.font_size * len(NEIGHBORS)


def _rows(data: xr.Dataset, examples: Any) -> NDArray[np.intp]:
    """Find the rows of the examples that have a suggested label."""
    if examples is not None:
        rows = rows_of(data["example_id"].values, examples)
    elif "suspicion" in data:
        rows = np.flatnonzero(data["suspicion"].values > 0)
    else:
        rows = np.arange(data.sizes["example"])
    rows = rows[data["suggested_label"].values[rows] >= 0]
    if not len(rows):
        raise StudyError(
            "No example is left to draw: none of these has a suggested label"
            + ("." if examples is not None else " that is likelier than the given one.")
        )
    return rows


def _roles(values: list[Any]) -> alt.Scale:
    return alt.Scale(domain=list(ROLES), range=values)


def _in_words(table: pd.DataFrame) -> str:
    """What the chart shows, for those who do not see it."""
    said = []
    for name, rows in table.groupby("shown", sort=False):
        means = rows.pivot(index="probe", columns="label", values="mean")
        means = means.loc[rows["probe"].unique(), list(ROLES)]
        told = [f"{probe} {a:.0%} and {b:.0%}" for probe, (a, b) in means.T.items()]
        said.append((f"{name!s}, " if name else "") + "; ".join(told))
    return (
        "Mean share of the neighbors with the suggested and with the given label, by "
        f"probe: {'. '.join(said)}."
    )
