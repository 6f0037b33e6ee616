"""Groups of equal rows: the same numbers in every feature.

A layer that is dead for many examples, padded inputs and a data set with copies give
rows that are equal to hundreds of others. Rows are compared by a fingerprint, and those
of one fingerprint by their numbers, so that nothing is taken for equal that is not. A
look at a few rows comes first: where hardly any of them repeat, all others are left
alone. Knows nothing of searches.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from depthviz.neighbors.blocks import (
    CACHE_BYTES,
    rows_within,
    split_range,
    spread_evenly,
)
from depthviz.neighbors.features import Rows, to_double

__all__ = ["EqualRows", "find_equal_rows"]

_FEWEST = 512  # rows; with fewer there is no time to save
_SAMPLE, _SAMPLE_SHARE = 1024, 32
_SAMPLE_MANY, _SAMPLE_DISTINCT = 3, 0.9
# What a search gains from groups: fewer rows, or no lists that overflow.
_MANY, _DISTINCT = 64, 0.75


@dataclass(frozen=True)
class EqualRows:
    """Groups of equal rows, in the order of their first rows.

    Attributes:
        group: Group of each row, shape `(N,)`.
        first: First row of each group, ascending, shape `(G,)`.
    """

    group: Tensor
    first: Tensor


def find_equal_rows(values: Rows, limit: int) -> EqualRows | None:
    """Group the rows that are equal, 0.0 and -0.0 too.

    Args:
        values: Finite features, shape `(N, F)`.
        limit: Bytes to work in.

    Returns:
        The groups; None where grouping would save a search hardly anything.

    Example:
        >>> rows = torch.tensor([[1.0], [0.0], [-0.0]]).repeat(300, 1)
        >>> find_equal_rows(rows, 1 << 20).first
        tensor([0, 1])
    """
    count = len(values)
    if count < _FEWEST:
        return None
    some = max(_SAMPLE, count // _SAMPLE_SHARE)
    places = spread_evenly(count, some, values.device)
    sample = _fingerprints(values, places, limit)
    if not _repeats(sample, many=_SAMPLE_MANY, distinct=_SAMPLE_DISTINCT):
        return None
    every = torch.arange(count, device=values.device)
    prints = _fingerprints(values, every, limit)
    if not _repeats(prints, many=_MANY, distinct=_DISTINCT):
        return None
    return _group(values, prints, limit)


def _repeats(prints: Tensor, *, many: int, distinct: float) -> bool:
    """Whether some rows are there many times, or few rows are distinct."""
    size = torch.unique(prints, return_counts=True)[1]
    return int(size.max()) >= many or len(size) <= distinct * len(prints)


def _fingerprints(values: Rows, rows: Tensor, limit: int) -> Tensor:
    """Sum the bits of each row's numbers, each times a number of its feature."""
    draw = torch.Generator(device="cpu").manual_seed(0)
    shape, ends = (values.shape[1],), (-(2**63), 2**63 - 1)
    weight = torch.randint(*ends, shape, generator=draw, device="cpu") | 1
    weight = weight.to(values.device)
    found = []
    for block in split_range(len(rows), _height(values, limit, len(rows))):
        # Adding 0.0 makes 0.0 of -0.0. The low half of a float32's bits is empty.
        bits = to_double(values[rows[block]]).add_(0.0).view(torch.int64)
        found.append((bits ^ (bits >> 32)).mul_(weight).sum(1))
    return torch.cat(found)


def _group(values: Rows, prints: Tensor, limit: int) -> EqualRows:
    """Group rows by fingerprint; a row that only shares its print stays alone."""
    every = torch.arange(len(prints), device=prints.device)
    distinct, group = torch.unique(prints, return_inverse=True)
    first = torch.full_like(distinct, len(prints))
    first.scatter_reduce_(0, group, every, "amin")
    alone = every[~_same(values, first[group], limit)]
    group[alone] = len(distinct) + torch.arange(len(alone), device=group.device)
    first, order = torch.cat([first, alone]).sort()
    return EqualRows(order.argsort()[group], first)


def _same(values: Rows, other: Tensor, limit: int) -> Tensor:
    """Whether each row equals another one, by index."""
    blocks = split_range(len(other), _height(values, limit, len(other)))
    same = [(values[block] == values[other[block]]).all(1) for block in blocks]
    return torch.cat(same)


def _height(values: Rows, limit: int, count: int) -> int:
    row = 32 * values.shape[1]
    return rows_within(min(limit, CACHE_BYTES), row, most=count)
