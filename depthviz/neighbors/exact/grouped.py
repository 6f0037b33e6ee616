"""A search among distinct rows, and what it says of all: ties cost no time.

Equal references are at equal distances from a query, to the bit, so it is enough to
find the nearest groups of equal rows and to list their members. Of the k + 1 nearest
groups, equal distances by their first rows, the members hold the k nearest references
whichever one the query leaves out. Equal queries that are the references have the same
lists but for that one.
"""

from dataclasses import dataclass, replace

import torch
from torch import Tensor

from depthviz.neighbors.blocks import SMALLEST_LIMIT, rows_within, split_range
from depthviz.neighbors.exact.direct import rank
from depthviz.neighbors.exact.equal_rows import find_equal_rows
from depthviz.neighbors.problem import Found, Problem

__all__ = ["Grouped", "group_problem"]

_ENTRY_BYTES = 64


@dataclass(frozen=True)
class Grouped:
    """A search whose equal rows are groups.

    Attributes:
        asked: The search of all rows.
        distinct: The search of the first row of each group; all queries where these are
            not the references.
        query_group: Which query of that search each query is, shape `(Q,)`.
        member: References by group, then by index, shape `(R,)`.
        size: Number of members of each group, shape `(G,)`.
    """

    asked: Problem
    distinct: Problem
    query_group: Tensor
    member: Tensor
    size: Tensor

    def expand(self, found: Found) -> Found:
        """List the nearest references of each query, from the nearest groups."""
        k, exclude = self.asked.k, self.asked.exclude
        distance, index = self._list_members(found)
        column = torch.arange(k, device=index.device)
        shape = (len(self.query_group), k)
        whole = Found(distance.new_empty(shape), index.new_empty(shape))
        height = self._height(len(self.query_group), 2 * k)
        for block in split_range(len(self.query_group), height):
            place = self.query_group[block]
            near = index[place]
            passed = (near == exclude[block].unsqueeze(1)).cumsum(1)[:, :k]
            source = column + passed
            whole.index[block] = near.gather(1, source)
            whole.distance[block] = distance[place].gather(1, source)
        self.asked.report(len(self.query_group) - len(found.index))
        return whole

    def _list_members(self, found: Found) -> tuple[Tensor, Tensor]:
        """List one reference more than k of each distinct query, near to far."""
        width = min(self.asked.k + 1, len(self.member))
        queries, groups = found.index.shape
        shape = (queries, width)
        distance, index = found.distance.new_empty(shape), found.index.new_empty(shape)
        height = self._height(queries, groups * width)
        for block in split_range(queries, height):
            part = found.distance[block], found.index[block]
            distance[block], index[block] = self._members(*part, width)
        return distance, index

    def _members(
        self, distance: Tensor, group: Tensor, width: int
    ) -> tuple[Tensor, Tensor]:
        """List the nearest members of some groups, shapes `(q, w)` to `(q, width)`."""
        count = self.size[group].clamp(max=width)
        before = count.cumsum(1) - count
        reach = distance.masked_fill(before >= width, -torch.inf).amax(1, keepdim=True)
        count = count * (distance <= reach)
        start = (self.size.cumsum(0) - self.size)[group]
        total = count.sum(1)
        entry = torch.arange(count.numel(), device=group.device)
        entry = entry.repeat_interleave(count.flatten())
        row, nth = entry // group.shape[1], _count_up(count.flatten(), entry)
        column = _count_up(total, row)
        shape = (len(group), int(total.max()))
        listed = group.new_zeros(shape)
        listed[row, column] = self.member[start.flatten()[entry] + nth]
        far = distance.new_full(shape, torch.inf)
        far[row, column] = distance.flatten()[entry]
        return rank(far, listed, width)

    def _height(self, queries: int, entries: int) -> int:
        row = _ENTRY_BYTES * entries
        return rows_within(self.asked.limit // 4, row, most=max(1, queries))


def group_problem(problem: Problem) -> Grouped | None:
    """Group a search's equal rows; None where that would save hardly anything.

    None too where a mask leaves out references, where the distinct rows take more than
    half the memory, and on Apple's GPUs, which have no float64. Features must be
    finite.
    """
    query, reference = problem.query, problem.reference
    shared = problem.is_shared
    masked, on_mps = problem.exclude.ndim > 1, query.device.type == "mps"
    if masked or on_mps or not len(query):
        return None
    rows = (query if shared else reference).detach()
    equal = find_equal_rows(rows, problem.limit)
    if equal is None:
        return None
    taken = len(equal.first) * rows.shape[1] * rows.dtype.itemsize
    if taken > problem.limit // 2:
        return None
    first, group = rows[equal.first], equal.group[: len(reference)]
    groups = int((equal.first < len(reference)).sum())
    distinct = replace(
        problem,
        query=first if shared else query,
        reference=first if groups == len(first) else first[:groups],
        k=min(problem.k + 1, groups),
        limit=max(SMALLEST_LIMIT, problem.limit - taken),
    )
    none = torch.full((len(distinct.query),), -1, device=problem.exclude.device)
    every = torch.arange(len(query), device=group.device)
    return Grouped(
        asked=problem,
        distinct=replace(distinct, exclude=none),
        query_group=equal.group if shared else every,
        member=group.argsort(stable=True),
        size=group.bincount(minlength=groups),
    )


def _count_up(counts: Tensor, owner: Tensor) -> Tensor:
    """Number the entries of each owner from 0; owners ascend."""
    entry = torch.arange(len(owner), device=owner.device)
    return entry - (counts.cumsum(0) - counts)[owner]
