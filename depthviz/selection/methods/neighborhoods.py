"""Neighborhood selection (Prune4ReL): examples whose neighbors get surely labeled.

The next example is the one that adds most to the confidence gathered near the chosen
ones. Neighbors are all examples within a cosine: by `tau`, a network's embeddings have
none or a thousand of them, so their mean number is told.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from depthviz.errors import ArgumentError, ShapeError
from depthviz.selection.methods.graphs import Graph, cosine_graph
from depthviz.selection.methods.picked import Picked, Source

__all__ = ["neighborhood", "neighborhood_order"]

UNEVEN = 1.5  # one class over the smallest, when balance is given up


def neighborhood_order(
    confidence: Any,
    graph: Graph,
    *,
    count: int,
    eta: float = 1.0,
    classes: NDArray[np.intp] | None = None,
) -> NDArray[np.intp]:
    """Choose examples one after another by the confidence of their neighborhoods.

    Args:
        confidence: Largest softmax of each example, in [0, 1], shape `(N,)`.
        graph: Cosines of neighbors, without the example itself.
        count: How many are chosen.
        eta: How soon a neighborhood has enough.
        classes: Class of each, from 0 on, to take one of each in turn; None for none.

    Returns:
        Positions in the order of the choice, shape `(count,)`; of equal ones the first.

    Raises:
        ArgumentError: If eta is not above 0, or a confidence is none.
        ShapeError: If the graph is of other examples.

    Example:
        >>> from depthviz.selection import cosine_graph
        >>> graph, _ = cosine_graph(np.array([[1.0, 0.0], [1.0, 0.1], [0.0, 1.0]]), 0.9)
        >>> neighborhood_order([0.9, 0.8, 0.7], graph, count=2).tolist()
        [0, 2]

    References:
        Park et al. (2023). https://arxiv.org/abs/2311.01002
    """
    confidence = np.asarray(confidence, np.float64)
    if len(graph.start) != len(confidence) + 1:
        raise ShapeError(
            f"confidence covers {len(confidence)} examples but the graph "
            f"{len(graph.start) - 1}."
        )
    _check(confidence, eta)
    weight = (1 + graph.value) / 2
    held = np.zeros(len(confidence))
    gain = np.tanh(confidence / eta)
    turns = _Turns(classes, len(confidence))
    chosen = np.empty(count, np.intp)
    for place in range(count):
        best = turns.take(gain)
        chosen[place] = best
        edges = graph.edges(best)
        near = graph.neighbor[edges]
        held[near] += weight[edges] * confidence[best]
        gain[near] = np.tanh((held[near] + confidence[near]) / eta) - np.tanh(
            held[near] / eta
        )
    return chosen


def neighborhood(source: Source, count: int, options: dict[str, Any]) -> Picked:
    """Choose by the neighborhoods within a cosine of embeddings."""
    tau = options["tau"]
    if not isinstance(tau, (int, float, np.number)) or not -1 <= tau < 1:
        raise ArgumentError(f"tau is a cosine, at least -1 and below 1, got {tau!r}.")
    confidence = source.column(options["by"])
    shuffle = source.draw.permutation(len(source))
    graph, highest = cosine_graph(source.embeddings()[shuffle], float(tau))
    if not len(graph.neighbor):
        raise ArgumentError(
            f"No two of the {len(source):,} examples have a cosine above tau={tau}; "
            f"the nearest two have {highest:.4f}. Take a smaller tau."
        )
    balance = options["balance"]
    classes = source.classes(balance)[shuffle] if balance else None
    rows = neighborhood_order(
        confidence[shuffle], graph, count=count, eta=options["eta"], classes=classes
    )
    alone = int((np.diff(graph.start) == 0).sum())
    note = (
        f"Within a cosine of {tau} an example has {graph.mean_degree:.1f} neighbors on "
        f"average; {alone:,} of {len(source):,} have none."
    )
    facts = {"mean_neighbors": graph.mean_degree, "without_neighbor": alone}
    return Picked(shuffle[rows], confidence, facts=facts, notes=(note,))


class _Turns:
    """Which example is next: the best of all, or of the class whose turn it is."""

    def __init__(self, classes: NDArray[np.intp] | None, count: int) -> None:
        self._free = np.ones(count, bool)
        self._classes = classes
        kinds = 0 if classes is None else int(classes.max()) + 1
        self._members = [np.flatnonzero(classes == one) for one in range(kinds)]
        self._left = np.array([len(each) for each in self._members], np.int64)
        self._taken, self._turn = np.zeros(kinds, np.int64), 0

    def take(self, gain: NDArray[np.float64]) -> int:
        """Take the free example of the largest gain."""
        rows = self._of_turn()
        if rows is None:
            best = int(np.argmax(np.where(self._free, gain, -np.inf)))
        else:
            best = int(rows[np.argmax(np.where(self._free[rows], gain[rows], -np.inf))])
        self._free[best] = False
        if self._classes is not None:
            self._taken[self._classes[best]] += 1
            self._left[self._classes[best]] -= 1
        return best

    def _of_turn(self) -> NDArray[np.intp] | None:
        """Members of the class whose turn it is; None where there are no turns."""
        if self._classes is None:
            return None
        if self._is_given_up():
            return None
        while not self._left[self._turn]:
            self._turn = (self._turn + 1) % len(self._left)
        now, self._turn = self._turn, (self._turn + 1) % len(self._left)
        return self._members[now]

    def _is_given_up(self) -> bool:
        """Whether a class has run out, and another one has got many more."""
        least = self._taken[self._left == 0].min(initial=self._taken.max())
        return bool(self._taken.max() > UNEVEN * least)


def _check(confidence: NDArray[np.float64], eta: float) -> None:
    if not isinstance(eta, (int, float, np.number)) or not 0 < eta < np.inf:
        raise ArgumentError(f"eta must be a number above 0, got {eta!r}.")
    if not np.all((confidence >= 0) & (confidence <= 1)):
        raise ArgumentError("confidence must hold probabilities, in [0, 1].")
