"""How far a map can be trusted.

A map in two dimensions cannot keep all neighbors of an embedding of thousands. The
share that it does keep is shown beside the map, so that nobody reads more into a
cluster than is there.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from depthviz.errors import ShapeError

__all__ = ["neighbors_kept"]


def neighbors_kept(
    points: NDArray[np.floating],
    index: NDArray[np.integer],
    *,
    k: int = 15,
    references: int | None = None,
) -> float:
    """Find the share of an embedding's neighbors that are neighbors in the map.

    Args:
        points: Positions in the map, shape `(N, 2)`.
        index: Neighbors in the embedding, nearest first, shape `(N, K)`.
        k: Neighbors compared; at most K.
        references: The first R examples alone can be neighbors; all when absent.

    Returns:
        Mean share over the examples, in [0, 1].

    Raises:
        ShapeError: If points and index do not cover the same examples.

    Example:
        >>> points = np.array([[0.0, 0], [1, 0], [3, 0]])
        >>> neighbors_kept(points, np.array([[1], [0], [0]]), k=1)
        0.6666666666666666
    """
    from scipy.spatial import cKDTree

    if len(points) != len(index):
        raise ShapeError(
            f"points cover {len(points)} examples but index covers {len(index)}; "
            "index both by the same examples."
        )
    k = min(k, index.shape[1])
    tree = cKDTree(points[:references])
    nearest = tree.query(points, k=k + 1)[1].reshape(len(points), -1)
    itself = nearest == np.arange(len(points))[:, None]
    others = np.take_along_axis(nearest, itself.argsort(kind="stable"), axis=1)[:, :k]
    return float((others[:, :, None] == index[:, None, :k]).any(axis=2).mean())
