"""The map of the examples at each probe, as small multiples."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal, Unpack

import altair as alt
import numpy as np
import pandas as pd

from depthviz.charts.look.axes import label_room, replaced
from depthviz.charts.look.figures import finish, rows_from
from depthviz.charts.look.names import and_more, choose_classes, short_names
from depthviz.charts.look.options import ChartOptions, Look
from depthviz.charts.look.palette import Mark, marks_of
from depthviz.charts.look.parts import facet_look, left_out, panels
from depthviz.charts.look.theme import inks_of
from depthviz.charts.reading import (
    Parts,
    Source,
    need,
    parts_of,
    read_source,
    some_examples,
)
from depthviz.errors import ArgumentError
from depthviz.study import Study

__all__ = ["map_by_probe", "map_by_probe_table"]

By = Literal["class", "split", "correct", "group"]
HOW = "Add maps with depthviz.add_maps(study)."
REST = "others"
MOST_POINTS = 60_000  # of one panel; more hide each other, and take long
MOST_IN_PANELS = 40_000  # of several, which are small
COLUMN = 236.0  # points of a printed column


def map_by_probe_table(
    study: Source,
    *,
    examples: Any = None,
    probes: Iterable[str] | None = None,
    by: By | None = "class",
    classes: Iterable[str] | None = None,
) -> pd.DataFrame:
    """List where each example lies in the map of each probe.

    Args:
        study: A study with maps, or an Explorer.
        examples: Their ids, a mask, or rows of `study.frame()`; by default all.
        probes: Which probes, by name; by default all.
        by: What points are colored by: "class" (the given label), "split", "correct"
            or "group"; None for nothing.
        classes: Which classes or groups have a color, by name; by default all, of more
            than 20 the commonest. The rest is "others".

    Returns:
        A row for each probe and example: `probe`, `example_id`, `x` and `y`, to no
        unit, and `part`, what it is colored by. Examples without a place are left out.

    Raises:
        ArgumentError: If by, a probe or a class is unknown.
        DataError: If examples are not those of the study.
        StudyError: If the study has no maps, or lacks what it is colored by.
    """
    study, examples = read_source(study, examples)
    need(study, "A map", "projection", how=HOW)
    part = some_examples(study, examples)
    names = _probes(study, probes)
    colored = _part_names(parts_of(part, by), classes if by else None)
    tables: list[pd.DataFrame] = []
    for name in names:
        place = part.dataset["projection"].isel(probe=study.probes.index(name))
        columns = {
            "probe": name,
            "example_id": part.dataset["example_id"].values.astype(str),
            "x": place.values[:, 0].astype(float),
            "y": place.values[:, 1].astype(float),
            "part": colored,
        }
        table = pd.DataFrame(columns)
        tables.append(table[np.isfinite(table["x"]) & np.isfinite(table["y"])])
    return pd.concat(tables, ignore_index=True)


def map_by_probe(
    study: Source,
    *,
    examples: Any = None,
    probes: Iterable[str] | None = None,
    by: By | None = "class",
    classes: Iterable[str] | None = None,
    **options: Unpack[ChartOptions],
) -> alt.FacetChart:
    """Draw the map of the examples at each probe, a panel each.

    Of more than 60,000 points, or 40,000 in several panels, some examples are drawn,
    chosen by chance and the same at every probe, and the chart says so; `examples` and
    `probes` choose others.

    Args:
        study: As for `map_by_probe_table`.
        examples: As for `map_by_probe_table`.
        probes: As for `map_by_probe_table`.
        by: As for `map_by_probe_table`.
        classes: As for `map_by_probe_table`.
        options: As for every chart, see `ChartOptions`.

    Returns:
        The chart, which a notebook draws and `save` writes.

    Raises:
        ArgumentError: As for `map_by_probe_table`, or if an option is out of range.
        DataError: As for `map_by_probe_table`.
        StudyError: As for `map_by_probe_table`.
    """
    study, examples = read_source(study, examples)
    names = _probes(study, probes)
    whole = some_examples(study, examples)
    count = len(whole)
    part = _thinned(whole, len(names))
    kept = len(part)
    table = map_by_probe_table(
        part, probes=names, by=by, classes=_colored(whole, by, classes)
    )
    look, columns = facet_look(options, len(names), width=360, height=360)
    shown = dict(zip(names, short_names(names), strict=True))
    table = table.assign(shown=table["probe"].map(shown))
    keys, more = _keys(study, table, by, classes)
    lost = len(names) * kept - len(table)
    drawn = _points(table, look, by, keys)
    return finish(
        panels(drawn, look, list(shown.values()), columns=columns),
        look,
        rows={"map": table},
        title=f"{count:,} example{'s' * (count != 1)} at each probe",
        notes=[
            and_more(more, "classes" if by == "class" else "parts"),
            left_out(lost, "points without a place"),
            left_out(
                len(names) * (count - kept),
                f"points of all but {kept:,} examples, chosen by chance",
            ),
        ],
        description=(
            f"Maps of the examples at {', '.join(names)}"
            + (f", colored by {by}." if by else ".")
        ),
        columns=columns,
    )


def _thinned(study: Study, probes: int) -> Study:
    """Take as many examples as there can be points of."""
    most = MOST_POINTS if probes == 1 else max(1, MOST_IN_PANELS // probes)
    if len(study) <= most:
        return study
    chosen = np.random.default_rng(0).choice(len(study), most, replace=False)
    return study.subset(np.isin(np.arange(len(study)), chosen))


def _colored(
    study: Study, by: str | None, classes: Iterable[str] | None
) -> Iterable[str] | None:
    """Which parts have a color: those of all examples, whichever are drawn."""
    if classes is not None or by is None:
        return classes
    parts = parts_of(study, by)
    chosen = choose_classes(parts.names, parts.counts, None)
    return [parts.names[code] for code in chosen.codes] or None


def _probes(study: Study, wanted: Iterable[str] | None) -> list[str]:
    known = study.probes
    names = list(known) if wanted is None else list(dict.fromkeys(wanted))
    for name in names:
        if name not in known:
            listed = ", ".join(map(repr, known))
            raise ArgumentError(f"Unknown probe {name!r}. This study has: {listed}.")
    if not names:
        raise ArgumentError("probes must name at least one probe, got none.")
    return names


def _part_names(parts: Parts, classes: Iterable[str] | None) -> Any:
    """The name that each example is colored by."""
    chosen = choose_classes(parts.names, parts.counts, classes).codes
    names = np.array([*parts.names, REST], object)
    return names[np.where(np.isin(parts.codes, chosen), parts.codes, -1)]


def _keys(
    study: Study, table: pd.DataFrame, by: str | None, classes: Iterable[str] | None
) -> tuple[list[tuple[str, int]], int]:
    """Names that have a color, each with its code, and how many have none."""
    parts = parts_of(study, by)
    present = set(table["part"])
    found = [(name, code) for code, name in enumerate(parts.names) if name in present]
    if REST not in present:
        return found, 0
    return [*found, (REST, -1)], int((parts.counts > 0).sum()) - len(found)


def _points(
    table: pd.DataFrame, look: Look, by: str | None, keys: list[tuple[str, int]]
) -> alt.Chart:
    each = max(1, len(table) // max(1, table["probe"].nunique()))
    radius = float(
        np.clip(
            0.19 * np.sqrt(look.width * look.height / each),
            0.5 if look.on_paper else 0.9,
            3,
        )
    )
    base = alt.Chart(rows_from("map")).mark_point(
        filled=True,
        stroke=None,
        opacity=1,
        fillOpacity=0.62,
        size=float(np.pi * radius**2),
    )
    place = [
        channel(f"{name}:Q", axis=None, scale=_scale(table, name))
        for channel, name in ((alt.X, "x"), (alt.Y, "y"))
    ]
    tips = [alt.Tooltip(f"{name}:N") for name in ("example_id", "part", "probe")]
    encoded = base.encode(*place, *_coloring(look, by, keys), tooltip=tips)
    drawn: alt.Chart = encoded.properties(
        width=look.width,
        height=look.height,
        view=alt.ViewBackground(
            stroke=inks_of(look).line, strokeWidth=0.5 if look.on_paper else 1
        ),
    )
    return drawn


def _scale(table: pd.DataFrame, name: str) -> alt.Scale:
    """The same units along both axes and in all panels."""
    reach = max((table[one].max() - table[one].min() for one in "xy"), default=0.0)
    reach = 0.52 * float(reach) if len(table) and reach > 0 else 1.0
    middle = (table[name].max() + table[name].min()) / 2 if len(table) else 0.0
    return alt.Scale(domain=[middle - reach, middle + reach], nice=False)


def _coloring(look: Look, by: str | None, keys: list[tuple[str, int]]) -> list[Any]:
    """Color and shape of each name, with one legend for both."""
    inks = inks_of(look)
    if by is None:
        return [alt.ColorValue(inks.mark)]
    marks = marks_of([key for key in keys if key[1] >= 0], look.ground)
    if len(marks) < len(keys):
        marks.append(Mark(inks.line, "circle"))
    names = [name for name, _ in keys]
    lines = dict(zip(names, short_names(names), strict=True))
    across = max(1, min(4, int(COLUMN / (label_room(names, longest=36) + 14))))
    legend = alt.Legend(
        title=None,
        orient="bottom" if look.on_paper else "right",
        columns=across if look.on_paper else 1 + (len(names) - 1) // 14,
        symbolOpacity=1,
        symbolSize=20 if look.on_paper else 50,
        labelExpr=_cut_labels(lines),
    )
    color = alt.Scale(domain=names, range=[mark[0] for mark in marks])
    shape = alt.Scale(domain=names, range=[mark[1] for mark in marks])
    return [
        alt.Color("part:N", scale=color, legend=legend),
        alt.Shape("part:N", scale=shape, legend=legend),
    ]


def _cut_labels(lines: dict[str, str]) -> Any:
    cut = {name: short for name, short in lines.items() if name != short}
    return replaced(cut) if cut else alt.Undefined
