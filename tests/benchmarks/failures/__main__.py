"""When depth tells a network's mistakes, and when the largest softmax does.

    python -m tests.benchmarks.failures [--quick] [--seed S]

Networks trained on Fashion-MNIST in several ways, the AUROC of every score for their
held-out mistakes with its interval, and a sentence for each.
"""

import argparse
from collections.abc import Sequence

import pandas as pd

from depthviz.study import describe_failure_detection, failure_detection
from tests.benchmarks.decodability.clothes import FOLDER
from tests.benchmarks.failures.settings import SETTINGS, Size, study_of
from tests.benchmarks.processor import describe_processor
from tests.benchmarks.tables import table

__all__ = ["main"]

SHOWN = ("depth", "agreement", "margin", "entropy", "neighbor distance")
FULL, QUICK = Size(3000, 3000, 4), Size(400, 300, 2)


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the tables."""
    given = _parse(arguments)
    print(describe_processor(), flush=True)
    if not FOLDER.is_dir():
        print(f"No networks: they need {FOLDER}; set DEPTHVIZ_DATA.")
        return
    size = QUICK if given.quick else FULL
    found: dict[str, pd.DataFrame] = {}
    for setting in SETTINGS:
        study = study_of(setting, size, seed=given.seed)
        found[setting.name] = failure_detection(study)
        print(f"{setting.name}: {describe_failure_detection(found[setting.name])}")
    print(f"\n{_areas(found)}\n{_gains(found)}")


def _areas(found: dict[str, pd.DataFrame]) -> str:
    names = next(iter(found.values()))["score"]
    rows = [
        [name, _share(one), *(f"{area:.3f}" for area in one["auroc"])]
        for name, one in found.items()
    ]
    title = "**AUROC of held-out mistakes.**"
    return table(title, ["network", "mistakes", *names], rows)


def _gains(found: dict[str, pd.DataFrame]) -> str:
    rows = []
    for name, one in found.items():
        scores = one.set_index("score")
        rows.append([name, *(_gain(scores.loc[score]) for score in SHOWN)])
    title = "**AUROC less that of the largest softmax, with the interval of 95 %.**"
    return table(title, ["network", *SHOWN], rows)


def _share(one: pd.DataFrame) -> str:
    return f"{one['mistakes'][0] / one['examples'][0]:.1%}"


def _gain(row: "pd.Series[float]") -> str:
    return f"{row['gain']:+.3f} ({row['gain_low']:+.3f} to {row['gain_high']:+.3f})"


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a moment's worth")
    parser.add_argument("--seed", type=int, default=0)
    return parser.parse_args(arguments)


if __name__ == "__main__":
    main()
