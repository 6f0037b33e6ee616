"""Many marks of a drawing as one picture under its axes.

A drawing of 60,000 points has a path for each, and a PDF of it 42 MB. Here points and
rectangles become pixels in the order in which they lie on one another, and all else,
axes and words, stays as it is.
"""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from PIL import Image, ImageColor

from depthviz.charts.output.conversion import PER_INCH, to_png

__all__ = ["MOST_MARKS", "rasterized"]

MOST_MARKS = 5000
FEW = 200  # marks of a group that stay as they are
COLORS = 128
NUMBER = r"-?\d+(?:\.\d+)?(?:e-?\d+)?"
GROUP = re.compile(r'<g class="mark-(?:symbol|rect) role-mark[^"]*"[^>]*>')
MARK = re.compile(r"<path ([^>]*?)/?>(?:</path>)?")
VALUE = re.compile(r'([\w-]+)="([^"]*)"')
PLACE = re.compile(rf"translate\(({NUMBER}),({NUMBER})\)")
BOX = re.compile(rf"M({NUMBER}),({NUMBER})h({NUMBER})v({NUMBER})h-?{NUMBER}Z", re.I)
NONE = {"none", "transparent", ""}

Box = tuple[float, float, float, float]


class _Mark(NamedTuple):
    """One mark: a shape around a place, or a rectangle where there is none."""

    shape: str
    box: Box
    color: tuple[int, int, int, int]
    opacity: int


def rasterized(svg: str, *, dpi: float) -> str:
    """Turn the points and rectangles of a drawing into pictures, if they are many.

    Args:
        svg: What Vega drew.
        dpi: Pixels of the pictures for 72 of the chart's.

    Returns:
        The drawing; as it is with 5,000 marks or fewer.
    """
    parts = list(_groups(svg))
    if sum(svg.count("<path ", begin, end) for begin, end in parts) <= MOST_MARKS:
        return svg
    written, last = [], 0
    for begin, end in parts:
        marks = _read(svg[begin:end])
        if marks is not None and len(marks) > FEW:
            written += [svg[last:begin], _picture(marks, dpi / PER_INCH)]
            last = end
    return "".join([*written, svg[last:]])


def _groups(svg: str) -> Iterator[tuple[int, int]]:
    """Find where the marks of each group begin and end."""
    for found in GROUP.finditer(svg):
        end = svg.index("</g>", found.end())
        if svg.find("<g", found.end(), end) < 0:
            yield found.end(), end


def _read(body: str) -> list[_Mark] | None:
    """Read the marks of a group; None where one is drawn in another way."""
    marks = []
    for found in MARK.finditer(body):
        said = dict(VALUE.findall(found[1]))
        if said.get("stroke", "none") not in NONE:
            return None
        if said.get("fill", "none") in NONE:
            continue
        mark = _mark(said)
        if mark is None:
            return None
        marks.append(mark)
    return marks


def _mark(said: dict[str, str]) -> _Mark | None:
    share = float(said.get("opacity", 1)) * float(said.get("fill-opacity", 1))
    color, opacity = _color(said["fill"]), round(255 * share)
    place, outline = PLACE.fullmatch(said.get("transform", "")), said.get("d", "")
    if place:
        reach = _reach(outline)
        x, y = float(place[1]), float(place[2])
        box = (x - reach, y - reach, x + reach, y + reach)
        return _Mark(outline, box, color, opacity)
    flat = BOX.fullmatch(outline)
    if flat is None or "transform" in said:
        return None
    x, y, wide, high = map(float, flat.groups())
    return _Mark("", (x, y, x + wide, y + high), color, opacity)


def _picture(marks: list[_Mark], scale: float) -> str:
    """Paint marks, and write the picture where they were."""
    left = min(mark.box[0] for mark in marks)
    top = min(mark.box[1] for mark in marks)
    wide = max(mark.box[2] for mark in marks) - left
    high = max(mark.box[3] for mark in marks) - top
    size = max(1, round(wide * scale)), max(1, round(high * scale))
    # Colors times opacity, and opacity: what blends as paste does, which treats the
    # fourth band of RGBA in another way.
    canvas = Image.new("CMYK", size)
    for mark in marks:
        x, y = (mark.box[0] - left) * scale, (mark.box[1] - top) * scale
        if mark.shape:
            stamp = _stamp(mark.shape, scale, mark.opacity)
            canvas.paste(mark.color, (round(x), round(y)), stamp)
            continue
        right, low = (mark.box[2] - left) * scale, (mark.box[3] - top) * scale
        corners = (round(x), round(y), max(round(right), 1), max(round(low), 1))
        spread = (corners[2] - corners[0], corners[3] - corners[1])
        if min(spread) > 0:
            canvas.paste(mark.color, corners, Image.new("L", spread, mark.opacity))
    data = base64.b64encode(_png(canvas)).decode()
    return (
        f'<image aria-hidden="true" x="{left:.3f}" y="{top:.3f}" width="{wide:.3f}" '
        f'height="{high:.3f}" preserveAspectRatio="none" '
        f'xlink:href="data:image/png;base64,{data}"/>'
    )


def _png(canvas: Image.Image) -> bytes:
    """Encode a picture whose colors are times opacity, with few colors."""
    blended = Image.frombytes("RGBa", canvas.size, canvas.tobytes())
    few = blended.convert("RGBA").quantize(COLORS, Image.Quantize.FASTOCTREE)
    encoded = io.BytesIO()
    few.save(encoded, "PNG", optimize=True)
    return encoded.getvalue()


@lru_cache(maxsize=256)
def _stamp(outline: str, scale: float, opacity: int) -> Image.Image:
    """Draw the cover of a shape, shape `(2R, 2R)` in pixels."""
    reach = _reach(outline)
    side = max(1, round(2 * reach * scale))
    drawn = to_png(
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{side}" height="{side}">'
        f'<rect width="{side}" height="{side}" fill="black"/>'
        f'<path transform="translate({side / 2},{side / 2}) scale({scale})" '
        f'd="{outline}" fill="white"/></svg>',
        dpi=PER_INCH,
    )
    cover = Image.open(io.BytesIO(drawn)).convert("L")
    return cover.point([round(value * opacity / 255) for value in range(256)])


@lru_cache(maxsize=1024)
def _reach(outline: str) -> float:
    """How far a shape goes from its place: the largest number in it, and an edge."""
    return max(abs(float(one)) for one in re.findall(NUMBER, outline)) + 0.5


@lru_cache(maxsize=65536)
def _color(text: str) -> tuple[int, int, int, int]:
    red, green, blue = ImageColor.getrgb(text)[:3]
    return red, green, blue, 255
