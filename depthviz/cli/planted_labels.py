"""How well scores find labels that are known to be wrong, as a table to print.

Knows nothing of where the scores come from.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

__all__ = ["score_frame", "score_table"]


def score_frame(scores: Mapping[str, Any], wrong: NDArray[np.bool_]) -> pd.DataFrame:
    """Tell how well each score ranks the wrong labels first.

    Args:
        scores: By name, of each example, shape `(N,)`; larger is more suspicious.
        wrong: Which labels are wrong, shape `(N,)`; some are and some are not.

    Returns:
        A row for each score: its `score`, its `auroc`, and how many of as many first
        examples as there are wrong labels are `wrong`.
    """
    from sklearn.metrics import roc_auc_score

    count = int(wrong.sum())
    rows = []
    for name, given in scores.items():
        score = np.asarray(given, float)
        first = np.argsort(-score, kind="stable")[:count]
        rows.append((name, roc_auc_score(wrong, score), int(wrong[first].sum())))
    return pd.DataFrame(rows, columns=["score", "auroc", "wrong"])


def score_table(scores: Mapping[str, Any], wrong: NDArray[np.bool_]) -> str:
    """Write `score_frame` as lines.

    Args:
        scores: By name, of each example, shape `(N,)`; larger is more suspicious.
        wrong: Which labels are wrong, shape `(N,)`; some are and some are not.

    Returns:
        A heading, and a line for each score.

    Example:
        >>> scores = {"a guess": [0, 1, 2, 3], "the truth": [0, 1, 0, 1]}
        >>> print(score_table(scores, np.array([False, True, False, True])))
                     AUROC  wrong among the first 2
        a guess      0.750  1
        the truth    1.000  2
    """
    width = max(map(len, scores)) + 2
    lines = [f"{'':<{width}}  AUROC  wrong among the first {wrong.sum()}"]
    for name, area, found in score_frame(scores, wrong).itertuples(index=False):
        lines.append(f"{name:<{width}}  {area:.3f}  {found}")
    return "\n".join(lines)
