"""A still picture of a view, drawn without a browser.

Reopened notebooks, GitHub and nbconvert have no kernel and run no script, and show this
in its place: title and counts, the map at the current probe, the first examples of the
grid, the depths. Small and quick rather than the same to the pixel.
"""

import io
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from depthviz.difficulty import MEASURES
from depthviz.widgets.lettering import fit_text
from depthviz.widgets.payload.pictures import to_picture

__all__ = ["draw_still"]

_WIDTH, _HEIGHT = 1000, 560
_PAD = 16
_MAP = (_PAD, 64, 480, 528)
_GRID = (500, 64, 984, 400)
_BARS = (500, 436, 984, 528)
_CELL = 60
_MOST_POINTS = 60_000
_INK, _SOFT, _PAPER, _LINE = "#1b1e23", "#565c66", "#ffffff", "#e1e4e8"
_BAR = "#868e99"
_PALETTE = (  # The ten of the page, for a light ground
    (70, 111, 203),
    (242, 95, 54),
    (140, 23, 55),
    (180, 59, 158),
    (144, 82, 17),
    (199, 120, 161),
    (66, 109, 100),
    (2, 160, 94),
    (169, 116, 247),
    (110, 24, 149),
)
_COLORS = 128


def draw_still(
    data: xr.Dataset,
    frame: pd.DataFrame,
    *,
    title: str,
    shown: NDArray[np.bool_],
    selected: NDArray[np.bool_],
    ui_state: Mapping[str, Any],
) -> bytes:
    """Draw a picture of a study as it is shown.

    Args:
        data: The study's dataset.
        frame: `study.frame()`.
        title: The heading.
        shown: Whether each example passes the filters, shape `(N,)`.
        selected: Whether each is selected, shape `(N,)`.
        ui_state: Probe and sort of the view.

    Returns:
        A PNG of 1000 by 560 pixels.
    """
    canvas = Image.new("RGB", (_WIDTH, _HEIGHT), _PAPER)
    pen = ImageDraw.Draw(canvas)
    _write(pen, (_PAD, 12), title, size=20, ink=_INK)
    counts = f"{shown.sum():,} of {len(frame):,} shown · {selected.sum():,} selected"
    _write(pen, (_PAD, 38), counts, size=14)
    if "projection" in data:
        _draw_map(canvas, data, selected if selected.any() else shown, ui_state)
    _draw_grid(canvas, data, frame, shown & (selected | ~selected.any()), ui_state)
    _draw_depths(pen, frame, shown, len(data["probe"]))
    encoded = io.BytesIO()
    canvas.quantize(_COLORS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(
        encoded, "PNG", compress_level=6
    )
    return encoded.getvalue()


def _draw_map(
    canvas: Image.Image,
    data: xr.Dataset,
    strong: NDArray[np.bool_],
    ui_state: Mapping[str, Any],
) -> None:
    pen = ImageDraw.Draw(canvas)
    left, top, right, bottom = _MAP
    last = len(data["probe"]) - 1
    asked = ui_state.get("probe", 0)
    probe = round(min(last, max(0, asked if isinstance(asked, int | float) else 0)))
    points = data["projection"].isel(probe=probe).values.astype(float)
    side = right - left - 1
    lowest = np.fmin.reduce(points)
    spread = np.nan_to_num(np.fmax.reduce(points) - lowest)
    reach = max(float(spread.max()), np.finfo(float).tiny)
    places = np.nan_to_num((points - lowest) / reach * (side - 2)).astype(int)
    ground = np.full((side, side, 3), 255, np.uint8)
    labels = data["label"].values.astype(np.int64) % len(_PALETTE)
    colors = np.asarray(_PALETTE, np.uint8)[labels]
    faded = (255 - (255 - colors.astype(int)) // 5).astype(np.uint8)
    for mask, paint in ((~strong, faded), (strong, colors)):
        chosen = _thinned(np.flatnonzero(mask))
        x, y = places[chosen, 0], side - 2 - places[chosen, 1]
        for dx, dy in ((0, 0), (1, 0), (0, 1), (1, 1)):
            ground[np.minimum(y + dy, side - 1), x + dx] = paint[chosen]
    canvas.paste(Image.fromarray(ground), (left, top))
    pen.rectangle((left - 1, top - 1, right, bottom), outline=_LINE)
    name = f"Map at {data['probe'].values[probe]}, colored by label"
    _write(pen, (left, bottom + 6), name, size=13, most=60, width=side)


def _thinned(chosen: NDArray[np.intp]) -> NDArray[np.intp]:
    return chosen[:: max(1, -(-len(chosen) // _MOST_POINTS))]


def _draw_grid(
    canvas: Image.Image,
    data: xr.Dataset,
    frame: pd.DataFrame,
    kept: NDArray[np.bool_],
    ui_state: Mapping[str, Any],
) -> None:
    pen = ImageDraw.Draw(canvas)
    left, top, right, bottom = _GRID
    across, down = (right - left) // _CELL, (bottom - top) // (_CELL + 18)
    name, order = _order(frame, ui_state)
    first = order[kept[order]][: across * down]
    if "image" in data:
        chosen = np.sort(first)
        stored = data["image"].isel(example=chosen).values
        pictures = dict(zip(chosen.tolist(), stored, strict=True))
    else:
        pictures = {}
    classes = [str(one) for one in data["class"].values]
    labels = data["label"].values
    for place, index in enumerate(first.tolist()):
        x = left + place % across * _CELL
        y = top + place // across * (_CELL + 18)
        if index in pictures:
            canvas.paste(_fit(pictures[index]), (x, y))
        else:
            _caption(pen, (x, y + 20), str(frame.index[index]), _INK)
        label = int(labels[index])
        caption = classes[label] if 0 <= label < len(classes) else ""
        _caption(pen, (x, y + _CELL - 3), caption, _SOFT)
    _write(
        pen,
        (left, bottom + 2),
        f"First by {name.replace('_', ' ')}",
        size=13,
        width=right - left,
    )


def _order(
    frame: pd.DataFrame, ui_state: Mapping[str, Any]
) -> tuple[str, NDArray[np.intp]]:
    """The order of the grid, hardest first where the column says which way that is."""
    asked = ui_state.get("sort")
    usual = "suspicion_rank" if "suspicion_rank" in frame else "depth"
    name = asked if isinstance(asked, str) and asked in frame else usual
    if not pd.api.types.is_numeric_dtype(frame[name].dtype):
        name = usual
    values = frame[name].to_numpy(float)
    measure = MEASURES.get(name)
    falling = measure is None or measure.harder != "smaller"
    if bool(ui_state.get("reversed", False)) and name == asked:
        falling = not falling
    return name, np.argsort(-values if falling else values, kind="stable")


def _fit(image: NDArray[np.uint8]) -> Image.Image:
    picture = to_picture(image)
    side = _CELL - 6
    scale = side / max(picture.size)
    size = tuple(max(1, round(length * scale)) for length in picture.size)
    method = Image.Resampling.NEAREST if scale > 1 else Image.Resampling.BOX
    return picture.resize((size[0], size[1]), method)


def _draw_depths(
    pen: ImageDraw.ImageDraw, frame: pd.DataFrame, shown: NDArray[np.bool_], last: int
) -> None:
    left, top, right, bottom = _BARS
    depths = frame["depth"].to_numpy(float)
    known = depths[shown & np.isfinite(depths)]
    counts = np.bincount(known.astype(int), minlength=last + 1)[: last + 1]
    wide = (right - left) / len(counts)
    for depth, count in enumerate(counts.tolist()):
        high = count / max(1, int(counts.max())) * (bottom - top)
        x = left + depth * wide
        pen.rectangle((x, bottom - high, x + wide - 3, bottom), fill=_BAR)
    pen.line((left, bottom, right, bottom), fill=_LINE)
    _write(pen, (left, bottom + 6), f"Depth, 0 to {last}", size=13)


def _caption(
    pen: ImageDraw.ImageDraw, at: tuple[float, float], text: str, ink: str
) -> None:
    _write(pen, at, text, size=11, ink=ink, most=9, width=_CELL - 3)


def _write(
    pen: ImageDraw.ImageDraw,
    at: tuple[float, float],
    text: str,
    *,
    size: int,
    ink: str = _SOFT,
    most: int = 80,
    width: float = _WIDTH - 2 * _PAD,
) -> None:
    line, font = fit_text(text, size=size, most=most, width=width)
    pen.text(at, line, fill=ink, font=font)
