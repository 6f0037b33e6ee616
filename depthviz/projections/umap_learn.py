"""umap-learn's maps, from our own neighbor graph, each started from the one before.

Ours are held against them, and are quicker. umap-learn is given the exact neighbors and
searches none of its own.

The first map starts from a smooth layout of its graph. umap-learn's own spectral start
is not used: it needs the embedding wherever the graph falls into many parts, and its
eigenvectors need not converge there.

The same seed gives the same maps on one thread.
"""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Callable
from types import ModuleType

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from depthviz.errors import ArgumentError, DependencyError
from depthviz.projections.alignment import align
from depthviz.projections.manifold import check_neighbors

__all__ = ["umap_learn_layers"]

MIN_DISTANCE = 0.1
SMALL = 10_000
# A map that starts from another is nearly in place: on digits, 500 epochs for 200 keep
# 1 % more neighbors at twice the cost, 50 epochs keep 4 % fewer.
EPOCHS_FIRST, EPOCHS_NEXT = (500, 200), (200, 100)


def umap_learn_layers(
    index: NDArray[np.integer],
    distance: NDArray[np.floating],
    *,
    seed: int = 0,
    neighbors: int = 15,
    progress: Callable[[int], object] | None = None,
) -> NDArray[np.float32]:
    """Map the examples at each probe as `umap_layers`, with umap-learn's optimisation.

    Args:
        index: Nearest examples at each probe, the example itself not among them, shape
            `(P, N, K)`.
        distance: Their distances, ascending, shape `(P, N, K)`.
        seed: Decides the maps.
        neighbors: Size of UMAP's neighborhoods, the example itself included; at most K
            + 1.
        progress: Called with 1 after each map.

    Returns:
        Points of shape `(P, N, 2)`, each map laid over the one before.

    Raises:
        ShapeError: If index and distance differ in shape or hold no neighbor.
        DependencyError: If umap-learn is missing.
        ArgumentError: If an index names no example, or in a process forked off one
            where Numba has used GNU OpenMP.
    """
    _openmp.check()
    check_neighbors(index, distance)
    umap = _import_umap()
    maps = np.empty((*index.shape[:2], 2), np.float32)
    for probe in range(len(index)):
        state = np.random.RandomState(seed)
        graph = _graph(umap, index[probe], distance[probe], neighbors, state)
        if probe:
            points = _layout(umap, graph, maps[probe - 1], EPOCHS_NEXT, state)
            maps[probe] = align(points, maps[probe - 1])
        else:
            points = _layout(
                umap, graph, _smooth_start(graph, state), EPOCHS_FIRST, state
            )
            maps[probe] = points - points.mean(axis=0)
        if progress:
            progress(1)
    return maps


class _OpenMP:
    """Whether this process was forked off one where Numba has used GNU OpenMP."""

    inherited = False

    def after_fork(self) -> None:
        """Look which threads the parent had, before this process starts its own."""
        numba = sys.modules.get("numba")
        try:
            self.inherited = numba is not None and numba.threading_layer() == "omp"
        except (AttributeError, ValueError):  # it has started none
            self.inherited = False

    def check(self) -> None:
        """Refuse what GNU OpenMP would end this process for."""
        if self.inherited:
            raise ArgumentError(
                "projection='umap-learn' cannot be made in this process: it was forked "
                "off one where Numba has used GNU OpenMP, which would end it. Start "
                "processes by 'spawn' or 'forkserver', make the maps in the parent, "
                "set NUMBA_THREADING_LAYER=workqueue, or choose projection='umap'."
            )


_openmp = _OpenMP()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_openmp.after_fork)


def _import_umap() -> ModuleType:
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "Tensorflow not installed", ImportWarning)
            from umap import umap_
    except ImportError as error:
        raise DependencyError(
            f"Maps by umap-learn need it ({error}): pip install umap-learn, "
            'or choose projection="umap".'
        ) from error
    module: ModuleType = umap_
    return module


def _graph(
    umap: ModuleType,
    index: NDArray[np.integer],
    distance: NDArray[np.floating],
    neighbors: int,
    state: np.random.RandomState,
) -> sparse.coo_array:
    """UMAP's fuzzy graph; it wants each example as its own first neighbor."""
    count, kept = len(index), min(neighbors - 1, index.shape[1])
    itself = np.arange(count)[:, None]
    graph, _, _ = umap.fuzzy_simplicial_set(
        np.empty((count, 1), np.float32),
        kept + 1,
        state,
        "precomputed",
        knn_indices=np.hstack([itself, index[:, :kept]]).astype(np.int32),
        knn_dists=np.hstack([0 * itself, distance[:, :kept]]).astype(np.float32),
    )
    return graph


def _layout(
    umap: ModuleType,
    graph: sparse.coo_array,
    start: NDArray[np.floating],
    epochs: tuple[int, int],
    state: np.random.RandomState,
) -> NDArray[np.float32]:
    curve = umap.find_ab_params(spread=1.0, min_dist=MIN_DISTANCE)
    points, _ = umap.simplicial_set_embedding(
        data=None,
        graph=graph,
        n_components=2,
        initial_alpha=1.0,
        a=curve[0],
        b=curve[1],
        gamma=1.0,
        negative_sample_rate=5,
        n_epochs=epochs[0] if len(start) <= SMALL else epochs[1],
        init=_spread(start, state),
        random_state=state,
        metric="euclidean",
        metric_kwds={},
        densmap=False,
        densmap_kwds={},
        output_dens=False,
    )
    return np.asarray(points, np.float32)


def _spread(
    points: NDArray[np.floating], state: np.random.RandomState
) -> NDArray[np.float32]:
    """Part points that coincide: UMAP divides by the extent of each axis."""
    extent = np.ptp(points, axis=0).max() or 1.0
    noise = state.normal(scale=1e-3 * extent, size=points.shape)
    return (points + noise).astype(np.float32)


def _smooth_start(
    graph: sparse.coo_array, state: np.random.RandomState
) -> NDArray[np.float64]:
    """Two slow directions of a random walk on the graph, by orthogonal iteration.

    They need not have converged: a start has to be smooth, and the same every time.
    """
    root = np.sqrt(np.asarray(graph.sum(axis=1)).ravel() + 1e-9)
    walk = sparse.diags_array(1 / root) @ graph @ sparse.diags_array(1 / root)
    still = root / np.linalg.norm(root)
    block = state.normal(size=(len(root), min(8, len(root))))
    for _ in range(100):
        block = block + walk @ block
        block -= np.outer(still, still @ block)
        block = np.linalg.qr(block)[0]
    _, mixing = np.linalg.eigh(block.T @ (walk @ block))
    directions: NDArray[np.float64] = (block @ mixing[:, -2:]) / root[:, None]
    return directions
