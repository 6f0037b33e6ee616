"""Which step a record is of, where nobody says: the one after the example's last.

Counted from 1, that is the number of times that the example was presented. Knows
nothing of what was recorded.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["Presentations"]


class Presentations:
    """The largest step of each example so far.

    Example:
        >>> presentations = Presentations()
        >>> presentations.count(np.array([4, 4, 0])).tolist()
        [1, 2, 1]
        >>> presentations.count(np.array([0, 4])).tolist()
        [2, 3]
    """

    def __init__(self) -> None:
        self._last = np.zeros(0, np.int64)

    def count(self, examples: NDArray[np.int64]) -> NDArray[np.int64]:
        """Find the next step of each example of a batch.

        Args:
            examples: Their positions, shape `(B,)`; one that comes twice gets two.

        Returns:
            Steps from 1, shape `(B,)`.
        """
        self._make_room(examples)
        steps = self._last[examples] + _times_before(examples) + 1
        self.remember(examples, steps)
        return steps

    def remember(
        self, examples: NDArray[np.int64], steps: NDArray[np.int64] | int
    ) -> None:
        """Take note of steps that were given.

        Args:
            examples: Their positions, shape `(B,)`.
            steps: Their steps, shape `(B,)`, or the step of all.
        """
        self._make_room(examples)
        np.maximum.at(self._last, examples, steps)

    def _make_room(self, examples: NDArray[np.int64]) -> None:
        """Have an entry for each, and some more, so that this seldom happens."""
        needed, there = int(examples.max(initial=-1)) + 1, len(self._last)
        if needed > there:
            self._last = np.pad(self._last, (0, max(needed, 2 * there) - there))


def _times_before(examples: NDArray[np.int64]) -> NDArray[np.int64]:
    """Count how often each entry came earlier in the same batch; mostly never."""
    order = np.argsort(examples, kind="stable")
    ranked = examples[order]
    starts = np.flatnonzero(np.append(True, ranked[1:] != ranked[:-1]))
    lengths = np.diff(np.append(starts, len(examples)))
    times = np.empty(len(examples), np.int64)
    times[order] = np.arange(len(examples)) - np.repeat(starts[: len(lengths)], lengths)
    return times
