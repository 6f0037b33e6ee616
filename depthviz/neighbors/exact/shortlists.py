"""The references that may still be among each query's k nearest.

Tiles of products come in, in any order; what comes out is a short list for each query
that surely holds its k nearest, or a mark that the list would have been too long.
A reference is dropped only when k others are nearer by their upper bounds than it is by
its lower one. Two ways to the same lists: compiled loops on the CPU, tensor operations
elsewhere.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import torch
from torch import Tensor

from depthviz.neighbors.compiled import Loop, kernels, share_rows
from depthviz.neighbors.exact.bounds import Bounds
from depthviz.neighbors.exact.prepared import Exclusion

__all__ = ["Shortlist", "Shortlists", "begin_lists", "list_bytes"]


@dataclass(frozen=True)
class Shortlist:
    """Candidates of a block of queries.

    Attributes:
        index: References, shape `(q, w)`; the first `count` of a row count.
        count: How many each query has, shape `(q,)`; -1 where there are too many.
    """

    index: Tensor
    count: Tensor


class Shortlists(Protocol):
    """Lists that grow by tiles."""

    def add_rows(self, tile: Tensor, query: int, reference: int) -> None:
        """Look at a tile whose first row and column are this query and reference."""

    def add_columns(
        self, tile: Tensor, reference: int, query: int, *, begin: int
    ) -> None:
        """Look at a tile whose first row and column are this reference and query.

        Columns before `begin` are left alone.
        """

    def take(self, queries: slice) -> Shortlist:
        """Return the lists of queries that have seen every reference."""


def begin_lists(bounds: Bounds, exclude: Exclusion, k: int) -> Shortlists:
    """Begin empty lists for all queries of `bounds`, on its device."""
    if kernels() is not None and bounds.base.device.type == "cpu":
        return _CompiledLists(bounds, exclude, k)
    return _TensorLists(bounds, exclude, k)


def list_bytes(k: int, references: int) -> int:
    """Count the bytes of one query's list."""
    return 24 * _width(k, references)


def _width(k: int, references: int) -> int:
    return min(max(192, 4 * k + 64), references + 1)


class _CompiledLists:
    """Lists in arrays that compiled loops fill, no order within."""

    def __init__(self, bounds: Bounds, exclude: Exclusion, k: int) -> None:
        queries, references = len(bounds.spread), len(bounds.base)
        width = _width(k, references)
        dtype = bounds.base.numpy().dtype
        self._k, self._exclude = k, exclude.arrays()
        self._bounds = (
            bounds.base.numpy(),
            (bounds.base + bounds.extra).numpy(),
            dtype.type(bounds.slack),
        )
        self._lists = (
            np.empty((queries, width), dtype),
            np.empty((queries, width), dtype),
            np.empty((queries, width), np.int64),
            np.zeros(queries, np.int64),
            np.full(queries, np.inf, dtype),
            bounds.spread.numpy(),
        )

    def add_rows(self, tile: Tensor, query: int, reference: int) -> None:
        rows = slice(0, len(tile))
        self._add(kernels().scan_rows, tile, (query, reference), rows)

    def add_columns(
        self, tile: Tensor, reference: int, query: int, *, begin: int
    ) -> None:
        columns = slice(begin, tile.shape[1])
        self._add(kernels().scan_columns, tile, (reference, query), columns)

    def take(self, queries: slice) -> Shortlist:
        part = tuple(each[queries] for each in self._lists)
        count, index = part[3], part[2]
        share_rows(kernels().finish, self._k, part, rows=slice(0, len(count)))
        widest = max(0, int(count.max(initial=0)))
        return Shortlist(
            torch.from_numpy(index[:, :widest]), torch.from_numpy(count.copy())
        )

    def _add(
        self, scan: Loop, tile: Tensor, first: tuple[int, int], rows: slice
    ) -> None:
        share_rows(
            scan,
            tile.numpy(),
            self._bounds,
            first,
            self._k,
            self._lists,
            self._exclude,
            rows=rows,
        )


class _TensorLists:
    """The smallest lower bounds of each query, by ascending bound."""

    def __init__(self, bounds: Bounds, exclude: Exclusion, k: int) -> None:
        self._bounds, self._exclude, self._k = bounds, exclude, k
        self._width = _width(k, len(bounds.base))
        shape = (len(bounds.spread), self._width)
        self._lower = bounds.base.new_full(shape, torch.inf)
        self._index = torch.zeros(shape, dtype=torch.int64, device=bounds.base.device)

    def add_rows(self, tile: Tensor, query: int, reference: int) -> None:
        queries = slice(query, query + tile.shape[0])
        references = slice(reference, reference + tile.shape[1])
        slack = self._bounds.slack
        lower = self._bounds.base[references] - 2 * tile
        if slack:
            lower -= slack * tile.abs()
        lower.masked_fill_(self._exclude.among(queries, references), torch.inf)
        values, columns = _smallest(lower, self._width)
        values = torch.cat([self._lower[queries], values], dim=1)
        index = torch.cat([self._index[queries], columns + reference], dim=1)
        kept = values.topk(self._width, dim=1, largest=False, sorted=True)
        self._lower[queries] = kept.values
        self._index[queries] = index.gather(1, kept.indices)

    def add_columns(
        self, tile: Tensor, reference: int, query: int, *, begin: int
    ) -> None:
        self.add_rows(tile[:, begin:].T, query + begin, reference)

    def take(self, queries: slice) -> Shortlist:
        lower, index = self._lower[queries], self._index[queries]
        bounds = self._bounds
        reach = self._upper(lower, index).topk(self._k, dim=1, largest=False).values
        reach = reach[:, -1:] + bounds.spread[queries].unsqueeze(1)
        count = (lower <= reach).sum(1)
        # All that was dropped lies at or beyond the last that was kept.
        full = (count == self._width) & (self._width <= len(bounds.base))
        widest = int(count.max()) if len(count) else 0
        unsure = full | (count < self._k)
        return Shortlist(index[:, :widest], count.masked_fill(unsure, -1))

    def _upper(self, lower: Tensor, index: Tensor) -> Tensor:
        bounds, slack = self._bounds, self._bounds.slack
        if not slack:
            return lower + bounds.extra[index]
        twice = bounds.base[index] - lower
        product = torch.where(twice > 0, twice / (2 + slack), -twice / (2 - slack))
        upper = lower + bounds.extra[index] + 2 * slack * product
        return upper.masked_fill(lower == torch.inf, torch.inf)


def _smallest(values: Tensor, count: int) -> tuple[Tensor, Tensor]:
    """Find the smallest of each row: first the groups that they lie in, then them."""
    columns = values.shape[1]
    group = 16
    if columns % group or columns < 4 * group * count:
        found = values.topk(min(count, columns), dim=1, largest=False, sorted=False)
        return found.values, found.indices
    grouped = values.view(len(values), -1, group)
    nearest = grouped.amin(2).topk(count, dim=1, largest=False, sorted=False).indices
    members = grouped.gather(1, nearest.unsqueeze(2).expand(-1, -1, group)).flatten(1)
    found = members.topk(count, dim=1, largest=False, sorted=False)
    chosen = nearest.gather(1, found.indices // group)
    return found.values, chosen * group + found.indices % group
