"""The quick map: the two directions in which an embedding varies most.

PCA takes a moment where UMAP takes a minute, and its distances mean something; but two
directions of thousands show little of which examples are neighbors.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["pca_layer"]


def pca_layer(embedding: NDArray[np.floating], *, seed: int = 0) -> NDArray[np.float32]:
    """Project one probe's embedding on its first two principal components.

    Args:
        embedding: Vectors of the examples, shape `(N, F)`.
        seed: Decides the start of the randomized solver.

    Returns:
        Points of shape `(N, 2)`; zero in a direction that the data does not have.

    Example:
        >>> pca_layer(np.array([[0.0, 0, 0], [0, 4, 0], [0, 8, 0]])).round(3).tolist()
        [[-4.0, 0.0], [0.0, 0.0], [4.0, 0.0]]
    """
    from sklearn.decomposition import PCA

    points = np.zeros((len(embedding), 2), np.float32)
    directions = min(2, *embedding.shape)
    solver = PCA(directions, svd_solver="randomized", random_state=seed)
    with np.errstate(invalid="ignore"):  # its share of variance is 0/0 without variance
        found = solver.fit_transform(embedding)
    points[:, :directions] = found
    return points
