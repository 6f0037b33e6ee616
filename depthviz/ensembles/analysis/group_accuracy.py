"""Where reading an earlier layer does better than the network itself.

A network may know early what it unlearns later: of some examples an early probe's vote
is right more often than the prediction. Here is how often, for each group of examples
and each probe, over what the members held out.

The networks are taken as given: the errors say what other examples would have changed,
not what other networks would have. And a vote is right where it equals the given label,
so that of mislabeled examples a "right" one repeats the mistake.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from depthviz.ensembles.analysis.counts import (
    By,
    Over,
    Readings,
    count_right,
    sort_examples,
)
from depthviz.ensembles.analysis.truth import Truth
from depthviz.study import Study

__all__ = ["EVERYTHING", "Share", "accuracy_by_group", "share_of_pairs"]

EVERYTHING = "all"


def accuracy_by_group(
    study: Study,
    *,
    over: Over = "held_out",
    by: By = "group",
    truth: Truth | None = None,
) -> pd.DataFrame:
    """Tell how often each probe's vote is right in each group, and the network.

    The accuracy is the share of right pairs of a member and an example. Pairs of one
    example are not independent, so the standard errors take examples, not pairs, as
    drawn (a ratio with one cluster an example). Examples without a depth are among
    "all" alone, and failed members count nowhere. At validation depth 0 all probes vote
    as the network predicts: what there is to gain or lose is at higher ones.

    Args:
        study: What an ensemble's run returned.
        over: Pairs of members and examples they held out, or trained on.
        by: The groups of both depths; or low, intermediate and high validation depth,
            which a new example has too, as it needs no label.
        truth: What to count against in place of the given labels, where it is known
            which of these are wrong: right classes, shape `(N,)`, a Series by its index
            of ids; or what people decided, as a store of annotations, as
            `store.columns(ids)` or as its column "verdict". Examples whose class is
            missing, or judged and still open, count nowhere.

    Returns:
        One row for each group, "all" first, and in it one for each probe and a last
        one for the network (`probe` is "network"). Columns: `group`, `probe`,
        `accuracy` and `accuracy_se`; `gain` and `gain_se`, accuracy above the
        network's over the same pairs; `examples` and `pairs`, how many there are. NaN
        where there are none, and errors below two examples.

    Raises:
        StudyError: If the study is no ensemble's.
        ArgumentError: If over or by has another value.
        ShapeError: If truth does not cover the examples.
        LabelError: If truth holds something other than classes.

    Example:
        >>> import xarray as xr
        >>> one, each = ("member", "example"), ("member", "probe", "example")
        >>> groups = {"names": ["easy", "ambiguous"], "boundaries": [1, 2, 1, 2]}
        >>> variables = {
        ...     "label": ("example", [0, 0, 1]),
        ...     "group": ("example", [0, 0, 1], groups),
        ...     "in_train": (one, [[False, False, False]]),
        ...     "member_failed": ("member", [-1]),
        ...     "member_prediction": (one, [[0, 0, 0]]),
        ...     "member_vote": (each, [[[0, 1, 1]]]),
        ... }
        >>> names = {"example_id": ("example", [0, 1, 2]), "probe": ["softmax"]}
        >>> study = Study(xr.Dataset(variables, names))
        >>> accuracy_by_group(study)[["group", "probe", "accuracy", "gain"]].round(2)
               group    probe  accuracy  gain
        0        all  softmax      0.67   0.0
        1        all  network      0.67   0.0
        2       easy  softmax      0.50  -0.5
        3       easy  network      1.00   0.0
        4  ambiguous  softmax      1.00   1.0
        5  ambiguous  network      0.00   0.0

    References:
        Baldock, Maennel & Neyshabur (2021).
        https://arxiv.org/abs/2106.09647
    """
    found = count_right(study, over=over, truth=truth)
    sorting = sort_examples(study, by)
    parts = [(EVERYTHING, np.ones(len(study), bool))]
    parts += [(name, sorting.codes == code) for code, name in enumerate(sorting.names)]
    return pd.concat(
        [_rows(found, name, rows) for name, rows in parts], ignore_index=True
    )


def _rows(found: Readings, name: str, rows: NDArray[np.bool_]) -> pd.DataFrame:
    right, pairs = found.right[:, rows].astype(np.int64), found.pairs[rows]
    accuracy, gain = (
        share_of_pairs(right, pairs),
        share_of_pairs(right - right[-1], pairs),
    )
    return pd.DataFrame(
        {
            "group": name,
            "probe": found.names,
            "accuracy": accuracy.value,
            "accuracy_se": accuracy.error,
            "gain": gain.value,
            "gain_se": gain.error,
            "examples": int((pairs > 0).sum()),
            "pairs": int(pairs.sum()),
        }
    )


class Share(NamedTuple):
    """Shares in [0, 1] and their standard errors, shape `(R,)` each."""

    value: NDArray[np.float64]
    error: NDArray[np.float64]


def share_of_pairs(counts: NDArray[np.int64], pairs: NDArray[np.integer[Any]]) -> Share:
    """Divide sums over examples, and find the error with examples as clusters.

    Args:
        counts: Pairs of each example that count, shape `(R, N)`.
        pairs: All pairs of each example, shape `(N,)`.

    Returns:
        The shares; NaN where there are no pairs, errors below two examples.
    """
    total, examples = int(pairs.sum()), int((pairs > 0).sum())
    nothing = np.full(len(counts), np.nan)
    if total == 0:
        return Share(nothing, nothing)
    value = counts.sum(1) / total
    if examples < 2:
        return Share(value, nothing)
    squares = ((counts - value[:, None] * pairs) ** 2).sum(1)
    return Share(value, np.sqrt(squares * examples / (examples - 1)) / total)
