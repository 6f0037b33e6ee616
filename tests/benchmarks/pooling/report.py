"""The tables: rank correlations, depths that move, and the accuracy of each place."""

from collections.abc import Callable, Mapping, Sequence
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.benchmarks.pooling.depths import Found
from tests.benchmarks.protocol.scores import resampled, spearman
from tests.benchmarks.tables import Cell, table

__all__ = ["moved", "report"]

Array = NDArray[Any]


def moved(one: Array, other: Array) -> float:
    """Share of the examples whose depths differ.

    Example:
        >>> moved(np.array([0, 1, 2, 3]), np.array([0, 1, 2, 5]))
        0.25
    """
    return float((one != other).mean())


def report(found: Mapping[str, Sequence[Found]]) -> str:
    """Write all tables, by the names of the data and the seeds in order."""
    if not found:
        return ""
    return "\n".join(
        [
            _networks(found),
            _pairs(found, spearman, "Rank correlation (Spearman) of the depths"),
            _pairs(found, moved, "Share of the depths that differ"),
            *(_places(name, runs) for name, runs in found.items()),
        ]
    )


def _networks(found: Mapping[str, Sequence[Found]]) -> str:
    rows: list[list[Cell]] = []
    for name, runs in found.items():
        for number, run in enumerate(runs, 1):
            means = {pool: each.depth.mean() for pool, each in run.by_pool.items()}
            said = ", ".join(f"{pool} {mean:.2f}" for pool, mean in means.items())
            rows.append([name, number, *run.accuracy, said])
    header = ["data", "run", "accuracy trained", "held out", "mean depth"]
    return table("**Networks.**", header, rows)


def _pairs(
    found: Mapping[str, Sequence[Found]],
    figure: Callable[[Array, Array], float],
    title: str,
) -> str:
    """Write a figure of each two rules, a column for each run."""
    rows, runs = [], max(map(len, found.values()))
    for name, each in found.items():
        for one, other in combinations(each[0].by_pool, 2):
            cells = [_cell(figure, run, one, other) for run in each]
            rows.append([name, f"{one}, {other}", *cells])
    columns = [f"run {number}" for number in range(1, runs + 1)]
    whole = f"**{title}.** Examples held out; 95 % of 1,000 resamples of them."
    return table(whole, ["data", "rules", *columns], rows)


def _cell(
    figure: Callable[[Array, Array], float], run: Found, one: Any, other: Any
) -> str:
    depths = [run.by_pool[pool].depth[run.held_out] for pool in (one, other)]
    return str(resampled(figure, *depths))


def _places(name: str, runs: Sequence[Found]) -> str:
    rows = []
    for pool, first in runs[0].by_pool.items():
        places = list(first.accuracy)
        means = [
            f"{np.mean([run.by_pool[pool].accuracy[place] for run in runs]):.3f}"
            for place in places
        ]
        rows.append([pool, *means])
    title = f"**{name}: accuracy of the votes at each place, held out, mean of runs.**"
    return table(title, ["rule", *places], rows)
