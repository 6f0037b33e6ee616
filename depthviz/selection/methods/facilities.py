"""Facility location: kept examples that every other one is near to.

Each example counts its similarity to the nearest kept one, 1/(1 + distance); the next
kept one adds most to the sum. On the graph of the nearest neighbors, farther ones count
nothing. Gains only fall, so most need not be found again (lazy greedy).
"""

from __future__ import annotations

import heapq
from typing import Any

import numpy as np
from numpy.typing import NDArray

from depthviz.selection.methods.graphs import Graph, shuffled
from depthviz.selection.methods.picked import Picked, Source

__all__ = ["facility_location", "facility_location_order"]

DIGITS = 10  # of a gain; sums in another order differ in the sixteenth


def facility_location_order(
    graph: Graph, *, count: int
) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Choose examples one after another, each the one that adds most.

    Args:
        graph: A symmetric graph with Euclidean distances, as `nearest_graph` makes it.
        count: How many are chosen.

    Returns:
        Positions in the order of the choice and what each added, shape `(count,)`; of
        equal ones the first.

    Example:
        >>> from depthviz.selection import nearest_graph
        >>> graph = nearest_graph(np.array([[0.0], [1.0], [2.0]]), 2)
        >>> rows, gains = facility_location_order(graph, count=2)
        >>> rows.tolist(), gains.tolist()
        ([1, 0], [2.0, 0.5])

    References:
        Mirzasoleiman, Bilmes & Leskovec (2020). https://arxiv.org/abs/1906.01827
    """
    similarity = 1 / (1 + graph.value)
    size = len(graph.start) - 1
    first = np.repeat(np.arange(size), np.diff(graph.start))
    gain = np.round(1 + np.bincount(first, similarity, size), DIGITS)
    best, heap = np.zeros(size), [(-each, row) for row, each in enumerate(gain)]
    heapq.heapify(heap)
    chosen, gains = np.empty(count, np.intp), np.empty(count)
    for place in range(count):
        while True:
            _, row = heap[0]
            edges = graph.edges(row)
            near = graph.neighbor[edges]
            more = np.maximum(similarity[edges] - best[near], 0).sum()
            now = round(float(more + 1 - best[row]), DIGITS)
            heapq.heapreplace(heap, (-now, row))
            if heap[0][1] == row:  # the others have less, even as they were
                break
        heapq.heappop(heap)
        chosen[place], gains[place] = row, now
        best[near] = np.maximum(best[near], similarity[edges])
        best[row] = 1
    return chosen, gains


def facility_location(source: Source, count: int, options: dict[str, Any]) -> Picked:
    """Choose by facility location on the graph of the nearest neighbors."""
    graph = source.graph(options["k"])
    shuffle = source.draw.permutation(len(source))
    mixed = shuffled(graph, shuffle)
    rows, gains = facility_location_order(mixed, count=count)
    facts = {"mean_neighbors": graph.mean_degree, "covered": float(gains.sum())}
    return Picked(shuffle[rows], weights=_stand_for(mixed, rows), facts=facts)


def _stand_for(graph: Graph, rows: NDArray[np.intp]) -> NDArray[np.float64]:
    """How many examples each chosen one is the nearest chosen one of.

    Those without a chosen neighbor count for none.
    """
    nearest = np.full(len(graph.start) - 1, np.inf)
    owner = np.full(len(nearest), -1)
    for place, row in enumerate(rows):
        edges = graph.edges(row)
        near, distance = graph.neighbor[edges], graph.value[edges]
        closer = distance < nearest[near]
        nearest[near[closer]], owner[near[closer]] = distance[closer], place
    owner[rows] = np.arange(len(rows))
    return np.bincount(owner[owner >= 0], minlength=len(rows)).astype(np.float64)
