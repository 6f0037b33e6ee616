"""How well scores find what is known to be wrong, and how sure that is.

Intervals are percentiles over resamples of the examples; they hold for this ensemble
and do not know how another one would differ.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from depthviz.study import Study

__all__ = ["Interval", "auroc", "label_quality", "resampled", "scores", "spearman"]

RESAMPLES = 1000
SPREAD = (2.5, 97.5)
Array = NDArray[Any]


class Interval(NamedTuple):
    """A figure and the middle 95 % of its resamples."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.3f} [{self.low:.3f}, {self.high:.3f}]"


def scores(study: Study) -> dict[str, Array]:
    """Scores of an ensemble study by name, larger where a label looks wrong.

    Train - validation depth needs members that fit the labels they trained on.
    """
    frame = study.frame()
    found = {
        "suspicion": frame["suspicion"],
        "train - validation depth": frame["train_depth"] - frame["validation_depth"],
        "-aum": -frame["aum"],
        "-c_score": -frame["c_score"],
    }
    return {name: column.to_numpy(float) for name, column in found.items()}


def label_quality(study: Study) -> Array:
    """cleanlab's label quality from held-out predictions, larger where better.

    The probability of the given label is the mean over the members that held the
    example out. The study keeps it for the given label alone; self-confidence reads no
    other, so the rest of the matrix is filled evenly.
    """
    from cleanlab.rank import get_label_quality_scores

    data = study.dataset
    held_out = ~data["in_train"].values & (data["member_failed"].values < 0)[:, None]
    probability = data["member_label_probability"].values.astype(float)
    count = held_out.sum(0)
    if not count.all():
        raise ValueError("Some examples were held out by no member.")
    given = np.where(held_out, probability, 0).sum(0) / count
    labels = data["label"].values.astype(int)
    classes = data.sizes["class"]
    matrix = np.repeat((1 - given)[:, None] / (classes - 1), classes, axis=1)
    matrix[np.arange(len(labels)), labels] = given
    found: Array = get_label_quality_scores(labels, matrix, method="self_confidence")
    return found


def auroc(score: Array, wrong: Array) -> float:
    """Chance that a wrong label scores above a right one, ties half.

    Example:
        >>> auroc(np.array([3.0, 1.0, 2.0, 2.0]), np.array([True, False, True, False]))
        0.875
    """
    known = np.isfinite(score)
    ranks, wrong = rankdata(score[known]), wrong[known]
    many, few = (~wrong).sum(), wrong.sum()
    if not many or not few:
        return float("nan")
    return float((ranks[wrong].sum() - few * (few + 1) / 2) / (many * few))


def spearman(one: Array, other: Array) -> float:
    """Rank correlation; NaN where a side does not vary.

    Example:
        >>> round(spearman(np.array([1, 2, 3]), np.array([5, 4, 0])), 6)
        -1.0
    """
    known = np.isfinite(one) & np.isfinite(other)
    ranks = [rankdata(each[known]) for each in (one, other)]
    if known.sum() < 2 or min(np.ptp(each) for each in ranks) == 0:
        return float("nan")
    return float(np.corrcoef(ranks)[0, 1])


def resampled(
    figure: Callable[[Array, Array], float], one: Array, other: Array
) -> Interval:
    """Compute a figure of two columns, and its interval over examples."""
    draw = np.random.default_rng(0)
    count = len(one)
    again = []
    for _ in range(RESAMPLES):
        rows = draw.integers(0, count, count)
        again.append(figure(one[rows], other[rows]))
    low, high = np.nanpercentile(again, SPREAD)
    return Interval(figure(one, other), float(low), float(high))
