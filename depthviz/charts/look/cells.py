"""The cells of a contact sheet: how many stand in a row, what is said below each."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from depthviz.charts.look.names import BREAK, short_names
from depthviz.charts.look.options import Look, read_options

__all__ = ["LEVEL", "place_cells", "sheet_look"]

ARROW = " \N{RIGHTWARDS ARROW}"  # from the given label to the suggested one
LEVEL = 1.25  # from a line of the caption to the next, in letters
GAP = 0.1  # of a cell between it and the next
LONGEST = 24  # letters of a line
WIDE = 0.55  # of a letter, in its size


def sheet_look(options: Any, table: pd.DataFrame) -> tuple[Look, int]:
    """Choose how large a sheet is, and how many pictures stand side by side.

    Args:
        options: As `ChartOptions`.
        table: Examples, as of `contact_sheet_table`.

    Returns:
        How to draw each part, and its number of columns.
    """
    on_paper = options.get("theme") == "print"
    across, cell, letters = (4, 59.0, 8) if on_paper else (5, 112.0, 12)
    count = int(table["place"].max()) + 1 if len(table) else 1
    columns = min(across, count)
    rows = -(-count // columns)
    lines = max(map(len, _lines(table, int(cell / (WIDE * letters)))), default=1)
    high = rows * (cell * (1 - GAP) + letters * LEVEL * (lines + 1))
    wide = cell * columns
    look = read_options(
        options, width=wide, height=high, print_width=wide, print_height=high
    )
    return look, columns


def place_cells(table: pd.DataFrame, look: Look, columns: int) -> pd.DataFrame:
    """Find where each picture and its caption stand.

    Args:
        table: Examples, as of `contact_sheet_table`.
        look: How large a part is.
        columns: How many stand side by side.

    Returns:
        The table, with `left` and `top` of each picture, `below`, where its caption
        begins, and its `side`, in pixels of the part; and `words`, the caption, with
        `BREAK` between its lines.
    """
    letters = look.width / columns / (WIDE * look.font_size)
    lines = _lines(table, int(letters))
    rows = -(-(int(table["place"].max()) + 1) // columns) if len(table) else 1
    wide, high = look.width / columns, look.height / rows
    words = LEVEL * look.font_size * (max(map(len, lines), default=1) + 1)
    side = max(4.0, min(wide * (1 - GAP), high - words))
    top = table["place"] // columns * high
    return table.assign(
        left=table["place"] % columns * wide,
        top=top,
        below=top + side + 2,
        side=side,
        words=[BREAK.join(one) for one in lines],
    )


def _lines(table: pd.DataFrame, letters: int) -> list[list[str]]:
    """The caption of each example, both labels in one line where so many fit."""
    found = []
    for row in table.to_dict("records"):
        label, other = short_names(
            [row["label"], row["suggested"] or " "], longest=LONGEST
        )
        said = [label]
        if row["suggested"]:
            said = [f"{label}{ARROW}", other]
            if len(label) + len(other) + 3 <= letters:
                said = [f"{label}{ARROW} {other}"]
        depth = [f"depth {row['depth']:.3g}"] if np.isfinite(row["depth"]) else []
        found.append(
            [short_names([row["example_id"]], longest=LONGEST)[0], *said, *depth]
        )
    return found
