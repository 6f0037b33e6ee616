"""Where the examples of a view stand by two columns of numbers, in place of its map.

An axis covers what it covers in the page: the few values that lie far out stand at its
ends. A picture does not spread the points of columns that take few values.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from depthviz.difficulty import MEASURES

__all__ = ["ColumnAxis", "axes_of", "places_by"]

_LOW, _HIGH = 0.005, 0.995
_WORTH = 2.5  # without its ends an axis must be so many times narrower to be cut


class ColumnAxis(NamedTuple):
    """A column along an axis.

    Attributes:
        title: What it is.
        values: Of the examples, shape `(N,)`, within `low` and `high`; NaN where one
            has none.
        low: Where the axis starts.
        high: Where it ends.
    """

    title: str
    values: NDArray[np.float64]
    low: float
    high: float


def axes_of(
    frame: pd.DataFrame, ui_state: Mapping[str, Any]
) -> tuple[ColumnAxis, ColumnAxis] | None:
    """Find the axes that a view places its examples by.

    Args:
        frame: The study's table.
        ui_state: `axes` of the view.

    Returns:
        The one to the right and the one upwards; None where the map places them.
    """
    names = ui_state.get("axes")
    if not names or any(name not in frame for name in names):
        return None
    across, up = (_axis_of(name, frame[name]) for name in names)
    return across, up


def places_by(axes: tuple[ColumnAxis, ColumnAxis]) -> NDArray[np.float64]:
    """Place the examples in the unit square, shape `(N, 2)`; NaN without a place.

    Args:
        axes: As `axes_of` finds them.

    Returns:
        Shares of both axes; an example that lacks one of the values has neither.
    """
    shares = [(one.values - one.low) / (one.high - one.low) for one in axes]
    places = np.stack(shares, axis=1)
    places[np.isnan(places).any(1)] = np.nan
    return places


def _axis_of(name: str, column: "pd.Series[Any]") -> ColumnAxis:
    values = column.to_numpy(np.float64, na_value=np.nan)
    known = np.sort(values[np.isfinite(values)])
    low, high = _ends_of(known) if len(known) else (0.0, 1.0)
    if low == high:
        low, high = low - 0.5, high + 0.5
    measure = MEASURES.get(name)
    title = measure.title if measure else name.replace("_", " ").capitalize()
    return ColumnAxis(title, np.clip(values, low, high), low, high)


def _ends_of(known: NDArray[np.float64]) -> tuple[float, float]:
    last = len(known) - 1
    low, high = (float(known[round(share * last)]) for share in (_LOW, _HIGH))
    least, most = float(known[0]), float(known[-1])
    worth = high > low and most - least > _WORTH * (high - low)
    return (low, high) if worth else (least, most)
