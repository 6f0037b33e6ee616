"""Distances computed directly, in float64: the answer that a search must give.

Differences first, then squares: nothing cancels, whatever the mean or scale of the
features. Each pair is summed in one fixed order, so equal rows are at equal distances
whichever block they fall into, and ties are exact.
"""

import math

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from depthviz.probes.compiled import kernels
from depthviz.probes.features import Features
from depthviz.probes.memory import CHUNK, blocks, rows_within
from depthviz.probes.shortlists import Exclusion, Shortlist
from depthviz.probes.threads import share_rows

__all__ = ["query_height", "rank", "search_directly", "settle"]

_PAIR_BYTES = 32
# Float32 references that stay in a cache while many queries meet them.
_NEAR = 6 << 20


def settle(
    query: Features,
    reference: Features,
    rows: Tensor | slice,
    found: Shortlist,
    *,
    k: int,
    limit: int,
) -> tuple[Tensor, Tensor]:
    """Rank the candidates of queries by their distances.

    Args:
        query: Queries.
        reference: References.
        rows: Queries that are meant.
        found: Their candidates, at least k each, or too many.
        k: Number of neighbors.
        limit: Bytes to work in.

    Returns:
        Distances in float64 and indices, shapes `(q, k)`, near to far, ties by index;
        of no meaning for a query with too many candidates.
    """
    if kernels() is not None and found.index.device.type == "cpu":
        return _settle_compiled(query, reference, rows, found, k=k, limit=limit)
    index = found.index
    if index.shape[1] < k:
        index = torch.cat([index, index.new_zeros(len(index), k)], dim=1)
    distance = _pair_distances(query, reference, rows, index, limit)
    column = torch.arange(index.shape[1], device=distance.device)
    beyond = column >= found.count.to(distance.device).unsqueeze(1)
    distance.masked_fill_(beyond, torch.inf)
    return rank(distance, index.to(distance.device), k)


def search_directly(
    query: Features,
    reference: Features,
    rows: Tensor,
    *,
    exclude: Exclusion,
    k: int,
    limit: int,
) -> tuple[Tensor, Tensor]:
    """Find the k nearest references by the distances to all of them.

    Args:
        query: Queries.
        reference: References.
        rows: Queries that are meant, shape `(q,)`.
        exclude: What each of them leaves out.
        k: Number of neighbors.
        limit: Bytes to work in.

    Returns:
        Distances in float64 and indices, shapes `(q, k)`, near to far, ties by index.
    """
    if kernels() is not None and rows.device.type == "cpu":
        return _search_compiled(
            query, reference, rows, exclude=exclude, k=k, limit=limit
        )
    points = query.exact(rows)
    distance = points.new_empty(len(rows), 0)
    index = torch.empty(len(rows), 0, dtype=torch.int64, device=points.device)
    row_bytes = reference.row_bytes + len(rows) * _PAIR_BYTES
    height = rows_within(limit // 2, row_bytes, most=len(reference.values))
    for block in blocks(len(reference.values), height):
        part = _distances(points, reference.exact(block))
        out = exclude.among(slice(None), block)
        part.masked_fill_(out.to(part.device), torch.inf)
        column = torch.arange(block.start, block.stop, device=part.device)
        distance = torch.cat([distance, part], dim=1)
        index = torch.cat([index, column.expand(len(rows), -1)], dim=1)
        kept = _smallest(distance, k)
        distance, index = distance.gather(1, kept), index.gather(1, kept)
    return rank(distance, index, k)


def query_height(query: Features, limit: int, *, count: int) -> int:
    """Count the queries that a direct search takes at a time.

    Args:
        query: Queries.
        limit: Bytes to work in.
        count: Queries there are.

    Returns:
        At least 1.
    """
    return rows_within(limit // 4, query.row_bytes + 64 * _PAIR_BYTES, most=count)


def rank(distance: Tensor, index: Tensor, k: int) -> tuple[Tensor, Tensor]:
    """Take the k nearest, near to far, equal distances by the smaller index.

    Args:
        distance: Shape `(q, w)`.
        index: Shape `(q, w)`, no index twice in a row.
        k: At most w.

    Returns:
        Distances and indices, shapes `(q, k)`.

    Example:
        >>> rank(torch.tensor([[2.0, 1.0, 1.0]]), torch.tensor([[5, 9, 3]]), 2)
        (tensor([[1., 1.]]), tensor([[3, 9]]))
    """
    index, by_index = index.sort(dim=1)
    distance, order = distance.gather(1, by_index).sort(dim=1, stable=True)
    return distance[:, :k], index.gather(1, order)[:, :k]


def _settle_compiled(
    query: Features,
    reference: Features,
    rows: Tensor | slice,
    found: Shortlist,
    *,
    k: int,
    limit: int,
) -> tuple[Tensor, Tensor]:
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


def _search_compiled(
    query: Features,
    reference: Features,
    rows: Tensor,
    *,
    exclude: Exclusion,
    k: int,
    limit: int,
) -> tuple[Tensor, Tensor]:
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


def _pair_distances(
    query: Features,
    reference: Features,
    rows: Tensor | slice,
    index: Tensor,
    limit: int,
) -> Tensor:
    # A CPU works fastest on blocks that stay in its cache.
    budget = min(limit, CHUNK) if index.device.type == "cpu" else limit
    pairs = rows_within(budget, reference.row_bytes, most=max(1, index.numel()))
    width = max(1, min(pairs, index.shape[1]))
    every = torch.arange(len(query.values), device=index.device)[rows]
    found = [query.exact(slice(0, 0))[:, :1].expand(0, index.shape[1])]
    for queries in blocks(len(index), max(1, pairs // width)):
        point = query.exact(every[queries]).unsqueeze(1)
        near = [
            _distances(point, reference.exact(index[queries, columns])).squeeze(1)
            for columns in blocks(index.shape[1], width)
        ]
        found.append(torch.cat(near, dim=1))
    return torch.cat(found)


def _distances(points: Tensor, others: Tensor) -> Tensor:
    mode = "donot_use_mm_for_euclid_dist"
    return torch.cdist(points, others, compute_mode=mode)


def _smallest(values: Tensor, k: int) -> Tensor:
    """Find the columns of the k smallest, of tied ones the first; columns ascend."""
    if values.shape[1] <= k:
        return torch.arange(values.shape[1], device=values.device).expand(values.shape)
    bound = values.topk(k, dim=1, largest=False).values[:, -1:]
    below, tied = values < bound, values == bound
    room = k - below.sum(1, keepdim=True)
    kept = below | (tied & (tied.cumsum(1, dtype=torch.int32) <= room))
    return kept.nonzero()[:, 1].view(-1, k)
