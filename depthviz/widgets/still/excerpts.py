"""The first lines of examples that are texts or rows, for a still picture."""

import json

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from depthviz.study.previews.texts import example_texts
from depthviz.widgets.payload.rows import read_rows
from depthviz.widgets.still.sheet import Sheet
from depthviz.widgets.still.theme import INK

__all__ = ["read_excerpts", "write_excerpt"]

_LINES, _LETTERS = 6, 200  # of a text: more are never seen
_SIZE, _LINE, _PAD = 11, 13, 4  # pixels


def read_excerpts(
    data: xr.Dataset, frame: pd.DataFrame, chosen: NDArray[np.intp]
) -> dict[int, list[str]]:
    """Find what a cell says of some examples.

    Args:
        data: A study's dataset.
        frame: Its table.
        chosen: Positions of the examples, shape `(B,)`.

    Returns:
        The beginning of a text, or the fields of a row that differ most from the
        neighbors', by position; none where examples are neither texts nor rows.
    """
    texts = example_texts(data)
    if texts is not None:
        return {index: [texts[index][:_LETTERS]] for index in chosen.tolist()}
    rows = read_rows(data, frame)
    if rows is None or not len(chosen):
        return {}
    entries = json.loads(rows.pack(chosen, _LINES))
    return {
        index: [f"{name}: {value}" for name, value, *_ in entry["row"]]
        for index, entry in zip(chosen.tolist(), entries, strict=True)
    }


def write_excerpt(
    sheet: Sheet, parts: list[str], at: tuple[float, float], width: float
) -> None:
    """Write texts below one another, as many lines as a cell has, of whole words."""
    room = width - 2 * _PAD
    lines = [line for part in parts for line in _wrap(sheet, part, room)]
    shown = lines[:_LINES] or ["empty text"]
    if len(lines) > _LINES:
        shown[-1] += " …"
    for row, line in enumerate(shown):
        place = at[0] + _PAD, at[1] + _PAD + row * _LINE
        sheet.write(place, line, size=_SIZE, ink=INK, width=room)


def _wrap(sheet: Sheet, text: str, room: float) -> list[str]:
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and sheet.fits(longer, size=_SIZE, width=room):
            lines[-1] = longer
        else:
            lines.append(word)
    return lines
