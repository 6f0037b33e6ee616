"""The first examples of the still picture, in the order of the view."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray
from PIL import Image

from depthviz.difficulty import is_falling
from depthviz.study.pictures import to_picture
from depthviz.widgets.still.coloring import Coloring
from depthviz.widgets.still.excerpts import read_excerpts, write_excerpt
from depthviz.widgets.still.sheet import Sheet
from depthviz.widgets.still.theme import INK, LINE, TINT

__all__ = ["draw_grid", "order_of"]

_PICTURE, _GAP, _WORDS = 88, 8, 36


def draw_grid(
    sheet: Sheet,
    data: xr.Dataset,
    frame: pd.DataFrame,
    kept: NDArray[np.bool_],
    ui_state: Mapping[str, Any],
    *,
    box: tuple[int, int, int, int],
    classes: Coloring,
) -> None:
    """Draw as many of the kept examples as there is room for."""
    left, top, right, bottom = box
    name, order = order_of(frame, ui_state)
    order = order[kept[order]]
    across = (right - left + _GAP) // (_PICTURE + _GAP)
    down = (bottom - top - 24) // (_PICTURE + _WORDS)
    heading = f"{len(order):,} example{'s' * (len(order) != 1)}"
    wide = sheet.write((left, top), heading, size=14, ink=INK, bold=True)
    by = (
        f"first by {name.replace('_', ' ')}"
        if len(order)
        else "none passes the filters"
    )
    sheet.write((left + wide + 10, top + 1), by, width=right - left - wide - 10)
    first = order[: across * down]
    pictures, values = _pictures(data, first), _values(frame, first, name)
    excerpts = {} if pictures else read_excerpts(data, frame, first)
    told = ("label", "suggested_label")
    codes = {one: data[one].values for one in told if one in data}
    words = _Words(sheet, classes, codes)
    for place, index in enumerate(first.tolist()):
        x = left + place % across * (_PICTURE + _GAP)
        y = top + 24 + place // across * (_PICTURE + _WORDS)
        if index in pictures:
            _paste(sheet, pictures[index], (x, y))
        else:
            sheet.pen.rectangle((x, y, x + _PICTURE - 1, y + _PICTURE - 1), TINT, LINE)
            if index in excerpts:
                write_excerpt(sheet, excerpts[index], (x, y), _PICTURE)
            else:
                middle = (x + _PICTURE / 2, y + _PICTURE / 2 - 8)
                about = str(frame.index[index])
                sheet.write(middle, about, ink=INK, width=_PICTURE - 8, align="center")
        words.write(index, (x, y + _PICTURE + 2), values[index])


def order_of(
    frame: pd.DataFrame, ui_state: Mapping[str, Any]
) -> tuple[str, NDArray[np.intp]]:
    """The order of the grid: hardest first, or largest where no end is harder."""
    asked = ui_state.get("sort")
    usual = "suspicion_rank" if "suspicion_rank" in frame else "depth"
    name = asked if isinstance(asked, str) and asked in frame else usual
    if not pd.api.types.is_numeric_dtype(frame[name].dtype):
        name = usual
    values = frame[name].to_numpy(float)
    falling = is_falling(name)
    if bool(ui_state.get("reversed", False)) and name == asked:
        falling = not falling
    return name, np.argsort(-values if falling else values, kind="stable")


def _pictures(
    data: xr.Dataset, first: NDArray[np.intp]
) -> dict[int, NDArray[np.uint8]]:
    if "image" not in data:
        return {}
    chosen = np.sort(first)
    stored = data["image"].isel(example=chosen).values
    return dict(zip(chosen.tolist(), stored, strict=True))


def _paste(sheet: Sheet, image: NDArray[np.uint8], at: tuple[int, int]) -> None:
    """Fit a picture into its cell; what is enlarged is smooth, as in the page."""
    picture = to_picture(image)
    scale = _PICTURE / max(picture.size)
    wide, high = (max(1, round(length * scale)) for length in picture.size)
    bicubic, box = Image.Resampling.BICUBIC, Image.Resampling.BOX
    fitted = picture.resize((wide, high), bicubic if scale > 1 else box)
    left, top = at[0] + (_PICTURE - wide) // 2, at[1] + (_PICTURE - high) // 2
    sheet.image.paste(fitted, (left, top))


@dataclass(frozen=True)
class _Words:
    """Writes what stands under a picture: label, value, what is suggested instead."""

    sheet: Sheet
    classes: Coloring
    codes: dict[str, NDArray[np.integer]]

    def write(self, index: int, at: tuple[float, float], value: str) -> None:
        """Write the words of one example, the value that it is sorted by among them."""
        (x, y), sheet = at, self.sheet
        right = (x + _PICTURE, y)
        wide = sheet.write(right, value, size=12, align="right", width=40)
        label, other = self._code("label", index), self._code("suggested_label", index)
        self._write_class((x, y), label, width=_PICTURE - wide - 4)
        if other != label and other >= 0:
            arrow = sheet.write((x, y + 15), "→", size=12, ink=INK) + 3
            self._write_class((x + arrow, y + 15), other, width=_PICTURE - arrow)

    def _code(self, name: str, index: int) -> int:
        code = int(self.codes[name][index]) if name in self.codes else -1
        return code if 0 <= code < len(self.classes.names) else -1

    def _write_class(self, at: tuple[float, float], code: int, *, width: float) -> None:
        if code < 0:
            self.sheet.write(at, "no label", size=12, width=width)
            return
        name = self.classes.names[code]
        written, _ = self.sheet.fit_name(name, code, width=width - 13)
        self.sheet.named(at, self.classes.mark(code), written, width=width)


def _values(frame: pd.DataFrame, first: NDArray[np.intp], name: str) -> dict[int, str]:
    """What the grid is sorted by; of a rank the measure that it ranks."""
    shown = "suspicion" if name == "suspicion_rank" and "suspicion" in frame else name
    values = frame[shown].to_numpy(float)
    return {index: _format(values[index]) for index in first.tolist()}


def _format(value: float) -> str:
    if np.isnan(value):
        return "n/a"
    digits = 0 if value == round(value) else 1 if abs(value) >= 10 else 2
    return f"{value:,.{digits}f}"
