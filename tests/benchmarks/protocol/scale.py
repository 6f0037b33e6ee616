"""What a large ensemble study costs, each question in a process of its own.

The study is synthetic: nobody trains a hundred networks for this. The peak is the
kernel's, so it holds everything that the process ever had, libraries included.
"""

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from depthviz.ensembles import columns
from depthviz.study import Study, open_study
from depthviz.study.grouping import group_columns
from tests.benchmarks.memory import STATUS, _forget_peak, _peak, tells_memory
from tests.benchmarks.tables import table, target
from tests.ensembles.synthetic import ensemble_study
from tests.paths import ROOT

__all__ = ["QUESTIONS", "Cost", "cost", "make", "tables"]

PROBES, CLASSES, NEIGHBORS = 11, 10, 30
SECOND, MOST = 1.0, 2e9
QUESTIONS = {
    "frame": "open + frame()",
    "examples": "means over members of every example",
    "groups": "groups, and their bootstrap over members",
}


class Cost(NamedTuple):
    """What a question cost.

    Attributes:
        opened: Seconds until the study was open.
        seconds: Time of the rest.
        extra: Bytes by which the peak grew, from before the study was opened.
        peak: Largest size of the whole process in bytes.
    """

    opened: float
    seconds: float
    extra: int
    peak: int


def make(place: Path, examples: int, members: int) -> Path:
    """Write a synthetic study, unless it is there whole."""
    if place.is_dir():
        return place
    part = place.with_name(f"{place.name}-part-{os.getpid()}")
    ensemble_study(
        examples=examples,
        members=members,
        probes=PROBES,
        classes=CLASSES,
        neighbors=NEIGHBORS,
        holdout=0.1,
        path=part,
    )
    return part.rename(place)


def cost(question: str, place: Path, *, numbers: int | None = None) -> Cost:
    """Ask one of QUESTIONS of a study in a fresh process.

    Args:
        question: Its name.
        place: The study's folder.
        numbers: Values of one array that are read at a time; None for the library's.

    Returns:
        Its cost.
    """
    command = [sys.executable, "-m", __spec__.name, question, str(place.resolve())]
    limit = [] if numbers is None else ["--numbers", str(numbers)]
    done = subprocess.run(
        command + limit,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{question} failed on its own:\n{done.stderr[-3000:]}")
    opened, seconds, extra, peak = done.stdout.split()[-4:]
    return Cost(float(opened), float(seconds), int(extra), int(peak))


def tables(place: Path, examples: int, members: int) -> str:
    """Make the study if it is missing, ask every question, and write a table."""
    if not tells_memory():
        return f"No table of memory: this system has no {STATUS}."
    place.parent.mkdir(parents=True, exist_ok=True)
    start = time.perf_counter()
    make(place, examples, members)
    made = time.perf_counter() - start
    size = sum(file.stat().st_size for file in place.rglob("*") if file.is_file())
    found = {question: cost(question, place) for question in QUESTIONS}
    shape = f"{examples:,} examples x {members} members x {PROBES} probes"
    title = (
        f"**{shape}**, {size / 1e9:.2f} GB on disk, in {made:.0f} s. The extra memory"
        " is what the peak grew by, from before the study was opened."
    )
    header = ["question", "to open, s", "rest, s", "extra, GB", "peak of process, GB"]
    rows = [
        (
            *(QUESTIONS[question], each.opened, each.seconds),
            *(each.extra / 1e9, each.peak / 1e9),
        )
        for question, each in found.items()
    ]
    frame = found["frame"]
    lines = [
        target("seconds to open", frame.opened, most=SECOND),
        target("GB, open + frame(), whole process", frame.peak / 1e9, most=MOST / 1e9),
    ]
    return "\n".join([table(title, header, rows), *lines])


def _examples(study: Study) -> None:
    data = study.dataset
    columns.example_columns(
        data,
        data["label"].values,
        valid=data["member_failed"].values < 0,
        classes=data.sizes["class"],
    )


def _groups(study: Study) -> None:
    group_columns(study.dataset)


ASKED: dict[str, Callable[[Study], object]] = {
    "frame": Study.frame,
    "examples": _examples,
    "groups": _groups,
}


def _warm(run: Callable[[Study], object]) -> None:
    """Load the libraries that a question needs, on a study of a few examples."""
    run(ensemble_study(examples=400, members=4, holdout=0.5, seed=1))


def _main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("question", choices=QUESTIONS)
    parser.add_argument("place", type=Path)
    parser.add_argument("--numbers", type=int)
    given = parser.parse_args()
    if given.numbers is not None:
        columns.NUMBERS = given.numbers
    run = ASKED[given.question]
    _warm(run)
    _forget_peak()
    before = _peak()
    start = time.perf_counter()
    study = open_study(given.place)
    opened = time.perf_counter()
    run(study)
    print(opened - start, time.perf_counter() - opened, _peak() - before, _peak())


if __name__ == "__main__":
    _main()
