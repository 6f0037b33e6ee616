"""How well scores find what is known to be wrong, beside one another.

Three figures of each: AUROC, average precision, and the precision of as many first
examples as are wrong. Intervals are percentiles over resamples of the examples, the
same ones for every score, so that the interval of a difference is one of pairs. They
hold for these networks, and do not know how others would differ.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["FIGURES", "Figure", "compare", "figures"]

FIGURES = ("auroc", "average_precision", "precision")
RESAMPLES, BLOCK = 500, 100
SPREAD = (2.5, 97.5)
Array = NDArray[Any]


class Figure(NamedTuple):
    """A figure of a score, and how much better another score is.

    Attributes:
        value: On the examples themselves.
        low: Lower end of its interval.
        high: Upper end of its interval.
        ahead: Figure of the reference score minus this one: value, low and high.
    """

    value: float
    low: float
    high: float
    ahead: tuple[float, float, float]

    @property
    def clear(self) -> int:
        """1 if the reference is above this score, -1 if it is below, 0 if unclear."""
        return int(self.ahead[1] > 0) - int(self.ahead[2] < 0)


def compare(
    scores: Mapping[str, Array], wrong: Array, *, reference: str, seed: int = 0
) -> dict[str, dict[str, Figure]]:
    """Compute all figures of all scores.

    Args:
        scores: By name, larger where a label looks wrong, each of shape `(N,)`; what
            is NaN says nothing, and stands in the middle.
        wrong: Whether each label is wrong, shape `(N,)`.
        reference: Name of the score that others are compared with.
        seed: Decides the resamples.

    Returns:
        The figures by the names of score and figure.
    """
    ones = np.ones((1, len(wrong)))
    points = {name: figures(score, wrong, ones)[:, 0] for name, score in scores.items()}
    resamples = _resamples(len(wrong), seed)
    again = {
        name: np.concatenate([figures(score, wrong, each) for each in resamples], 1)
        for name, score in scores.items()
    }
    return {
        name: {
            figure: _figure(
                (points[name][row], points[reference][row]),
                (again[name][row], again[reference][row]),
            )
            for row, figure in enumerate(FIGURES)
        }
        for name in scores
    }


def figures(score: Array, wrong: Array, weights: Array) -> Array:
    """Compute the three figures for examples that occur some number of times.

    Args:
        score: Shape `(N,)`.
        wrong: Shape `(N,)`.
        weights: How often each example occurs, in each of B resamples, `(B, N)`.

    Returns:
        AUROC, average precision and precision at the number of wrong ones, `(3, B)`.

    Example:
        >>> score = np.array([3.0, 1.0, 2.0, 2.0])
        >>> wrong = np.array([True, False, True, False])
        >>> figures(score, wrong, np.ones((1, 4)))[:, 0].round(3).tolist()
        [0.875, 0.833, 0.75]
    """
    known = np.isfinite(score)
    filled = np.where(known, score, np.median(score[known]) if known.any() else 0.0)
    order = np.argsort(-filled, kind="stable")
    starts = np.flatnonzero(np.diff(filled[order], prepend=np.nan) != 0)
    ordered = weights[:, order].astype(np.float64)
    all_of = np.add.reduceat(ordered, starts, axis=1)
    wrong_of = np.add.reduceat(ordered * wrong[order], starts, axis=1)
    flagged, hits = all_of.cumsum(1), wrong_of.cumsum(1)
    count, total = hits[:, -1:], flagged[:, -1:]
    with np.errstate(invalid="ignore", divide="ignore"):
        before = hits - wrong_of / 2
        area = ((all_of - wrong_of) * before).sum(1) / (count * (total - count))[:, 0]
        shares = np.where(flagged > 0, hits / flagged, 0.0)
        average = (wrong_of * shares).sum(1) / count[:, 0]
        rows = zip(count[:, 0], _from_zero(flagged), _from_zero(hits), strict=True)
        first = [np.interp(n, x, y) / n for n, x, y in rows]
    return np.stack([area, average, np.array(first)])


def _resamples(count: int, seed: int) -> list[Array]:
    """Draw how often each example occurs in each resample, in blocks `(B, N)`."""
    draw = np.random.default_rng(seed)
    even = np.full(count, 1 / count)
    blocks = range(RESAMPLES // BLOCK)
    return [draw.multinomial(count, even, BLOCK).astype(np.uint8) for _ in blocks]


def _from_zero(counts: Array) -> Array:
    return np.pad(counts, ((0, 0), (1, 0)))


def _figure(points: tuple[float, float], again: tuple[Array, Array]) -> Figure:
    low, high = np.nanpercentile(again[0], SPREAD)
    below, above = np.nanpercentile(again[1] - again[0], SPREAD)
    ahead = (float(points[1] - points[0]), float(below), float(above))
    return Figure(float(points[0]), float(low), float(high), ahead)
