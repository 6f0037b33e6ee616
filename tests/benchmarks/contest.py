"""One search by every way, in turns, so that a noisy machine hits all alike.

Each round runs the matrix products and then every way; the best time of each counts.
All exact ways run in every round, since the best of more times is a better one: rounds
end for all when the slowest has had its share of time.
"""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import NamedTuple

import torch
from torch import Tensor

from tests.benchmarks.machine import Product, seconds, timed
from tests.benchmarks.rivals import EXACT, Way, recall, same_sets, truth

__all__ = ["Contest", "compete"]

LEAST, ROUNDS, SHARE = 2, 4, 6.0
SAMPLE = 50


class Contest(NamedTuple):
    """How the ways did.

    Attributes:
        peak: Best rate of the products in these rounds, in GFLOP/s.
        seconds: Best time by way.
        same: Share of the queries with our neighbor sets, by way.
        exact: Share of a sample of queries where ours are those of float64.
        recall: Of PyNNDescent, against ours; None without it.
        work: Operations of the product of all queries and references.
    """

    peak: float
    seconds: dict[str, float]
    same: dict[str, float]
    exact: float
    recall: float | None
    work: float

    @property
    def share(self) -> float:
        """Our part of the peak; above 1 where half of the products suffice."""
        return self.work / self.seconds["depthviz"] / 1e9 / self.peak

    def slower(self, way: str) -> float | None:
        """How many times as long as ours a way took."""
        if way not in self.seconds:
            return None
        return self.seconds[way] / self.seconds["depthviz"]


def compete(
    query: Tensor,
    reference: Tensor,
    k: int,
    *,
    ways: Mapping[str, Way],
    products: Sequence[Product],
) -> Contest:
    """Let every way search the same rows.

    Args:
        query: Shape `(Q, F)`; the references themselves for a search among them.
        reference: Shape `(R, F)`.
        k: Number of neighbors.
        ways: By name, "depthviz" among them.
        products: What the peak is taken from.

    Returns:
        Times, and how far the answers are the same.
    """
    found = _warm(query, reference, k, ways)
    times: dict[str, list[float]] = {name: [] for name in ways}
    peak = 0.0
    for turn in range(ROUNDS):
        if turn >= LEAST and _over(times):
            break
        for product in products:
            peak = max(peak, product.work / seconds(product.run) / 1e9)
        for name, way in ways.items():
            if name not in EXACT and _sits_out(turn, times[name]):
                continue
            taken, found[name] = timed(partial(way, query, reference, k))
            times[name].append(taken)
    ours = found["depthviz"]
    rows = torch.randperm(len(query), generator=torch.Generator().manual_seed(0))
    rows = rows[:SAMPLE]
    return Contest(
        peak,
        {name: min(taken) for name, taken in times.items()},
        {name: same_sets(found[name], ours) for name in ways if name in EXACT},
        same_sets(ours[rows], truth(query, reference, k, rows)),
        recall(found["PyNNDescent"], ours) if "PyNNDescent" in found else None,
        2.0 * len(query) * len(reference) * query.shape[1],
    )


def _warm(
    query: Tensor, reference: Tensor, k: int, ways: Mapping[str, Way]
) -> dict[str, Tensor]:
    """Run each once on a part: libraries load, and choose or compile their code."""
    few = reference[: 8 * k + 8]
    part = few if query is reference else query[: 8 * k + 8]
    return {name: way(part, few, k) for name, way in ways.items()}


def _over(times: Mapping[str, Sequence[float]]) -> bool:
    """Whether an exact way has had its share of time."""
    return any(sum(taken) > SHARE for name, taken in times.items() if name in EXACT)


def _sits_out(turn: int, taken: Sequence[float]) -> bool:
    """Whether a way that is not exact has run enough: the first run may compile."""
    return turn >= LEAST or sum(taken) > SHARE
