"""How many of the most suspicious examples have a wrong label.

Ours. Of planted labels it is known that they are wrong, so the share of them that
stands above a suspicion, their recall, is that of all wrong labels there, as far as
these are like the planted ones. Of n examples above it, at most n are wrong, so there
are at most n / recall wrong labels in all, and about as many where nearly all n are
wrong. The number W of wrong labels is the least n / recall at which a quarter of the
planted ones is found, or more: the precision of the first n is recall * W / n. The
least of noisy numbers is too small; a bootstrap says by how much, and that is mended.

The interval is of the same bootstrap, over the examples, in which that quarter varies
from a tenth to two fifths, since nothing says how much is enough. It is wide, and errs
to the low side for labels that are wrong at random: these are found more easily than
planted ones. It errs to the high side where networks are so weak that few of their most
suspicious examples are wrong.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from depthviz.errors import ArgumentError, StudyError

__all__ = ["PlantedRecall", "Precision"]

ENOUGH, FROM, TO = 0.25, 0.1, 0.4  # share of the planted labels that is found
RESAMPLES = 400
LEAST = 10  # planted labels
EDGES = (2.5, 97.5)  # percentiles of the interval


class Precision(NamedTuple):
    """The expected share of wrong labels among the most suspicious examples.

    Attributes:
        examples: Number of examples, n.
        share: Expected share that is wrong, in [0, 1].
        low: Lower end of the interval of 95 % over examples.
        high: Its upper end.
    """

    examples: int
    share: float
    low: float
    high: float

    def __str__(self) -> str:
        return (
            f"of the first {self.examples:,} about {100 * self.share:.0f} % "
            f"[{100 * self.low:.0f}, {100 * self.high:.0f}] are wrong"
        )


@dataclass(frozen=True, eq=False)
class PlantedRecall:
    """How suspicious planted labels are, and all others.

    Attributes:
        others: Suspicion of all others, descending, shape `(N,)`.
        planted: Suspicion of the planted labels, descending, shape `(S,)`.
        seed: Decides the resamples.
    """

    others: NDArray[np.float64]
    planted: NDArray[np.float64]
    seed: int = 0

    def __post_init__(self) -> None:
        """Refuse too few planted labels."""
        if len(self.planted) < LEAST:
            raise StudyError(
                f"No precision is known: {len(self.planted)} planted labels of which "
                f"something is known are too few. Plant {LEAST} or more, better some "
                "hundreds, by a larger share in Ensemble(..., planted=)."
            )

    def precision(self, count: int) -> Precision:
        """Estimate the share of wrong labels among the first so many."""
        most, whole = len(self.others), isinstance(count, (int, np.integer))
        if not whole or isinstance(count, bool) or not 1 <= count <= most:
            raise ArgumentError(
                f"count must be a whole number from 1 to {most:,}, the examples that "
                f"were not planted and have a suspicion, got {count!r}."
            )
        found = self.planted >= self.others[count - 1]
        recalls = self._draws.planted @ found / len(found)
        precisions = np.clip(recalls * self._draws.wrong / count, 0, 1)
        low, high = np.percentile(precisions[1:], EDGES)
        return Precision(int(count), float(precisions[0]), float(low), float(high))

    @cached_property
    def _draws(self) -> _Draws:
        """Count the wrong labels of all examples, and of each resample."""
        generator, size = np.random.default_rng(self.seed), len(self.planted)
        above = np.searchsorted(-self.others, -self.planted, side="right")
        steps = np.diff(above, prepend=0, append=len(self.others))
        even, chance = np.full(size, 1 / size), steps / len(self.others)
        weights = np.vstack(
            [np.ones(size), generator.multinomial(size, even, RESAMPLES)]
        )
        others = np.vstack(
            [steps, generator.multinomial(len(self.others), chance, RESAMPLES)]
        ).cumsum(1)[:, :-1]
        recall = weights.cumsum(1) / size
        enough = np.array([ENOUGH, *generator.uniform(FROM, TO, RESAMPLES)])
        least = _least(others, recall, np.full(len(enough), ENOUGH))
        bias = least[1:].mean() / least[0] if least[0] else 1.0
        wrong = _least(others, recall, enough) / bias
        wrong[1:] /= bias  # the least of a resample is too small twice
        return _Draws(weights, wrong.clip(max=len(self.others)))


class _Draws(NamedTuple):
    """All examples first, then resamples of them.

    `planted` is how often each planted label is drawn, shape `(1 + B, S)`; `wrong` the
    number of wrong labels, shape `(1 + B,)`.
    """

    planted: NDArray[np.float64]
    wrong: NDArray[np.float64]


def _least(
    others: NDArray[np.int64],
    recall: NDArray[np.float64],
    enough: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Find the least number over recall, where enough is found, shape `(1 + B,)`."""
    bound = np.full(recall.shape, np.inf)
    np.divide(others, recall, out=bound, where=recall >= enough[:, None])
    least: NDArray[np.float64] = bound.min(1)
    return least
