"""Numbers in sentences: counts, percentages, and shares with their interval of 95 %."""

from __future__ import annotations

import numpy as np
import pandas as pd

from depthviz.ensembles.analysis.intervals import Interval, interval
from depthviz.study.members import held_out_accuracy

__all__ = [
    "count_words",
    "describe_count",
    "held_out_right",
    "percent",
    "with_interval",
]

NEAR = 0.995  # from here on a percentage needs a digit more
NEARLY = 0.9995  # would be rounded to all


def count_words(count: int) -> str:
    """Write a count with separators.

    Example:
        >>> count_words(1234)
        '1,234'
    """
    return f"{count:,}"


def describe_count(count: int, thing: str = "example") -> str:
    """Write how many there are of a thing, in its number.

    Example:
        >>> describe_count(1), describe_count(1200, "probe")
        ('1 example', '1,200 probes')
    """
    return f"{count_words(count)} {thing}{'s' * (count != 1)}"


def percent(share: float) -> str:
    """Write a share in [0, 1] as a percentage, near its ends with a digit more.

    Example:
        >>> percent(0.256), percent(0.997), percent(0.9999), percent(1.0)
        ('26 %', '99.7 %', 'over 99.9 %', '100 %')
    """
    if NEARLY <= share < 1:
        return "over 99.9 %"
    if 0 < share <= 1 - NEARLY:
        return "under 0.1 %"
    close = NEAR <= share < 1 or 0 < share <= 1 - NEAR
    return f"{share:.1%}".replace("%", " %") if close else f"{100 * share:.0f} %"


def with_interval(share: Interval, *, value: bool = True) -> str:
    """Write a share with its interval of 95 %.

    Args:
        share: The share and its ends, in [0, 1].
        value: Whether the share itself is written too.

    Returns:
        Words as "12 % (9 to 15 %)"; the share alone where it has no interval.
    """
    if not np.isfinite(share.low) or share.low == share.high:
        return percent(float(share.value))
    low, high = 100 * float(share.low), 100 * float(share.high)
    digits = 0 if round(low) != round(high) else 1
    ends = f"{low:.{digits}f} to {high:.{digits}f} %"
    return f"{percent(float(share.value))} ({ends})" if value else ends


def held_out_right(rows: pd.DataFrame) -> Interval:
    """How often networks that held examples out predict their label.

    Args:
        rows: Rows of `study.frame()`.

    Returns:
        The share of those predictions, each counted once, and its interval over
        examples; NaN where nothing was held out.
    """
    if not {"held_out", "c_score"} <= set(rows):
        return Interval(np.nan, np.nan, np.nan)
    share = held_out_accuracy(rows)
    weight = rows["held_out"].to_numpy(float)
    known = (weight > 0) & rows["c_score"].notna().to_numpy()
    if known.sum() < 2:  # one example says nothing of others
        return Interval(share, np.nan, np.nan)
    weight, right = weight[known], rows["c_score"].to_numpy(float)[known]
    apart = weight * (right - share)
    count = len(weight)
    error = np.sqrt((apart**2).sum() * count / (count - 1)) / weight.sum()
    return interval(share, float(error))
