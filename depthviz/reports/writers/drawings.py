"""Charts as drawings in a page that is light or dark.

A drawing names its colors as the page's style does, so that it follows the page, and
has the page's letters. Its marks say nothing one by one to screen readers, as the
drawing as a whole has its words.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator

import altair as alt
from PIL import ImageColor

from depthviz.charts.look.palette import CLASSES, FIXED
from depthviz.charts.look.theme import DARK, LIGHT
from depthviz.charts.output.saving import drawing_of

__all__ = ["color_rules", "inline_drawing"]

COLORED = re.compile(r'\b(fill|stroke|stop-color)="(#[0-9a-f]{6}|rgb\([\d, ]+\))"')
SPOKEN = re.compile(r' (?:aria-[a-z]+|role|font-family|pointer-events)="[^"]*"')
LONG = re.compile(r"(\d\.\d\d)\d+")
OPENING = re.compile(r"<svg [^>]*>")
SIZE = re.compile(r' (width|height)="([\d.]+)"')
WORDS = re.compile(r'aria-label="([^"]*)"')


def color_rules() -> str:
    """Write the colors of drawings as custom properties of a style.

    Returns:
        Rules that follow the scheme of the page, whoever chose it; browsers that do not
        know `light-dark` have the light ones.
    """
    pairs = list(_pairs())
    light = "".join(f"{_name(light)}:{light};" for light, _ in pairs)
    both = "".join(
        f"{_name(light)}:light-dark({light},{dark});" for light, dark in pairs
    )
    known = "@supports (color: light-dark(red, red))"
    return f":root{{{light}}}{known}{{:root{{{both}}}}}"


def inline_drawing(chart: alt.TopLevelMixin, *, kind: str) -> str:
    """Draw a chart as part of a page.

    Args:
        chart: A chart of depthviz, in its light theme.
        kind: Class of the drawing.

    Returns:
        An SVG that has words for those who do not see it, and no style of its own.

    Raises:
        DependencyError: If vl-convert is missing.
        TaskError: If vl-convert cannot run in this process.
    """
    svg = drawing_of(chart)
    head = OPENING.search(svg)
    opening = head[0] if head else "<svg>"
    said = WORDS.search(opening)
    size = dict(SIZE.findall(opening))
    body = svg[head.end() if head else 0 :]
    body = COLORED.sub(lambda found: f'{found[1]}="{_color(found[2])}"', body)
    body = LONG.sub(r"\1", SPOKEN.sub("", body))
    width, height = size.get("width", "0"), size.get("height", "0")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="{kind}" role="img" '
        f'aria-label="{said[1] if said else ""}" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}">{body}'
    )


def _pairs() -> Iterator[tuple[str, str]]:
    """Each color on light, with that on dark; a color stands once."""
    found: dict[str, str] = {}
    for light, dark in (
        *zip(LIGHT, DARK, strict=True),
        *zip(CLASSES["light"], CLASSES["dark"], strict=True),
        *((light, dark) for light, dark, _ in FIXED.values()),
    ):
        found.setdefault(light, dark)
    yield from found.items()


@functools.cache
def _known() -> frozenset[str]:
    return frozenset(light for light, _ in _pairs())


def _name(color: str) -> str:
    return f"--c{color[1:]}"


@functools.cache
def _color(color: str) -> str:
    """Name a color as the page's style does; one between two is mixed of these."""
    if color in _known():
        return f"var({_name(color)})"
    share = _between(ImageColor.getrgb(color)[:3])
    if share is None:
        return color
    mixed = f"{100 * share:.0f}%"
    ends = f"var({_name(LIGHT.accent)}) {mixed}, var({_name(LIGHT.line)})"
    return f"color-mix(in srgb, {ends})"


def _between(color: tuple[int, ...]) -> float | None:
    """How far a color is from the ramp's beginning to its end; None if it is not."""
    start, end = (ImageColor.getrgb(one)[:3] for one in (LIGHT.line, LIGHT.accent))
    way = [b - a for a, b in zip(start, end, strict=True)]
    length = sum(one * one for one in way)
    gone = [c - a for a, c in zip(start, color, strict=True)]
    share = sum(g * w for g, w in zip(gone, way, strict=True)) / length
    apart = sum((g - share * w) ** 2 for g, w in zip(gone, way, strict=True))
    near = apart < 0.05 * length and -0.02 <= share <= 1.02
    return min(1.0, max(0.0, share)) if near else None
