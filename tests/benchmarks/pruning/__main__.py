"""What training on a part of Fashion-MNIST comes to, by method and share kept.

    python -m tests.benchmarks.pruning [--quick] [--folder DIR] [--seeds 0 1 2]
        [--examples 10000] [--steps 900] [--shares 0.7 0.5 0.3 0.2 0.1]

Two tables, with right labels and with a fifth of them wrong, since the advice flips.
Every seed scores with a network of its own, selects anew and trains anew, by as many
iterations whatever is kept. Constants of CCS and Beta are chosen on validation data.
Killed at any time, the same command goes on.
"""

import argparse
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pandas as pd

from depthviz.selection import KeepCurve, Selection, keep_curve, select
from depthviz.study import Study
from tests.benchmarks.decodability.clothes import FOLDER
from tests.benchmarks.processor import describe_processor
from tests.benchmarks.pruning.clothes import (
    Setting,
    Task,
    scored,
    task_of,
    trainer_of,
)
from tests.benchmarks.tables import target

__all__ = ["main"]

Choose = Callable[[float, int], Selection]
FULL = Setting(10_000, 2_000, 10_000, 30, 900)
QUICK = Setting(200, 60, 100, 12, 20)
SHARES = (0.7, 0.5, 0.3, 0.2, 0.1)
NOISES = (0.0, 0.2)
CUTOFFS, CONSTANTS = (0.0, 0.2, 0.4), (0.25, 1.0, 4.0)
POINTS = 5.0


def main(arguments: Sequence[str] | None = None) -> None:
    """Print a table for each share of wrong labels, and the claims that it bears."""
    given = _parse(arguments)
    print(describe_processor())
    if not FOLDER.is_dir():
        print(f"No pictures: they need {FOLDER}; set DEPTHVIZ_DATA.")
        return
    setting, shares = (QUICK, (0.5, 0.1)) if given.quick else (FULL, given.shares)
    if given.examples:
        setting = setting._replace(train=given.examples, steps=given.steps)
    curves = {}
    for noise in NOISES:
        start = time.perf_counter()
        folder = None if given.folder is None else given.folder / f"noise-{noise}"
        task = task_of(setting, noise=noise)
        curves[noise] = _curve(task, setting, shares, given.seeds, folder)
        took = time.perf_counter() - start
        print(f"\n**{noise:.0%} of the labels are wrong** ({took:.0f} s)\n")
        print(curves[noise], flush=True)
    _say_claims(curves)


def _curve(
    task: Task,
    setting: Setting,
    shares: Sequence[float],
    seeds: Sequence[int],
    folder: Path | None,
) -> KeepCurve:
    train, studies = trainer_of(task, setting), dict[int, Study]()

    def study_of(seed: int) -> Study:
        if seed not in studies:
            studies[seed] = scored(task, setting, seed)
        return studies[seed]

    return keep_curve(
        train,
        _selections(study_of),
        shares=shares,
        seeds=seeds,
        path=folder,
        wrong=task.wrong or None,
        progress=False,
    )


def _selections(
    study_of: Callable[[int], Study],
) -> Mapping[str, Choose | Mapping[float, Choose]]:
    def by(method: str, **options: object) -> Choose:
        def choose(share: float, seed: int) -> Selection:
            return select(
                study_of(seed),
                keep=share,
                method=method,
                seed=seed,
                progress=False,
                **options,
            )

        return choose

    return {
        "random": by("random"),
        "balanced random": by("balanced"),
        "easiest EL2N": by("easiest", by="el2n"),
        "hardest EL2N": by("hardest", by="el2n"),
        "forgetting": by("hardest", by="forgetting"),
        "DUAL": by("largest", by="dual"),
        "moderate": by("middle"),
        "CCS": {cut: by("stratified", cutoff=cut) for cut in CUTOFFS},
        "DUAL + Beta": {c: by("beta", c=c) for c in CONSTANTS},
    }


def _say_claims(curves: Mapping[float, KeepCurve]) -> None:
    """Say whether the tables bear what the field claims, paired by seed."""
    clean, noisy = (curves[noise].against("random") for noise in NOISES)
    print("\nDifferences from random in points, the ends of their 95 % intervals:\n")
    for name in ("DUAL", "hardest EL2N"):
        _claim(f"right labels, 50 % kept, {name}, low", clean, name, 0.5, least=0.0)
        _claim(f"right labels, 20 % kept, {name}, high", clean, name, 0.2, most=0.0)
    for name in ("CCS", "DUAL + Beta"):
        what = f"a fifth wrong, 10 % kept, {name}, low"
        _claim(what, noisy, name, 0.1, least=POINTS)


def _claim(
    what: str, table: pd.DataFrame, method: str, share: float, **bound: float
) -> None:
    rows = table[(table["method"] == method) & (table["share"] == share)]
    if len(rows):
        end = rows["low" if "least" in bound else "high"].iloc[0]
        print(target(what, 100 * end, **bound))


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="the form alone")
    parser.add_argument("--examples", type=int, help="to train on; 10,000 unless told")
    parser.add_argument("--steps", type=int, default=FULL.steps, help="of these")
    parser.add_argument("--shares", type=float, nargs="+", default=SHARES)
    parser.add_argument("--folder", type=Path, help="keeps what is done")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    return parser.parse_args(arguments)


if __name__ == "__main__":
    main()
