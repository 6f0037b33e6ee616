"""One UMAP map a probe, from our own neighbor graph, each started from the map before.

The exact neighbors are known already, so no others are searched. Maps that are made
independently differ by more than the data does, and an animation between them means
nothing. Starting each from the one before and laying it over that one is as stable as
AlignedUMAP at a fraction of its cost.

The same seed gives the same maps, on any number of threads. What UMAP draws is local
order: sizes of clusters and the distances between them carry little meaning.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from contextvars import copy_context

import numpy as np
from numpy.typing import NDArray

from depthviz.errors import ArgumentError, DependencyError, ShapeError
from depthviz.machine.compilation import may_compile
from depthviz.machine.switches.threads import torch_threads
from depthviz.projections.alignment import align
from depthviz.projections.fuzzy import Graph, fuzzy_graph
from depthviz.projections.layout import lay_out
from depthviz.projections.start import smooth_start, spread_out

__all__ = ["check_neighbors", "umap_layers"]

EPOCHS_FIRST, EPOCHS_NEXT = 200, 100
SEEDS = 2**32


def umap_layers(
    index: NDArray[np.integer],
    distance: NDArray[np.floating],
    *,
    seed: int = 0,
    neighbors: int = 15,
    progress: Callable[[int], object] | None = None,
) -> NDArray[np.float32]:
    """Map the examples at each probe, each map started from the one before.

    The map is UMAP's: the fuzzy union of the neighborhoods, attraction along its edges
    and repulsion of drawn points by the curve 1 / (1 + a d^2b) of `min_dist=0.1` and
    `spread=1`, 5 repulsions for each attraction, and a rate that falls from 1 to 0. It
    differs from umap-learn in how the points get there:

    - umap-learn draws edges by weight and moves two points at once. Here every point
      moves once an epoch, by all of its edges with their weights and some drawn points,
      12 and at the end 40, to `x + (sum c (x_j - x) + R) / (1/rate + sum c)`, with c
      the attractions and R the repulsion, by at most 1 along an axis; in the first
      60 % of the epochs it also repeats 0.8 of its last move.
    - All points move at once, from where they were. So neither the number of threads
      nor their order changes a bit.
    - A map is the mean of its last 20 epochs, of 200 for the first and 100 for the
      others.
    - The first map starts from a smooth layout of its graph; each further one from the
      map before it, as it is.

    `umap_learn_layers` makes the maps of umap-learn.

    Args:
        index: Nearest examples at each probe, the example itself not among them, shape
            `(P, N, K)`.
        distance: Their distances, ascending, shape `(P, N, K)`.
        seed: Decides the maps, in 0..2**32 - 1.
        neighbors: Size of UMAP's neighborhoods, the example itself included; at most K
            + 1.
        progress: Called with 1 after each map.

    Returns:
        Points of shape `(P, N, 2)`, each map laid over the one before.

    Raises:
        ShapeError: If index and distance differ in shape or hold no neighbor.
        ArgumentError: If an index names no example.
        DependencyError: If Numba is missing, or the environment forbids to compile.

    References:
        McInnes, Healy & Melville (2018). https://arxiv.org/abs/1802.03426
    """
    check_neighbors(index, distance)
    _need_loops()
    kept = max(1, min(neighbors - 1, index.shape[2]))
    maps = np.empty((*index.shape[:2], 2), np.float32)
    points = np.empty((0, 2), np.float32)
    with closing(_graphs(index[:, :, :kept], distance[:, :, :kept])) as graphs:
        for probe, graph in enumerate(graphs):
            if probe:
                own = (seed + probe) % SEEDS
                points = lay_out(graph, points, epochs=EPOCHS_NEXT, seed=own)
                maps[probe] = align(points, maps[probe - 1])
            else:
                state = np.random.RandomState(seed)
                start = spread_out(smooth_start(graph, state), state)
                points = lay_out(graph, start, epochs=EPOCHS_FIRST, seed=seed)
                maps[probe] = points - points.mean(axis=0)
            if progress:
                progress(1)
    return maps


def _graphs(
    index: NDArray[np.integer], distance: NDArray[np.floating]
) -> Generator[Graph, None, None]:
    """Make the graph of each probe while the map before it is laid out."""

    def make(probe: int) -> Graph:
        with torch_threads(1):
            return fuzzy_graph(index[probe], distance[probe])

    if not len(index):
        return
    with ThreadPoolExecutor(1, thread_name_prefix="depthviz-graph") as ahead:
        coming = ahead.submit(copy_context().run, make, 0)
        for probe in range(1, len(index)):
            graph = coming.result()
            coming = ahead.submit(copy_context().run, make, probe)
            yield graph
        yield coming.result()


def check_neighbors(index: NDArray[np.integer], distance: NDArray[np.floating]) -> None:
    """Refuse what no maps can be made of.

    Args:
        index: See `umap_layers`.
        distance: See `umap_layers`.

    Raises:
        ShapeError: If they differ in shape or hold no neighbor.
        ArgumentError: If an index names no example.
    """
    if index.ndim != 3 or index.shape != distance.shape or not index.shape[2]:
        raise ShapeError(
            "index and distance must both have shape (P, N, K) with K at least 1, "
            f"got {index.shape} and {distance.shape}."
        )
    count = index.shape[1]
    if index.size and not 0 <= index.min() <= index.max() < count:
        raise ArgumentError(
            f"index must name examples from 0 to {count - 1}, got {index.min()} to "
            f"{index.max()}."
        )


def _need_loops() -> None:
    if not may_compile():
        raise DependencyError(
            "UMAP maps need compiled loops, and DEPTHVIZ_COMPILE=0 forbids them: unset "
            'it, or choose projection="pca".'
        )
    try:
        import numba  # noqa: F401
    except ImportError as error:
        raise DependencyError(
            f"UMAP maps need Numba ({error}): pip install numba, "
            'or choose projection="pca".'
        ) from error
