"""The parts of the still picture, each in its place."""

import io
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray
from PIL import Image

from depthviz.widgets.still.axis import draw_axis, telling_probe
from depthviz.widgets.still.coloring import choose_coloring
from depthviz.widgets.still.column_places import axes_of
from depthviz.widgets.still.findings import draw_findings, find_findings
from depthviz.widgets.still.grid import draw_grid
from depthviz.widgets.still.points import draw_map
from depthviz.widgets.still.sheet import Sheet
from depthviz.widgets.still.theme import INK, LINE, SOFT

__all__ = ["draw_still"]

_WIDTH, _HEIGHT, _PAD = 1000, 640, 16
_STAGE, _AXIS = 84, 520  # where they begin
_MIDDLE = 504  # between grid and map
_COLORS = 128


def draw_still(
    data: xr.Dataset,
    frame: pd.DataFrame,
    *,
    title: str,
    shown: NDArray[np.bool_],
    selected: NDArray[np.bool_],
    ui_state: Mapping[str, Any],
    hint: str = "",
) -> bytes:
    """Draw a picture of a study as it is shown.

    Args:
        data: The study's dataset.
        frame: `study.frame()`.
        title: The heading.
        shown: Whether each example passes the filters, shape `(N,)`.
        selected: Whether each is selected, shape `(N,)`.
        ui_state: Probe, color and sort of the view.
        hint: What to write in the corner: how to see more than a picture.

    Returns:
        A PNG of 1000 by 640 pixels.
    """
    sheet = Sheet(_WIDTH, _HEIGHT)
    right = _WIDTH - _PAD
    counts = f"{shown.sum():,} of {len(frame):,} shown · {selected.sum():,} selected"
    _draw_heading(sheet, title, counts, hint)
    found = find_findings(data, frame)
    if found:
        draw_findings(sheet, found, left=_PAD, top=48, right=right)
    else:
        told = f"{len(frame):,} examples, {len(data['probe'])} probes"
        sheet.write((_PAD, 48), told, size=14)
    sheet.pen.line((0, _STAGE - 8, _WIDTH, _STAGE - 8), fill=LINE)
    sheet.pen.line((0, _AXIS - 10, _WIDTH, _AXIS - 10), fill=LINE)
    sheet.pen.rectangle((0, 0, _WIDTH - 1, _HEIGHT - 1), outline=LINE)
    probe = _probe_of(frame, len(data["probe"]), ui_state)
    axes = axes_of(frame, ui_state)
    has_map = axes is not None or "projection" in data
    classes = choose_coloring(data, frame, {})
    draw_grid(
        sheet,
        data,
        frame,
        shown & (selected | ~selected.any()),
        ui_state,
        box=(_PAD, _STAGE, _MIDDLE - 8 if has_map else right, _AXIS - 12),
        classes=classes,
    )
    if has_map:
        draw_map(
            sheet,
            data,
            selected if selected.any() else shown,
            probe,
            box=(_MIDDLE + 8, _STAGE, right, _AXIS - 12),
            coloring=choose_coloring(data, frame, ui_state),
            axes=axes,
        )
    draw_axis(sheet, data, frame, shown, probe, box=(_PAD, _AXIS, right, _HEIGHT - 12))
    encoded = io.BytesIO()
    few = sheet.image.quantize(
        _COLORS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE
    )
    few.save(encoded, "PNG", compress_level=4)
    return encoded.getvalue()


def _draw_heading(sheet: Sheet, title: str, counts: str, hint: str) -> None:
    right = _WIDTH - _PAD
    taken = sheet.write((right, 17), hint, align="right") + 20 if hint else 0.0
    line, font = sheet.fit(counts, size=13, width=400)
    room = right - _PAD - taken - font.getlength(line) - 14
    wide = sheet.write((_PAD, 13), title, size=18, ink=INK, bold=True, width=room)
    sheet.write((_PAD + wide + 14, 17), counts, ink=SOFT)


def _probe_of(frame: pd.DataFrame, probes: int, ui_state: Mapping[str, Any]) -> int:
    """The probe nearest to that of the view, else the one that a view opens at."""
    asked = ui_state.get("probe")
    if isinstance(asked, int | float) and not isinstance(asked, bool):
        return round(min(probes - 1, max(0, asked)))
    return telling_probe(frame, probes)
