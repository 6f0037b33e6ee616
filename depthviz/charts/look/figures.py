"""How a drawing becomes a chart: its rows, its config and its words, all within it.

A chart reads no setting of the person's: rows are named data sets in the chart, the
config is its own, and what Altair would add when it writes one, from themes and data
transformers, is left out by the classes here. They are Altair's in all else. So a chart
is the same in every notebook, thread and process, and changes nothing there.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, TypeVar, cast

import altair as alt
import numpy as np
import pandas as pd

from depthviz.charts.look.names import clean_text
from depthviz.charts.look.options import Look
from depthviz.charts.look.theme import config_of
from depthviz.errors import DependencyError, StudyError, TaskError

__all__ = ["AnyChart", "finish", "rows_from", "to_rows"]

AnyChart = TypeVar(
    "AnyChart",
    alt.Chart,
    alt.LayerChart,
    alt.FacetChart,
    alt.HConcatChart,
    alt.VConcatChart,
)
DIGITS = 6
WIDE = 0.55  # of a letter, in font sizes


class _OwnSettings:
    """Writes a chart without what the person has set for others."""

    def to_dict(self, validate: bool = True, **options: Any) -> dict[str, Any]:
        """Write the chart for Vega-Lite; options are Altair's."""
        bare = cast(Any, self).copy(deep=False)
        rows = bare._kwds.pop("datasets", alt.Undefined)
        own = {"top_level": False, "pre_transform": False}
        context = {**(options.pop("context", None) or {}), **own}
        written = super(_OwnSettings, bare).to_dict(  # type: ignore[misc]
            validate, context=context, **options
        )
        sets = {} if rows is alt.Undefined else {"datasets": rows}
        return {"$schema": alt.SCHEMA_URL, **written, **sets}

    def save(self, *path: Any, **options: Any) -> Any:
        """Write the chart to a file as `depthviz.charts.save` does."""
        from depthviz.charts.output.saving import write_chart

        return write_chart(lambda: self, *path, **options)

    def _repr_mimebundle_(self, *args: Any, **options: Any) -> Any:
        """Show pictures, which need no CDN, unless the person chose a renderer."""
        if alt.renderers.active == "default":
            from depthviz.charts.output.showing import pictures

            with suppress(DependencyError, TaskError):
                data, size = pictures(self)
                return {**data, "text/plain": repr(self)}, size
        return super()._repr_mimebundle_(*args, **options)  # type: ignore[misc]


class _Chart(_OwnSettings, alt.Chart):
    pass


class _LayerChart(_OwnSettings, alt.LayerChart):
    pass


class _FacetChart(_OwnSettings, alt.FacetChart):
    pass


class _HConcatChart(_OwnSettings, alt.HConcatChart):
    pass


class _VConcatChart(_OwnSettings, alt.VConcatChart):
    pass


_OWN = {
    alt.Chart: _Chart,
    alt.LayerChart: _LayerChart,
    alt.FacetChart: _FacetChart,
    alt.HConcatChart: _HConcatChart,
    alt.VConcatChart: _VConcatChart,
}


def finish(
    chart: AnyChart,
    look: Look,
    *,
    rows: Mapping[str, pd.DataFrame],
    title: str,
    description: str,
    notes: Sequence[str] = (),
    columns: int = 1,
) -> AnyChart:
    """Give a drawing its rows, config, title and words.

    Args:
        chart: What is drawn, of data that is named as `rows_from` does.
        look: How.
        rows: The tables by these names, that of the marks first.
        title: The chart's own, where the person gave none.
        description: What it shows, in words.
        notes: Said below the title; empty ones are left out.
        columns: How many plots stand side by side.

    Returns:
        A chart that needs and changes no setting.

    Raises:
        StudyError: If the first table has no row: nothing would be drawn.
    """
    if not len(next(iter(rows.values()))):
        raise StudyError(
            f"There is nothing to draw of {title!r}: of no example is known what the "
            "chart shows."
        )
    said = title if look.title is None else look.title
    lines = _lines(clean_text(said), look, columns)
    below = [line for note in notes if note for line in _lines(note, look, columns)]
    heading: dict[str, Any] = {}
    if lines or below:
        text: Any = lines[0] if len(lines) == 1 else lines
        heading["title"] = alt.TitleParams(text, subtitle=below or alt.Undefined)
    found: AnyChart = chart.properties(
        **heading,
        description=clean_text(f"{said}. {description}" if said else description),
        config=config_of(look),
    )
    # Set, and not given to `properties`, which would check each value of each row.
    found.datasets = {name: to_rows(table) for name, table in rows.items()}
    object.__setattr__(found, "__class__", _OWN[type(chart)])
    return found


def rows_from(name: str) -> alt.NamedData:
    """Name a table that `finish` is given.

    Args:
        name: Its name.

    Returns:
        What Altair takes as data.
    """
    return alt.NamedData(name)


def to_rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Write a table as JSON can hold it; what is no finite number becomes null.

    Args:
        table: Numbers, truth values and text.

    Returns:
        A dictionary a row.
    """
    columns = [_plain(table[name]) for name in table.columns]
    names = [str(name) for name in table.columns]
    return [
        dict(zip(names, values, strict=True)) for values in zip(*columns, strict=True)
    ]


def _plain(column: pd.Series[Any]) -> list[Any]:
    if pd.api.types.is_bool_dtype(column.dtype):
        return [bool(value) for value in column]
    if pd.api.types.is_integer_dtype(column.dtype):
        return [int(value) for value in column]
    if pd.api.types.is_float_dtype(column.dtype):
        values = column.to_numpy(float)
        return [
            float(f"{value:.{DIGITS}g}") if math.isfinite(value) else None
            for value in np.asarray(values).tolist()
        ]
    codes, texts = pd.factorize(column)
    cleaned = [*map(clean_text, texts), None]  # code -1 is of what is none
    return [cleaned[code] for code in codes.tolist()]


def _lines(text: str, look: Look, columns: int) -> list[str]:
    """Break a line that is wider than the plots."""
    room = max(24, int(look.width * columns / (WIDE * look.font_size)))
    return textwrap.wrap(text, room, max_lines=4, placeholder=" …")
