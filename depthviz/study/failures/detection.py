"""How well each score tells the mistakes among held-out examples.

All scores are looked at on the same examples and the same resamples, so that two of
them can be compared: an interval of their difference is narrower than both of theirs.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from depthviz.checks import whole_number
from depthviz.errors import StudyError
from depthviz.study.container import Study
from depthviz.study.examples import rows_of
from depthviz.study.failures.areas import Areas, Ranking, least_area
from depthviz.study.failures.scores import SOFTMAX, HeldOut, held_out

__all__ = ["failure_detection", "held_out_mistakes"]

NUMBERS = 100_000  # resamples times examples at a time: they stay in the cache
ENDS = (0.025, 0.975)
COLUMNS = (
    "score",
    "likely_wrong",
    "auroc",
    "low",
    "high",
    "gain",
    "gain_low",
    "gain_high",
    "aurc",
    "excess",
    "excess_low",
    "excess_high",
    "examples",
    "mistakes",
    "untold",
)


def failure_detection(
    study: Study, *, examples: Any = None, resamples: int = 1000, seed: int = 0
) -> pd.DataFrame:
    """Tell how well each score finds the network's mistakes on held-out examples.

    A mistake is a prediction other than the given label: where labels are wrong, a
    right prediction counts as one. Examples with planted labels are left out. Of one
    network the examples are those of the validation split; of many, all that were held
    out, with the class that most of those members predict and means over them.

    Scores: "depth" of the prediction; "agreement", the share of the neighbors that
    carry the predicted class, averaged over the probes, and "last agreement" at the
    last one; "margin" of the two largest logits; "entropy" of the softmax; "largest
    softmax"; and "neighbor distance", that to the k-th neighbor at the last probe
    before the softmax. None of them is fitted to the mistakes. Examples of which one of
    the scores is NaN are left out for all.

    Args:
        study: What `measure` or an ensemble's run returned.
        examples: Which are looked at: ids, a mask, or rows of `study.frame()`; by
            default all. Of these the held-out ones count.
        resamples: How often the bootstrap draws the examples again.
        seed: Decides the draws.

    Returns:
        One row a score: `score`; `likely_wrong`, which end of it is that of mistakes;
        `auroc`, the chance that a mistake ranks above a right prediction, with its
        interval from `low` to `high`; `gain`, the AUROC less that of the largest
        softmax on the same resamples, from `gain_low` to `gain_high`; `aurc`, the area
        under the risk-coverage curve (smaller is better); `excess`, that less the least
        there can be, from `excess_low` to `excess_high`; `examples` and `mistakes`; and
        `untold`, why a score has no numbers. Intervals are of 95 %, each for itself.

    Raises:
        ArgumentError: If resamples is no whole number from 1 on, or seed none from 0.
        DataError: If examples are not those of the study.
        StudyError: If no example is held out, or the network is right, or wrong, about
            all of them; if the study has no predictions.

    Example:
        >>> import torch
        >>> from depthviz.measurement import measure
        >>> points = torch.randn(80, 2, generator=torch.Generator().manual_seed(0))
        >>> labels = (points[:, 0] > 0).long()
        >>> net = torch.nn.Linear(2, 2)
        >>> parts = (points[:40], labels[:40]), (points[40:], labels[40:])
        >>> study = measure(net, *parts, k=5, projection=None, progress=False)
        >>> table = failure_detection(study, resamples=50)
        >>> table["score"][0], table["likely_wrong"][0], int(table["examples"][0])
        ('depth', 'larger', 40)

    References:
        Geifman, Uziel & El-Yaniv (2019). https://arxiv.org/abs/1805.08206
        Hendrycks & Gimpel (2017). https://arxiv.org/abs/1610.02136
    """
    whole_number("resamples", resamples, least=1)
    whole_number("seed", seed, least=0)
    found = held_out_mistakes(study, examples)
    known = [one for one in found.scores if one.values is not None]
    rankings = {one.name: Ranking(one.risk, found.wrong) for one in known}
    drawn = _drawn(rankings, len(found.wrong), resamples, seed)
    rows = []
    for one in found.scores:
        row: dict[str, Any] = dict.fromkeys(COLUMNS, np.nan)
        row |= {"examples": len(found.wrong), "mistakes": int(found.wrong.sum())}
        row |= {name: getattr(one, name) for name in ("likely_wrong", "untold")}
        row["score"] = one.name
        if one.name in drawn:
            row |= _numbers(drawn[one.name], drawn.get(SOFTMAX), found.wrong)
        rows.append(row)
    return pd.DataFrame(rows, columns=list(COLUMNS))


def held_out_mistakes(study: Study, examples: Any = None) -> HeldOut:
    """Find held-out examples whose scores are known, some of them mistakes.

    Args:
        study: As for `failure_detection`.
        examples: Likewise.

    Returns:
        The examples, their mistakes and scores.

    Raises:
        DataError: As for `failure_detection`.
        StudyError: As for `failure_detection`.
    """
    counted = np.ones(len(study), bool)
    if examples is not None:
        counted[:] = False
        counted[rows_of(study.dataset["example_id"].values, examples)] = True
    found = _where_known(held_out(study.dataset, counted))
    count, wrong = len(found.wrong), int(found.wrong.sum())
    if not any(one.values is not None for one in found.scores) or not count:
        raise StudyError(
            "No score is known of the held-out examples: the study has neither votes "
            "nor softmax of them. Measure it with depthviz.measure."
        )
    if wrong in (0, count):
        said = "about none" if not wrong else "about all"
        raise StudyError(
            f"The network is wrong {said} of the {count:,} held-out examples: mistakes "
            "can be told only where some predictions are wrong and some are right."
        )
    return found


def _where_known(found: HeldOut) -> HeldOut:
    """Leave out the examples of which some score is NaN."""
    known = np.ones(len(found.wrong), bool)
    for one in found.scores:
        if one.values is not None:
            known &= ~np.isnan(one.values)
    scores = [
        one if one.values is None else one._replace(values=one.values[known])
        for one in found.scores
    ]
    return HeldOut(found.rows[known], found.wrong[known], scores)


class _Drawn:
    """Areas of a score in the study itself, then in each resample; shape `(1 + B,)`."""

    def __init__(self, parts: list[Areas], wrong: NDArray[np.integer]) -> None:
        self.auroc = np.concatenate([one.auroc for one in parts])
        self.aurc = np.concatenate([one.aurc for one in parts])
        self.wrong = wrong


def _drawn(
    rankings: dict[str, Ranking], count: int, resamples: int, seed: int
) -> dict[str, _Drawn]:
    """Find the areas of every score, all on the same resamples."""
    parts: dict[str, list[Areas]] = {name: [] for name in rankings}
    mistakes = []
    first = next(iter(rankings.values()))
    for counts in _resamples(count, resamples, seed):
        mistakes.append(counts[:, first.order] @ first.wrong)
        for name, ranking in rankings.items():
            parts[name].append(ranking.areas(counts))
    wrong = np.concatenate(mistakes)
    return {name: _Drawn(found, wrong) for name, found in parts.items()}


def _resamples(count: int, resamples: int, seed: int) -> Iterator[NDArray[np.int64]]:
    """Give how often each example is drawn: once, then of each resample, by blocks."""
    yield np.ones((1, count), np.int64)
    draw = np.random.default_rng(seed)
    height = max(1, NUMBERS // count)
    for start in range(0, resamples, height):
        size = min(height, resamples - start)
        chosen = draw.integers(0, count, (size, count))
        chosen += count * np.arange(size)[:, None]
        counts = np.bincount(chosen.ravel(), minlength=size * count)
        yield counts.reshape(size, count)


def _numbers(
    own: _Drawn, softmax: _Drawn | None, wrong: NDArray[np.bool_]
) -> dict[str, float]:
    excess = own.aurc - least_area(own.wrong, len(wrong))
    found = {
        **_interval("auroc", "low", "high", own.auroc),
        **_interval("excess", "excess_low", "excess_high", excess),
        "aurc": float(own.aurc[0]),
    }
    if softmax is not None:
        gain = own.auroc - softmax.auroc
        found |= _interval("gain", "gain_low", "gain_high", gain)
    return found


def _interval(
    value: str, low: str, high: str, drawn: NDArray[np.float64]
) -> dict[str, float]:
    again = drawn[1:][np.isfinite(drawn[1:])]
    ends = np.quantile(again, ENDS) if len(again) else np.full(2, np.nan)
    return {value: float(drawn[0]), low: float(ends[0]), high: float(ends[1])}
