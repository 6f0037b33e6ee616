"""Where a patch of color and the class can be read: a table by strength and probe.

    python -m tests.benchmarks.decodability [--quick] [--strengths 0.1,0.3,1]

A small network is trained on Fashion-MNIST in color, once for each strength of a patch
that has nothing to do with its classes. It also prints how long the count takes for
10,000 examples at 11 probes.
"""

import argparse
import time
from collections.abc import Sequence

import pandas as pd

from depthviz.study import decodability
from tests.benchmarks.decodability.clothes import FOLDER
from tests.benchmarks.decodability.patches import patched, study_of
from tests.benchmarks.processor import describe_processor
from tests.benchmarks.tables import table, target
from tests.study.decoding.small import drawn

__all__ = ["main"]

STRENGTHS = (0.1, 0.3, 1.0)
FULL = {"count": 5000, "held_out": 2000, "epochs": 10}
QUICK = {"count": 600, "held_out": 200, "epochs": 2}
SECONDS = 0.2
SHAPE = (11, 10_000, 30)  # probes, examples, neighbors


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table of all strengths, and the time of a count."""
    given = _parse(arguments)
    print(describe_processor(), flush=True)
    if not FOLDER.is_dir():
        print(f"No patches: they need {FOLDER}; set DEPTHVIZ_DATA.")
    else:
        print(_table(given.strengths, QUICK if given.quick else FULL, given.seed))
    print(target("seconds for 10,000 examples at 11 probes", seconds(), most=SECONDS))


def seconds() -> float:
    """Time the count for a column of ten classes, the fastest of five times."""
    study, found = drawn(SHAPE), []
    for _ in range(5):
        start = time.perf_counter()
        decodability(study, "label")
        found.append(time.perf_counter() - start)
    return min(found)


def _table(strengths: Sequence[float], size: dict[str, int], seed: int) -> str:
    rows, probes = [], ()
    for strength in strengths:
        data = patched(size["count"], strength, seed=seed)
        rest = {name: size[name] for name in ("held_out", "epochs")}
        study = study_of(data, **rest, seed=seed)
        probes = study.probes
        found = decodability(study, ["patch", "label"])
        held_out = found[found["over"] == "held out"]
        for column, of_probes in held_out.groupby("column", sort=False):
            rows.append([f"{strength:g}", str(column), *map(_cell, _rows(of_probes))])
        print(f"Strength {strength:g} is done.", flush=True)
    count = size["held_out"]
    title = (
        f"**Held-out votes that are right, of {count:,}, in %, with their intervals.**"
    )
    return table(title, ["patch", "column", *probes], rows)


def _rows(found: pd.DataFrame) -> list[tuple[float, float, float]]:
    return list(zip(found["accuracy"], found["low"], found["high"], strict=True))


def _cell(rate: tuple[float, float, float]) -> str:
    share, low, high = (100 * one for one in rate)
    return f"{share:.1f} ({low:.1f} to {high:.1f})"


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a moment's worth")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--strengths",
        type=lambda text: [float(one) for one in text.split(",")],
        default=list(STRENGTHS),
        help="of the patch, from 0 to 1, with commas",
    )
    return parser.parse_args(arguments)


if __name__ == "__main__":
    main()
