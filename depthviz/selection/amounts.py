"""How many examples are kept: a whole number is a count, a float a share."""

from __future__ import annotations

from typing import Any

import numpy as np

from depthviz.errors import ArgumentError

__all__ = ["even_budgets", "keep_count"]

ROUNDING = 1e-9  # 0.7 * 10 is a little below 7


def keep_count(keep: Any, count: int) -> int:
    """Read how many of some examples are to be kept.

    Args:
        keep: An int is a number of examples, a float a share, rounded down.
        count: How many there are.

    Returns:
        The number, in 1..count.

    Raises:
        ArgumentError: If it is neither, or out of range.

    Example:
        >>> keep_count(1, 60), keep_count(1.0, 60), keep_count(0.25, 60)
        (1, 60, 15)
    """
    if isinstance(keep, (int, np.integer)) and not isinstance(keep, bool):
        if 1 <= keep <= count:
            return int(keep)
        raise ArgumentError(
            f"keep={keep} is a number of examples and must lie between 1 and the "
            f"{count:,} there are; a share is a float, as keep=0.5."
        )
    if not isinstance(keep, (float, np.floating)) or not 0 < keep <= 1:
        hint = ""
        if isinstance(keep, (float, np.floating)) and keep > 1:
            hint = f" For a number of examples give an int: keep={keep:.0f}."
        raise ArgumentError(
            "keep must be a number of examples, an int from 1 on, or a share, a float "
            f"above 0 and at most 1.0, got {keep!r}.{hint}"
        )
    kept = int(np.floor(float(keep) * count + ROUNDING))
    if kept:
        return kept
    raise ArgumentError(
        f"keep={keep} of {count:,} examples is less than one; the least is keep=1."
    )


def even_budgets(sizes: Any, budget: int) -> Any:
    """Divide a budget among parts as evenly as their sizes allow.

    From the smallest part on, each gets what is left over the number of parts left,
    rounded down, and no more than it has.

    Args:
        sizes: Sizes of the parts, shape `(S,)`.
        budget: At most their sum.

    Returns:
        How many of each, shape `(S,)`.

    Example:
        >>> even_budgets([5, 1, 9], 9).tolist()
        [4, 1, 4]
    """
    sizes = np.asarray(sizes, np.int64)
    found, left = np.zeros(len(sizes), np.int64), budget
    for done, part in enumerate(np.argsort(sizes, kind="stable")):
        found[part] = min(sizes[part], left // (len(sizes) - done))
        left -= found[part]
    return found
