"""The step of a record that is given none: the one after the example's largest so far.

Counted from 1, that is the number of times that the example was recorded. Nothing is
counted while all steps are given; the first record without a step reads the logs.
Knows nothing of what was predicted.
"""

from __future__ import annotations

from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from depthviz.errors import ArgumentError
from depthviz.machine.interrupts import closing
from depthviz.training.record.folder import log_files
from depthviz.training.record.log import read_blocks

__all__ = ["StepCounter", "check_step"]


class StepCounter:
    """The largest step of each example so far.

    Example:
        >>> counter = StepCounter()
        >>> examples = np.array([4, 4, 0])
        >>> counter.remember(examples, counter.count(examples))
        >>> counter.count(np.array([0, 4])).tolist()
        [2, 3]
    """

    def __init__(self) -> None:
        self._last = np.zeros(0, np.int64)

    @classmethod
    def in_folder(cls, folder: Path) -> Self:
        """Read the largest step of each example from the logs in a record's folder."""
        found = cls()
        for log in log_files(folder):
            with closing(read_blocks(log.path)) as blocks:
                for examples, steps in (
                    (block.records["index"], block.records["step"]) for block in blocks
                ):
                    found.remember(examples.astype(np.int64), steps.astype(np.int64))
        return found

    def count(self, examples: NDArray[np.int64]) -> NDArray[np.int64]:
        """Find the next step of each example, from 1, shape `(B,)`; nothing is counted.

        An example that comes twice in the batch gets two steps.
        """
        self._grow(examples)
        return self._last[examples] + _times_before(examples) + 1

    def remember(
        self, examples: NDArray[np.int64], steps: NDArray[np.int64] | int
    ) -> None:
        """Count recorded steps, of shape `(B,)` as the examples, or one step of all."""
        self._grow(examples)
        np.maximum.at(self._last, examples, steps)

    def _grow(self, examples: NDArray[np.int64]) -> None:
        """Lengthen the array to hold all examples, at least twofold so that it is rare.

        The system keeps no pages of zeros until they are touched.
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
