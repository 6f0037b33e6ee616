"""At which probes the neighbors speak for the given label, and at which for another.

In a network that has learned a wrong label by heart the last probes repeat it, while at
hidden ones the neighbors carry the class that the example looks like. Ours.
"""

from __future__ import annotations

from typing import Any, Unpack

import altair as alt
import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from depthviz.charts.look.axes import probe_axis, share_axis
from depthviz.charts.look.ends import end_words, ends_of
from depthviz.charts.look.figures import finish
from depthviz.charts.look.options import ChartOptions, Look
from depthviz.charts.look.parts import layered, of_kind
from depthviz.charts.look.side_by_side import (
    beside,
    beside_look,
    name_panels,
    same_probes,
)
from depthviz.charts.look.theme import inks_of
from depthviz.charts.reading import Sources, of_member, read_sources, table_of_each
from depthviz.errors import StudyError
from depthviz.relabeling.evidence import label_shares
from depthviz.study import Study
from depthviz.study.examples import rows_of

__all__ = ["evidence_by_probe", "evidence_table"]

PRINTED = 140  # points of a plot, beside which lines have their names
ROLES = ("suggested", "given")
NEEDED = ("label", "suggested_label", "neighbor_index")
NEIGHBORS = "share of the neighbors"


def evidence_table(study: Sources, *, examples: Any = None) -> pd.DataFrame:
    """Find the shares of neighbors with the suggested and the given label, by probe.

    Args:
        study: What `measure` or an ensemble's run returned, or an Explorer; or several
            of these by their names. Of an ensemble the neighbors are those of the shown
            member.
        examples: Their ids, a mask, or rows of `study.frame()`; by default those for
            whose suggested label there is more evidence than for the given one.
            Examples without a suggested label are left out.

    Returns:
        A row for each probe and label, with the columns `probe`, `label` ("suggested"
        or "given"), and over the examples the `mean` share of their neighbors in
        [0, 1], the quartiles `low` and `high`, and how many `examples` there are.

    Raises:
        StudyError: If the study lacks labels, suggested labels or neighbors, or no
            example is left.
        DataError: If examples are not those of the study.
    """
    return table_of_each(_table, study, examples)


def evidence_by_probe(
    study: Sources, *, examples: Any = None, **options: Unpack[ChartOptions]
) -> alt.LayerChart | alt.FacetChart:
    """Draw the shares of neighbors with the suggested and the given label, by probe.

    A line is the mean over the examples, its band the middle half of them.

    Args:
        study: As for `evidence_table`.
        examples: As for `evidence_table`.
        options: As for every chart, see `ChartOptions`; the title is by default the
            number of examples.

    Returns:
        The chart, which a notebook draws and `save` writes.

    Raises:
        ArgumentError: If an option is out of range.
        StudyError: As for `evidence_table`.
        DataError: As for `evidence_table`.
    """
    table, _ = name_panels(evidence_table(study, examples=examples))
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
        title=f"{count:,} example{'s' * (count != 1)}",
        notes=[of_member(found[0].study).capitalize()] if len(found) == 1 else [],
        description=_in_words(table),
        columns=columns,
    )
    return drawn


def _table(study: Study, *, examples: Any) -> pd.DataFrame:
    """The table of one study."""
    data = study.dataset
    missing = [name for name in NEEDED if name not in data]
    if missing:
        raise StudyError(
            f"The evidence by probe needs {' and '.join(missing)}, which this study "
            "lacks. Measure it again with depthviz.measure or Ensemble.run."
        )
    rows = _rows(data, examples)
    parts = []
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
        parts.append(pd.DataFrame(columns))
    return pd.concat(parts, ignore_index=True)


def _layers(probes: list[str], look: Look) -> alt.LayerChart:
    inks = inks_of(look)
    color = alt.Color("label:N", scale=_roles([inks.text, inks.faint]), legend=None)
    probe = probe_axis(probes, look)
    share = share_axis("mean", title=NEIGHBORS)
    base = of_kind("line").encode(probe, color)
    band = base.mark_area(opacity=0.15).encode(
        alt.Y("low:Q", title=NEIGHBORS), alt.Y2("high:Q")
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
    names = end_words(probe, color, look, title=NEIGHBORS)
    return layered(look, band, line, dots, names, rows="evidence")


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
