"""The same on a GPU: ours against plain torch, and against the rates of its products.

Every time ends when the device is done. Rates are the best of several runs, for each
number type the device multiplies: a search is certified float32, so a rate of bfloat16
is what a first pass could reach, not what an answer could.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial

import torch
from torch import Tensor

from tests.benchmarks.data import gaussian
from tests.benchmarks.machine import Product, rate, seconds
from tests.benchmarks.rivals import Way, cdist_topk, depthviz, mm_topk, same_sets
from tests.benchmarks.tables import table

__all__ = ["tables"]

SIDE = 8192
REPEATS = 3
WAYS: dict[str, Way] = {
    "depthviz": depthviz,
    "mm + topk": mm_topk,
    "cdist + topk": cdist_topk,
}


def tables(device: str, sizes: Mapping[int, int], k: int) -> str:
    """Write the rates of the products and the times of the ways.

    Args:
        device: A torch device.
        sizes: Number of queries, and of references, by F.
        k: Number of neighbors.

    Returns:
        Two Markdown tables.
    """
    rates = _rates(device)
    return "\n".join(
        [
            table(
                "**Best rates of matrix products.**",
                ["type", "TFLOP/s"],
                [(name, found / 1e3) for name, found in rates.items()],
            ),
            table(
                "**Gaussian rows, queries are not the references.** Times of the others"
                " are multiples of ours; then the share of queries with our sets.",
                [
                    *("F", "N", "ours, s"),
                    *(f"share of {name}" for name in rates),
                    *("mm + topk", "cdist + topk"),
                    *("same sets, mm", "same sets, cdist"),
                ],
                [
                    _row(device, features, count, k, rates)
                    for features, count in sizes.items()
                ],
            ),
        ]
    )


def _row(
    device: str, features: int, count: int, k: int, rates: Mapping[str, float]
) -> list[float]:
    query, reference = (gaussian(count, features, seed).to(device) for seed in (0, 1))
    best, found = _compete(query, reference, k, device)
    ours, work = best["depthviz"], 2.0 * count * count * features
    others = [name for name in WAYS if name != "depthviz"]
    return [
        features,
        count,
        ours,
        *(work / ours / 1e9 / peak for peak in rates.values()),
        *(best[name] / ours for name in others),
        *(same_sets(found[name], found["depthviz"]) for name in others),
    ]


def _compete(
    query: Tensor, reference: Tensor, k: int, device: str
) -> tuple[dict[str, float], dict[str, Tensor]]:
    found = {name: way(query, reference, k) for name, way in WAYS.items()}
    best = dict.fromkeys(WAYS, float("inf"))
    for _ in range(REPEATS):
        for name, way in WAYS.items():
            taken = seconds(partial(way, query, reference, k), device)
            best[name] = min(best[name], taken)
    return best, found


def _rates(device: str) -> dict[str, float]:
    """GFLOP/s by number type."""
    left, right = (gaussian(SIDE, SIDE, seed).to(device) for seed in (0, 1))
    half = left.bfloat16(), right.bfloat16()
    found = {"bfloat16": _rate(*half, device)}
    with _tf32(allowed=True):
        found["TF32"] = _rate(left, right, device)
    with _tf32(allowed=False):
        found["float32"] = _rate(left, right, device)
    return found


def _rate(left: Tensor, right: Tensor, device: str) -> float:
    out = torch.empty(SIDE, SIDE, dtype=left.dtype, device=device)
    product = Product("mm", lambda: torch.mm(left, right.T, out=out), 2.0 * SIDE**3)
    return rate(product, repeats=10, device=device)


@contextmanager
def _tf32(*, allowed: bool) -> Iterator[None]:
    before = torch.get_float32_matmul_precision()
    torch.set_float32_matmul_precision("high" if allowed else "highest")
    try:
        yield
    finally:
        torch.set_float32_matmul_precision(before)
