"""How well a score tells mistakes: AUROC, and the area under the risk-coverage curve.

Equal scores have no order: AUROC counts half of such pairs, and the risk at a coverage
that cuts through them is the one expected of any order. Resamples of the bootstrap are
weights of the sorted examples, so that a score is sorted once.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["Areas", "Ranking", "least_area"]

Counts = NDArray[np.integer]


class Areas(NamedTuple):
    """What a ranking is worth, in each of B resamples.

    Attributes:
        auroc: Chance that a mistake ranks above what is right, shape `(B,)`; NaN where
            there are only mistakes, or none.
        aurc: Mean over all coverages of the share of mistakes among the examples kept,
            shape `(B,)`.
    """

    auroc: NDArray[np.float64]
    aurc: NDArray[np.float64]


class Ranking:
    """Examples by how likely a score says that they are wrong, the safest first.

    Args:
        score: Larger for what is more likely wrong, none of them NaN, shape `(N,)`.
        wrong: Whether each is, shape `(N,)`.

    Example:
        >>> ranking = Ranking(np.array([0.1, 0.2, 0.3]), np.array([False, True, True]))
        >>> ranking.areas(np.ones((1, 3), int))
        Areas(auroc=array([1.]), aurc=array([0.38888889]))
    """

    def __init__(self, score: NDArray[np.float64], wrong: NDArray[np.bool_]) -> None:
        self.order = np.argsort(score, kind="stable")
        ranked = score[self.order]
        self.wrong = wrong[self.order].astype(np.int64)
        self.starts = np.flatnonzero(np.r_[True, ranked[1:] != ranked[:-1]])

    def areas(self, counts: Counts) -> Areas:
        """Find both areas.

        Args:
            counts: How often each resample holds each example, as many in all, shape
                `(B, N)`.
        """
        every, wrong = self._groups(counts)
        right = every - wrong
        below = right.cumsum(1) - right
        pairs = right.sum(1) * wrong.sum(1)
        won = (wrong * (below + right / 2)).sum(1)
        with np.errstate(invalid="ignore"):
            auroc = won / pairs
        return Areas(auroc, _area_of_risk(every, wrong))

    def risk(self, kept: Counts) -> NDArray[np.float64]:
        """Find the expected share of mistakes among the safest examples.

        Args:
            kept: How many are kept, from 1 on, shape `(S,)`.

        Returns:
            Shares, shape `(S,)`.
        """
        every, wrong = self._groups(np.ones((1, len(self.order)), np.int64))
        ends = np.r_[0, every[0].cumsum()]
        found: NDArray[np.float64] = np.interp(kept, ends, np.r_[0, wrong[0].cumsum()])
        return found / kept

    def _groups(self, counts: Counts) -> tuple[Counts, Counts]:
        """Count examples and mistakes of each score, shapes `(B, G)`."""
        sorted_counts = counts[:, self.order]
        every = np.add.reduceat(sorted_counts, self.starts, axis=1)
        return every, np.add.reduceat(sorted_counts * self.wrong, self.starts, axis=1)


def least_area(wrong: Counts, count: int) -> NDArray[np.float64]:
    """Find the area under the curve of who keeps all that is right first.

    Args:
        wrong: Number of mistakes, any shape.
        count: Number of examples.

    Returns:
        The least area there can be, of the same shape.

    Example:
        >>> least_area(np.array(2), 3)
        array(0.38888889)
    """
    sums, right = _sums(count), count - wrong
    return np.asarray((wrong - right * (sums[count] - sums[right])) / count)


def _area_of_risk(every: Counts, wrong: Counts) -> NDArray[np.float64]:
    """Add up risks: within equal scores mistakes grow evenly."""
    ends, sums = every.cumsum(1), _sums(int(every[0].sum()))
    begins, before = ends - every, wrong.cumsum(1) - wrong
    slope = wrong / np.maximum(every, 1)
    steps = sums[ends] - sums[begins]
    total = (wrong + (before - begins * slope) * steps).sum(1)
    found: NDArray[np.float64] = total / ends[:, -1]
    return found


def _sums(count: int) -> NDArray[np.float64]:
    """Sums of 1, 1/2, 1/3, … of up to so many, shape `(count + 1,)`."""
    found: NDArray[np.float64] = np.r_[0.0, (1 / np.arange(1, count + 1)).cumsum()]
    return found
