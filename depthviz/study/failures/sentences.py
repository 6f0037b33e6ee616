"""In words, which score tells mistakes best, and whether the softmax is beaten."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from depthviz.study.failures.scores import SOFTMAX

__all__ = ["describe_failure_detection"]

CHANCE = 0.5


def describe_failure_detection(table: pd.DataFrame) -> str:
    """Say which score tells the mistakes best, and how that compares with the softmax.

    Where no score is ahead of the largest softmax by more than the interval of the
    difference, it says so: a study is then not what one needs to tell mistakes.

    Args:
        table: What `failure_detection` returned.

    Returns:
        Two or three sentences.

    Example:
        >>> row = {"low": 0.8, "high": 0.9, "examples": 50, "mistakes": 9}
        >>> row |= {"gain": 0.0, "gain_low": 0.0, "gain_high": 0.0, "excess": 0.1}
        >>> table = pd.DataFrame([{"score": "largest softmax", "auroc": 0.85, **row}])
        >>> print(describe_failure_detection(table))
        The largest softmax tells the 9 mistakes among 50 held-out examples best:
        AUROC 0.850 (0.800 to 0.900). No other score is ahead of it.
    """
    known = table[np.isfinite(table["auroc"])].set_index("score")
    best = known.loc[known["auroc"].idxmax()]
    return " ".join(filter(None, (_first(best), _softmax(best, known), _depth(known))))


def _first(best: Any) -> str:
    mistakes, examples = int(best["mistakes"]), int(best["examples"])
    count = "one mistake" if mistakes == 1 else f"{mistakes:,} mistakes"
    of_all = f"the {count} among {examples:,} held-out examples"
    area = f"AUROC {best['auroc']:.3f} ({best['low']:.3f} to {best['high']:.3f})"
    if best["low"] > CHANCE:
        return f"The {best.name} tells {of_all} best: {area}."
    return (
        f"No score tells {of_all} better than chance does; the {best.name} comes "
        f"first: {area}."
    )


def _softmax(best: Any, known: pd.DataFrame) -> str:
    if SOFTMAX not in known.index:
        return "The study does not know the largest softmax, to compare with."
    if best.name == SOFTMAX:
        return "No other score is ahead of it."
    difference = (
        f"{best['gain']:+.3f} ({best['gain_low']:+.3f} to {best['gain_high']:+.3f})"
    )
    softmax = known.loc[SOFTMAX]["auroc"]
    if best["gain_low"] > 0:
        return f"It is ahead of the largest softmax ({softmax:.3f}) by {difference}."
    return (
        f"The largest softmax ({softmax:.3f}) is not beaten beyond the interval of the "
        f"difference: {difference}."
    )


def _depth(known: pd.DataFrame) -> str:
    """Say how far depth stands from the largest softmax, where it is not the best."""
    if not {"depth", SOFTMAX} <= set(known.index):
        return ""
    depth = known.loc["depth"]
    if depth.name == known["auroc"].idxmax():
        return ""
    if depth["gain_high"] < 0:
        verdict = "worse than"
    else:
        verdict = "ahead of" if depth["gain_low"] > 0 else "level with"
    return (
        f"Depth ({depth['auroc']:.3f}) is {verdict} the largest softmax: "
        f"{depth['gain']:+.3f} ({depth['gain_low']:+.3f} to {depth['gain_high']:+.3f})."
    )
