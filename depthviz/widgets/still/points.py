"""The map of the still picture: points at one probe, names of classes, a legend."""

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from PIL import Image

from depthviz.widgets.still.coloring import Coloring
from depthviz.widgets.still.column_places import ColumnAxis, places_by
from depthviz.widgets.still.sheet import Sheet
from depthviz.widgets.still.theme import INK, PAPER

__all__ = ["draw_map"]

_MOST_POINTS = 40_000  # more would fill each pixel of the map several times
_LEAST, _MOST = 1.0, 2.6  # radius of a point
_SOLID, _FAINT = 0.75, 0.16  # opacity of points that pass, and of others
_NAMED = 0.5  # share of a class around its middle that lets its name stand there
_LEGEND = 34
_MOST_NAMES = 12
_REST = 110  # pixels for what is said of the others


def draw_map(
    sheet: Sheet,
    data: xr.Dataset,
    strong: NDArray[np.bool_],
    probe: int,
    *,
    box: tuple[int, int, int, int],
    coloring: Coloring,
    axes: tuple[ColumnAxis, ColumnAxis] | None = None,
) -> None:
    """Draw every point, those that pass over the others; by columns, where given."""
    left, top, right, bottom = box
    name = " and ".join(one.title for one in axes or ())
    name = name or str(data["probe"].values[probe])
    wide = sheet.write((left, top), name, size=14, ink=INK, bold=True, width=260)
    by = f"{'' if axes else 'map, '}colored by {coloring.title}"
    sheet.write((left + wide + 10, top + 1), by, width=right - left - wide - 10)
    area = (left, top + 24, right, bottom - _LEGEND)
    size = (area[2] - area[0], area[3] - area[1])
    given = places_by(axes) if axes else data["projection"].isel(probe=probe).values
    places = _place(given.astype(float), size)
    radius = float(
        np.clip(0.19 * np.sqrt(size[0] * size[1] / len(data["example"])), _LEAST, _MOST)
    )
    ground = np.full((size[1], size[0], 3), PAPER, np.float32)
    # By columns, an example without a value has no place.
    placed = ~np.isnan(given).any(1) if axes else np.ones(len(given), bool)
    for mask, opacity in ((~strong & placed, _FAINT), (strong & placed, _SOLID)):
        chosen = _thinned(np.flatnonzero(mask))
        rgb = coloring.rgb[chosen].astype(np.float32)
        _paint(ground, places[chosen], rgb, radius, opacity)
    image = Image.fromarray(ground.round().astype(np.uint8))
    sheet.image.paste(image, (area[0], area[1]))
    if not axes:
        _write_names(sheet, places, strong, coloring, area)
    _write_legend(sheet, coloring, (left, bottom - _LEGEND + 2, right, bottom))


def _place(points: NDArray[np.float64], size: tuple[int, int]) -> NDArray[np.float64]:
    """Fit positions into a box, to scale, shape `(N, 2)`; unknown ones centered."""
    lowest, highest = np.fmin.reduce(points), np.fmax.reduce(points)
    middle = np.nan_to_num((lowest + highest) / 2)
    spread = np.nan_to_num(highest - lowest)
    spread = np.where(spread > 0, spread, 1)
    room = np.asarray(size) - 2 * (_MOST + 2)
    scale = (room / spread).min()
    placed = (np.nan_to_num(points, nan=0.0) - middle) * scale
    placed[np.isnan(points).any(1)] = 0
    found: NDArray[np.float64] = placed * (1, -1) + np.asarray(size) / 2
    return found


def _thinned(chosen: NDArray[np.intp]) -> NDArray[np.intp]:
    return chosen[:: max(1, -(-len(chosen) // _MOST_POINTS))]


def _paint(
    ground: NDArray[np.float32],
    places: NDArray[np.float64],
    rgb: NDArray[np.float32],
    radius: float,
    opacity: float,
) -> None:
    """Blend round points into a picture, shape `(H, W, 3)`; none is at its edge."""
    reach = int(np.ceil(radius + 0.5))
    wide, flat = ground.shape[1], ground.reshape(-1, 3)
    middle = places.astype(np.int64) @ (1, wide)
    for dy in range(-reach, reach + 1):
        for dx in range(-reach, reach + 1):
            cover = np.clip(radius + 0.5 - np.hypot(dx, dy), 0, 1) * opacity
            if cover > 0:
                at = middle + (dy * wide + dx)
                below = flat.take(at, 0)
                flat[at] = below + (rgb - below) * np.float32(cover)


def _write_names(
    sheet: Sheet,
    places: NDArray[np.float64],
    strong: NDArray[np.bool_],
    coloring: Coloring,
    area: tuple[int, int, int, int],
) -> None:
    """Write a class's name where most of it lies, unless another stands there."""
    taken: list[tuple[float, float, float]] = []
    reach = (area[3] - area[1]) / 5
    for code in list(coloring.marks)[:_MOST_NAMES]:
        own = places[strong & (coloring.codes == code)]
        if coloring.title == "group" or len(own) < 3:
            continue
        middle = np.median(own, axis=0)
        if (np.hypot(*(own - middle).T) < reach).mean() < _NAMED:
            continue
        line, font = sheet.fit_name(coloring.names[code], code, width=120)
        half = font.getlength(line) / 2 + 6
        x = min(max(area[0] + middle[0], area[0] + half), area[2] - half)
        y = min(max(area[1] + middle[1], area[1] + 10), area[3] - 10)
        if any(abs(x - a) < half + b and abs(y - c) < 16 for a, b, c in taken):
            continue
        taken.append((x, half, y))
        sheet.write(
            (x, y - 8), line, size=13, ink=INK, bold=True, align="center", halo=True
        )


def _write_legend(
    sheet: Sheet, coloring: Coloring, box: tuple[int, int, int, int]
) -> None:
    """Name the colors on two lines at most, then tell how many are grey."""
    left, top, right, _ = box
    x, y, written = float(left), top, 0
    present = coloring.present
    named = [code for code in present if code in coloring.marks]
    for code in named:
        line, font = sheet.fit_name(coloring.names[code], code, width=220)
        wide = 13 + font.getlength(line) + 14
        last = y > top
        if x + wide > right - _REST * last and x > left:
            if last:
                break
            x, y = float(left), top + 16
        sheet.named((x, y), coloring.mark(code), line, width=240)
        x, written = x + wide, written + 1
    if len(present) > written:
        grey = " in grey" if written == len(named) else ""
        text = f"{len(present) - written:,} more{grey}"
        sheet.write((x, y), text, size=12)
