"""Intervals of 95 % around what has a standard error, and means over examples."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["Interval", "interval", "mean_of"]

WIDE = 1.96  # standard errors


class Interval(NamedTuple):
    """A value and the ends of its interval; NaN where nothing is known."""

    value: Any
    low: Any
    high: Any


def interval(
    value: ArrayLike, error: ArrayLike, *, least: float = 0.0, most: float = 1.0
) -> Interval:
    """Put an interval of 95 % around values, as of a normal distribution.

    Args:
        value: Values, any shape.
        error: Their standard errors; NaN where none is known.
        least: The smallest value there can be.
        most: The largest.

    Returns:
        The values and the ends, of the same shape.

    Example:
        >>> interval(0.5, 0.1).low.round(3)
        np.float64(0.304)
    """
    values, errors = np.asarray(value, float), WIDE * np.asarray(error, float)
    return Interval(
        values,
        np.clip(values - errors, least, most),
        np.clip(values + errors, least, most),
    )


def mean_of(values: NDArray[Any], *, least: float = 0.0, most: float = 1.0) -> Interval:
    """Average over examples, those left out of which nothing is known.

    Args:
        values: One value an example, shape `(N,)`.
        least: The smallest value there can be.
        most: The largest.

    Returns:
        Three numbers: the mean and its interval, NaN below two examples.
    """
    known = values[np.isfinite(values)].astype(float)
    if not len(known):
        return Interval(np.nan, np.nan, np.nan)
    error = known.std(ddof=1) / np.sqrt(len(known)) if len(known) > 1 else np.nan
    return Interval(*map(float, interval(known.mean(), error, least=least, most=most)))
