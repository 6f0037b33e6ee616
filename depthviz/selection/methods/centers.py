"""k-center: each kept example is the farthest from those kept before.

The choice is that of the plain greedy rule, in float64. Among the farthest examples it
can be made without looking at the others, as long as what is left of them is farther
than these are; then all distances to the chosen ones are found in one product.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from depthviz.checks import whole_number
from depthviz.selection.methods.graphs import read_embeddings
from depthviz.selection.methods.picked import Picked, Source

__all__ = ["k_center", "k_center_order"]

ROWS = 4096
LEAST, MOST = 16, 1024  # of the farthest examples that are looked at together
GRAIN = 1e-12  # of the largest square: what products of float64 may be off


def k_center_order(
    embeddings: Any, *, count: int, first: int
) -> tuple[NDArray[np.intp], NDArray[np.float64], NDArray[np.intp]]:
    """Choose examples one after another, each the farthest from those before.

    Args:
        embeddings: Floats, shape `(N, F)`.
        count: How many are chosen.
        first: Position of the one to begin with.

    Returns:
        Positions in the order of the choice, shape `(count,)`; the distance of each
        example to the nearest chosen one, shape `(N,)`; and which of the chosen that
        is, as a place in the order, shape `(N,)`. Of equally far ones the first.

    Raises:
        ArgumentError: If count or first is out of range.

    Example:
        >>> rows, radius, _ = k_center_order([[0.0], [1.0], [5.0]], count=2, first=0)
        >>> rows.tolist(), radius.tolist()
        ([0, 2], [0.0, 1.0, 0.0])

    References:
        Sener & Savarese (2018). https://arxiv.org/abs/1708.00489
    """
    rows = read_embeddings(embeddings)
    whole_number("count", count, least=1, below=len(rows) + 1)
    whole_number("first", first, least=0, below=len(rows))
    greedy = _Greedy(rows)
    greedy.add(np.array([first]))
    size = LEAST
    while len(greedy.chosen) < count:
        fresh = greedy.next(size, count - len(greedy.chosen))
        greedy.add(fresh)
        size = int(np.clip(4 * len(fresh), LEAST, MOST))
    squares = np.maximum(greedy.nearest, 0)
    return np.array(greedy.chosen), np.sqrt(squares), greedy.owner


def k_center(source: Source, count: int, options: dict[str, Any]) -> Picked:
    """Choose by distance from what is chosen already."""
    shuffle = source.draw.permutation(len(source))
    first = 0  # of the shuffled ones: any
    if options["first"] is not None:
        first = int(np.flatnonzero(shuffle == source.row_of(options["first"]))[0])
    rows, distance, owner = k_center_order(
        source.embeddings()[shuffle], count=count, first=first
    )
    weights = np.bincount(owner, minlength=count).astype(np.float64)
    facts = {"radius": float(distance.max())}
    note = f"The farthest example lies {distance.max():.4g} from a kept one."
    return Picked(shuffle[rows], weights=weights, facts=facts, notes=(note,))


class _Greedy:
    """What is chosen, and how far each example is from it, as squares."""

    def __init__(self, rows: NDArray[Any]) -> None:
        self._rows = rows
        self._center = rows.mean(0, dtype=np.float64)
        self._norms = np.concatenate([(part**2).sum(1) for _, part in self._parts()])
        # A power of two, which leaves whole squares what they are.
        most = max(float(self._norms.max()), 1e-200)
        self._grain = float(2.0 ** np.floor(np.log2(GRAIN * most)))
        self.chosen: list[int] = []
        self.nearest = np.full(len(rows), np.inf)
        self.owner = np.zeros(len(rows), np.intp)

    def next(self, size: int, most: int) -> NDArray[np.intp]:
        """Choose the next few, all among the farthest."""
        size = min(size, len(self._rows))
        limit = np.partition(self.nearest, len(self._rows) - size)[-size]
        above = np.flatnonzero(self.nearest > limit)
        tied = np.flatnonzero(self.nearest == limit)[: size - len(above)]
        pool = np.sort(np.concatenate([above, tied]))
        between = self._squares(self._take(pool), pool)
        left, found = self.nearest[pool].copy(), list[int]()
        while len(found) < min(most, len(pool)):
            best = int(np.argmax(left))
            # Whatever is outside has the limit at most, and then a later place.
            if left[best] < limit or (left[best] == limit and pool[best] > tied[-1]):
                break
            found.append(int(pool[best]))
            np.minimum(left, between[best], out=left)
            left[best] = -1
        return np.array(found)

    def add(self, fresh: NDArray[np.intp]) -> None:
        """Take examples in, in their order."""
        before = len(self.chosen)
        centers = self._take(fresh)
        for start, part in self._parts():
            span = slice(start, start + len(part))
            square = self._squares(part, fresh, self._norms[span], centers)
            place = square.argmin(1)
            square = square[np.arange(len(part)), place]
            closer = square < self.nearest[span]
            self.nearest[span][closer] = square[closer]
            self.owner[span][closer] = before + place[closer]
        self.chosen += fresh.tolist()
        self.nearest[fresh] = -1  # never again
        self.owner[fresh] = before + np.arange(len(fresh))

    def _parts(self) -> Any:
        for start in range(0, len(self._rows), ROWS):
            yield start, self._rows[start : start + ROWS] - self._center

    def _take(self, rows: NDArray[np.intp]) -> NDArray[np.float64]:
        taken: NDArray[np.float64] = self._rows[rows] - self._center
        return taken

    def _squares(
        self,
        part: NDArray[np.float64],
        to: NDArray[np.intp],
        norms: NDArray[np.float64] | None = None,
        centers: NDArray[np.float64] | None = None,
    ) -> NDArray[np.float64]:
        """Squared distances, rounded so that equal ones are equal."""
        norms = self._norms[to] if norms is None else norms
        centers = part if centers is None else centers
        square = part @ centers.T
        square *= -2
        square += norms[:, None]
        square += self._norms[to]
        square /= self._grain
        np.rint(square, out=square)
        square *= self._grain
        found: NDArray[np.float64] = np.maximum(square, 0, out=square)
        return found
