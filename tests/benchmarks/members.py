"""Members a second, by who makes them: `python -m tests.benchmarks.members`.

The demo's networks on the demo's digits, made on one thread, one after another as large
networks are, side by side on threads, and by two processes. All ways take turns in one
run; the first use of each, in which loops are compiled and processes start, is told
apart. Processor seconds are this process's; those of others are not counted.
"""

import argparse
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import NamedTuple
from unittest.mock import patch

import numpy as np
import torch
import xarray as xr
from numpy.typing import NDArray

from depthviz.cli.demo import run_digits
from depthviz.datasets import load_digits
from depthviz.ensembles import Ensemble
from depthviz.ensembles.run import workers
from depthviz.models import small_cnn
from depthviz.training import Recipe
from tests.benchmarks.machine import threads
from tests.benchmarks.processor import describe_processor
from tests.benchmarks.tables import table, target
from tests.ensembles.runs import differences

ONE, IN_TURN, BESIDE, PROCESSES = WAYS = (
    "one thread",
    "one after another",
    "side by side",
    "2 processes",
)
HEADER = (
    *("members made by", "first, s", "warm, s", "processor, s"),
    *("members a second", "times one thread", "equal bits"),
)
LEAST = 1.7


class Asked(NamedTuple):
    """What is made each time."""

    members: int
    epochs: int
    examples: int
    digits: tuple[NDArray[np.float32], NDArray[np.int64]]


class Made(NamedTuple):
    """One run: seconds, processor seconds, and its study."""

    seconds: float
    processor: float
    dataset: xr.Dataset


def main(argv: Sequence[str] | None = None) -> None:
    """Print a table of the ways, and the targets."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="tiny, to try it")
    parser.add_argument("--members", type=int, default=4)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--demo", action="store_true", help="the demo's members, too")
    given = parser.parse_args(argv)
    asked = _ask(given.members, quick=given.quick)
    print(describe_processor(), "\n")
    with threads(given.threads), _workers() as pool:
        ways = _ways(pool, given.threads)
        rounds = _rounds(partial(_run, asked), ways, 1 if given.quick else given.rounds)
        print(table(_title(asked), HEADER, _rows(rounds, asked.members)))
        speed = _speeds(rounds)
        for name in (BESIDE, PROCESSES):
            print(target(f"{name}, members a second", speed[name], least=LEAST))
        if given.demo:
            _demo(ways, given.rounds)


def _ask(members: int, *, quick: bool) -> Asked:
    digits = load_digits(seed=0)
    inputs, labels = (
        np.concatenate([one, other])
        for one, other in zip(digits.train, digits.validation, strict=True)
    )
    inputs = np.repeat(np.repeat(inputs, 2, axis=-1), 2, axis=-2)
    count = 150 if quick else len(labels)
    pair = inputs[:count].astype(np.float32), labels[:count]
    return Asked(2 if quick else members, 1 if quick else 25, count, pair)


@contextmanager
def _workers() -> Iterator[Executor]:
    with ProcessPoolExecutor(2, get_context("spawn")) as pool:
        yield pool


def _ways(pool: Executor, count: int) -> dict[str, Callable[[], ExitStack]]:
    """Return what each way is done within; entering it gives the executor."""

    def within(*places: object, limit: int | None = None) -> ExitStack:
        held = ExitStack()
        if limit is not None:
            held.callback(torch.set_num_threads, count)
            torch.set_num_threads(limit)
        for place in places:
            held.enter_context(place)  # type: ignore[arg-type]
        return held

    in_turn = partial(patch.object, workers, "count_threads", lambda *_: 1)
    to_pool = partial(patch.object, Ensemble, "run", _by(pool))
    return {
        ONE: lambda: within(limit=1),
        IN_TURN: lambda: within(in_turn()),
        BESIDE: within,
        PROCESSES: lambda: within(to_pool()),
    }


def _by(pool: Executor) -> Callable[..., object]:
    """Return `Ensemble.run`, with an executor."""
    run = Ensemble.run

    def call(self: Ensemble, path: Path, **options: object) -> object:
        return run(self, path, pool, **options)

    return call


def _run(asked: Asked, path: Path) -> xr.Dataset:
    ensemble = Ensemble(
        partial(small_cnn, width=16, stride=2),
        asked.digits,
        members=asked.members,
        holdout=0.5,
        recipe=Recipe(epochs=asked.epochs),
        projection=None,
    )
    return ensemble.run(path, progress=False).dataset


def _rounds(
    make: Callable[[Path], xr.Dataset],
    ways: dict[str, Callable[[], ExitStack]],
    count: int,
) -> dict[str, list[Made]]:
    """Make all in turn, once for the first use and then `count` times."""
    found: dict[str, list[Made]] = {name: [] for name in ways}
    with TemporaryDirectory() as folder:
        for number in range(count + 1):
            for name, within in ways.items():
                with within():
                    found[name].append(_timed(make, Path(folder, f"{name} {number}")))
    return found


def _timed(make: Callable[[Path], xr.Dataset], path: Path) -> Made:
    start, spent = time.perf_counter(), time.process_time()
    dataset = make(path).load()
    return Made(time.perf_counter() - start, time.process_time() - spent, dataset)


def _rows(
    rounds: dict[str, list[Made]], members: int
) -> list[tuple[str, float, float, float | None, float, float, str]]:
    speed, wanted = _speeds(rounds), rounds[ONE][0].dataset
    return [
        (
            name,
            first.seconds,
            median(each.seconds for each in warm),
            None if name == PROCESSES else median(each.processor for each in warm),
            members / median(each.seconds for each in warm),
            speed[name],
            "no" if any(differences(wanted, each.dataset) for each in warm) else "yes",
        )
        for name, (first, *warm) in rounds.items()
    ]


def _speeds(rounds: dict[str, list[Made]]) -> dict[str, float]:
    """Take the median over the rounds of how many times as fast as one thread."""
    return {
        name: median(
            one.seconds / each.seconds
            for one, each in zip(rounds[ONE][1:], found[1:], strict=True)
        )
        for name, found in rounds.items()
    }


def _title(asked: Asked) -> str:
    return (
        f"**Members.** {asked.members} networks, {asked.epochs} epochs of half of "
        f"{asked.examples:,} digits, without maps."
    )


def _demo(ways: dict[str, Callable[[], ExitStack]], rounds: int) -> None:
    """Print how long the ensemble of the demo takes, before and now."""
    chosen = {name: ways[name] for name in (IN_TURN, BESIDE)}

    def make(path: Path) -> xr.Dataset:
        return run_digits(path, progress=False).dataset

    found = _rounds(make, chosen, rounds)
    before, now = (median(each.seconds for each in found[name][1:]) for name in chosen)
    print(
        f"- the demo's ten members: {before:.1f} s one after another, {now:.1f} s now"
    )
    print(target("the demo's time, now / before", now / before, most=1))


if __name__ == "__main__":
    main()
