"""Distances computed directly, in float64: the answer that a search must give.

Differences first, then squares: nothing cancels, whatever the mean or scale of the
features. Each pair is summed in one fixed order, so equal rows are at equal distances
whichever block they fall into, and ties are exact. Compiled loops do it on the CPU,
where references pass in blocks that stay in a cache while many queries meet them;
tensor operations elsewhere.
"""

import math

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from depthviz.neighbors.blocks import CACHE_BYTES, rows_within, split_range
from depthviz.neighbors.compiled import kernels, share_rows
from depthviz.neighbors.exact.prepared import Prepared
from depthviz.neighbors.exact.shortlists import Shortlist
from depthviz.neighbors.features import Features

__all__ = ["query_height", "rank", "rank_candidates", "search_directly"]

_PAIR_BYTES = 32
# Float32 references that stay in a cache while many queries meet them.
_NEAR = 6 << 20


def rank_candidates(
    search: Prepared, rows: Tensor | slice, found: Shortlist
) -> tuple[Tensor, Tensor]:
    """Rank the candidates of some queries, at least k each, by their distances.

    Returns distances in float64 and indices, shapes `(q, k)`, near to far, ties by
    index; of no meaning for a query with too many candidates.
    """
    if kernels() is not None and found.index.device.type == "cpu":
        return _rank_candidates_compiled(search, rows, found)
    index, k = found.index, search.k
    if index.shape[1] < k:
        index = torch.cat([index, index.new_zeros(len(index), k)], dim=1)
    distance = _pair_distances(search, rows, index)
    column = torch.arange(index.shape[1], device=distance.device)
    beyond = column >= found.count.to(distance.device).unsqueeze(1)
    distance.masked_fill_(beyond, torch.inf)
    return rank(distance, index.to(distance.device), k)


def search_directly(search: Prepared, rows: Tensor) -> tuple[Tensor, Tensor]:
    """Find the k nearest references of some queries by the distances to all of them.

    Returns distances in float64 and indices, shapes `(q, k)`, near to far, ties by
    index.
    """
    if kernels() is not None and rows.device.type == "cpu":
        return _search_compiled(search, rows)
    reference, k = search.reference, search.k
    exclude = search.exclude[rows]
    points = search.query.exact(rows)
    distance = points.new_empty(len(rows), 0)
    index = torch.empty(len(rows), 0, dtype=torch.int64, device=points.device)
    row_bytes = reference.row_bytes + len(rows) * _PAIR_BYTES
    height = rows_within(search.limit // 2, row_bytes, most=len(reference.values))
    for block in split_range(len(reference.values), height):
        part = _distances(points, reference.exact(block))
        out = exclude.among(slice(None), block)
        part.masked_fill_(out.to(part.device), torch.inf)
        column = torch.arange(block.start, block.stop, device=part.device)
        distance = torch.cat([distance, part], dim=1)
        index = torch.cat([index, column.expand(len(rows), -1)], dim=1)
        kept = _smallest(distance, k)
        distance, index = distance.gather(1, kept), index.gather(1, kept)
    return rank(distance, index, k)


def query_height(search: Prepared, *, count: int) -> int:
    """Count the queries, of so many, that a direct search takes at a time."""
    row = search.query.row_bytes + (2 * search.k + 64) * _PAIR_BYTES
    return rows_within(search.limit // 4, row, most=count)


def rank(distance: Tensor, index: Tensor, k: int) -> tuple[Tensor, Tensor]:
    """Take the k nearest of each row, near to far, equal distances by smaller index.

    Shapes `(q, w)`, no index twice in a row, to `(q, k)`.

    Example:
        >>> rank(torch.tensor([[2.0, 1.0, 1.0]]), torch.tensor([[5, 9, 3]]), 2)
        (tensor([[1., 1.]]), tensor([[3, 9]]))
    """
    index, by_index = index.sort(dim=1)
    distance, order = distance.gather(1, by_index).sort(dim=1, stable=True)
    return distance[:, :k], index.gather(1, order)[:, :k]


def _pair_distances(search: Prepared, rows: Tensor | slice, index: Tensor) -> Tensor:
    """Compute the distances of queries to listed references, shape `(q, w)`."""
    query, reference = search.query, search.reference
    # A CPU works fastest on blocks that stay in its cache.
    on_cpu = index.device.type == "cpu"
    budget = min(search.limit, CACHE_BYTES) if on_cpu else search.limit
    pairs = rows_within(budget, reference.row_bytes, most=max(1, index.numel()))
    width = max(1, min(pairs, index.shape[1]))
    every = torch.arange(len(query.values), device=index.device)[rows]
    found = [query.exact(slice(0, 0))[:, :1].expand(0, index.shape[1])]
    for queries in split_range(len(index), max(1, pairs // width)):
        point = query.exact(every[queries]).unsqueeze(1)
        near = [
            _distances(point, reference.exact(index[queries, columns])).squeeze(1)
            for columns in split_range(index.shape[1], width)
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
    missing = k - below.sum(1, keepdim=True)
    kept = below | (tied & (tied.cumsum(1, dtype=torch.int32) <= missing))
    return kept.nonzero()[:, 1].view(-1, k)


def _rank_candidates_compiled(
    search: Prepared, rows: Tensor | slice, found: Shortlist
) -> tuple[Tensor, Tensor]:
    pairs, k = _Pairs(search, rows), search.k
    index, count = found.index.contiguous().numpy(), found.count.numpy()
    square = torch.empty(index.shape, dtype=torch.float64).numpy()
    cursor = torch.zeros(len(count), dtype=torch.int64).numpy()
    for block in _plain_blocks(search):
        pairs.fill(block, index, count, cursor, square)
    distance = torch.full((len(count), k), torch.inf, dtype=torch.float64)
    nearest = torch.zeros(len(count), k, dtype=torch.int64)
    ranked = (distance.numpy(), nearest.numpy())
    every = slice(0, len(count))
    share_rows(kernels().rank_listed, square, index, count, k, *ranked, rows=every)
    return distance.div_(pairs.scale), nearest


def _search_compiled(search: Prepared, rows: Tensor) -> tuple[Tensor, Tensor]:
    pairs, k = _Pairs(search, rows), search.k
    exclude = search.exclude[rows].arrays()
    shape = (len(rows), 2 * k + 32)
    distance = torch.full(shape, torch.inf, dtype=torch.float64)
    index = torch.zeros(shape, dtype=torch.int64)
    count = torch.zeros(len(rows), dtype=torch.int64)
    most = max(1, search.limit // 4 // (_PAIR_BYTES * len(rows)))
    for block in _plain_blocks(search, most=most):
        found = pairs.fill_all(block)
        np.sqrt(found, out=found)
        share_rows(
            kernels().keep_nearest,
            found,
            block.start,
            k,
            exclude,
            distance.numpy(),
            index.numpy(),
            count.numpy(),
            rows=slice(0, len(rows)),
        )
    return distance[:, :k].div(pairs.scale), index[:, :k]


class _Pairs:
    """Squared distances of some queries to listed references, by compiled loops."""

    def __init__(self, search: Prepared, rows: Tensor | slice) -> None:
        query, reference = search.query, search.reference
        self.scale = _scale(query, reference)
        self._reference = reference
        self._points = query.plain(rows)
        self._factors = query.factors(rows, self.scale).numpy()
        wide = {query.wide, reference.wide} != {torch.float32}
        self._scaled = wide or self.scale != 1

    def fill_all(self, block: slice) -> NDArray[np.float64]:
        """Compute the squares of all references of a block, shape `(q, r)`."""
        queries, width = len(self._points), block.stop - block.start
        column = torch.arange(block.start, block.stop)
        every = column.expand(queries, width).contiguous().numpy()
        full = torch.full((queries,), width).numpy()
        cursor = torch.zeros(queries, dtype=torch.int64).numpy()
        found = torch.empty(every.shape, dtype=torch.float64).numpy()
        self.fill(block, every, full, cursor, found)
        return found

    def fill(
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
            share_rows(kernels().fill_squares, points, near, *lists, rows=every)
            return
        factors = self._factors, self._reference.factors(block, self.scale).numpy()
        share_rows(
            kernels().fill_scaled_squares,
            self._points.numpy(),
            near,
            factors,
            *lists,
            rows=every,
        )


def _plain_blocks(search: Prepared, *, most: int | None = None) -> list[slice]:
    """Cut the references into blocks that stay in a cache."""
    reference = search.reference
    total = len(reference.values)
    row = 12 * reference.values.shape[1]
    budget = 3 * _NEAR if reference.in_place else search.limit // 8
    return list(split_range(total, rows_within(budget, row, most=most or total)))


def _scale(query: Features, reference: Features) -> float:
    """Choose a power of two at which no square overflows, 1 if that will do."""
    largest = max(query.largest, reference.largest)
    if largest == 0 or 1e-100 < largest < 1e100:
        return 1.0
    return 2.0 ** max(-1000, min(1000, -math.ceil(math.log2(largest))))
