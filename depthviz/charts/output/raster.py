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
PLACE = re.compile(rf'transform="translate\(({NUMBER}),({NUMBER})\)"')
BOX = re.compile(rf"M({NUMBER}),({NUMBER})h({NUMBER})v({NUMBER})h-?{NUMBER}Z", re.I)
NONE = {"none", "transparent", ""}

Box = tuple[float, float, float, float]


class _Mark(NamedTuple):
    """One mark: a shape around a place, or a rectangle where there is none."""

    shape: str
    box: Box
    color: tuple[int, int, int, int]
    opacity: int


class _Ink(NamedTuple):
    """What a mark is drawn with; of no opacity where it is not drawn."""

    shape: str
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
    for attributes in MARK.findall(body):
        place = PLACE.search(attributes)
        if place is None:
            said = dict(VALUE.findall(attributes))
            ink, box = _ink(said), _flat_box(said)
        else:
            x, y = float(place[1]), float(place[2])
            # All but the place is alike for thousands, and read once.
            ink, reach = _stamped(attributes.replace(place[0], "", 1))
            box = (x - reach, y - reach, x + reach, y + reach)
        if ink is None or box is None:
            return None
        if ink.opacity:
            marks.append(_Mark(ink.shape if place else "", box, ink.color, ink.opacity))
    return marks


@lru_cache(maxsize=4096)
def _stamped(attributes: str) -> tuple[_Ink | None, float]:
    """Read a mark that is drawn around a place, and how far it goes from there."""
    said = dict(VALUE.findall(attributes))
    return _ink(said), _reach(said.get("d", "")) if said.get("d") else 0.0


def _ink(said: dict[str, str]) -> _Ink | None:
    """Read the shape and color of a mark; None where its outline is drawn, too."""
    if said.get("stroke", "none") not in NONE:
        return None
    outline = said.get("d", "")
    if said.get("fill", "none") in NONE:
        return _Ink(outline, (0, 0, 0, 0), 0)
    share = float(said.get("opacity", 1)) * float(said.get("fill-opacity", 1))
    return _Ink(outline, _color(said["fill"]), round(255 * share))


def _flat_box(said: dict[str, str]) -> Box | None:
    """Read where a rectangle lies; None where it is none."""
    flat = BOX.fullmatch(said.get("d", ""))
    if flat is None or "transform" in said:
        return None
    x, y, wide, high = map(float, flat.groups())
    return x, y, x + wide, y + high


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
    blend = canvas.im.paste  # `Image.paste` itself takes seven times as long
    for mark in marks:
        x, y = (mark.box[0] - left) * scale, (mark.box[1] - top) * scale
        if mark.shape:
            stamp = _stamp(mark.shape, scale, mark.opacity)
            begin = round(x), round(y)
            end = begin[0] + stamp.width, begin[1] + stamp.height
            blend(mark.color, (*begin, *end), stamp.im)
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
