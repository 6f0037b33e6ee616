"""Distances computed directly, in float64: the answer that a search must give.

Differences first, then squares: nothing cancels, whatever the mean or scale of the
features. Each pair is summed in one fixed order, so equal rows are at equal distances
whichever block they fall into, and ties are exact.
"""

import torch
from torch import Tensor

from depthviz.neighbors.blocks import CHUNK, blocks, rows_within
from depthviz.neighbors.compiled import kernels
from depthviz.neighbors.exact.pairs import search_compiled, settle_compiled
from depthviz.neighbors.exact.shortlists import Exclusion, Shortlist
from depthviz.neighbors.features import Features

__all__ = ["query_height", "rank", "search_directly", "settle"]

_PAIR_BYTES = 32


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
        return settle_compiled(query, reference, rows, found, k=k, limit=limit)
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
        return search_compiled(
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


def query_height(query: Features, limit: int, *, count: int, k: int) -> int:
    """Count the queries that a direct search takes at a time.

    Args:
        query: Queries.
        limit: Bytes to work in.
        count: Queries there are.
        k: Number of neighbors.

    Returns:
        At least 1.
    """
    row = query.row_bytes + (2 * k + 64) * _PAIR_BYTES
    return rows_within(limit // 4, row, most=count)


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
