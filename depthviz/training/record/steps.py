"""Which step a record is of, where nobody says: the one after the example's last.

Counted from 1, that is the number of times that the example was presented. Nothing is
kept where all steps are given; the first record without one asks the logs. Knows
nothing of what was predicted.
"""

from __future__ import annotations

from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from depthviz.errors import ArgumentError
from depthviz.training.record.folder import log_files
from depthviz.training.record.log import read_blocks

__all__ = ["Presentations", "check_step"]


class Presentations:
    """The largest step of each example so far.

    Example:
        >>> presentations = Presentations()
        >>> examples = np.array([4, 4, 0])
        >>> presentations.remember(examples, presentations.count(examples))
        >>> presentations.count(np.array([0, 4])).tolist()
        [2, 3]
    """

    def __init__(self) -> None:
        self._last = np.zeros(0, np.int64)

    @classmethod
    def in_folder(cls, folder: Path) -> Self:
        """Learn the largest step of each example from the logs in a folder.

        Args:
            folder: The folder of a record.

        Returns:
            The presentations up to now.

        Raises:
            FormatError: If a log is damaged.
        """
        found = cls()
        for log in log_files(folder):
            for records in (block.records for block in read_blocks(log.path)):
                examples, steps = records["index"], records["step"]
                found.remember(examples.astype(np.int64), steps.astype(np.int64))
        return found

    def count(self, examples: NDArray[np.int64]) -> NDArray[np.int64]:
        """Find the next step of each example of a batch; they are not counted yet.

        Args:
            examples: Their positions, shape `(B,)`; one that comes twice gets two.

        Returns:
            Steps from 1, shape `(B,)`.
        """
        self._make_room(examples)
        return self._last[examples] + _times_before(examples) + 1

    def remember(
        self, examples: NDArray[np.int64], steps: NDArray[np.int64] | int
    ) -> None:
        """Take note of steps that were recorded.

        Args:
            examples: Their positions, shape `(B,)`.
            steps: Their steps, shape `(B,)`, or the step of all.
        """
        self._make_room(examples)
        np.maximum.at(self._last, examples, steps)

    def _make_room(self, examples: NDArray[np.int64]) -> None:
        """Have an entry for each, and some more, so that this seldom happens.

        Of zeros the system keeps no pages until they are touched.
        """
        needed, there = int(examples.max(initial=-1)) + 1, len(self._last)
        if needed > there:
            larger = np.zeros(max(needed, 2 * there), np.int64)
            larger[:there] = self._last
            self._last = larger


def check_step(step: int | None) -> None:
    """Refuse a step that is none.

    Args:
        step: What was given; None where it is to be counted.

    Raises:
        ArgumentError: If it is no whole number from 0 on, or above 32 bits.

    Example:
        >>> check_step(0)
    """
    if step is None:
        return
    whole = isinstance(step, (int, np.integer)) and not isinstance(step, bool)
    if not whole or not 0 <= step < 2**32:
        raise ArgumentError(
            f"step must be a whole number from 0 (initialization) on, got {step!r}."
        )


def _times_before(examples: NDArray[np.int64]) -> NDArray[np.int64]:
    """Count how often each entry came earlier in the same batch; mostly never."""
    order = np.argsort(examples, kind="stable")
    ranked = examples[order]
    starts = np.flatnonzero(np.append(True, ranked[1:] != ranked[:-1]))
    lengths = np.diff(np.append(starts, len(examples)))
    times = np.empty(len(examples), np.int64)
    times[order] = np.arange(len(examples)) - np.repeat(starts[: len(lengths)], lengths)
    return times
