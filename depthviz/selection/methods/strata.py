"""Coverage-centric selection (CCS): the hardest go, the rest is kept from all strata.

After the hardest share is dropped, the range of the measure is cut into strata of equal
width, and each gives as many examples as the others, or all that it has. Which ones of
a stratum are kept is left to chance.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from depthviz.checks import whole_number
from depthviz.errors import ArgumentError
from depthviz.selection.amounts import even_budgets
from depthviz.selection.methods.picked import Picked, Source, finite, tied_order
from depthviz.selection.methods.ranking import hardness

__all__ = ["stratified", "stratum_budgets"]

MARGIN = 1e-4  # of the largest value, so that it falls into the last stratum


def stratum_budgets(score: Any, budget: int, *, strata: int = 50) -> NDArray[np.int64]:
    """Divide a budget among strata of equal width.

    Args:
        score: A measure, no NaN, shape `(N,)`.
        budget: How many are kept, at most N.
        strata: Number S of strata between the smallest and the largest value.

    Returns:
        How many are kept of each, from the smallest values on, shape `(S,)`.

    Raises:
        ArgumentError: If the budget or the number of strata is out of range.

    Example:
        >>> stratum_budgets([0, 0, 0, 1, 2, 2], 4, strata=3).tolist()
        [2, 1, 1]

    References:
        Zheng et al. (2023). https://arxiv.org/abs/2210.15809
    """
    score = np.asarray(score, np.float64)
    strata = whole_number("strata", strata, least=1)
    whole_number("budget", budget, least=0, below=len(score) + 1)
    sizes = np.bincount(_stratum(score, strata), minlength=strata)
    found: NDArray[np.int64] = even_budgets(sizes, budget)
    return found


def stratified(source: Source, count: int, options: dict[str, Any]) -> Picked:
    """Keep equal numbers from strata of a measure, without its hardest share."""
    cutoff = options["cutoff"]
    strata = whole_number("strata", options["strata"], least=1)
    if not isinstance(cutoff, (int, float, np.number)) or not 0 <= cutoff < 1:
        raise ArgumentError(
            "cutoff is the share of the hardest examples that goes first, at least 0 "
            f"and below 1, got {cutoff!r}."
        )
    values = finite(source.column(options["by"]), options["by"])
    left = np.arange(len(values))
    if cutoff:
        hardest = tied_order(hardness(source, options["by"]), source.draw)
        left = np.sort(hardest[int(cutoff * len(values)) :])
    if count > len(left):
        raise ArgumentError(
            f"cutoff={cutoff} leaves {len(left):,} of {len(values):,} examples, fewer "
            f"than the {count:,} to keep; take a smaller cutoff."
        )
    part = _stratum(values[left], strata)
    budgets = even_budgets(np.bincount(part, minlength=strata), count)
    shuffled = source.draw.permutation(len(left))
    ordered = shuffled[np.argsort(part[shuffled], kind="stable")]
    starts = np.searchsorted(part[ordered], np.arange(strata))
    place = np.arange(len(ordered)) - starts[part[ordered]]
    rows = left[ordered[place < budgets[part[ordered]]]]
    equal = bool(np.ptp(values[left]) == 0)
    notes = (f"All have the same {options['by']}: the seed alone chose.",) * equal
    facts = {
        "strata_used": int((budgets > 0).sum()),
        "dropped": len(values) - len(left),
    }
    return Picked(rows, values, facts=facts, notes=notes)


def _stratum(score: NDArray[np.float64], strata: int) -> NDArray[np.intp]:
    """The stratum of each, from the smallest values on, shape `(N,)`."""
    low, high = score.min(), score.max()
    if low == high:
        return np.zeros(len(score), np.intp)
    # As the authors' code, which takes 1.0001 times the largest value for the end.
    width = (high + MARGIN * abs(high) - low) / strata
    place = np.floor((score - low) / width).astype(np.intp)
    found: NDArray[np.intp] = np.minimum(place, strata - 1)
    return found
