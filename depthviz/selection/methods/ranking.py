"""Selections by chance and by rank: random, the ends of a measure, its middle.

An end is called hard only where the measure says which one is.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from depthviz.errors import ArgumentError
from depthviz.selection.methods.picked import Picked, Source, tied_order

__all__ = ["by_end", "hardness", "middle", "random", "tie_notes"]

ENDS = {"larger": "largest", "smaller": "smallest"}


def random(source: Source, count: int, options: dict[str, Any]) -> Picked:
    """Keep examples at random: the first of a permutation."""
    return Picked(source.draw.permutation(len(source))[:count])


def by_end(source: Source, count: int, options: dict[str, Any]) -> Picked:
    """Keep one end of a column: "hardest", "easiest", "largest" or "smallest"."""
    name, end = options["by"], options["end"]
    values = source.column(name)
    if end in ("hardest", "easiest"):
        score = hardness(source, name)
        score = score if end == "hardest" else -score
    else:
        score = values if end == "largest" else -values
    rows = tied_order(score, source.draw)
    return Picked(rows[:count], values, notes=tie_notes(score, rows, count, name))


def middle(source: Source, count: int, options: dict[str, Any]) -> Picked:
    """Keep the central share of a column: Moderate, of distances to the prototype.

    The nearest to the center of the order comes first, so that a smaller number is a
    part of a larger one.
    """
    values = source.column(options["by"])
    rows = tied_order(-values, source.draw)
    start = (len(rows) - count) // 2
    kept = rows[start : start + count]
    outward = np.argsort(np.abs(np.arange(count) - (count - 1) / 2), kind="stable")
    notes = tie_notes(-values, rows, count, options["by"], start)
    return Picked(kept[outward], values, notes=notes)


def hardness(source: Source, name: str) -> NDArray[np.float64]:
    """Turn a measure so that larger is harder.

    Args:
        source: The candidates.
        name: Name of a measure.

    Returns:
        Shape `(N,)`.

    Raises:
        ArgumentError: If neither of its ends is harder.
    """
    harder = source.direction(name, "harder")
    if harder is None:
        kept = source.direction(name, "keep")
        advice = "Take method='largest' or method='smallest'."
        if kept is not None:
            advice = f"Its authors keep the {kept}: method={ENDS[kept]!r}."
        raise ArgumentError(
            f"{name!r} declares no harder end, so it has no hardest and no easiest "
            f"examples. {advice} A column of your own gets a harder end by "
            "dv.register_measure(name, harder='larger')."
        )
    values = source.column(name)
    return values if harder == "larger" else -values


def tie_notes(
    score: NDArray[np.float64],
    rows: NDArray[np.intp],
    count: int,
    name: str,
    start: int = 0,
) -> tuple[str, ...]:
    """Say where equal values leave the choice to the seed.

    Args:
        score: What was ordered by, shape `(N,)`.
        rows: The order, shape `(N,)`.
        count: How many were kept.
        name: Of the column.
        start: Place of the first kept in the order.

    Returns:
        At most one sentence.
    """
    ordered = score[rows]
    if len(ordered) > 1 and ordered[0] == ordered[-1] and count < len(rows):
        return (
            f"All {len(rows):,} examples have the same {name}: the seed alone chose.",
        )
    tied = 0
    for inside, outside in ((start, start - 1), (start + count - 1, start + count)):
        if 0 <= outside < len(rows) and ordered[inside] == ordered[outside]:
            tied = max(tied, int((ordered == ordered[inside]).sum()))
    if not tied:
        return ()
    return (
        f"{tied:,} examples have the {name} of the cut: the seed chose among them.",
    )
