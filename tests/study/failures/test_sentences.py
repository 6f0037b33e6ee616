"""The sentence says which score is best, and does not call a tie a victory."""

from typing import Any

import numpy as np
import pandas as pd

from depthviz.study import describe_failure_detection


def table(**gains: tuple[float, float, float]) -> pd.DataFrame:
    """Make rows of scores that gain on a softmax of AUROC 0.9."""
    rows: list[dict[str, Any]] = [
        {
            "score": name.replace("_", " "),
            "auroc": 0.9 + gain,
            "low": 0.85 + gain,
            "high": 0.95 + gain,
            "gain": gain,
            "gain_low": low,
            "gain_high": high,
            "examples": 2000,
            "mistakes": 1234,
        }
        for name, (gain, low, high) in {**gains, "largest_softmax": (0, 0, 0)}.items()
    ]
    return pd.DataFrame(rows)


def test_where_the_softmax_wins_it_says_so() -> None:
    said = describe_failure_detection(table(depth=(-0.1, -0.15, -0.05)))
    assert said == (
        "The largest softmax tells the 1,234 mistakes among 2,000 held-out examples "
        "best: AUROC 0.900 (0.850 to 0.950). No other score is ahead of it. Depth "
        "(0.800) is worse than the largest softmax: -0.100 (-0.150 to -0.050)."
    )


def test_what_is_ahead_within_the_interval_has_not_beaten_it() -> None:
    said = describe_failure_detection(
        table(margin=(0.01, -0.01, 0.03), depth=(0.0, -0.02, 0.02))
    )
    assert "The margin tells" in said
    assert (
        "The largest softmax (0.900) is not beaten beyond the interval of the "
        "difference: +0.010 (-0.010 to +0.030)." in said
    )
    assert "Depth (0.900) is level with" in said
    assert "It is ahead" not in said


def test_what_is_ahead_beyond_the_interval_has() -> None:
    said = describe_failure_detection(table(depth=(0.05, 0.02, 0.08)))
    assert "It is ahead of the largest softmax (0.900) by +0.050 (+0.020" in said
    assert "Depth (" not in said


def test_nothing_is_called_best_where_chance_is_as_good() -> None:
    found = table(depth=(-0.1, -0.2, 0.1))
    found[["auroc", "low", "high"]] -= 0.4
    said = describe_failure_detection(found)
    assert said.startswith("No score tells the 1,234 mistakes")
    assert "better than chance does; the largest softmax comes first" in said


def test_scores_without_numbers_are_not_spoken_of() -> None:
    found = table(depth=(0.05, 0.02, 0.08))
    found.loc[found["score"] == "depth", "auroc"] = np.nan
    assert "depth" not in describe_failure_detection(found).lower()


def test_one_mistake_is_one() -> None:
    said = describe_failure_detection(table().assign(mistakes=1))
    assert "tells the one mistake among 2,000 held-out examples best" in said
