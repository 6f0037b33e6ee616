"""How many examples settle at which probe: the histogram of depths.

A mean depth of many networks is counted at the probe that it has reached.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal, Unpack

import altair as alt
import numpy as np
import pandas as pd

from depthviz.charts.look.axes import probe_axis
from depthviz.charts.look.figures import finish, rows_from
from depthviz.charts.look.names import and_more, choose_classes
from depthviz.charts.look.options import ChartOptions, Look
from depthviz.charts.look.palette import mark_of
from depthviz.charts.look.parts import facet_look, left_out, panels
from depthviz.charts.look.side_by_side import name_panels, same_probes, studies_in
from depthviz.charts.look.theme import inks_of
from depthviz.charts.reading import (
    Sources,
    parts_of,
    read_sources,
    some_examples,
    table_of_each,
)
from depthviz.checks import one_of
from depthviz.errors import StudyError
from depthviz.study import Study

__all__ = ["depth_histogram", "depth_histogram_table"]

By = Literal["class", "split", "correct", "group"]
DEPTHS = ("train_label_depth", "train_depth", "depth")
OTHERS = ("validation_depth", "depth_of_label")
UNDECIDED = "undecided"


def depth_histogram_table(
    study: Sources,
    *,
    examples: Any = None,
    by: By | None = None,
    classes: Iterable[str] | None = None,
    depth: str | None = None,
) -> pd.DataFrame:
    """Count the examples that settle at each probe.

    Args:
        study: What `measure` or an ensemble's run returned, or an Explorer; or several
            of these by their names, as `{"one": study, "other": study}`.
        examples: Their ids, a mask, or rows of `study.frame()`; by default all.
        by: Sort them by the given label ("class"), "split", "correct" or "group".
        classes: Which classes, by name; by default all, of more than 20 the commonest.
        depth: Which depth: a column of `study.frame()`; by default the one that the
            Explorer counts, `train_label_depth` of many networks, `depth` of one.

    Returns:
        A row for each part and probe: `part`, `probe` ("undecided" where even the last
        probe disagrees), `examples`, their `share` of the part in [0, 1], `left_out`,
        how many of the part have no depth, and `more`, parts that are not listed.

    Raises:
        ArgumentError: If by, depth or a class is unknown.
        DataError: If examples are not those of the study.
        StudyError: If the study lacks depths, or what it is sorted by.

    Example:
        >>> import xarray as xr
        >>> data = xr.Dataset({"depth": ("example", [0, 1, 1])})
        >>> ids = ("example", [7, 8, 9])
        >>> probes = ["input", "softmax"]
        >>> study = Study(data.assign_coords(example_id=ids, probe=probes))
        >>> depth_histogram_table(study)[["probe", "examples"]]
             probe  examples
        0    input         1
        1  softmax         2
    """
    return table_of_each(_table, study, examples, by=by, classes=classes, depth=depth)


def depth_histogram(
    study: Sources,
    *,
    examples: Any = None,
    by: By | None = None,
    classes: Iterable[str] | None = None,
    depth: str | None = None,
    **options: Unpack[ChartOptions],
) -> alt.Chart | alt.FacetChart:
    """Draw how many examples settle at each probe, sorted ones in a panel each.

    Args:
        study: As for `depth_histogram_table`.
        examples: As for `depth_histogram_table`.
        by: As for `depth_histogram_table`.
        classes: As for `depth_histogram_table`.
        depth: As for `depth_histogram_table`.
        options: As for every chart, see `ChartOptions`.

    Returns:
        The chart, which a notebook draws and `save` writes.

    Raises:
        ArgumentError: As for `depth_histogram_table`, or if an option is out of range.
        DataError: As for `depth_histogram_table`.
        StudyError: As for `depth_histogram_table`.
    """
    table = depth_histogram_table(
        study, examples=examples, by=by, classes=classes, depth=depth
    )
    table, shown = name_panels(table, "part" if by else "")
    studies = studies_in(table)
    across = len(studies) if by else 0
    look, columns = facet_look(
        options, len(shown), width=420, height=220, columns=across
    )
    drawn: Any = _bars(table, look, _colors(study, table, by, look), shares=bool(by))
    if by or studies:
        drawn = panels(drawn, look, shown, columns=columns)
    if not same_probes(read_sources(study, examples)):
        drawn = drawn.resolve_scale(x="independent")
    count = int(table["examples"].sum())
    more = and_more(int(table["more"].max()), "classes" if by == "class" else "parts")
    lost = int(table.groupby("shown", sort=False)["left_out"].first().sum())
    found: alt.Chart | alt.FacetChart = finish(
        drawn,
        look,
        rows={"depths": table},
        title=f"Where {count:,} example{'s' * (count != 1)} settle"
        + (f", by {by}" if by else ""),
        notes=[
            "Share of each panel's examples" if by or studies else "",
            left_out(lost, "they have no depth"),
            more,
        ],
        columns=columns,
        description=_in_words(table),
    )
    return found


def _table(
    study: Study,
    *,
    examples: Any,
    by: By | None,
    classes: Iterable[str] | None,
    depth: str | None,
) -> pd.DataFrame:
    """The table of one study."""
    part = some_examples(study, examples)
    values = _depths(part, depth)
    parts = parts_of(part, by)
    chosen = choose_classes(parts.names, parts.counts, classes if by else None)
    probes = list(study.probes)
    names = [*probes, UNDECIDED] if (values >= len(probes)).any() else probes
    tables = []
    for code in chosen.codes:
        own = values[parts.codes == code]
        known = own[np.isfinite(own)].astype(np.int64).clip(0, len(probes))
        counts = np.bincount(known, minlength=len(names))
        columns = {
            "part": parts.names[code],
            "probe": names,
            "examples": counts,
            "share": counts / max(1, len(known)),
            "left_out": len(own) - len(known),
            "more": chosen.more,
        }
        tables.append(pd.DataFrame(columns))
    return pd.concat(tables, ignore_index=True)


def _depths(study: Study, depth: str | None) -> np.ndarray[Any, np.dtype[np.float64]]:
    frame = study.frame()
    known = [name for name in (*DEPTHS, *OTHERS) if name in frame]
    if not known:
        raise StudyError(
            "A histogram of depths needs depth, which this study lacks. Measure it "
            "with depthviz.measure."
        )
    name = known[0] if depth is None else one_of("depth", depth, tuple(known))
    return frame[name].to_numpy(float)


def _bars(table: pd.DataFrame, look: Look, colors: Any, *, shares: bool) -> alt.Chart:
    probes = table["probe"].unique().tolist()
    shares = shares or bool(studies_in(table))
    size = alt.Y(
        "share:Q" if shares else "examples:Q",
        title=None if shares else "examples",
        axis=alt.Axis(format="%" if shares else ",d", tickCount=3 if shares else 5),
    )
    base = alt.Chart(rows_from("depths")).mark_bar()
    drawn: alt.Chart = base.encode(
        probe_axis(probes, look),
        size,
        colors,
        tooltip=[
            alt.Tooltip("part:N"),
            alt.Tooltip("probe:N"),
            alt.Tooltip("examples:Q", format=","),
            alt.Tooltip("share:Q", format=".1%"),
        ],
    ).properties(width=look.width, height=look.height)
    return drawn


def _colors(study: Sources, table: pd.DataFrame, by: str | None, look: Look) -> Any:
    """A color a part; above ten classes none, as panels have their names."""
    names = list(dict.fromkeys(table["part"]))
    every = names
    if by == "class":
        known = [one.study.classes for one in read_sources(study)]
        every = list(dict.fromkeys(name for classes in known for name in classes))
    if by in (None, "split") or len(every) > 10:
        return alt.ColorValue(inks_of(look).mark)
    found = [mark_of(one, every.index(one), look.ground).color for one in names]
    return alt.Color("part:N", scale=alt.Scale(domain=names, range=found), legend=None)


def _in_words(table: pd.DataFrame) -> str:
    """What the chart shows, for those who do not see it."""
    said = []
    for name, rows in table.groupby("shown", sort=False):
        shares = ", ".join(
            f"{probe} {share:.0%}"
            for probe, share in zip(rows["probe"], rows["share"], strict=True)
        )
        said.append(f"{name}: {shares}" if table["shown"].nunique() > 1 else shares)
    return f"Share of the examples that settle at each probe. {'; '.join(said)}."
