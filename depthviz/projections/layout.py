"""The moves of a map: all points at once, a damped step an epoch."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from depthviz.neighbors.compiled import share_rows
from depthviz.projections.fuzzy import Graph

__all__ = ["lay_out"]

# umap-learn's curve 1 / (1 + a d**2b) for min_dist = 0.1 and spread = 1.
A, B = 1.576943460405378, 0.8950608781227859
SHORTEST = 1e-3  # added to a squared distance that points are pushed by
LOWEST, HIGHEST, ENTRIES = -20, 20, 64  # powers of two, and entries to each

# Neighbors are lost to the noise of the draw. So more are drawn at the end, where a map
# no longer moves far, and the last positions are averaged.
SAMPLES, SAMPLES_LATE, LATE = 12, 40, 2 / 3
AVERAGED = 20
# All points at once unfold slowly, so each keeps a part of its last move at first.
MOMENTUM, EARLY = np.float32(0.8), 0.6


def lay_out(
    graph: Graph, start: NDArray[np.float32], *, epochs: int, seed: int
) -> NDArray[np.float32]:
    """Move points until their distances follow a graph.

    Args:
        graph: Of N points.
        start: Where they are, shape `(N, 2)`.
        epochs: How often each point moves.
        seed: Decides what is drawn.

    Returns:
        Points of shape `(N, 2)`, the same bits on any number of threads.
    """
    from depthviz.projections import loops

    points, before, out = start.copy(), start.copy(), np.empty_like(start)
    total = np.zeros(start.shape)
    averaged = min(AVERAGED, epochs)
    keys = np.random.RandomState(seed).randint(0, 2**64, epochs, np.uint64)
    for epoch in range(epochs):
        rate = np.float32(1 - epoch / epochs)
        samples = SAMPLES if epoch < LATE * epochs else SAMPLES_LATE
        arguments = (points, tuple(graph), curves(), rate, keys[epoch], samples, out)
        share_rows(loops.move, *arguments, rows=slice(0, len(points)))
        if epoch < EARLY * epochs:
            out += MOMENTUM * (points - before)
        before, points, out = points, out, before
        if epoch >= epochs - averaged:
            total += points
    return np.asarray(total / averaged, np.float32)


@cache
def curves() -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Tabulate how strongly two points attract and repel, by squared distance.

    An attraction counts twice: in umap-learn an edge moves both of its ends.
    """
    place = np.arange((HIGHEST - LOWEST) * ENTRIES + 1)
    square = 2.0 ** (place // ENTRIES + LOWEST) * (1 + place % ENTRIES / ENTRIES)
    fall = 1 + A * square**B
    pull = 4 * A * B * square ** (B - 1) / fall
    push = 2 * B / ((SHORTEST + square) * fall)
    return pull.astype(np.float32), push.astype(np.float32)
