"""What equal rows cost a search: times as multiples of that of distinct rows.

Dead layers, padded inputs and copies give rows that are equal to many others, and their
distances tie. Each kind takes its turn in every round, so that a noisy machine hits all
alike; the best time of each counts.
"""

from collections.abc import Callable, Mapping
from functools import partial

import torch
from torch import Tensor

from depthviz.neighbors import nearest_neighbors
from tests.benchmarks.data import gaussian
from tests.benchmarks.machine import seconds
from tests.benchmarks.tables import table

__all__ = ["tie_table"]

ROUNDS = 3
DISTINCT = "distinct"
KINDS: dict[str, Callable[[Tensor], Tensor]] = {
    DISTINCT: lambda rows: rows,
    "all equal": lambda rows: rows[:1].repeat(len(rows), 1),
    "7 rows": lambda rows: rows[torch.arange(len(rows)) % 7],
    "half of them one": lambda rows: torch.where(
        torch.arange(len(rows))[:, None] % 2 == 0, rows[:1], rows
    ),
    "1 % distinct": lambda rows: rows[torch.arange(len(rows)) % (len(rows) // 100)],
}


def tie_table(sizes: Mapping[int, int], k: int) -> str:
    """Measure searches in which queries are the references; sizes are N by F."""
    lines = []
    for features, count in sizes.items():
        rows = gaussian(count, features, 0)
        times = _times({name: kind(rows) for name, kind in KINDS.items()}, k)
        usual = times[DISTINCT]
        lines.append((features, count, usual, *(t / usual for t in times.values())))
    return table(
        "**Equal rows.** Gaussian rows of which many are equal, queries are the "
        "references. Times are multiples of that of distinct rows.",
        ["F", "N", "distinct, s", *KINDS],
        lines,
    )


def _times(data: Mapping[str, Tensor], k: int) -> dict[str, float]:
    best = dict.fromkeys(data, float("inf"))
    for _ in range(ROUNDS):
        for name, rows in data.items():
            alone = torch.arange(len(rows))
            run = partial(nearest_neighbors, rows, rows, k=k, exclude=alone)
            best[name] = min(best[name], seconds(run))
    return best
