"""DUAL with Beta sampling: the smaller the share kept, the easier the examples.

Examples are drawn by their DUAL times a Beta density of the mean probability of their
label. Its mode moves from the most uncertain examples to the easy ones as more are left
out, and the constant c says how fast. c depends on the data, so it has no default.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from depthviz.errors import ArgumentError, ShapeError
from depthviz.selection.methods.picked import Picked, Source, tied_order

__all__ = ["BetaDensity", "beta_density", "beta_sampled", "beta_weights"]

ANCHORS, SPAN = 10, 15.0
HIGHEST = 1 - 1e-6  # where b is below 1, the density of 1 itself is infinite
CANDIDATES = (0.25, 1.0, 4.0)


class BetaDensity(NamedTuple):
    """The density by which examples are drawn.

    Attributes:
        a: Its first parameter.
        b: Its second; both together are 16.
        anchor: Mean probability of the label over the 10 examples of largest score.
    """

    a: float
    b: float
    anchor: float

    @property
    def mean(self) -> float:
        """Its mean, a mean probability of the label."""
        return self.a / (self.a + self.b)


def beta_density(mean: Any, score: Any, *, pruned: float, c: float) -> BetaDensity:
    """Find the density for a share that is left out.

    Args:
        mean: Mean probability of the label of each example, in [0, 1], shape `(N,)`.
        score: DUAL of each, 0 or more, shape `(N,)`.
        pruned: Share of the examples that is left out, in [0, 1).
        c: How fast the density moves to the easy examples, above 0.

    Returns:
        The density.

    Raises:
        ArgumentError: If something is out of range.
        ShapeError: If mean and score do not cover the same examples.

    Example:
        >>> found = beta_density([0.2, 0.4], [0.1, 0.1], pruned=0.5, c=1)
        >>> round(found.a, 2), round(found.b, 2)
        (10.75, 5.25)
    """
    mean, score = _read(mean, score)
    if not 0 <= pruned < 1:
        raise ArgumentError(f"pruned must be a share in [0, 1), got {pruned!r}.")
    number = isinstance(c, (int, float, np.number)) and not isinstance(c, bool)
    if not number or not 0 < c < np.inf:
        raise ArgumentError(f"c must be a number above 0, got {c!r}.")
    first = np.argsort(-score, kind="stable")[:ANCHORS]
    anchor = float(mean[first].mean())
    rest = -np.expm1(c * np.log(pruned)) if pruned else 1.0  # 1 - r^c
    b = SPAN * (1 - anchor) * rest
    if b <= 0:
        raise ArgumentError(
            f"The {len(first)} examples of largest score have a mean probability of 1, "
            "which leaves no density; they are none that a network learns late."
        )
    return BetaDensity(float(SPAN + 1 - b), float(b), anchor)


def beta_weights(
    mean: Any, score: Any, *, pruned: float, c: float
) -> NDArray[np.float64]:
    """Find the weight by which each example is drawn.

    Args:
        mean: Mean probability of the label of each example, in [0, 1], shape `(N,)`.
        score: DUAL of each, 0 or more, shape `(N,)`.
        pruned: Share of the examples that is left out, in [0, 1).
        c: How fast the density moves to the easy examples, above 0.

    Returns:
        Score times density, scaled to a sum of 1, shape `(N,)`.

    Raises:
        ArgumentError: If something is out of range, or no score is above 0.
        ShapeError: If mean and score do not cover the same examples.

    Example:
        >>> beta_weights([0.5, 0.7], [0.1, 0.1], pruned=0.5, c=1).round(3).tolist()
        [0.047, 0.953]

    References:
        Cho, Shin & Yun (2025). https://arxiv.org/abs/2502.06905
    """
    density = beta_density(mean, score, pruned=pruned, c=c)
    logs = _log_weights(*_read(mean, score), density)
    if np.isneginf(logs).all():
        raise ArgumentError("All weights are 0: no example has a score above 0.")
    scaled = np.exp(logs - logs.max())
    weights: NDArray[np.float64] = scaled / scaled.sum()
    return weights


def beta_sampled(source: Source, count: int, options: dict[str, Any]) -> Picked:
    """Draw examples without replacement by their weights."""
    name, c = options["by"], options["c"]
    score, mean = source.column(name), source.column(options["mean"])
    pruned = 1 - count / len(source)
    if c is None:
        raise ArgumentError(_ask_for_c(mean, score, pruned))
    density = beta_density(mean, score, pruned=pruned, c=c)
    # The largest keys are a draw without replacement, however small the weights are.
    keys = _log_weights(mean, score, density) + source.draw.gumbel(size=len(source))
    rows = tied_order(keys, source.draw)[:count]
    notes = [
        f"Drawn by {name} times the density Beta({density.a:.4g}, {density.b:.4g}) of "
        f"{options['mean']}, whose mean is {density.mean:.2f}; the median "
        f"{options['mean']} is {np.median(mean):.2f}."
    ]
    above = int((score > 0).sum())
    if above < count:
        notes.append(f"Only {above:,} have a {name} above 0; chance did the rest.")
    facts = {"a": density.a, "b": density.b, "anchor": density.anchor}
    return Picked(rows, score, facts=facts, notes=tuple(notes))


def _log_weights(
    mean: NDArray[np.float64], score: NDArray[np.float64], density: BetaDensity
) -> NDArray[np.float64]:
    inside = np.minimum(mean, HIGHEST)
    with np.errstate(divide="ignore"):
        logs = stats.beta.logpdf(inside, density.a, density.b) + np.log(score)
    found: NDArray[np.float64] = np.where(np.isnan(logs), -np.inf, logs)
    return found


def _read(mean: Any, score: Any) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    mean, score = np.asarray(mean, np.float64), np.asarray(score, np.float64)
    if mean.shape != score.shape or mean.ndim != 1:
        raise ShapeError(
            f"mean and score must both have shape (N,), got {mean.shape} and "
            f"{score.shape}."
        )
    if not np.all((mean >= 0) & (mean <= 1)):
        raise ArgumentError("mean must hold probabilities, in [0, 1].")
    if not np.all(score >= 0):
        raise ArgumentError("score must hold numbers of 0 or more, as DUAL is.")
    return mean, score


def _ask_for_c(
    mean: NDArray[np.float64], score: NDArray[np.float64], pruned: float
) -> str:
    shown = []
    for c in CANDIDATES:
        one = beta_density(mean, score, pruned=pruned, c=c)
        shown.append(f"c={c:g}: Beta({one.a:.4g}, {one.b:.4g}), mean {one.mean:.2f}")
    return (
        "method='beta' needs c=, which has no default: it depends on the data (4 for "
        "its authors' CIFAR-100, less, as 0.25, where most are easy). Choose it "
        f"on a validation split. With {pruned:.0%} left out, {'; '.join(shown)}; the "
        f"median mean probability is {np.median(mean):.2f}."
    )
