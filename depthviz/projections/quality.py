"""How far a map can be trusted.

A map in two dimensions cannot keep all neighbors of an embedding of thousands. The
share that it does keep is shown next to the map, so that nobody reads more into a
cluster than is there. Trustworthiness and continuity weigh what is lost by how far away
it was, or went. Knows nothing of studies: arrays in, numbers out.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from depthviz.errors import ArgumentError, ShapeError

__all__ = ["nearest_and_ranks", "neighbors_kept", "trustworthiness"]


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


def trustworthiness(
    nearest: NDArray[np.integer], ranks: NDArray[np.integer], *, candidates: int
) -> NDArray[np.float64]:
    """Find how far the neighbors of one space are neighbors in another.

    Given the nearest of the map and ranks in the embedding, it is trustworthiness: 1
    where the map shows no neighbor that is none. Given the nearest of the embedding and
    ranks in the map, it is continuity: 1 where the map tears no neighbor away.

    Args:
        nearest: The k nearest of each example in the first space, itself not among
            them, shape `(Q, K)`.
        ranks: Rank of every candidate in the second space, 1 is the nearest, shape
            `(Q, R)`.
        candidates: How many examples could be neighbors of each; without the example
            itself.

    Returns:
        One number an example, shape `(Q,)`, at most 1 and mostly above 0.5; their mean
        is that of the map.

    Raises:
        ShapeError: If nearest and ranks do not cover the same examples.
        ArgumentError: If K is not below half of the candidates: then no map could be
            distinguished from the worst.

    Example:
        >>> nearest = np.array([[1], [0], [1], [2], [3]])
        >>> ranks = np.array(
        ...     [[0, 2, 1, 3, 4], [1, 0, 2, 3, 4], [3, 1, 0, 2, 4],
        ...      [4, 2, 1, 0, 3], [4, 3, 2, 1, 0]]
        ... )
        >>> trustworthiness(nearest, ranks, candidates=4)
        array([0.66666667, 1.        , 1.        , 1.        , 1.        ])

    References:
        Venna & Kaski (2001), equations 1 and 2.
        https://doi.org/10.1007/3-540-44668-0_68
    """
    if len(nearest) != len(ranks):
        raise ShapeError(
            f"nearest covers {len(nearest)} examples but ranks cover {len(ranks)}; "
            "index both by the same examples."
        )
    k = nearest.shape[1]
    if not 1 <= k <= candidates // 2:
        raise ArgumentError(
            f"k must be between 1 and half of the {candidates} candidates, got k={k}."
        )
    found = np.take_along_axis(ranks, nearest, axis=1).astype(np.int64)
    intruding = np.maximum(found - k, 0).sum(axis=1)
    worst = k * (2 * candidates - 3 * k + 1) / 2
    quality: NDArray[np.float64] = 1 - intruding / worst
    return quality


def nearest_and_ranks(
    points: NDArray[np.floating], rows: NDArray[np.integer], *, references: int, k: int
) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Rank all references by their distance from some points of a map.

    Args:
        points: Positions in the map, shape `(N, 2)`.
        rows: The Q points to rank from.
        references: The first R points alone are ranked.
        k: How many of the nearest to give.

    Returns:
        The k nearest, shape `(Q, k)`, and the rank of every reference, shape `(Q, R)`,
        0 that of the point itself. Of references at equal distances the one with the
        smaller index is the nearer.

    Example:
        >>> points = np.array([[0.0, 0], [1, 0], [3, 0]])
        >>> nearest, ranks = nearest_and_ranks(
        ...     points, np.array([1]), references=3, k=2
        ... )
        >>> nearest.tolist(), ranks.tolist()
        ([[0, 2]], [[1, 0, 2]])
    """
    nearest = np.empty((len(rows), k), np.int64)
    ranks = np.empty((len(rows), references), np.int32)
    wide = np.asarray(points, np.float64)
    for place, row in enumerate(rows):
        distance = ((wide[:references] - wide[row]) ** 2).sum(axis=1)
        itself = int(row < references)
        if itself:
            distance[row] = -1
        order = distance.argsort(kind="stable")
        nearest[place] = order[itself : itself + k]
        ranks[place, order] = np.arange(1 - itself, references + 1 - itself)
    return nearest, ranks
