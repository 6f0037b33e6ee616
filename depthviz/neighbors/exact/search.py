"""The steps of an exact search, each for what the one before leaves open.

Products bound every distance and leave a short list for each query, which direct
float64 distances settle. The first products are in half precision where the hardware
multiplies it faster and a sample of the queries shows that the lists stay short; then
float32; then float64 for rows too close for float32 to tell apart; what is still open
(ties, mostly) goes through direct distances to all references. So the answer is
float64's, equal distances go to the smaller index, and neither block size nor number of
threads can change it.
"""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import NamedTuple

import torch
from torch import Tensor

from depthviz.embeddings import StoredRows
from depthviz.machine.precision import full_precision
from depthviz.neighbors.blocks import LEAST, as_slice, blocks, is_out_of_memory
from depthviz.neighbors.exact.direct import query_height, search_directly, settle
from depthviz.neighbors.exact.matmul import (
    half_is_faster,
    has_wide_product,
    single_is_exact,
)
from depthviz.neighbors.exact.number_types import (
    DOUBLE,
    HALF_ON_CPU,
    HALF_ON_GPU,
    SINGLE,
    Kind,
)
from depthviz.neighbors.exact.operands import Side, choose_frame
from depthviz.neighbors.exact.shortlists import Exclusion, Shortlist
from depthviz.neighbors.exact.sweep import plan_sweep, sweep, sweep_folded
from depthviz.neighbors.features import Features, Metric, Rows, read_features

__all__ = ["Found", "find_nearest"]

_log = logging.getLogger(__name__)

_PILOT, _SAMPLE = 128, 1024
_FEW = 64
_FASTER = 1.3
# What the direct distance of a pair costs, in float32 products of a pair.
_SETTLING = {"cpu": 25, "cuda": 1000}


class Found(NamedTuple):
    """The nearest references of each query, near to far, ties by the smaller index.

    Attributes:
        distance: Shape `(Q, K)`, float64; on the CPU where the device has none.
        index: Shape `(Q, K)`, int64.
    """

    distance: Tensor
    index: Tensor  # type: ignore[assignment]  # hides tuple.index, on purpose


def find_nearest(
    query: Rows,
    reference: Rows,
    *,
    k: int,
    exclude: Tensor,
    metric: Metric,
    limit: int,
    progress: Callable[[int], object] | None = None,
) -> Found:
    """Find the k nearest references of each query, in this process.

    When the device runs out of memory, the search goes on with half the limit.

    Args:
        query: Features, shape `(Q, F)`.
        reference: Features, shape `(R, F)`, on the same device.
        k: Number of neighbors.
        exclude: Reference that each query leaves out, or -1, shape `(Q,)`; or a mask of
            what is left out, shape `(Q, R)`.
        metric: "euclidean" or "cosine".
        limit: Bytes to work in.
        progress: Called with the number of queries each time some are settled.

    Returns:
        Distances and indices on the device of the queries.

    Raises:
        FeatureError: If some features are NaN or infinite, or a row has norm zero under
            cosine.
    """
    if query.device.type == "mps" and not _for_mps(query, reference, metric):
        query, reference, exclude = query[:].cpu(), reference[:].cpu(), exclude.cpu()
    with full_precision(query.device):
        references = read_features("reference", reference, metric, limit)
        shared = len(reference) if _starts_with(query, reference) else 0
        queries = references
        if query is not reference:
            queries = read_features("query", query, metric, limit)
        out = _exclusion(exclude)
        search = _Search(queries, references, out, k, limit, shared, progress)
        return search.run()


def _for_mps(query: Rows, reference: Rows, metric: Metric) -> bool:
    """Whether nothing needs float64, which Apple's GPUs do not have."""
    narrow = (torch.float16, torch.bfloat16, torch.float32)
    return metric == "euclidean" and {query.dtype, reference.dtype} <= set(narrow)


def _starts_with(query: Rows, reference: Rows) -> bool:
    """Whether the first queries are the references, in the same memory."""
    if len(query) < len(reference):
        return False
    if isinstance(query, StoredRows) and isinstance(reference, StoredRows):
        return query.same_start(reference)
    if isinstance(query, StoredRows) or isinstance(reference, StoredRows):
        return False
    return (
        query.data_ptr() == reference.data_ptr()
        and query.dtype == reference.dtype
        and query.stride() == reference.stride()
    )


def _evenly(total: int, count: int, device: torch.device) -> Tensor:
    """Choose some of all rows, evenly."""
    count = min(count, total)
    place = torch.arange(count, device=device)
    return place * (total - 1) // max(1, count - 1)


def _exclusion(exclude: Tensor) -> Exclusion:
    if exclude.ndim == 1:
        empty = torch.empty(0, 0, dtype=torch.bool, device=exclude.device)
        return Exclusion(exclude.contiguous(), empty)
    none = torch.full((len(exclude),), -1, device=exclude.device)
    return Exclusion(none, exclude.contiguous())


@dataclass
class _Search:
    """One search, with what all its steps share."""

    query: Features
    reference: Features
    exclude: Exclusion
    k: int
    limit: int
    shared: int
    progress: Callable[[int], object] | None

    def run(self) -> Found:
        count = len(self.query.values)
        shape, device = (count, self.k), self.exclude.index.device
        home = "cpu" if device.type == "mps" else device
        found = Found(
            torch.empty(shape, dtype=torch.float64, device=home),
            torch.empty(shape, dtype=torch.int64, device=device),
        )
        rows = torch.arange(count, device=device)
        for kind in self._kinds():
            rows = self._fill(found, rows, partial(self._by_products, kind=kind))
        self._fill(found, rows, self._directly)
        if self.query.norm is not None:
            found.distance.square_().div_(2)
        return found

    def _fill(self, found: Found, rows: Tensor, step: "_Step") -> Tensor:
        """Take over what a step settles; give what it leaves open."""
        left = rows
        still_open = [rows[:0]]
        while len(left):
            seen = 0
            try:
                for some, distance, index, certain in step(left):
                    still_open.append(self._keep(found, some, distance, index, certain))
                    seen += len(some)
                return torch.cat([*still_open, left[seen:]])
            except (MemoryError, RuntimeError) as error:
                if not is_out_of_memory(error) or self.limit <= LEAST:
                    raise
            # Outside the handler, whose traceback still holds the tensors.
            self._shrink()
            left = left[seen:]
        return torch.cat(still_open)

    def _keep(
        self,
        found: Found,
        rows: Tensor,
        distance: Tensor,
        index: Tensor,
        certain: Tensor,
    ) -> Tensor:
        sure = rows[certain]
        found.distance[sure.to(distance.device)] = distance[certain.to(distance.device)]
        found.index[sure] = index.to(rows.device)[certain]
        if self.progress is not None and len(sure):
            self.progress(len(sure))
        return rows[~certain]

    def _shrink(self) -> None:
        """Go on with half the memory."""
        self.limit = max(LEAST, self.limit // 2)
        _log.info("Out of memory: the search goes on with %d bytes.", self.limit)
        if self.exclude.index.device.type == "cuda":
            torch.cuda.empty_cache()

    def _kinds(self) -> Iterator[Kind]:
        device = self.exclude.index.device.type
        half = HALF_ON_GPU if device == "cuda" else HALF_ON_CPU
        if self._half_may_pay(device) and self._half_pays(half, device):
            yield half
        if device != "cpu" or single_is_exact():
            yield SINGLE
        if device != "mps":
            yield DOUBLE

    def _half_may_pay(self, device: str) -> bool:
        queries, references = len(self.query.values), len(self.reference.values)
        features = self.reference.values.shape[1]
        if min(queries, references) < 8 * _PILOT or features < 128:
            return False
        if _SAMPLE * self.reference.plain_bytes > self.limit // 8:
            return False
        if device == "cpu":
            return half_is_faster(features) > _FASTER
        return device == "cuda" and has_wide_product(str(self.exclude.index.device))

    def _half_pays(self, kind: Kind, device: str) -> bool:
        """Try some queries and references: do the lists stay short enough to settle?"""
        total = len(self.reference.values)
        some = _evenly(total, _SAMPLE, self.exclude.index.device)
        rows = _evenly(len(self.query.values), _PILOT, some.device)
        share = len(some) / total
        reference = replace(
            self.reference,
            values=self.reference.values[some],
            total=self.reference.total * share,
        )
        if self.reference.norm is not None:
            reference = replace(reference, norm=self.reference.norm[some])
        nobody = _exclusion(torch.full_like(self.exclude.index, -1))
        near = max(1, round(self.k * share))
        sample = replace(self, reference=reference, exclude=nobody, k=near)
        try:
            counts = [part.count for _, part in sample._lists(rows, kind)]
        except (MemoryError, RuntimeError) as error:
            if not is_out_of_memory(error):
                raise
            return False
        if not counts:
            return False
        count = torch.cat(counts).double()
        ratio = half_is_faster(self.reference.values.shape[1]) if device == "cpu" else 2
        listed = float(count.mean()) / share
        _log.debug("Half precision leaves about %.0f candidates a query.", listed)
        spent = _SETTLING[device] * (listed - self.k)
        return bool((count > 0).all()) and spent < total * (1 - 1 / ratio)

    def _by_products(self, rows: Tensor, *, kind: Kind) -> "_Settled":
        if kind is DOUBLE and len(rows) < _FEW:
            return
        for place, listed in self._lists(rows, kind):
            some = rows[place]
            distance, index = settle(
                self.query,
                self.reference,
                as_slice(some),
                listed,
                k=self.k,
                limit=self.limit,
            )
            yield some, distance, index, listed.count >= 0

    def _lists(self, rows: Tensor, kind: Kind) -> Iterator[tuple[slice, Shortlist]]:
        """Give shortlists of some queries; none where this type cannot hold them."""
        frame = choose_frame(self.query, self.reference, kind)
        if frame is None:
            return
        plan = plan_sweep(
            (len(rows), *self.reference.values.shape),
            kind,
            k=self.k,
            limit=self.limit,
            device=rows.device.type,
            query_bytes=self.query.plain_bytes,
        )
        reference = Side(self.reference, None, frame, keep=plan.keep)
        every = len(rows) == len(self.query.values)
        folded = self.shared if every and plan.fold else 0
        if folded:
            out = self.exclude[slice(0, folded)]
            yield from sweep_folded(reference, frame, exclude=out, k=self.k, plan=plan)
        rest = rows[folded:]
        for place, listed in sweep(
            self.query,
            rest,
            reference,
            frame,
            exclude=self.exclude[as_slice(rest)],
            k=self.k,
            plan=plan,
        ):
            yield slice(folded + place.start, folded + place.stop), listed

    def _directly(self, rows: Tensor) -> "_Settled":
        height = query_height(self.query, self.limit, count=len(rows), k=self.k)
        for block in blocks(len(rows), height):
            distance, index = search_directly(
                self.query,
                self.reference,
                rows[block],
                exclude=self.exclude[rows[block]],
                k=self.k,
                limit=self.limit,
            )
            certain = torch.ones_like(rows[block], dtype=torch.bool)
            yield rows[block], distance, index, certain


_Settled = Iterator[tuple[Tensor, Tensor, Tensor, Tensor]]
_Step = Callable[[Tensor], _Settled]
