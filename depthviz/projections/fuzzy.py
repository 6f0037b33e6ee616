"""UMAP's fuzzy graph: how much each example belongs to the neighborhood of another."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from depthviz.neighbors.compiled import share_rows

__all__ = ["Graph", "fuzzy_graph"]


class Graph(NamedTuple):
    """Edges by point, each in both directions.

    Attributes:
        first: First edge of each point, and the end, shape `(N + 1,)`, int64.
        other: The point at the other end, ascending, shape `(E,)`, int32.
        weight: In (0, 1], the largest 1, shape `(E,)`, float32.
    """

    first: NDArray[np.int64]
    other: NDArray[np.int32]
    weight: NDArray[np.float32]


def fuzzy_graph(
    index: NDArray[np.integer[Any]], distance: NDArray[np.floating[Any]]
) -> Graph:
    """Join the neighborhoods of all examples.

    A neighbor at distance d belongs to a neighborhood by exp(-(d - r) / s), with r the
    distance of the nearest that is not in the same place, and s such that the
    memberships, with that of the example itself but without one, add up to log2(k). Of
    two examples that belong to each other by p and q the edge weighs p + q - pq.

    Args:
        index: Neighbors without the example itself, shape `(N, k - 1)`.
        distance: Their distances, ascending, shape `(N, k - 1)`; infinite ones make no
            edge.

    Returns:
        The graph; its weights are divided by the largest.
    """
    from scipy import sparse

    count, near = index.shape
    wide = np.array(distance, np.float64, order="C")
    wide[~np.isfinite(wide)] = np.inf
    finite = wide[np.isfinite(wide)]
    nearest, width = np.empty(count), np.empty(count)
    loops = _loops()
    overall = finite.sum() / (finite.size + count)
    share_rows(loops.find_widths, wide, overall, nearest, width, rows=slice(0, count))
    member = np.exp(-np.maximum(wide - nearest[:, None], 0) / width[:, None])
    starts = np.arange(0, count * near + 1, near)
    one_way = sparse.csr_array(
        (member.ravel(), index.flatten(), starts),
        shape=(count, count),
    )
    one_way.sum_duplicates()
    back = one_way.T.tocsr()
    both = (one_way + back - one_way * back).tocsr()
    both.eliminate_zeros()
    both.sort_indices()
    weight = both.data / (both.data.max() if both.nnz else 1)
    return Graph(
        both.indptr.astype(np.int64),
        both.indices.astype(np.int32),
        weight.astype(np.float32),
    )


def _loops() -> Any:
    from depthviz.projections import loops

    return loops
