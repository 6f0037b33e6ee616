"""Graphs of near examples: the k nearest of each, or all within a cosine.

A graph is symmetric: an example is joined to its neighbors and to those whose neighbor
it is. It is exact; products of float32 only decide where they cannot be wrong.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from depthviz.checks import whole_number
from depthviz.errors import ArgumentError, FeatureError, ShapeError

__all__ = [
    "Graph",
    "cosine_graph",
    "nearest_graph",
    "read_embeddings",
    "shuffled",
    "symmetric_graph",
]

BLOCK = 2048
UNSURE = 4e-6  # more than products of float32 of unit rows are off
MOST_EDGES = 400_000_000


class Graph(NamedTuple):
    """Edges by their first end, as in a sparse matrix of rows.

    Attributes:
        start: Where the edges of each example begin, shape `(N + 1,)`.
        neighbor: The other end of each edge.
        value: Its distance, or its cosine.
    """

    start: NDArray[np.int64]
    neighbor: NDArray[np.int64]
    value: NDArray[np.float64]

    def edges(self, row: int) -> slice:
        """Find where the edges of an example lie.

        Args:
            row: Its position.

        Returns:
            A slice of `neighbor` and `value`.
        """
        return slice(int(self.start[row]), int(self.start[row + 1]))

    @property
    def mean_degree(self) -> float:
        """Mean number of neighbors."""
        return len(self.neighbor) / (len(self.start) - 1)


def read_embeddings(embeddings: Any) -> NDArray[Any]:
    """Read embeddings as floats, shape `(N, F)`; float64 stays what it is.

    Args:
        embeddings: An array or a tensor on the CPU.

    Returns:
        The array.

    Raises:
        ShapeError: If it has not two dimensions.
        FeatureError: If a value is NaN or infinite.
    """
    rows = np.asarray(embeddings)
    if rows.ndim != 2 or rows.dtype.kind not in "fiu":
        raise ShapeError(
            "embeddings must be numbers of shape (N, F), got "
            f"{rows.dtype} of shape {rows.shape}."
        )
    rows = rows if rows.dtype == np.float64 else rows.astype(np.float32, copy=False)
    bad = np.flatnonzero(~np.isfinite(rows).all(1))
    if len(bad):
        raise FeatureError(
            f"embeddings of {len(bad):,} of {len(rows):,} examples are NaN or "
            f"infinite, row {bad[0]} first."
        )
    return rows


def nearest_graph(embeddings: NDArray[Any], k: int) -> Graph:
    """Join each example to its k nearest others, by the exact search.

    Args:
        embeddings: Floats, shape `(N, F)`.
        k: Number of neighbors.

    Returns:
        The graph of Euclidean distances.
    """
    import torch

    from depthviz.neighbors import nearest_neighbors

    k = whole_number("k", k, least=1, below=len(embeddings))
    rows = torch.from_numpy(np.ascontiguousarray(embeddings))
    found = nearest_neighbors(rows, rows, k=k, exclude=torch.arange(len(rows)))
    return symmetric_graph(found.index.numpy(), found.distance.numpy())


def symmetric_graph(index: NDArray[Any], distance: NDArray[Any]) -> Graph:
    """Make a graph of neighbors symmetric.

    Args:
        index: Neighbors of each example, -1 where there is none, shape `(N, K)`.
        distance: Theirs, shape `(N, K)`.

    Returns:
        The graph; each edge stands in it from both ends, once.
    """
    count, k = index.shape
    first = np.repeat(np.arange(count), k)
    second = index.reshape(-1).astype(np.int64)
    value = distance.reshape(-1).astype(np.float64)
    known = (second >= 0) & (second != first)
    first, second, value = first[known], second[known], value[known]
    both = np.concatenate([first * count + second, second * count + first])
    keys, place = np.unique(both, return_index=True)
    value = np.concatenate([value, value])[place]
    start = np.searchsorted(keys, np.arange(count + 1) * count)
    return Graph(start, keys % count, value)


def cosine_graph(embeddings: NDArray[Any], tau: float) -> tuple[Graph, float]:
    """Join all pairs of examples whose cosine is above a bound.

    Args:
        embeddings: Floats, shape `(N, F)`.
        tau: The bound.

    Returns:
        The graph of cosines, and the largest cosine of two examples.

    Raises:
        FeatureError: If an example has the norm 0.
        ArgumentError: If there are too many such pairs.
    """
    norms = np.linalg.norm(embeddings.astype(np.float64, copy=False), axis=1)
    if not norms.all():
        raise FeatureError(
            f"{int((norms == 0).sum()):,} examples have embeddings of norm 0, row "
            f"{int(np.argmin(norms))} first, so they have no cosine."
        )
    unit = (embeddings / norms[:, None]).astype(embeddings.dtype)
    count, found, highest, total = len(unit), [], -1.0, 0
    for first, second, cosine in _close_pairs(unit, tau):
        if len(cosine):
            highest = max(highest, float(cosine.max()))
        above = cosine > tau
        total += int(above.sum())
        if total > MOST_EDGES:
            raise ArgumentError(
                f"More than {MOST_EDGES:,} pairs have a cosine above tau={tau}; take a "
                "larger tau."
            )
        found.append((first[above], second[above], cosine[above]))
    rows, columns, values = map(np.concatenate, zip(*found, strict=True))
    half = sparse.coo_array((values, (rows, columns)), shape=(count, count)).tocsr()
    whole = (half + half.T).tocsr()
    whole.sort_indices()
    return Graph(whole.indptr, whole.indices, whole.data), highest


def shuffled(graph: Graph, shuffle: NDArray[np.intp]) -> Graph:
    """Number the examples of a graph by another order.

    Args:
        graph: Any.
        shuffle: Its examples in the new order, shape `(N,)`.

    Returns:
        The same graph of the shuffled examples.
    """
    place = np.empty_like(shuffle)
    place[shuffle] = np.arange(len(shuffle))
    sizes = np.diff(graph.start)[shuffle]
    start = np.concatenate([[0], np.cumsum(sizes)])
    # Where each edge was: the start of its row, and its place in the row.
    within = np.arange(start[-1]) - np.repeat(start[:-1], sizes)
    was = np.repeat(graph.start[:-1][shuffle], sizes) + within
    return Graph(start, place[graph.neighbor[was]], graph.value[was])


def _close_pairs(
    unit: NDArray[Any], tau: float
) -> Iterator[tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.float64]]]:
    """Pairs above the bound, and the closest pair of each block, each pair once."""
    doubtful = 0.0 if unit.dtype == np.float64 else UNSURE
    for top in range(0, len(unit), BLOCK):
        for left in range(top, len(unit), BLOCK):
            product = unit[top : top + BLOCK] @ unit[left : left + BLOCK].T
            if top == left:
                product[np.tril_indices(len(product))] = -2
            found = np.flatnonzero(product > tau - doubtful)
            rows, columns = np.divmod(found, product.shape[1])
            if not len(rows) and product.size:
                rows, columns = np.unravel_index([product.argmax()], product.shape)
            cosine = product[rows, columns].astype(np.float64)
            near = np.flatnonzero(np.abs(cosine - tau) <= doubtful)
            pair = unit[top + rows[near]], unit[left + columns[near]]
            cosine[near] = np.einsum(
                "ij,ij->i", *(each.astype(np.float64) for each in pair)
            )
            yield top + rows, left + columns, cosine
