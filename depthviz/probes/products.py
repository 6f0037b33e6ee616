"""Bounds on squared distances, at the speed of a matrix product.

With features centered by the references' mean, |q - r|² = |q|² + |r|² - 2 q·r. The
product is computed in one number type, of unit roundoff u, in slices of the features
whose partial sums are added. A sum of n products is off by at most n u |q| |r| whatever
the order of its additions; rounding the centered features and the final sum adds less
than 16 u (|q|² + |r|²). Since 2 |q| |r| <= |q|² + |r|², the whole error is at most
kappa (|q|² + |r|²), kappa = (n + 16) u, and a tiny constant for underflow: so

    lower = (1 - kappa) (|q|² + |r|²) - 2 q·r

bounds the squared distance from below for every pair, for no more work than the
distance itself. Features are scaled by a power of two to a norm of at most 1, so that
nothing overflows. A product that breaks the sums into more than n roundings (as
Strassen's does) would break the bound.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from depthviz.probes.features import Features, double
from depthviz.probes.memory import blocks, rows_within

__all__ = ["Candidates", "Products"]

_SLICE = 1024
_SPARE = 16
_EXPONENT = {torch.float32: 120, torch.float64: 1000}


@dataclass(frozen=True)
class Candidates:
    """The references that may be nearest to each query of a block.

    Attributes:
        index: Shape `(q, w)`, by ascending lower bound.
        lower: Bounds of the squared distances from below, shape `(q, w)`, float64.
        upper: The same from above.
        left: Lower bound of every reference that is not a candidate, shape `(q,)`.
    """

    index: Tensor
    lower: Tensor
    upper: Tensor
    left: Tensor


@dataclass(frozen=True)
class _Norms:
    """Squared norms of centered, scaled rows, and half the bound's width of each."""

    square: Tensor
    width: Tensor


class Products:
    """Queries against references, in one number type.

    Args:
        query: Queries.
        reference: References.
        rows: Queries that are meant, shape `(q,)`.
        dtype: Number type of the products.
        limit: Bytes to work in.
    """

    def __init__(
        self,
        query: Features,
        reference: Features,
        rows: Tensor,
        *,
        dtype: torch.dtype,
        limit: int,
    ) -> None:
        """Find the references' mean, the scale and all norms."""
        self._query, self._reference, self._rows = query, reference, rows
        self._dtype, self._limit = dtype, limit
        self._center = _mean(reference, limit)
        queries = self._squares(query, rows)
        references = self._squares(reference, None)
        self.scale = _scale(max(_most(queries), _most(references)), dtype)
        self._queries = self._norms(queries)
        self._references = self._norms(references)

    @property
    def bounded(self) -> bool:
        """Whether the squared norms are finite, so that the bound means something."""
        return math.isfinite(self.scale)

    def candidates(
        self, exclude: Tensor, width: int
    ) -> Iterator[tuple[slice, Candidates]]:
        """Keep the references with the smallest lower bounds for each query.

        Args:
            exclude: Reference that each query leaves out, or -1, shape `(q,)`.
            width: Candidates of each query, if there are as many references.

        Yields:
            Slices of `rows` and their candidates.
        """
        total = len(self._reference.values)
        high, wide = self._shape(width)
        buffers = self._query.values.new_empty(2, high * wide, dtype=self._dtype)
        for queries in blocks(len(self._rows), high):
            best = self._none(queries.stop - queries.start)
            for references in blocks(total, wide):
                lower = self._lower(queries, references, buffers)
                _leave_out(lower, exclude[queries], references)
                best = _merge(best, lower, references.start, width)
            yield queries, self._bounds(queries, *best)

    def _none(self, queries: int) -> tuple[Tensor, Tensor]:
        values = self._query.values.new_empty(queries, 0, dtype=self._dtype)
        return values, values.long()

    def _bounds(self, queries: slice, lower: Tensor, index: Tensor) -> Candidates:
        lower = double(lower)
        place = index.to(lower.device)
        width = (
            self._queries.width[queries].unsqueeze(1) + self._references.width[place]
        )
        left = lower[:, -1]
        if index.shape[1] == len(self._reference.values):
            left = torch.full_like(left, torch.inf)
        return Candidates(index, lower, lower + 2 * width, left)

    def _lower(self, queries: slice, references: slice, buffers: Tensor) -> Tensor:
        shape = (queries.stop - queries.start, references.stop - references.start)
        size = math.prod(shape)
        total, partial = buffers[0, :size].view(shape), buffers[1, :size].view(shape)
        for features in blocks(self._center.shape[1], _SLICE):
            left = self._centered(self._query, self._rows[queries], features)
            right = self._centered(self._reference, references, features)
            if features.start == 0:
                torch.mm(left, right.T, out=total)
            else:
                total += torch.mm(left, right.T, out=partial)
        row = self._outer(self._references, references)
        column = self._outer(self._queries, queries)
        return total.mul_(-2).add_(row).add_(column.unsqueeze(1))

    def _outer(self, norms: _Norms, rows: slice) -> Tensor:
        bound = norms.square[rows] - norms.width[rows]
        return bound.to(self._dtype).to(self._center.device)

    def _centered(
        self, side: Features, rows: Tensor | slice, features: slice
    ) -> Tensor:
        part = side.part(rows, features, self._dtype)
        part.sub_(self._center[:, features].to(part.dtype)).mul_(self.scale)
        return part.to(self._dtype)

    def _squares(self, side: Features, rows: Tensor | None) -> Tensor:
        """Find the squared norms of centered rows, before scaling."""
        count = len(side.values) if rows is None else len(rows)
        height = rows_within(self._limit, side.row_bytes, most=count)
        found = []
        for block in blocks(count, height):
            part = side.part(
                block if rows is None else rows[block], slice(None), self._dtype
            )
            centered = part.sub_(self._center.to(part.dtype)).to(self._dtype)
            found.append(double(centered).square_().sum(1))
        return torch.cat(found)

    def _norms(self, squares: Tensor) -> _Norms:
        features = self._center.shape[1]
        terms = min(features, _SLICE) + math.ceil(features / _SLICE) + _SPARE
        kappa = 1.01 * terms * torch.finfo(self._dtype).eps / 2
        tiny = features * 2.0 ** (10 - _EXPONENT[self._dtype])
        scaled = squares * self.scale**2
        return _Norms(scaled, kappa * scaled + tiny)

    def _shape(self, width: int) -> tuple[int, int]:
        """Choose queries and references of a block: about square, within the limit."""
        size = torch.finfo(self._dtype).bits // 8
        # What one more row costs: its slices on the way, and a query's candidates.
        row = 24 * min(self._center.shape[1], _SLICE)
        query = row + 4 * (size + 8) * width
        side = (math.hypot(query, math.sqrt(8 * size * self._limit)) - query) / 4 / size
        wide = rows_within(int(side), 1, most=len(self._reference.values), least=16)
        room = max(0, self._limit - wide * row)
        pair = query + 2 * size * wide
        return rows_within(room, pair, most=len(self._rows), least=16), wide


def _mean(reference: Features, limit: int) -> Tensor:
    """Find a center near all references; any point would do for the bound."""
    values = reference.values
    kind = torch.float32 if values.device.type == "mps" else torch.float64
    total = torch.zeros(1, values.shape[1], dtype=kind, device=values.device)
    height = rows_within(limit, reference.row_bytes, most=len(values))
    for block in blocks(len(values), height):
        part = reference.part(block, slice(None), torch.float32)
        total += part.sum(0, keepdim=True, dtype=kind)
    return total / len(values)


def _most(squares: Tensor) -> float:
    return float(squares.max())


def _scale(square: float, dtype: torch.dtype) -> float:
    """Find the power of two that brings a squared norm to at most 1."""
    if not math.isfinite(square):
        return math.nan
    exponent = -math.ceil(math.log2(square) / 2) if square > 0 else 0
    most = _EXPONENT[dtype]
    return 2.0 ** max(-most, min(most, exponent))


def _leave_out(lower: Tensor, exclude: Tensor, references: slice) -> None:
    here = (exclude >= references.start) & (exclude < references.stop)
    row = here.nonzero().squeeze(1)
    lower[row, exclude[row] - references.start] = torch.inf


def _merge(
    best: tuple[Tensor, Tensor], lower: Tensor, start: int, width: int
) -> tuple[Tensor, Tensor]:
    values, columns = lower.topk(min(width, lower.shape[1]), dim=1, largest=False)
    values = torch.cat([best[0], values], dim=1)
    index = torch.cat([best[1], columns + start], dim=1)
    values, columns = values.topk(min(width, values.shape[1]), dim=1, largest=False)
    return values, index.gather(1, columns)
