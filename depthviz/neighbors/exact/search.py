"""The steps of an exact search, each for what the one before leaves open.

Products bound every distance and leave a short list for each query, which direct
float64 distances settle. The first products are in half precision where the hardware
multiplies it faster and a sample of the queries shows that the lists stay short; then
float32; then float64 for rows too close for float32 to tell apart; what is still open
(ties of different rows, mostly) goes through direct distances to all references. Where
many rows are equal, all this is done with one of each. So the answer is
float64's, equal distances go to the smaller index, and neither block size nor number of
threads can change it.
"""

import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import NamedTuple

import torch
from torch import Tensor

from depthviz.machine.exhaustion import is_out_of_memory
from depthviz.machine.switches.precision import full_precision
from depthviz.neighbors.blocks import (
    SMALLEST_LIMIT,
    as_slice,
    split_range,
)
from depthviz.neighbors.exact.direct import (
    query_height,
    rank_candidates,
    search_directly,
)
from depthviz.neighbors.exact.grouped import group_problem
from depthviz.neighbors.exact.number_types import DOUBLE, ProductType
from depthviz.neighbors.exact.prepared import Prepared, part_exclusion
from depthviz.neighbors.exact.sweep import find_candidates
from depthviz.neighbors.exact.type_choice import choose_types
from depthviz.neighbors.features import Features
from depthviz.neighbors.problem import Found, Problem

__all__ = ["find_nearest"]

_log = logging.getLogger(__name__)

_FEW = 64


def find_nearest(problem: Problem) -> Found:
    """Find the k nearest references of each query, in this process.

    When the device runs out of memory, the search goes on with half the limit. Raises
    FeatureError if features are NaN or infinite, or a row has norm zero under cosine.
    """
    if problem.query.device.type == "mps" and not _for_mps(problem):
        problem = replace(
            problem,
            query=problem.query[:].cpu(),
            reference=problem.reference[:].cpu(),
            exclude=problem.exclude.cpu(),
        )
    with full_precision(problem.query.device):
        features = problem.read_features()
        grouped = group_problem(problem)
        if grouped is None:
            found = _find_among(problem, *features)
        else:
            distinct = grouped.distinct
            found = grouped.expand(_find_among(distinct, *distinct.read_features()))
        if problem.metric == "cosine":
            found.distance.square_().div_(2)
        return found


def _find_among(problem: Problem, query: Features, reference: Features) -> Found:
    """Find neighbors by the Euclidean distance of what the features hand out."""
    prepared = Prepared(
        query=query,
        reference=reference,
        exclude=part_exclusion(problem.exclude),
        k=problem.k,
        limit=problem.limit,
        shared=len(problem.reference) if problem.is_shared else 0,
    )
    return _Search(prepared, problem).run()


def _for_mps(problem: Problem) -> bool:
    """Whether nothing needs float64, which Apple's GPUs do not have."""
    narrow = {torch.float16, torch.bfloat16, torch.float32}
    types = {problem.query.dtype, problem.reference.dtype}
    return problem.metric == "euclidean" and types <= narrow


class _Ranked(NamedTuple):
    """What a step found for some queries, shapes `(q,)`, `(q, K)`, `(q, K)`, `(q,)`."""

    rows: Tensor
    distance: Tensor
    index: Tensor  # type: ignore[assignment]  # hides tuple.index, on purpose
    certain: Tensor


_Step = Callable[[Tensor], Iterator[_Ranked]]


class _Search:
    """One search: its steps, and the result that they fill in."""

    def __init__(self, prepared: Prepared, problem: Problem) -> None:
        self._prepared, self._problem = prepared, problem
        shape = (len(prepared.query.values), prepared.k)
        device = prepared.device
        home = "cpu" if device.type == "mps" else device
        self._found = Found(
            torch.empty(shape, dtype=torch.float64, device=home),
            torch.empty(shape, dtype=torch.int64, device=device),
        )

    def run(self) -> Found:
        """Take step after step until every query is settled."""
        count = len(self._prepared.query.values)
        rows = torch.arange(count, device=self._prepared.device)
        for product_type in choose_types(self._prepared):
            step = partial(self._by_products, product_type=product_type)
            rows = self._fill(rows, step)
        self._fill(rows, self._directly)
        return self._found

    def _fill(self, rows: Tensor, step: _Step) -> Tensor:
        """Fill in what a step settles, and return the rows that it leaves open."""
        left = rows
        still_open = [rows[:0]]
        while len(left):
            seen = 0
            try:
                for ranked in step(left):
                    still_open.append(self._keep(ranked))
                    seen += len(ranked.rows)
                return torch.cat([*still_open, left[seen:]])
            except (MemoryError, RuntimeError) as error:
                if (
                    not is_out_of_memory(error)
                    or self._prepared.limit <= SMALLEST_LIMIT
                ):
                    raise
            # Outside the handler, whose traceback still holds the tensors.
            self._shrink()
            left = left[seen:]
        return torch.cat(still_open)

    def _keep(self, ranked: _Ranked) -> Tensor:
        """Keep what is certain, and return the other rows."""
        rows, distance, index, certain = ranked
        sure, found = rows[certain], self._found
        found.distance[sure.to(distance.device)] = distance[certain.to(distance.device)]
        found.index[sure] = index.to(rows.device)[certain]
        self._problem.report(len(sure))
        return rows[~certain]

    def _shrink(self) -> None:
        """Go on with half the memory."""
        limit = max(SMALLEST_LIMIT, self._prepared.limit // 2)
        self._prepared = replace(self._prepared, limit=limit)
        _log.info("Out of memory: the search goes on with %d bytes.", limit)
        if self._prepared.device.type == "cuda":
            torch.cuda.empty_cache()

    def _by_products(
        self, rows: Tensor, *, product_type: ProductType
    ) -> Iterator[_Ranked]:
        """Rank the candidates that products leave."""
        if product_type is DOUBLE and len(rows) < _FEW:
            return
        search = self._prepared
        for place, listed in find_candidates(search, rows, product_type):
            some = rows[place]
            distance, index = rank_candidates(search, as_slice(some), listed)
            yield _Ranked(some, distance, index, listed.count >= 0)

    def _directly(self, rows: Tensor) -> Iterator[_Ranked]:
        """Rank all references by their distances."""
        search = self._prepared
        for block in split_range(len(rows), query_height(search, count=len(rows))):
            some = rows[block]
            distance, index = search_directly(search, some)
            certain = torch.ones_like(some, dtype=torch.bool)
            yield _Ranked(some, distance, index, certain)
