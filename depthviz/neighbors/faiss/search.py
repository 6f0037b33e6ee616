"""Approximate neighbors by faiss, for who asks: for many millions of references.

faiss proposes references, in float32; their distances are then computed directly, in
float64, and rank them. So a listed distance is right, and what may be wrong is that a
nearer reference is missing: `search_recall` measures how many are. Rows are centered,
scaled and, under cosine, divided by their norms before faiss sees them, since its
products cancel under a large mean. All on the CPU; the index and the sample that trains
it lie in memory, beyond the limit. Seeds are fixed, but a graph (HNSW) depends on which
of its threads came first.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from depthviz.errors import ArgumentError
from depthviz.machine.switches.precision import full_precision
from depthviz.neighbors.blocks import rows_within, split_range
from depthviz.neighbors.exclusion import count_left_out, is_left_out
from depthviz.neighbors.faiss.index import (
    explain_refusal,
    make_index,
    prepare_training,
    safe_threads,
)
from depthviz.neighbors.features import Features
from depthviz.neighbors.problem import Found, Problem

__all__ = ["find_approximately"]

# What faiss itself asks for at least, and uses at most, to train a centroid.
_LEAST_POINTS, _MOST_POINTS = 39, 256
_SEED = 0


def find_approximately(problem: Problem, *, factory: str) -> Found:
    """Find k near references of each query, on the CPU, by a faiss index.

    `factory` is a string for `faiss.index_factory`, then ";" and search parameters in
    the form of `faiss.ParameterSpace` if need be: "IVF1024,Flat;nprobe=32". Raises
    DependencyError if faiss is missing, ArgumentError if it refuses the string, has too
    few references to train on or finds fewer than k, FeatureError as an exact search.
    """
    index = make_index(factory, problem.reference.shape[1])
    exact = full_precision(problem.query.device)
    with exact, safe_threads(), explain_refusal(factory):
        query, reference = problem.read_features()
        frame = _choose_frame(query, reference, problem.limit)
        search = _Search(problem, query, reference, factory, index, frame)
        search.build()
        return search.run()


@dataclass(frozen=True)
class _Frame:
    """Where faiss sees rows: the references' mean at 0, no value far above 1."""

    scale: float
    center: Tensor

    def rows(self, features: Features, rows: slice | Tensor) -> NDArray[np.float32]:
        """Return rows as faiss takes them, shape `(n, F)`."""
        moved = features.exact(rows).mul_(self.scale).sub_(self.center)
        return moved.float().cpu().numpy()


def _choose_frame(query: Features, reference: Features, limit: int) -> _Frame:
    """Find the references' mean and the largest value, a block at a time."""
    parts = (part for each in (query, reference) for part in _exact(each, limit))
    exponent = math.frexp(max(float(part.abs().max()) for part in parts))[1]
    scale = math.ldexp(1.0, max(-1000, min(1000, -exponent)))
    total = torch.zeros_like(next(_exact(reference, limit))[0])
    for part in _exact(reference, limit):
        total += part.mul_(scale).sum(0)
    return _Frame(scale, total / len(reference.values))


def _exact(features: Features, limit: int) -> Iterator[Tensor]:
    """Yield all rows in float64, a block at a time."""
    count = len(features.values)
    height = rows_within(limit, features.row_bytes, most=max(1, count))
    for block in split_range(count, height):
        yield features.exact(block)


@dataclass(frozen=True)
class _Search:
    """One search: its problem with the features read, the index, and its string."""

    problem: Problem
    query: Features
    reference: Features
    factory: str
    index: Any
    frame: _Frame

    def build(self) -> None:
        """Train the index where it needs that, and add all references."""
        total = len(self.reference.values)
        if not self.index.is_trained:
            self.index.train(self._sample(total))
        for block in split_range(total, self._height(total)):
            self.index.add(self.frame.rows(self.reference, block))

    def _sample(self, total: int) -> NDArray[np.float32]:
        """Draw the references that train the index."""
        centroids = prepare_training(self.index)
        if total < centroids:
            raise ArgumentError(
                f"search='faiss:{self.factory}' trains {centroids} centroids, which "
                f"takes as many references at least, got {total}. Ask for fewer lists "
                "or shorter codes, or choose search='exact'."
            )
        count = rows_within(
            self.problem.limit,
            self.reference.row_bytes,
            most=min(total, _MOST_POINTS * max(centroids, 256)),
            least=min(total, _LEAST_POINTS * centroids),
        )
        generator = torch.Generator().manual_seed(_SEED)
        chosen = torch.randperm(total, generator=generator)[:count].sort().values
        return self.frame.rows(self.reference, chosen)

    def run(self) -> Found:
        """Search for all queries, a block at a time."""
        count, k = len(self.query.values), self.problem.k
        found = Found(
            torch.empty(count, k, dtype=torch.float64),
            torch.empty(count, k, dtype=torch.int64),
        )
        for block in split_range(count, self._height(count)):
            near = self._propose(block)
            found.distance[block], found.index[block] = self._rank(block, near)
            self.problem.report(block.stop - block.start)
        return found

    def _height(self, count: int) -> int:
        row_bytes = self.reference.row_bytes + 64 * self.problem.k
        return rows_within(self.problem.limit, row_bytes, most=max(1, count))

    def _propose(self, block: slice) -> Tensor:
        """Ask for more until each query has k that it does not leave out: `(q, k)`."""
        points, total = self.frame.rows(self.query, block), len(self.reference.values)
        k, exclude = self.problem.k, self.problem.exclude[block].cpu()
        near = torch.empty(len(points), k, dtype=torch.int64)
        spare = min(k, int(count_left_out(exclude).max()))
        todo = [(torch.arange(len(points)), min(total, k + spare))]
        while todo:
            rows, ask = todo.pop()
            found = torch.from_numpy(self.index.search(points[rows], ask)[1])
            allowed = found >= 0
            allowed &= ~is_left_out(exclude[rows], found.clamp(min=0))
            allowed &= allowed.cumsum(1) <= k
            enough = allowed.sum(1) == k
            near[rows[enough]] = found[enough][allowed[enough]].view(-1, k)
            short = ~enough
            if short.any():
                self._check_more(found[short], rows[short] + block.start)
                ask = min(total, 2 * ask)
                rows = rows[short]
                height = rows_within(self.problem.limit, 64 * ask, most=len(rows))
                todo += [(rows[cut], ask) for cut in split_range(len(rows), height)]
        return near

    def _check_more(self, found: Tensor, rows: Tensor) -> None:
        """Refuse to go on where the index has nothing left."""
        total = len(self.reference.values)
        ended = (found < 0).any(1) | (found.shape[1] == total)
        if not ended.any():
            return
        first = int(ended.nonzero()[0])
        count = int((found[first] >= 0).sum())
        name = f"faiss:{self.factory.partition(';')[0]}"
        raise ArgumentError(
            f"search='faiss:{self.factory}' finds {count} references for query "
            f"{int(rows[first])}, too few for the k={self.problem.k} it needs. Let it "
            f"search more of the index, as '{name};nprobe=32' for lists (IVF) or "
            f"'{name};efSearch=256' for graphs (HNSW), or choose search='exact'."
        )

    def _rank(self, block: slice, near: Tensor) -> tuple[Tensor, Tensor]:
        """Sort proposals by their exact distances, equal ones by index."""
        near = near.sort(1).values
        points = self.query.exact(block)
        found = [_distances(points, self.reference.exact(row)) for row in near.T]
        distance, order = torch.stack(found, dim=1).cpu().sort(dim=1, stable=True)
        if self.reference.norm is not None:
            distance = distance.square() / 2
        return distance, near.gather(1, order)


def _distances(points: Tensor, others: Tensor) -> Tensor:
    """Find the distance of each point to its other, from differences."""
    mode = "donot_use_mm_for_euclid_dist"
    return torch.cdist(points[:, None], others[:, None], compute_mode=mode)[:, 0, 0]
