"""What the points of the still picture are colored by, and which color is whose.

The colors are the page's, which has ten for classes and tells more than ten apart by
shapes. Points of a picture are too small for shapes, so of the classes that would share
a color the commonest keeps it, and the others are grey: no color stands there twice.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from depthviz.widgets.still.theme import CLASSES, FIXED, GREY, Mark, Rgb

__all__ = ["Coloring", "choose_coloring"]

_OF_CLASSES = ("label", "prediction", "consensus_class", "suggested_label")


@dataclass(frozen=True)
class Coloring:
    """A color for each example, and the marks of the names that have one.

    Attributes:
        title: What it is: "label" or "group".
        names: Of the codes, shape `(C,)`.
        codes: Of each example, shape `(N,)`; -1 where it has none.
        marks: By code, those with a color of their own.
    """

    title: str
    names: list[str]
    codes: NDArray[np.int64]
    marks: dict[int, Mark]

    def mark(self, code: int) -> Mark:
        """The mark of one code, a grey ring where it has no color of its own."""
        return self.marks.get(code, (GREY, "ring"))

    @property
    def present(self) -> list[int]:
        """Codes that some example has, in their order."""
        counts = np.bincount(self.codes[self.codes >= 0], minlength=len(self.names))
        found: list[int] = np.flatnonzero(counts).tolist()
        return found

    @cached_property
    def rgb(self) -> NDArray[np.uint8]:
        """The color of each example, shape `(N, 3)`."""
        table: list[Rgb] = [self.mark(code)[0] for code in range(len(self.names))]
        return np.asarray([*table, GREY], np.uint8)[self.codes]


def choose_coloring(
    data: xr.Dataset, frame: pd.DataFrame, ui_state: Mapping[str, Any]
) -> Coloring:
    """Color by the group where the view does, else by a class."""
    asked = ui_state.get("color")
    if asked == "group" and "group" in frame:
        column = frame["group"].astype("category").cat
        return _coloring("group", list(map(str, column.categories)), column.codes)
    name = asked if isinstance(asked, str) and asked in _OF_CLASSES else "label"
    if name not in data:
        name = "label"
    names = [str(one) for one in data["class"].values]
    return _coloring(name.replace("_", " "), names, data[name].values)


def _coloring(title: str, names: list[str], values: Any) -> Coloring:
    codes = np.asarray(values).astype(np.int64)
    codes = np.where((codes >= 0) & (codes < len(names)), codes, -1)
    counts = np.bincount(codes[codes >= 0], minlength=len(names))
    marks: dict[int, Mark] = {}
    taken = set()
    for code in np.argsort(-counts, kind="stable").tolist():
        mark = FIXED.get(names[code]) or (CLASSES[code % len(CLASSES)], "circle")
        if mark[0] not in taken:
            marks[code] = mark
            taken.add(mark[0])
    return Coloring(title, names, codes, dict(sorted(marks.items())))
