"""Which probe to read in place of the network, chosen and judged on different examples.

The probe with the best accuracy on some examples is best there partly by luck. So it is
chosen on one half of the held-out examples, and what it gains is measured on the other.

What a gain means depends on whether the group of a new example is known. The groups
of both depths need a train depth, so a network that trained on the example with its
label: nobody has that at test time, and a gain there explains, it does not predict. A
validation depth needs no label: the networks vote on a new example as they do on one
that they held out. So `by="validation_depth"` is a rule that can be used.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from depthviz.ensembles.analysis.counts import (
    By,
    Readings,
    Sorting,
    count_right,
    sort_examples,
)
from depthviz.ensembles.analysis.group_accuracy import EVERYTHING
from depthviz.ensembles.analysis.truth import Truth
from depthviz.errors import ArgumentError
from depthviz.study import Study

__all__ = ["TOGETHER", "ProbeChoice", "best_probe"]

TOGETHER = "each by its group"


@dataclass(frozen=True, eq=False)
class ProbeChoice:
    """Where to read each group, and what it gains.

    Attributes:
        table: One row for "all", each group, and "each by its group", where every
            example is read where its group is. Columns: `group`; `probe`, what was
            chosen ("network" where no probe is better); `gain_where_chosen`, on the
            half it was chosen on, too good by luck; `gain` on the other half, with
            `gain_low` and `gain_high`; `accuracy` and `network_accuracy` on that half;
            `examples_chosen_on`, `examples` and `pairs` of it.
        by: What the groups are of.
        known_at_test_time: Whether a new example's group is known without a label.
        level: Share of resamples between `gain_low` and `gain_high`.
        seed: What decided the halves and the resamples.
    """

    table: pd.DataFrame
    by: By
    known_at_test_time: bool
    level: float
    seed: int

    def __repr__(self) -> str:
        rows = self.table.to_dict("records")
        read = ", ".join(f"{row['group']} at {row['probe']}" for row in rows[:-1])
        gain = f"{rows[-1]['gain']:+.3f}" if rows else "none"
        return f"<ProbeChoice by {self.by}: {read}; gain {gain}; see .table>"


def best_probe(
    study: Study,
    *,
    by: By = "group",
    seed: int = 0,
    resamples: int = 1000,
    level: float = 0.95,
    truth: Truth | None = None,
) -> ProbeChoice:
    """Choose where to read each group on half of the examples, judge it on the rest.

    Counted are pairs of a member and an example that it held out. Each group is halved
    by example, at random; all pairs of an example are in one half. The best is what is
    right of most pairs there: of equals the network, then the later probe. Intervals
    are percentiles over resamples of the examples of the other half.

    What the gain is: the accuracy that these networks, read at that probe, have above
    themselves, over further examples of this kind. What it is not: with `by="group"`, a
    gain that anybody can have at test time, since the group of a new example is not
    known without training on it with its label; of that table the row "all" alone is a
    rule to use. Nor does the interval show what other networks would gain: these are
    taken as given, and they read both halves. And a validation depth is here a mean
    over the few members that held the example out, where of a new example it is one
    over all members, so that the groups of new examples are a little sharper.

    Args:
        study: What an ensemble's run returned.
        by: The groups of both depths; or low, intermediate and high validation depth,
            which is known for a new example.
        seed: Decides the halves and the resamples.
        resamples: Number of them.
        level: Share of them inside the interval, in (0, 1).
        truth: What to count against in place of the given labels, where it is known
            which of these are wrong: right classes, shape `(N,)`, a Series by its index
            of ids; or what people decided, as a store of annotations, as
            `store.columns(ids)` or as its column "verdict". Examples whose class is
            missing, or judged and still open, count nowhere.

    Returns:
        What was chosen, and its gain.

    Raises:
        StudyError: If the study is no ensemble's.
        ArgumentError: If by, resamples or level is out of range.
        ShapeError: If truth does not cover the examples.
        LabelError: If truth holds something other than classes.

    Example:
        >>> import xarray as xr
        >>> one, each = ("member", "example"), ("member", "probe", "example")
        >>> groups = {"names": ["easy", "ambiguous"], "boundaries": [1, 2, 1, 2]}
        >>> variables = {
        ...     "label": ("example", [0, 0, 1, 1]),
        ...     "group": ("example", [0, 0, 1, 1], groups),
        ...     "in_train": (one, [[False] * 4]),
        ...     "member_failed": ("member", [-1]),
        ...     "member_prediction": (one, [[0, 0, 0, 0]]),
        ...     "member_vote": (each, [[[1, 1, 1, 1]]]),
        ... }
        >>> names = {"example_id": ("example", range(4)), "probe": ["softmax"]}
        >>> choice = best_probe(Study(xr.Dataset(variables, names)))
        >>> choice.table[["group", "probe", "gain", "examples"]]
                       group    probe  gain  examples
        0                all  network   0.0         2
        1               easy  network   0.0         1
        2          ambiguous  softmax   1.0         1
        3  each by its group            0.5         2
        >>> choice.known_at_test_time
        False

    References:
        Baldock, Maennel & Neyshabur (2021).
        https://arxiv.org/abs/2106.09647
    """
    if resamples < 1 or not 0 < level < 1:
        raise ArgumentError(
            f"resamples must be at least 1 and level in (0, 1), got {resamples} and "
            f"{level}."
        )
    sorting = sort_examples(study, by)
    found = count_right(study, truth=truth)
    half = _halve(found, sorting, np.random.default_rng([seed, 0]))
    judge = _Judge(found, half, resamples, level, seed)
    table = pd.DataFrame(_rows(judge, sorting))
    return ProbeChoice(table, by, by == "validation_depth", level, seed)


class _Judge(NamedTuple):
    """What choices are made with and judged by."""

    found: Readings
    half: NDArray[np.bool_]
    resamples: int
    level: float
    seed: int

    def choose(self, rows: NDArray[np.bool_]) -> int:
        """Take what is right of most pairs: of equals the last."""
        right = self.found.right[:, rows & self.half].sum(1, dtype=np.int64)
        return len(right) - 1 - int(np.argmax(right[::-1]))

    def judge(
        self, rows: NDArray[np.bool_], read: NDArray[np.intp], *, number: int
    ) -> dict[str, Any]:
        """Tell what is gained where each example is read at some place."""
        right, network = self._right(read), self.found.right[-1].astype(np.int64)
        pairs, seen = self.found.pairs.astype(np.int64), self.found.pairs > 0
        first, other = rows & self.half, rows & ~self.half & seen
        total = int(pairs[other].sum())
        low, high = self._interval((right - network)[other], pairs[other], number)
        return {
            "gain_where_chosen": _ratio((right - network)[first], pairs[first]),
            "gain": _ratio((right - network)[other], pairs[other]),
            "gain_low": low,
            "gain_high": high,
            "accuracy": _ratio(right[other], pairs[other]),
            "network_accuracy": _ratio(network[other], pairs[other]),
            "examples_chosen_on": int(first.sum()),
            "examples": int(other.sum()),
            "pairs": total,
        }

    def _right(self, read: NDArray[np.intp]) -> NDArray[np.int64]:
        rows = np.arange(len(read))
        return self.found.right[read, rows].astype(np.int64)

    def _interval(
        self, gain: NDArray[np.int64], pairs: NDArray[np.int64], number: int
    ) -> tuple[float, float]:
        if len(gain) < 2:
            return np.nan, np.nan
        # Few examples differ in both numbers: resamples draw how many of each kind.
        kinds, counts = np.unique(np.stack([gain, pairs]), axis=1, return_counts=True)
        draw = np.random.default_rng([self.seed, 1, number])
        share = counts / counts.sum()
        drawn = draw.multinomial(len(gain), share, size=self.resamples)
        gains, totals = kinds @ drawn.T
        outside = (1 - self.level) / 2
        low, high = np.quantile(gains / totals, [outside, 1 - outside])
        return float(low), float(high)


def _halve(
    found: Readings, sorting: Sorting, draw: np.random.Generator
) -> NDArray[np.bool_]:
    """Mark half of the examples of each group that some member held out."""
    order = draw.permutation(np.flatnonzero(found.pairs > 0))
    half = np.zeros(len(found.pairs), bool)
    for code in np.unique(sorting.codes):
        rows = order[sorting.codes[order] == code]
        half[rows[: (len(rows) + 1) // 2]] = True
    return half


def _rows(judge: _Judge, sorting: Sorting) -> list[dict[str, Any]]:
    network = len(judge.found.names) - 1
    together = np.full(len(sorting.codes), network)
    everything = np.ones(len(sorting.codes), bool)
    parts = [(EVERYTHING, everything)]
    parts += [(name, sorting.codes == code) for code, name in enumerate(sorting.names)]
    table = []
    for number, (name, rows) in enumerate(parts):
        chosen = judge.choose(rows)
        if number > 0:
            together[rows] = chosen
        read = np.full(len(rows), chosen)
        facts = judge.judge(rows, read, number=number)
        table.append({"group": name, "probe": judge.found.names[chosen], **facts})
    facts = judge.judge(everything, together, number=len(parts))
    return [*table, {"group": TOGETHER, "probe": "", **facts}]


def _ratio(counts: NDArray[np.int64], pairs: NDArray[np.int64]) -> float:
    total = int(pairs.sum())
    return int(counts.sum()) / total if total else np.nan
