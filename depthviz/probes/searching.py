"""The steps of an exact search, each for what the one before leaves open.

Float32 products bound every distance; the few references that may be among the k
nearest are settled by direct float64 distances; and a query is certified when its k-th
distance lies below the bound of everything left out. Rows that are too close for
float32 to tell apart go through float64 products, and what is still open (ties, mostly)
through direct distances to all references. So the answer is float64's, equal distances
go to the smaller index, and neither block size nor number of threads can change it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor

from depthviz.probes.direct import (
    pair_distances,
    query_height,
    rank,
    search_directly,
)
from depthviz.probes.features import Features, Metric, read_features
from depthviz.probes.memory import blocks
from depthviz.probes.precision import full_precision
from depthviz.probes.products import Candidates, Products

__all__ = ["Found", "find_nearest"]


class Found(NamedTuple):
    """The nearest references of each query, near to far, ties by the smaller index.

    Attributes:
        distance: Shape `(Q, K)`, float64.
        index: Shape `(Q, K)`, int64.
    """

    distance: Tensor
    index: Tensor  # type: ignore[assignment]  # hides tuple.index, on purpose


def find_nearest(
    query: Tensor,
    reference: Tensor,
    *,
    k: int,
    exclude: Tensor,
    metric: Metric,
    limit: int,
    progress: Callable[[int], object] | None = None,
) -> Found:
    """Find the k nearest references of each query, in this process.

    Args:
        query: Features, shape `(Q, F)`.
        reference: Features, shape `(R, F)`, on the same device.
        k: Number of neighbors.
        exclude: Reference that each query leaves out, or -1, shape `(Q,)`.
        metric: "euclidean" or "cosine".
        limit: Bytes to work in.
        progress: Called with the number of queries each time some are settled.

    Returns:
        Distances and indices on the device of the queries.

    Raises:
        FeatureError: If some features are NaN or infinite, or a row has norm zero under
            cosine.
    """
    with full_precision(query.device):
        references = read_features("reference", reference, metric, limit)
        queries = (
            references
            if query is reference
            else read_features("query", query, metric, limit)
        )
        return _Search(queries, references, exclude, k, limit, progress).run()


@dataclass(frozen=True)
class _Search:
    """One search, with what all its steps share."""

    query: Features
    reference: Features
    exclude: Tensor
    k: int
    limit: int
    progress: Callable[[int], object] | None

    def run(self) -> Found:
        shape, device = (len(self.exclude), self.k), self.exclude.device
        found = Found(
            torch.empty(shape, dtype=torch.float64, device=device),
            torch.empty(shape, dtype=torch.int64, device=device),
        )
        rows = torch.arange(len(self.exclude), device=device)
        for step in self._steps():
            still_open = [rows[:0]]
            for settled, distance, index, certain in step(rows) if len(rows) else ():
                sure = settled[certain]
                found.distance[sure] = self._reported(distance).to(device)[certain]
                found.index[sure] = index.to(device)[certain]
                still_open.append(settled[~certain])
                self._tell(len(sure))
            rows = torch.cat(still_open)
        return found

    def _steps(self) -> list[Callable[[Tensor], "_Settled"]]:
        steps: list[Callable[[Tensor], _Settled]] = []
        narrow = self.query.norm is None
        if _has_float64(self.exclude.device):
            steps = [self._by_float32, self._by_float64]
        elif narrow:
            steps = [self._by_float32]
        return [*steps, self._directly]

    def _by_float32(self, rows: Tensor) -> "_Settled":
        return self._by_products(rows, torch.float32, 2 * self.k + 32)

    def _by_float64(self, rows: Tensor) -> "_Settled":
        return self._by_products(rows, torch.float64, 4 * self.k + 128)

    def _by_products(self, rows: Tensor, dtype: torch.dtype, width: int) -> "_Settled":
        products = Products(
            self.query, self.reference, rows, dtype=dtype, limit=self.limit // 2
        )
        if not products.bounded:
            nothing = torch.zeros_like(rows, dtype=torch.bool)
            empty = self.exclude.new_zeros(len(rows), self.k)
            yield rows, empty.float(), empty, nothing
            return
        for block, found in products.candidates(self.exclude[rows], width):
            distance, index = self._settle(rows[block], found)
            # Twice the rounding of a direct distance, for its square.
            spare = 1 + self.query.values.shape[1] * torch.finfo(torch.float64).eps
            farthest = (distance[:, -1] * products.scale).square() * spare
            certain = farthest < found.left
            yield rows[block], distance, index, certain.to(rows.device)

    def _settle(self, rows: Tensor, found: Candidates) -> tuple[Tensor, Tensor]:
        """Rank the candidates that may be among the k nearest, by direct distances."""
        reach = found.upper.topk(self.k, dim=1, largest=False).values[:, -1:]
        width = int((found.lower <= reach).sum(1).max())
        index = found.index[:, :width]
        distance = pair_distances(
            self.query, self.reference, rows, index=index, limit=self.limit // 2
        )
        left_out = index == self.exclude[rows].unsqueeze(1)
        index = index.to(distance.device)
        distance.masked_fill_(left_out.to(distance.device), torch.inf)
        return rank(distance, index, self.k)

    def _directly(self, rows: Tensor) -> "_Settled":
        height = query_height(self.query, self.limit, count=len(rows))
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

    def _reported(self, distance: Tensor) -> Tensor:
        if self.query.norm is not None:
            distance = distance.square() / 2
        return distance

    def _tell(self, count: int) -> None:
        if self.progress is not None and count:
            self.progress(count)


_Settled = Iterator[tuple[Tensor, Tensor, Tensor, Tensor]]


def _has_float64(device: torch.device) -> bool:
    return device.type != "mps"
