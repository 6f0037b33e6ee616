"""Whether the expected precision of `relabel` holds the truth, where that is known.

    python -m tests.benchmarks.label_errors.calibration [--sets digits] [--out DIR]

For each label set and three seeds of planted labels an ensemble is trained, and the
share of wrong labels among the first examples is compared with its expectation and
interval. Everything is kept in the folder: killed at any time, the command goes on.
"""

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import depthviz as dv
from depthviz.study import Study
from tests.benchmarks.label_errors.label_sets import SETS, LabelSet, make_set, needs
from tests.benchmarks.label_errors.runs import ensemble_study
from tests.benchmarks.tables import table, target
from tests.conftest import DATA

__all__ = ["calibration_part", "calibration_table", "main"]

SEEDS = (0, 1, 2)
PLANTED, FEWEST = 0.02, 100  # share that is planted, unless these are too few
OF_WRONG = (0.5, 1, 2)  # examples looked at, as a multiple of the wrong labels
MOST_SETS, ENOUGH = 8, 6  # sets, and those whose truth is within the interval
Part = dict[str, Any]


def calibration_part(
    one: LabelSet, folder: Path, *, members: int, seeds: Sequence[int] = SEEDS
) -> Part:
    """Compare expected with true precision, as plain data that JSON keeps."""
    rows = []
    for seed in seeds:
        study = planted_study(one, folder, members=members, seed=seed)
        rows += [{"seed": seed, **row} for row in compare(study, one.wrong)]
    return {"rows": rows}


def planted_study(one: LabelSet, folder: Path, *, members: int, seed: int) -> Study:
    """Make or finish an ensemble with planted labels that a seed decides."""
    place = folder / f"planted-{members}-seed{seed}"
    share = min(0.2, max(PLANTED, FEWEST / len(one.labels)))
    return ensemble_study(one, place, members=members, seed=seed, planted=share)


def compare(study: Study, wrong: NDArray[np.bool_]) -> list[Part]:
    """Compare what is expected of the first examples with what is true of them.

    `wrong` says which labels were wrong before any were planted, shape `(N,)`.
    """
    found = dv.relabel(study)
    order = found.ranking.order
    total = int(wrong[order].sum())
    proposed = len(found) / len(order)
    rows = []
    for multiple in OF_WRONG:
        count = min(max(1, round(multiple * total)), len(order))
        about, truth = found.precision(count), float(wrong[order[:count]].mean())
        rows.append(
            {
                "multiple": multiple,
                "proposed": proposed,
                "examples": count,
                "truth": truth,
                "expected": about.share,
                "low": about.low,
                "high": about.high,
                "within": about.low <= truth <= about.high,
            }
        )
    return rows


def calibration_table(found: Mapping[str, Part]) -> str:
    """Write the comparison of each label set, and whether the target is met."""
    rows = [
        [
            *(name, row["seed"], row["examples"], row["truth"], row["expected"]),
            f"{row['low']:.2f} to {row['high']:.2f}",
            "yes" if row["within"] else "**no**",
        ]
        for name, part in found.items()
        for row in part["rows"]
    ]
    header = ["label set", "seed", "first examples", "wrong", "expected", "interval"]
    title = (
        "Expected precision of `relabel` and the truth, for half as many examples as "
        "there are wrong labels, as many, and twice as many."
    )
    text = table(title, [*header, "within"], rows)
    within = sum(map(is_calibrated, found.values()))
    goal = -(-ENOUGH * len(found) // MOST_SETS)
    name = f"label sets within the interval at most counts, of {len(found)}"
    return f"{text}\n{target(name, within, least=goal)}"


def is_calibrated(part: Part) -> bool:
    """Whether the truth is within the interval in most of the comparisons."""
    within = [row["within"] for row in part["rows"]]
    return 2 * sum(within) > len(within)


def main(arguments: Sequence[str] | None = None) -> None:
    """Make what is missing for each label set, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])  # type: ignore[union-attr]
    parser.add_argument("--sets", default="digits", help="label sets, with commas")
    parser.add_argument("--out", type=Path, default=Path("build/label_errors"))
    parser.add_argument("--examples", type=int, default=10_000)
    parser.add_argument("--members", type=int, default=4)
    given = parser.parse_args(arguments)
    found = {}
    for name in given.sets.split(","):
        if name not in SETS:
            parser.error(f"unknown set {name!r}; there are {', '.join(SETS)}")
        if (folder := needs(name)) and not (DATA / folder).is_dir():
            print(f"No {name}: it needs {DATA / folder}; set DEPTHVIZ_DATA.")
            continue
        one = make_set(name, given.examples, 0)
        place = given.out / f"{name}-n{len(one.labels)}-calibration"
        found[name] = calibration_part(one, place, members=given.members)
        print(f"{name} is done.", flush=True)
    if found:
        print(calibration_table(found))


if __name__ == "__main__":
    main()
