"""Message passing on a graph (D2): difficult examples, spread over the data.

Each example gathers the importance of its neighbors, less of far ones. Then the
greatest is kept, and takes from its neighbors what they share with it, so that the next
one lies elsewhere.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from depthviz.errors import ArgumentError, ShapeError
from depthviz.selection.methods.graphs import Graph, shuffled
from depthviz.selection.methods.picked import Picked, Source, finite

__all__ = ["gathered", "message_passing", "message_passing_order"]


def gathered(importance: NDArray[np.float64], graph: Graph) -> NDArray[np.float64]:
    """Add to each importance that of the neighbors, times exp(-distance).

    Args:
        importance: 0 or more, shape `(N,)`.
        graph: Distances of neighbors.

    Returns:
        Shape `(N,)`.
    """
    first = np.repeat(np.arange(len(importance)), np.diff(graph.start))
    sent = np.exp(-graph.value) * importance[graph.neighbor]
    return importance + np.bincount(first, sent, len(importance))


def message_passing_order(
    importance: Any, graph: Graph, *, count: int, gamma: float = 1.0
) -> NDArray[np.intp]:
    """Choose examples one after another by message passing.

    Args:
        importance: Of each example, 0 or more, shape `(N,)`.
        graph: A symmetric graph with Euclidean distances, as `nearest_graph` makes it.
        count: How many are chosen.
        gamma: How fast the effect of a chosen one on its neighbors ends with distance.

    Returns:
        Positions in the order of the choice, shape `(count,)`; of equal ones the first.

    Raises:
        ArgumentError: If gamma is negative.
        ShapeError: If the graph is of other examples.

    Example:
        >>> from depthviz.selection import nearest_graph
        >>> graph = nearest_graph(np.array([[0.0], [0.1], [5.0]]), 1)
        >>> message_passing_order([2.0, 1.9, 1.0], graph, count=2).tolist()
        [0, 2]

    References:
        Maharana, Yadav & Bansal (2023). https://arxiv.org/abs/2310.07931
    """
    importance = np.asarray(importance, np.float64)
    if len(graph.start) != len(importance) + 1:
        raise ShapeError(
            f"importance covers {len(importance)} examples but the graph "
            f"{len(graph.start) - 1}."
        )
    number = isinstance(gamma, (int, float, np.number))
    if not number or not 0 <= gamma < np.inf:
        raise ArgumentError(f"gamma must be a number of 0 or more, got {gamma!r}.")
    left, fading = gathered(importance, graph), np.exp(-gamma * graph.value)
    chosen = np.empty(count, np.intp)
    for place in range(count):
        chosen[place] = best = int(np.argmax(left))
        edges, share = graph.edges(best), left[best]
        left[graph.neighbor[edges]] -= fading[edges] * share
        left[best] = -np.inf  # never again
    return chosen


def message_passing(source: Source, count: int, options: dict[str, Any]) -> Picked:
    """Choose by message passing on the graph of the nearest neighbors."""
    name, graph = options["by"], source.graph(options["k"])
    importance = _importance(source, name)
    # A shuffled order leaves ties to the seed.
    shuffle = source.draw.permutation(len(source))
    rows = message_passing_order(
        importance[shuffle],
        shuffled(graph, shuffle),
        count=count,
        gamma=options["gamma"],
    )
    equal = np.ptp(importance) == 0
    note = f"All have the same {name}: only the density of the data chose."
    facts = {"mean_neighbors": graph.mean_degree}
    return Picked(shuffle[rows], importance, facts=facts, notes=(note,) * bool(equal))


def _importance(source: Source, name: str) -> NDArray[np.float64]:
    """Turn a measure so that it is 0 or more, and larger where it is to be kept."""
    values = finite(source.column(name), name)
    end = source.direction(name, "harder") or source.direction(name, "keep")
    turned = -values if end == "smaller" else values
    lowest = turned.min() if end == "smaller" else min(0.0, turned.min())
    return turned - float(lowest)
