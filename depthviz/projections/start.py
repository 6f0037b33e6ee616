"""Where the first map starts: a smooth layout of its graph.

No product goes through a BLAS library, whose sums may depend on its threads.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from depthviz.projections.fuzzy import Graph

__all__ = ["smooth_start", "spread_out"]

WIDTH = 10.0  # of the box that a map starts in, as umap-learn has it
TURNS, DIRECTIONS = 100, 8
NOISE = 1e-3  # of the larger extent: parts points that coincide

Matrix = NDArray[np.float64]


def smooth_start(graph: Graph, state: np.random.RandomState) -> Matrix:
    """Find two slow directions of a random walk on the graph, by iteration.

    They need not have converged: a start has to be smooth, and the same every time.

    Args:
        graph: Of N points.
        state: Draws the directions that the iteration starts from.

    Returns:
        Points of shape `(N, 2)`; 0 in a direction that the graph does not have.
    """
    from scipy import sparse

    count = len(graph.first) - 1
    edges = sparse.csr_array(
        (graph.weight.astype(np.float64), graph.other, graph.first),
        shape=(count, count),
    )
    root = np.sqrt(np.asarray(edges.sum(axis=1)).ravel() + 1e-9)
    walk = sparse.diags_array(1 / root) @ edges @ sparse.diags_array(1 / root)
    still = root / np.sqrt(np.square(root).sum())
    block = state.normal(size=(count, min(DIRECTIONS, max(1, count - 1))))
    for _ in range(TURNS):
        block = _orthonormal(block + walk @ block, still)
    turned = np.einsum("ia,ib->ab", block, walk @ block)
    _, mixing = np.linalg.eigh((turned + turned.T) / 2)
    points = np.zeros((count, 2))
    found = np.einsum("ia,ab->ib", block, mixing[:, -2:]) / root[:, None]
    points[:, : found.shape[1]] = found
    return points


def spread_out(
    points: NDArray[np.floating], state: np.random.RandomState
) -> NDArray[np.float32]:
    """Stretch points over a square box, and part those that coincide."""
    extent = np.ptp(points, axis=0).max() or 1.0
    noisy = points + state.normal(scale=NOISE * extent, size=points.shape)
    least, most = noisy.min(axis=0), noisy.max(axis=0)
    stretched = WIDTH * (noisy - least) / np.where(most > least, most - least, 1)
    return np.asarray(stretched, np.float32)


def _orthonormal(block: Matrix, still: Matrix) -> Matrix:
    """Make columns orthogonal to one direction and to each other, of length 1 or 0."""
    columns = np.ascontiguousarray(block.T)
    before = [still]
    for place, column in enumerate(columns):
        rest = column
        for other in before:
            rest = rest - np.multiply(rest, other).sum() * other
        length, left = (np.sqrt(np.square(part).sum()) for part in (column, rest))
        columns[place] = rest / left if left > 1e-9 * length else 0
        before.append(columns[place])
    return np.ascontiguousarray(columns.T)
