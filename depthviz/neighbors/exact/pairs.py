"""Distances of chosen pairs by compiled loops, on the CPU.

References pass by in blocks that stay in a cache while many queries meet them.
"""

import math

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from depthviz.neighbors.blocks import blocks, rows_within
from depthviz.neighbors.compiled import kernels
from depthviz.neighbors.exact.shortlists import Exclusion, Shortlist
from depthviz.neighbors.features import Features
from depthviz.neighbors.threads import share_rows

__all__ = ["search_compiled", "settle_compiled"]

_PAIR_BYTES = 32
# Float32 references that stay in a cache while many queries meet them.
_NEAR = 6 << 20


def settle_compiled(
    query: Features,
    reference: Features,
    rows: Tensor | slice,
    found: Shortlist,
    *,
    k: int,
    limit: int,
) -> tuple[Tensor, Tensor]:
    """Rank the candidates of queries; see `direct.settle`."""
    pairs = _Pairs(query, reference, rows)
    index, count = found.index.contiguous().numpy(), found.count.numpy()
    square = torch.empty(index.shape, dtype=torch.float64).numpy()
    cursor = torch.zeros(len(count), dtype=torch.int64).numpy()
    for block in _plain_blocks(reference, limit):
        pairs.settle(block, index, count, cursor, square)
    distance = torch.full((len(count), k), torch.inf, dtype=torch.float64)
    nearest = torch.zeros(len(count), k, dtype=torch.int64)
    ranked = (distance.numpy(), nearest.numpy())
    every = slice(0, len(count))
    share_rows(kernels().rank_listed, square, index, count, k, *ranked, rows=every)
    return distance.div_(pairs.scale), nearest


def search_compiled(
    query: Features,
    reference: Features,
    rows: Tensor,
    *,
    exclude: Exclusion,
    k: int,
    limit: int,
) -> tuple[Tensor, Tensor]:
    """Search all references; see `direct.search_directly`."""
    pairs = _Pairs(query, reference, rows)
    shape = (len(rows), 2 * k + 32)
    distance = torch.full(shape, torch.inf, dtype=torch.float64)
    index = torch.zeros(shape, dtype=torch.int64)
    count = torch.zeros(len(rows), dtype=torch.int64)
    most = max(1, limit // 4 // (_PAIR_BYTES * len(rows)))
    for block in _plain_blocks(reference, limit, most=most):
        width = block.stop - block.start
        column = torch.arange(block.start, block.stop)
        every = column.expand(len(rows), width).contiguous().numpy()
        full = torch.full((len(rows),), width).numpy()
        cursor = torch.zeros(len(rows), dtype=torch.int64).numpy()
        found = torch.empty(every.shape, dtype=torch.float64).numpy()
        pairs.settle(block, every, full, cursor, found)
        np.sqrt(found, out=found)
        share_rows(
            kernels().keep_nearest,
            found,
            block.start,
            k,
            exclude.arrays(),
            distance.numpy(),
            index.numpy(),
            count.numpy(),
            rows=slice(0, len(rows)),
        )
    return distance[:, :k].div(pairs.scale), index[:, :k]


class _Pairs:
    """Squared distances of some queries to listed references, by compiled loops.

    Args:
        query: Queries.
        reference: References.
        rows: Queries that are meant.
    """

    def __init__(
        self, query: Features, reference: Features, rows: Tensor | slice
    ) -> None:
        """Read the queries."""
        self.scale = _scale(query, reference)
        self._reference = reference
        self._points = query.plain(rows)
        self._factors = query.factors(rows, self.scale).numpy()
        wide = {query.wide, reference.wide} != {torch.float32}
        self._scaled = wide or self.scale != 1

    def settle(
        self,
        block: slice,
        index: NDArray[np.int64],
        count: NDArray[np.int64],
        cursor: NDArray[np.int64],
        square: NDArray[np.float64],
    ) -> None:
        """Fill in the squares of those listed references that lie in a block."""
        near = self._reference.plain(block).numpy()
        lists = (index, count, cursor, block.start, square)
        every = slice(0, len(count))
        if not self._scaled:
            points = self._points.numpy()
            share_rows(kernels().settle, points, near, *lists, rows=every)
            return
        factors = self._factors, self._reference.factors(block, self.scale).numpy()
        share_rows(
            kernels().settle_scaled,
            self._points.numpy(),
            near,
            factors,
            *lists,
            rows=every,
        )


def _plain_blocks(
    reference: Features, limit: int, *, most: int | None = None
) -> list[slice]:
    total = len(reference.values)
    row = 12 * reference.values.shape[1]
    budget = 3 * _NEAR if reference.in_place else limit // 8
    return list(blocks(total, rows_within(budget, row, most=most or total)))


def _scale(query: Features, reference: Features) -> float:
    """Choose a power of two at which no square overflows, 1 if that will do."""
    most = max(query.most, reference.most)
    if most == 0 or 1e-100 < most < 1e100:
        return 1.0
    return 2.0 ** max(-1000, min(1000, -math.ceil(math.log2(most))))
