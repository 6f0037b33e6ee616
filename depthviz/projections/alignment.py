"""Orthogonal Procrustes: one map laid over another.

A projection is free up to rotation, reflection, shift and often scale. Choosing them so
that a map lies as close as it can to the map before it leaves, in the animation between
two probes, only the motion that the data asks for.

The scale is that of equal spread, not of least squares: that one shrinks each map by
its correlation with the one before, and over many probes a map becomes a dot.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from depthviz.errors import ShapeError

__all__ = ["align"]


def align(
    points: NDArray[np.floating[Any]], reference: NDArray[np.floating[Any]]
) -> NDArray[np.float32]:
    """Move, rotate, reflect and scale points onto a reference.

    Args:
        points: Points of one map, shape `(N, 2)`.
        reference: Points of the same examples in another map, shape `(N, 2)`.

    Returns:
        The points in the reference's frame, shape `(N, 2)`; where all points
        coincide, the reference's center.

    Raises:
        ShapeError: If the maps do not cover the same examples.

    Example:
        >>> square = np.array([[0, 0], [1, 0], [1, 1], [0, 1]])
        >>> align(3 * square[:, ::-1] + 7, square).round(3).tolist()
        [[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]]

    References:
        Schönemann (1966). https://doi.org/10.1007/BF02289451
    """
    if points.shape != reference.shape:
        raise ShapeError(
            f"points have shape {points.shape} but the reference has "
            f"{reference.shape}; index both by the same examples."
        )
    center, target = points.mean(axis=0), reference.mean(axis=0)
    centered = (points - center).astype(np.float64)
    goal = (reference - target).astype(np.float64)
    # No product over examples goes through BLAS: its sums may depend on its threads.
    left, _, right = np.linalg.svd(np.einsum("ia,ib->ab", centered, goal))
    spread = np.sqrt(np.square(centered).sum())
    scale = np.sqrt(np.square(goal).sum()) / spread if spread > 0 else 0.0
    aligned = np.einsum("ia,ab->ib", scale * centered, left @ right) + target
    return np.asarray(aligned, np.float32)
