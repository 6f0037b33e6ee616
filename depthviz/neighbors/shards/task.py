"""A shard of a search: what a worker is sent, what it runs, what it sends back.

Rows travel as NumPy arrays: a slice of a tensor would pickle all the memory it is a
slice of. Lists of several shards merge exactly, since a pair's float64 distance is the
same bits whatever other pairs there are.
"""

from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from depthviz.neighbors.exact.search import find_nearest
from depthviz.neighbors.exclusion import count_left_out, group_by_allowed, is_left_out
from depthviz.neighbors.features import Metric
from depthviz.neighbors.problem import Found, Problem

__all__ = ["Lists", "Packed", "Shard", "merge_lists", "pack", "search_shard"]

Packed: TypeAlias = tuple[NDArray[Any], torch.dtype]
Lists: TypeAlias = tuple[NDArray[np.float64], NDArray[np.int64]]

_NO_INDEX = np.iinfo(np.int64).max


@dataclass(frozen=True)
class Shard:
    """Some queries against some references.

    Attributes:
        query: Features, shape `(q, F)`.
        reference: Features, shape `(r, F)`.
        exclude: What each query leaves out of these, shape `(q,)` or `(q, r)`.
        start: Index of the first reference.
        k: Number of neighbors, whatever r is.
        metric: "euclidean" or "cosine".
        limit: Bytes to work in.
    """

    query: Packed
    reference: Packed
    exclude: Packed
    start: int
    k: int
    metric: Metric
    limit: int


def pack(rows: Tensor) -> Packed:
    """Make an array of any real tensor, with the type that its numbers have.

    Example:
        >>> pack(torch.ones(2, dtype=torch.bfloat16))
        (array([16256, 16256], dtype=int16), torch.bfloat16)
    """
    plain = rows.detach().cpu()
    if plain.dtype == torch.bfloat16:  # NumPy has no such numbers
        plain = plain.view(torch.int16)
    return plain.numpy(), rows.dtype


def _unpack(rows: Packed) -> Tensor:
    """Make the tensor again that was packed."""
    array, dtype = rows
    # An executor may hand out memory that is not aligned, or not to be written to.
    return torch.from_numpy(np.require(array, requirements=["A", "W"])).view(dtype)


def merge_lists(before: Lists | None, found: Lists, k: int) -> Lists:
    """Take the k nearest of two lists, equal distances by the smaller index.

    Lists are distances and indices, shapes `(q, v)` and `(q, w)`; `before` is None
    where there is none yet.

    Example:
        >>> near = merge_lists(
        ...     (np.array([[1.0, 2.0]]), np.array([[7, 5]])),
        ...     (np.array([[1.0, 3.0]]), np.array([[2, 0]])),
        ...     3,
        ... )
        >>> near[1]
        array([[2, 7, 5]])
    """
    if before is None:
        return found
    distance = np.concatenate([before[0], found[0]], axis=1)
    index = np.concatenate([before[1], found[1]], axis=1)
    order = np.lexsort((index, distance))[:, :k]
    return np.take_along_axis(distance, order, 1), np.take_along_axis(index, order, 1)


def search_shard(shard: Shard) -> Lists:
    """Find the k nearest references of a shard, or all that are allowed.

    Returns distances and indices among all references, shapes `(q, min(k, r))`. Where
    fewer are allowed, the rest is infinitely far and behind all indices.
    """
    problem = Problem(
        query=_unpack(shard.query),
        reference=_unpack(shard.reference),
        k=shard.k,
        exclude=_unpack(shard.exclude),
        metric=shard.metric,
        limit=shard.limit,
    )
    few = len(problem.reference) <= problem.k
    found = _find_all(problem) if few else _find_some(problem)
    index = torch.where(found.index == _NO_INDEX, _NO_INDEX, found.index + shard.start)
    return found.distance.numpy(), index.numpy()


def _find_all(problem: Problem) -> Found:
    """Rank the references of a shard that has no more than k."""
    everyone = replace(
        problem,
        k=min(problem.k, len(problem.reference)),
        exclude=torch.full((len(problem.query),), -1),
    )
    distance, index = find_nearest(everyone)
    left_out = is_left_out(problem.exclude, index)
    return Found(
        distance.masked_fill(left_out, torch.inf),
        index.masked_fill(left_out, _NO_INDEX),
    )


def _find_some(problem: Problem) -> Found:
    """Find k nearest where a mask leaves as many, else all that it leaves."""
    query, reference, exclude = problem.query, problem.reference, problem.exclude
    enough = len(reference) - count_left_out(exclude) >= problem.k
    if enough.all():
        return find_nearest(problem)
    found = Found(
        torch.full((len(query), problem.k), torch.inf, dtype=torch.float64),
        torch.full((len(query), problem.k), _NO_INDEX),
    )
    rows, short = enough.nonzero()[:, 0], (~enough).nonzero()[:, 0]
    if len(rows):
        many = replace(problem, query=query[rows], exclude=exclude[rows])
        found.distance[rows], found.index[rows] = find_nearest(many)
    for group, allowed in group_by_allowed(exclude[short]):
        members, width = short[group], len(allowed)
        part = replace(
            problem,
            query=query[members],
            reference=reference[allowed],
            exclude=exclude[members][:, allowed],
        )
        few = _find_all(part)
        found.distance[members, :width] = few.distance
        found.index[members, :width] = allowed[few.index]
    return found
