"""How far does depth hang on how tokens are read? `python -m tests.benchmarks.pooling`.

Small transformers, trained here: Vision Transformers on Fashion-MNIST and CIFAR, a BERT
on SST-2. Of the same network each rule reads the same blocks, so that depths differ by
the rule alone. `--share 0.1` takes a tenth of the examples. An interval is over
examples; what other networks would give, the seeds show.
"""

import argparse
from collections.abc import Sequence

import torch

from tests.benchmarks.machine import threads
from tests.benchmarks.pooling.depths import Found, measure_task
from tests.benchmarks.pooling.report import report
from tests.benchmarks.pooling.tasks import TASKS, have_data, make_task
from tests.benchmarks.processor import describe_processor

__all__ = ["main"]

EXAMPLES = 4_000
LEAST = 0.5  # of the examples: with fewer, networks train for a moment


def main(arguments: Sequence[str] | None = None) -> None:
    """Train, measure by each rule, and print the tables."""
    given = _parse(arguments)
    print(describe_processor(), "\n", flush=True)
    found: dict[str, list[Found]] = {}
    for name in given.sets:
        if not have_data(name):
            print(f"No {name}: set DEPTHVIZ_DATA to the folder of the data sets.")
            continue
        with threads(given.threads):
            found[name] = _measure(name, given)
    print(report(found))


def _measure(name: str, given: argparse.Namespace) -> list[Found]:
    count = round(given.share * EXAMPLES)
    task = make_task(name, count, quick=given.share < LEAST)
    found = []
    for seed in given.seeds:
        found.append(measure_task(task, seed=seed))
        print(f"{name}, seed {seed} is done.", flush=True)
    return found


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--share", type=float, default=1.0, help="of the examples")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    parser.add_argument("sets", nargs="*", default=None, metavar="|".join(TASKS))
    given = parser.parse_args(arguments)
    given.sets = given.sets or list(TASKS)
    return given


if __name__ == "__main__":
    main()
