"""The rows of a table as a view has them: a field a line, what differs most first.

They come in chunks like texts, each field as its name, its value, what is typical of
the nearest examples at the last probe, and how far the value is from that.
"""

import json
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from depthviz.study.previews.rows import differences, row_columns

__all__ = ["MOST_FIELDS", "PER_ROWS", "ROW_FAMILY", "RowColumn", "Rows", "read_rows"]

ROW_FAMILY = "row"
PER_ROWS = 256
MOST_FIELDS = 100
_MISSING = "missing"
_PLAIN = 1e4, 1e15  # numbers of so many digits are written out: 12,345 not 1.234e+04


class RowColumn(NamedTuple):
    """One column: its values as numbers, and what these are written as.

    Attributes:
        name: What it is called.
        values: Numbers or codes, shape `(N,)`; NaN where a value is missing.
        names: What codes stand for; None of numbers.
        whole: Whether numbers are whole.
    """

    name: str
    values: NDArray[np.float64]
    names: list[str] | None
    whole: bool

    def write(self, value: float) -> str:
        """Write a value as a person reads it."""
        if np.isnan(value):
            return _MISSING
        if self.names is not None:
            return self.names[int(value)]
        long = _PLAIN[0] <= abs(value) < _PLAIN[1]
        plain = long or (self.whole and value % 1 == 0)
        return f"{value:,.0f}" if plain else f"{value:.4g}"


class Rows(NamedTuple):
    """The columns that are an example's row, and its neighbors at the last probe."""

    columns: list[RowColumn]
    neighbors: NDArray[np.intp]

    def describe(self) -> dict[str, Any]:
        """Describe them for the manifest."""
        return {"per_block": PER_ROWS, "fields": len(self.columns)}

    def chunk(self, number: int) -> bytes:
        """Make one chunk."""
        start = number * PER_ROWS
        chosen = np.arange(start, min(start + PER_ROWS, len(self.neighbors)))
        return self.pack(chosen, MOST_FIELDS)

    def pack(
        self,
        chosen: NDArray[np.intp],
        most: int,
        carried: Callable[[int], bool] = lambda _: True,
    ) -> bytes:
        """Pack the rows of some examples, at most so many fields of each."""
        near = self.neighbors[chosen]
        found = [
            differences(column.values, chosen, near, coded=column.names is not None)
            for column in self.columns
        ]
        far = np.stack([each.far for each in found], axis=1)
        order = np.argsort(-far, axis=1, kind="stable")[:, :most]

        def field(place: int, column: int) -> list[Any]:
            one, typical = self.columns[column], found[column].typical[place]
            value = one.write(one.values[chosen[place]])
            usual = "" if np.isnan(typical) else one.write(typical)
            return [one.name, value, usual, round(float(far[place, column]), 1)]

        entries = [
            {"row": [field(place, column) for column in order[place].tolist()]}
            if carried(int(index))
            else None
            for place, index in enumerate(chosen)
        ]
        packed = json.dumps(entries, ensure_ascii=False, separators=(",", ":"))
        return packed.encode("utf-8", "replace")


def read_rows(data: xr.Dataset, frame: pd.DataFrame) -> Rows | None:
    """Read the rows of a study.

    Args:
        data: The study's dataset.
        frame: Its table.

    Returns:
        The rows; None where examples are no rows of a table.
    """
    names = row_columns(data)
    if not names:
        return None
    none = np.full((len(frame), 1), -1)
    index = data.get("neighbor_index")
    near = none if index is None else index.isel(probe=-1).values.astype(np.intp)
    return Rows([_column(frame[name]) for name in names], near)


def _column(values: "pd.Series[Any]") -> RowColumn:
    name, kind = str(values.name), values.dtype.kind
    if kind == "b":
        return RowColumn(name, values.to_numpy(float), ["no", "yes"], whole=False)
    if kind in "iuf":
        return RowColumn(name, values.to_numpy(float), None, whole=kind != "f")
    codes, found = pd.factorize(values.astype(object).where(values != "", None))
    numbers = np.where(codes < 0, np.nan, codes.astype(float))
    return RowColumn(name, numbers, [str(each) for each in found], whole=False)
