"""The neighbors of all examples at one probe, and what else is read off its embeddings.

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

from depthviz.embeddings import Rows, StoredRows
from depthviz.measurement.map_ranks import Ranks
from depthviz.measurement.options import Request
from depthviz.neighbors import Neighbors, nearest_neighbors, search_recall
from depthviz.projections import pca_layer

__all__ = ["RECALL_SAMPLE", "RECALL_SEED", "Room", "without_itself"]

RECALL_SAMPLE, RECALL_SEED = 200, 0  # examples that are searched exactly as well


class Room(NamedTuple):
    """Arrays to be filled, one probe after another.

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
        cls, probes: int, count: int, request: Request, *, references: int
    ) -> Room:
        """Make room for all probes.

        Args:
            probes: Number of probes, P.
            count: Number of examples, N.
            request: What was asked.
            references: How many of the examples, from the first, can be neighbors.

        Returns:
            Arrays whose values mean nothing yet.
        """
        pca, exact = request.projection == "pca", request.search == "exact"
        return cls(
            np.empty((probes, count, request.k), np.int32),
            np.empty((probes, count, request.k), np.float32),
            np.empty((probes, count, 2), np.float32) if pca else None,
            None if exact else np.empty(probes, np.float32),
            Ranks.empty(probes, count, references) if request.projection else None,
        )

    def fill(
        self,
        place: int,
        embedding: Rows,
        *,
        references: int,
        request: Request,
        progress: Callable[[int], object],
    ) -> None:
        """Search the embeddings of a probe.

        Args:
            place: The probe's place.
            embedding: Shape `(N, F)`.
            references: How many of them, from the first, are training examples.
            request: What was asked.
            progress: Called with the number of examples each time some are settled.

        Raises:
            FeatureError: If a row has no cosine.
        """
        reference = _head(embedding, references)
        exclude = _excluded(embedding, references, request)
        found = _search(embedding, reference, exclude, request, progress)
        self.neighbors[place] = found.index.cpu().numpy()
        self.distances[place] = found.distance.cpu().numpy()
        if self.recall is not None:
            self.recall[place] = search_recall(
                embedding,
                reference,
                found,
                exclude=exclude,
                metric=request.metric,
                sample=RECALL_SAMPLE,
                seed=RECALL_SEED,
                memory_limit=_limit(request),
            )
        if self.points is not None:
            self.points[place] = pca_layer(embedding, seed=request.seed)
        if self.ranks is not None:
            self.ranks.fill(place, embedding, reference, request.metric)


def without_itself(
    index: NDArray[np.int32], distance: NDArray[np.float32]
) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Take each example from among its own neighbors.

    Args:
        index: Neighbors at each probe, near to far, shape `(P, N, K)`.
        distance: Their distances, shape `(P, N, K)`.

    Returns:
        The K - 1 nearest others and their distances, shapes `(P, N, K - 1)`.

    Example:
        >>> index = np.array([[[2, 0], [2, 0]]], np.int32)
        >>> without_itself(index, np.zeros((1, 2, 2), np.float32))[0]
        array([[[2],
                [2]]], dtype=int32)
    """
    shape = (*index.shape[:2], index.shape[2] - 1)
    others, distances = np.empty(shape, np.int32), np.empty(shape, np.float32)
    for place, found in enumerate(index):
        itself = found == np.arange(len(found))[:, None]
        order = itself.argsort(axis=1, kind="stable")[:, :-1]
        others[place] = np.take_along_axis(found, order, axis=1)
        distances[place] = np.take_along_axis(distance[place], order, axis=1)
    return others, distances


def _excluded(embedding: Rows, references: int, request: Request) -> Tensor | None:
    """Name the training example that each example must not find: itself."""
    if request.itself == "included":
        return None
    itself = torch.arange(len(embedding), device=embedding.device)
    return itself.where(itself < references, -1)


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
    request: Request,
    progress: Callable[[int], object],
) -> Neighbors:
    return nearest_neighbors(
        embedding,
        reference,
        k=request.k,
        exclude=exclude,
        metric=request.metric,
        search=request.search,
        executor=request.executor,
        memory_limit=_limit(request),
        progress=progress,
    )


def _limit(request: Request) -> int | None:
    """Give the search its half of the memory."""
    return request.memory_limit and max(1, request.memory_limit // 2)
