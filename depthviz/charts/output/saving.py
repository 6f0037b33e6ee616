"""Write a chart to a file, of the kind that its name ends in."""

from __future__ import annotations

import hashlib
import html
import json
import math
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import altair as alt

from depthviz.charts.output.conversion import to_pdf, to_png, to_svg
from depthviz.charts.output.letters import warn_of_letters
from depthviz.charts.output.offline_page import html_page
from depthviz.charts.output.raster import rasterized
from depthviz.errors import ArgumentError
from depthviz.machine.disk.failures import writing
from depthviz.machine.files import check_writable, write_atomically
from depthviz.machine.paths import local_path

__all__ = ["ENDINGS", "draw_svg", "drawing_of", "save", "write_chart"]

SCREEN, PAGE = 144.0, 300.0
MOST_DPI = 2400
MOST_TOLD = 1000  # marks that a drawing tells one by one
STACK = 5  # from a warning to who called save


def save(
    chart: alt.TopLevelMixin, path: str | os.PathLike[str], *, dpi: float | None = None
) -> Path:
    """Write a chart as a picture, a drawing, a page or JSON, without a network.

    A pixel of the chart is a point of a page, 1/72 inch. Above 5,000 marks the marks of
    an SVG or PDF are a picture under its axes.

    Args:
        chart: A chart of depthviz, or any of Altair's.
        path: A file that ends in .png, .svg, .pdf, .html or .json; an existing one is
            replaced.
        dpi: Pixels per inch of a PNG, by default 144, and of many marks in an SVG or
            PDF, by default 300.

    Returns:
        The path.

    Raises:
        ArgumentError: If the name ends in something else, dpi is out of range, or the
            path is none of a local disk.
        DataError: If the path is a folder.
        DependencyError: If vl-convert is missing; JSON needs none.
        DiskError: If it cannot be written; an earlier file is then unchanged.
        TaskError: If vl-convert cannot run in a process that was forked.

    Example:
        >>> import altair, tempfile
        >>> data = altair.InlineData([{"a": 1}])
        >>> chart = altair.Chart(data).mark_bar().encode(x="a:Q")
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     save(chart, f"{folder}/chart.json").name
        'chart.json'
    """
    return write_chart(lambda: chart, path, dpi)


def write_chart(draw: Callable[[], Any], path: Any, dpi: Any = None) -> Path:
    """Write a chart that is drawn once it is known that it can be written.

    Args:
        draw: What gives the chart.
        path: As for `save`, which calls this as a chart's own method does, alike deep.
        dpi: As for `save`.

    Returns:
        The path.
    """
    target = local_path(path)
    write = WRITERS.get(target.suffix.lower())
    if write is None:
        raise ArgumentError(
            f"A chart is written to a file that ends in {', '.join(WRITERS)}; got "
            f"{target.name!r}."
        )
    _check_dpi(dpi)
    check_writable(target)  # refused here, before the work
    written = write(_spec(draw()), dpi)
    with writing(target):
        write_atomically(target, written)
    return target


def draw_svg(chart: Any) -> str:
    """Draw a chart, all its marks as shapes.

    Args:
        chart: Any of Altair's.

    Returns:
        An SVG.

    Raises:
        ArgumentError: If it is no chart.
        DependencyError: If vl-convert is missing.
        TaskError: If it cannot run in this process.
    """
    return _drawing(_spec(chart))


def _png(spec: dict[str, Any], dpi: float | None) -> bytes:
    density = dpi or SCREEN
    svg = rasterized(_drawing(spec), dpi=density)
    warn_of_letters(svg, stacklevel=STACK)
    return to_png(svg, dpi=density)


def _svg(spec: dict[str, Any], dpi: float | None) -> bytes:
    svg = rasterized(_drawing(spec), dpi=dpi or PAGE)
    return _own_ids(_told(svg, spec.get("description", ""))).encode()


def drawing_of(chart: alt.TopLevelMixin, *, dpi: float = SCREEN) -> str:
    """Draw a chart as what stands in a page beside others.

    Args:
        chart: The chart.
        dpi: Pixels per inch of many marks.

    Returns:
        An SVG.

    Raises:
        DependencyError: If vl-convert is missing.
        TaskError: If vl-convert cannot run in this process.
    """
    return _svg(_spec(chart), dpi).decode()


def _pdf(spec: dict[str, Any], dpi: float | None) -> bytes:
    svg = rasterized(_drawing(spec), dpi=dpi or PAGE)
    warn_of_letters(svg, stacklevel=STACK)
    return to_pdf(svg)


def _html(spec: dict[str, Any], dpi: float | None) -> bytes:
    return html_page(spec).encode()


def _json(spec: dict[str, Any], dpi: float | None) -> bytes:
    return json.dumps(spec, allow_nan=False, ensure_ascii=False).encode()


WRITERS: dict[str, Callable[[dict[str, Any], float | None], bytes]] = {
    ".png": _png,
    ".svg": _svg,
    ".pdf": _pdf,
    ".html": _html,
    ".json": _json,
}
ENDINGS = tuple(WRITERS)


def _spec(chart: Any) -> dict[str, Any]:
    """Write a chart as Vega-Lite; never transparent."""
    if not isinstance(chart, alt.TopLevelMixin):
        raise ArgumentError(
            f"save writes a chart, as depthviz.charts make them; got {type(chart)}."
        )
    spec: dict[str, Any] = chart.to_dict()
    own = spec.get("background") or spec.get("config", {}).get("background")
    if own in (None, "transparent", "none"):
        spec["background"] = "white"
    return spec


def _drawing(spec: dict[str, Any]) -> str:
    """Draw a chart; what is many is not told to screen readers one by one."""
    sizes = {name: len(rows) for name, rows in spec.get("datasets", {}).items()}
    return to_svg(_quiet(spec, sizes, many=False))


def _quiet(part: Any, sizes: dict[str, int], *, many: bool) -> Any:
    if isinstance(part, list):
        return [_quiet(one, sizes, many=many) for one in part]
    if not isinstance(part, dict):
        return part
    data = part.get("data")
    if isinstance(data, dict):
        many = sizes.get(data.get("name", ""), 0) > MOST_TOLD
    found = {
        name: value if name in ("datasets", "data") else _quiet(value, sizes, many=many)
        for name, value in part.items()
    }
    if many and "mark" in part:
        mark = part["mark"]
        said = dict(mark) if isinstance(mark, dict) else {"type": mark}
        found["mark"] = {**said, "aria": False}
    return found


def _told(svg: str, description: str) -> str:
    """Give a drawing its words, for those who do not see it."""
    if not description:
        return svg
    words = html.escape(description)
    return svg.replace("<svg ", f'<svg role="img" aria-label="{words}" ', 1)


def _own_ids(svg: str) -> str:
    """Name what is referred to by the drawing's content: pages hold several."""
    digest = hashlib.sha256(svg.encode()).hexdigest()[:10]
    named = re.sub(r'(<[^>]*\sid=")([^"]+)"', rf'\1d{digest}-\2"', svg)
    return re.sub(r"url\(#([^)]+)\)", rf"url(#d{digest}-\1)", named)


def _check_dpi(dpi: Any) -> None:
    number = isinstance(dpi, int | float) and not isinstance(dpi, bool)
    if dpi is None or (number and math.isfinite(dpi) and 36 <= dpi <= MOST_DPI):
        return
    raise ArgumentError(f"dpi must be a number from 36 to {MOST_DPI:,}, got {dpi!r}.")
