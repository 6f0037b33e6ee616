"""How far annotators agree: five coefficients, each with an interval.

All of nominal values, with missing ones where the coefficient allows them. The chance
that each takes off differs: where one verdict is rare, kappa and alpha fall although
nearly all agree, which AC1 does not. Knows tables of values alone.

References:
    Cohen (1960), A coefficient of agreement for nominal scales.
    Fleiss (1971), Measuring nominal scale agreement among many raters; with unequal
    numbers of raters as in Gwet (2014), Handbook of Inter-Rater Reliability.
    Krippendorff (2011), Computing Krippendorff's alpha-reliability.
    Gwet (2008), Computing inter-rater reliability in the presence of high agreement.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from depthviz.errors import ArgumentError

__all__ = ["Agreement", "Coefficient", "measure_agreement"]

Counts = NDArray[np.float64]
_QUANTILES = (0.025, 0.975)
_PAIR = 2


@dataclass(frozen=True)
class Coefficient:
    """One coefficient.

    Attributes:
        value: The number; None where it is not defined.
        low: Lower end of its 95 % interval; None where there is none.
        high: Upper end.
        undefined: Share of the bootstrap's draws in which it was not defined.
        words: Why there is no number; empty where there is one.
    """

    value: float | None
    low: float | None = None
    high: float | None = None
    undefined: float = 0.0
    words: str = ""


@dataclass(frozen=True)
class Agreement:
    """What `measure_agreement` found.

    Attributes:
        percent: Raw agreement: the share of pairs of annotators that agree, averaged
            over examples.
        cohen_kappa: Of two annotators.
        fleiss_kappa: Of any number.
        krippendorff_alpha: Nominal.
        gwet_ac1: Gwet's AC1.
        examples: How many examples two or more annotators judged.
        annotators: Between whom.
        values: The values that might have been given.
    """

    percent: Coefficient
    cohen_kappa: Coefficient
    fleiss_kappa: Coefficient
    krippendorff_alpha: Coefficient
    gwet_ac1: Coefficient
    examples: int
    annotators: tuple[str, ...]
    values: tuple[str, ...]

    def frame(self) -> pd.DataFrame:
        """Put the coefficients into a table.

        Returns:
            One row a coefficient, with the fields of `Coefficient`.
        """
        rows = {name: getattr(self, name) for name in COEFFICIENTS}
        columns = ["value", "low", "high", "undefined", "words"]
        cells = [[getattr(each, name) for name in columns] for each in rows.values()]
        return pd.DataFrame(cells, index=list(rows), columns=columns)

    def __str__(self) -> str:
        lines = [
            f"{self.examples:,} examples judged by two or more of "
            f"{len(self.annotators)} annotators; values: {', '.join(self.values)}"
        ]
        for name in COEFFICIENTS:
            each: Coefficient = getattr(self, name)
            if each.value is None:
                lines.append(f"{name:20} {each.words}")
                continue
            ends = "no interval"
            if each.low is not None and each.high is not None:
                ends = f"[{each.low:.3f}, {each.high:.3f}]"
            if each.undefined:
                ends += f", undefined in {each.undefined:.0%} of draws"
            lines.append(f"{name:20} {each.value:.3f} {ends}")
        return "\n".join(lines)


def measure_agreement(
    ratings: pd.DataFrame,
    *,
    values: Sequence[Any] | None = None,
    draws: int = 1000,
    seed: int = 0,
) -> Agreement:
    """Measure agreement, with intervals from a bootstrap over examples.

    Args:
        ratings: One row an example, one column an annotator; None, NaN or empty text
            where there is no rating.
        values: All values that might have been given; by default those that were.
        draws: Of the bootstrap.
        seed: Of it; the same gives the same intervals.

    Returns:
        Each coefficient, with its interval or why there is none.

    Raises:
        ArgumentError: If a rating is none of the values.
    """
    codes, known = _codes(ratings, values)
    codes = codes[(codes >= 0).sum(1) > 0]
    computed = {name: _compute(name, codes, len(known)) for name in COEFFICIENTS}
    drawn = _draw(codes, len(known), draws, seed)
    given = {name: _interval(*computed[name], drawn[name]) for name in COEFFICIENTS}
    return Agreement(
        **given,
        examples=int(((codes >= 0).sum(1) >= _PAIR).sum()),
        annotators=tuple(map(str, ratings.columns)),
        values=tuple(map(str, known)),
    )


def _codes(
    ratings: pd.DataFrame, values: Sequence[Any] | None
) -> tuple[NDArray[np.intp], list[Any]]:
    """Number the values; -1 where there is none."""
    cells = ratings.to_numpy(object)
    there = ~pd.isna(cells) if cells.size else np.zeros(cells.shape, bool)
    if values is None or "" not in values:
        there[there] = [value != "" for value in cells[there]]
    found = list(dict.fromkeys(cells[there].tolist()))
    known = sorted(found, key=str) if values is None else list(dict.fromkeys(values))
    unknown = [value for value in found if value not in known]
    if unknown:
        raise ArgumentError(
            f"{unknown[0]!r} was given, but is none of the values {known!r:.200}."
        )
    number = {value: place for place, value in enumerate(known)}
    codes = np.full(cells.shape, -1)
    codes[there] = [number[value] for value in cells[there]]
    return codes, known


def _counts(codes: NDArray[np.intp], q: int) -> Counts:
    """How many annotators gave each value, shape `(N, q)`."""
    return np.stack([(codes == value).sum(1) for value in range(q)], 1).astype(float)


def _agreed(counts: Counts) -> float:
    """Share of agreeing pairs, averaged over examples with two or more ratings."""
    raters = counts.sum(1)
    several = raters >= _PAIR
    counts, raters = counts[several], raters[several]
    pairs = (counts * (counts - 1)).sum(1) / (raters * (raters - 1))
    return float(pairs.mean())


def _shares(counts: Counts) -> NDArray[np.float64]:
    """How common each value is, each example counting once, shape `(q,)`."""
    return np.asarray((counts / counts.sum(1, keepdims=True)).mean(0))


def _beyond(agreed: float, chance: float) -> float:
    return (agreed - chance) / (1 - chance) if chance < 1 else np.nan


def _percent(codes: NDArray[np.intp], q: int) -> float:
    return _agreed(_counts(codes, q))


def _cohen(codes: NDArray[np.intp], q: int) -> float:
    both = codes[(codes >= 0).all(1)]
    first, second = (np.bincount(side, minlength=q) / len(both) for side in both.T)
    return _beyond(float((both[:, 0] == both[:, 1]).mean()), float(first @ second))


def _fleiss(codes: NDArray[np.intp], q: int) -> float:
    counts = _counts(codes, q)
    return _beyond(_agreed(counts), float((_shares(counts) ** 2).sum()))


def _krippendorff(codes: NDArray[np.intp], q: int) -> float:
    counts = _counts(codes, q)
    raters = counts.sum(1)
    counts, raters = counts[raters >= _PAIR], raters[raters >= _PAIR]
    totals = counts.sum(0)
    n = totals.sum()
    seen = (raters - (counts * (counts - 1)).sum(1) / (raters - 1)).sum() / n
    expected = 1 - (totals * (totals - 1)).sum() / (n * (n - 1))
    return float(1 - seen / expected) if expected > 0 else np.nan


def _gwet(codes: NDArray[np.intp], q: int) -> float:
    counts = _counts(codes, q)
    shares = _shares(counts)
    chance = float((shares * (1 - shares)).sum()) / (q - 1) if q > 1 else 0.0
    return _beyond(_agreed(counts), chance)


COEFFICIENTS: dict[str, Callable[[NDArray[np.intp], int], float]] = {
    "percent": _percent,
    "cohen_kappa": _cohen,
    "fleiss_kappa": _fleiss,
    "krippendorff_alpha": _krippendorff,
    "gwet_ac1": _gwet,
}
_NO_PAIR = "No example was judged by two annotators, so there is nothing to compare."
_NOT_TWO = "It is defined between two annotators; name two."
_ONE_VALUE = "All gave one value, and chance would, too: it is not defined."
_ONE_KIND = "Only one value could be given, so that to agree says nothing."


def _compute(name: str, codes: NDArray[np.intp], q: int) -> tuple[float | None, str]:
    """The number, or None and why."""
    if not ((codes >= 0).sum(1) >= _PAIR).any():
        return None, _NO_PAIR
    if name == "cohen_kappa" and codes.shape[1] != _PAIR:
        return None, _NOT_TWO
    if name == "gwet_ac1" and q < _PAIR:
        return None, _ONE_KIND
    value = COEFFICIENTS[name](codes, q)
    return (float(value), "") if np.isfinite(value) else (None, _ONE_VALUE)


def _draw(
    codes: NDArray[np.intp], q: int, draws: int, seed: int
) -> dict[str, list[float | None]]:
    generator = np.random.default_rng(seed)
    found: dict[str, list[float | None]] = {name: [] for name in COEFFICIENTS}
    for _ in range(draws if len(codes) else 0):
        some = codes[generator.integers(0, len(codes), len(codes))]
        for name in COEFFICIENTS:
            found[name].append(_compute(name, some, q)[0])
    return found


def _interval(
    value: float | None, words: str, drawn: Sequence[float | None]
) -> Coefficient:
    if value is None:
        return Coefficient(None, words=words)
    defined = [each for each in drawn if each is not None]
    undefined = 1 - len(defined) / len(drawn) if drawn else 0.0
    if not defined:
        return Coefficient(value, undefined=undefined)
    low, high = np.quantile(defined, _QUANTILES)
    return Coefficient(value, float(low), float(high), undefined)
