"""The neighbors of all examples at each probe, and what else embeddings are read for.

Training examples are the references; none is its own neighbor unless asked for. Where
the search was asked to be approximate, how much it finds is measured at each probe.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from depthviz.embeddings.stored import Rows, StoredRows
from depthviz.measurement.map_ranks import Ranks
from depthviz.measurement.options import MeasureOptions
from depthviz.neighbors import Neighbors, nearest_neighbors, search_recall
from depthviz.projections import pca_layer

__all__ = ["RECALL_SAMPLE", "RECALL_SEED", "ProbeArrays", "drop_self"]

RECALL_SAMPLE, RECALL_SEED = 200, 0  # examples that are searched exactly as well


class ProbeArrays(NamedTuple):
    """Arrays that are filled one probe after another.

    Attributes:
        neighbors: Positions of the nearest training examples, shape `(P, N, K)`.
        distances: Their distances, ascending, shape `(P, N, K)`.
        points: PCA's points where they were asked for, shape `(P, N, 2)`.
        recall: Share of the nearest that an approximate search found, shape `(P,)`.
        ranks: By which the maps are judged, where there will be maps.
    """

    neighbors: NDArray[np.int32]
    distances: NDArray[np.float32]
    points: NDArray[np.float32] | None
    recall: NDArray[np.float32] | None
    ranks: Ranks | None = None

    @classmethod
    def empty(
        cls, probes: int, count: int, options: MeasureOptions, *, references: int
    ) -> ProbeArrays:
        """Allocate arrays for P probes and N examples, the first R of them references.

        Their values mean nothing before `fill`.
        """
        pca, exact = options.projection == "pca", options.search == "exact"
        return cls(
            np.empty((probes, count, options.k), np.int32),
            np.empty((probes, count, options.k), np.float32),
            np.empty((probes, count, 2), np.float32) if pca else None,
            None if exact else np.empty(probes, np.float32),
            Ranks.empty(probes, count, references) if options.projection else None,
        )

    def fill(
        self,
        position: int,
        embedding: Rows,
        *,
        references: int,
        options: MeasureOptions,
        progress: Callable[[int], object],
    ) -> None:
        """Search the embeddings `(N, F)` of the probe at a position.

        Args:
            position: The probe's position among all.
            embedding: Shape `(N, F)`.
            references: How many of them, from the first, are training examples.
            options: Those of the measurement.
            progress: Called with the number of examples each time some are settled.

        Raises:
            FeatureError: If a row has no cosine.
        """
        reference = _head(embedding, references)
        exclude = _excluded(embedding, references, options)
        found = _search(embedding, reference, exclude, options, progress)
        self.neighbors[position] = found.index.cpu().numpy()
        self.distances[position] = found.distance.cpu().numpy()
        if self.recall is not None:
            self.recall[position] = search_recall(
                embedding,
                reference,
                found,
                exclude=exclude,
                metric=options.metric,
                sample=RECALL_SAMPLE,
                seed=RECALL_SEED,
                memory_limit=_search_limit(options),
            )
        if self.points is not None:
            self.points[position] = pca_layer(embedding, seed=options.seed)
        if self.ranks is not None:
            self.ranks.fill(position, embedding, reference, options.metric)


def drop_self(
    index: NDArray[np.int32], distance: NDArray[np.float32]
) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Remove each example from its own neighbors.

    Args:
        index: Neighbors at each probe, near to far, shape `(P, N, K)`.
        distance: Their distances, shape `(P, N, K)`.

    Returns:
        The K - 1 nearest others and their distances, shapes `(P, N, K - 1)`.

    Example:
        >>> index = np.array([[[2, 0], [2, 0]]], np.int32)
        >>> drop_self(index, np.zeros((1, 2, 2), np.float32))[0]
        array([[[2],
                [2]]], dtype=int32)
    """
    shape = (*index.shape[:2], index.shape[2] - 1)
    others, distances = np.empty(shape, np.int32), np.empty(shape, np.float32)
    for position, found in enumerate(index):
        own = found == np.arange(len(found))[:, None]
        order = own.argsort(axis=1, kind="stable")[:, :-1]
        others[position] = np.take_along_axis(found, order, axis=1)
        distances[position] = np.take_along_axis(distance[position], order, axis=1)
    return others, distances


def _excluded(
    embedding: Rows, references: int, options: MeasureOptions
) -> Tensor | None:
    """Name the training example that each example must not find, -1 for none."""
    if options.include_self:
        return None
    own = torch.arange(len(embedding), device=embedding.device)
    return own.where(own < references, -1)


def _head(embedding: Rows, count: int) -> Rows:
    """Give the first rows; all of them are the very same, and are read once."""
    if count == len(embedding):
        return embedding
    if isinstance(embedding, StoredRows):
        return embedding.head(count)
    return embedding[:count]


def _search(
    embedding: Rows,
    reference: Rows,
    exclude: Tensor | None,
    options: MeasureOptions,
    progress: Callable[[int], object],
) -> Neighbors:
    return nearest_neighbors(
        embedding,
        reference,
        k=options.k,
        exclude=exclude,
        metric=options.metric,
        search=options.search,
        executor=options.executor,
        memory_limit=_search_limit(options),
        progress=progress,
    )


def _search_limit(options: MeasureOptions) -> int | None:
    """Give the search its half of the memory."""
    return options.memory_limit and max(1, options.memory_limit // 2)
