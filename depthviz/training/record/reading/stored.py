"""A record on the disk, read some examples at a time.

Its logs are checked and their sizes noted when it is opened; each time that a measure
is asked for, they are read from front to back once for every part of the examples. What
is asked for as one tensor, `record.margin`, is read whole, once, and kept.

Logs of processes that trained together are laid over each other. Where the same example
was recorded twice at a step, the record of the recorder that began later stays; of one
recorder the later record, and of two that train together that of the larger rank.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from depthviz.errors import ArgumentError, FormatError
from depthviz.machine.disk.failures import reading
from depthviz.training.record.folder import log_files
from depthviz.training.record.log import BLOCK_HEAD, Layout, Run, find_runs, read_layout
from depthviz.training.record.reading.dense import MISSING, DenseArrays, Piece
from depthviz.training.record.reading.measures import RecordMeasures
from depthviz.training.record.record import CELLS, TrainingRecord

__all__ = ["StoredRecord"]

THIN = 1 / 64  # of the dense entries at least this share is recorded
LARGE = 2**27
PIECE = 2**23  # bytes of a log in memory
SMALL_STEPS = 2**24  # steps below it are found by a table


class Log(NamedTuple):
    """A checked log: what its records hold, and where they lie."""

    path: Path
    layout: Layout
    runs: list[Run]


class StoredRecord(RecordMeasures):
    """What a network said about the examples while it trained, on the disk.

    It has the attributes of a `TrainingRecord`, each read when it is asked for, and its
    measures, which are found part by part.

    Args:
        folder: The folder of the record.
        count: N; by default the largest index and one.

    Attributes:
        steps: The recorded steps, ascending, int64, shape `(T,)`.

    Raises:
        ArgumentError: If an index lies outside `count`, or there are so many steps of
            so few examples that dense tensors would not be sensible.
        FormatError: If a log is damaged, or logs are of different networks.
    """

    def __init__(self, folder: Path, count: int | None = None) -> None:
        self._folder = folder
        self._logs = _open_logs([log.path for log in log_files(folder)])
        _check_alike(self._logs)
        found, largest, records = [], -1, 0
        for piece in self._pieces():
            found.append(_distinct(piece.records["step"]))
            largest = max(largest, int(piece.records["index"].max(initial=0)))
            records += piece.records.size
        steps = np.unique(np.concatenate(found)) if found else np.empty(0, np.int64)
        self.steps: Tensor = torch.from_numpy(steps.astype(np.int64))
        self._count = _count_examples(largest + 1, count)
        _check_size(len(steps), self._count, records)

    def __getattr__(self, name: str) -> Any:
        if name in (*MISSING, "label", "logits"):
            return getattr(self._whole, name)
        raise AttributeError(f"{type(self).__name__} has no attribute {name!r}")

    def __len__(self) -> int:
        return self._count

    def __repr__(self) -> str:
        logits = "" if "logits" in self.lacks else ", with logits"
        errors = ", without norms of errors" if "errors" in self.lacks else ""
        counts = f"{len(self.steps):,} steps of {self._count:,} examples"
        return f"<StoredRecord: {counts}{logits}{errors}>"

    @property
    def lacks(self) -> tuple[str, ...]:
        """What this record does not hold, of "errors" and "logits"."""
        written = [log.layout for log in self._logs if log.runs]
        no_errors = bool(written) and not any(one.has_errors for one in written)
        no_logits = not any(one.keep_logits for one in written)
        return ("errors",) * no_errors + ("logits",) * no_logits

    @cached_property
    def size(self) -> int:
        """Bytes of its logs."""
        return sum(
            run.blocks * run.count * log.layout.bytes_of_record
            for log in self._logs
            for run in log.runs
        )

    def whole(self) -> TrainingRecord:
        """Read all of it.

        Returns:
            The record in memory.
        """
        return self._whole

    def parts(self, *names: str) -> Iterator[TrainingRecord]:
        """Read the record, some examples at a time.

        Args:
            *names: The attributes that are looked at; all by default. Others of one
                value for each step and example are missing everywhere.

        Yields:
            Records of the next examples, all of them in order.
        """
        wanted = names or ("logits", *MISSING)
        numbers = self._logs[0].layout.classes if self._reads_logits(wanted) else 1
        width = max(1, CELLS // max(1, len(self.steps) * numbers))
        for start in range(0, max(1, self._count), width):
            yield self._part(start, min(start + width, self._count), wanted)

    @cached_property
    def _whole(self) -> TrainingRecord:
        return self._part(0, self._count, ("logits", *MISSING))

    def _reads_logits(self, wanted: tuple[str, ...]) -> bool:
        return "logits" in wanted and "logits" not in self.lacks

    def _part(self, start: int, end: int, wanted: tuple[str, ...]) -> TrainingRecord:
        """Read the records of the examples from `start` to before `end`."""
        layout = self._logs[0].layout if self._reads_logits(wanted) else None
        dense = DenseArrays((len(self.steps), end - start), wanted, layout)
        row_of = _row_finder(self.steps.numpy())
        for piece in self._pieces():
            index = piece.records["index"]
            here = np.nonzero((index >= start) & (index < end))
            columns = index[here].astype(np.int64) - start
            dense.lay(piece, here, row_of(piece.records["step"][here]), columns)
        return dense.record(self.steps)

    def _pieces(self) -> Iterator[Piece]:
        with reading(self._folder):
            for log in self._logs:
                with log.path.open("rb") as file:
                    for run in log.runs:
                        yield from _read_run(file, log.layout, run)


def _open_logs(paths: list[Path]) -> list[Log]:
    layouts = {path: read_layout(path) for path in paths}
    return [
        Log(path, layout, find_runs(path))
        for path, layout in layouts.items()
        if layout is not None
    ]


def _check_alike(logs: list[Log]) -> None:
    kinds = {(log.layout.classes, log.layout.keep_logits) for log in logs}
    if len(kinds) > 1:
        raise FormatError(
            f"The logs in {logs[0].path.parent} are of different networks: "
            f"{', '.join(f'{classes} classes' for classes, _ in sorted(kinds))}, or "
            "with and without logits."
        )


def _read_run(file: Any, layout: Layout, run: Run) -> Iterator[Piece]:
    """Read blocks of one size, some megabytes at a time, as one array of records."""
    size = BLOCK_HEAD.size + run.count * layout.bytes_of_record
    at_once, done = max(1, PIECE // size), 0
    while done < run.blocks:
        blocks = min(at_once, run.blocks - done)
        file.seek(run.start + done * size)
        data = file.read(blocks * size)
        if len(data) < blocks * size:
            raise FormatError(
                f"The training record {file.name} became shorter after it was opened; "
                "open it again."
            )
        yield _view(data, layout, blocks, run.count)
        done += blocks


def _view(data: bytes, layout: Layout, blocks: int, count: int) -> Piece:
    size, each = len(data) // blocks, layout.record.itemsize
    head = BLOCK_HEAD.size
    records: NDArray[Any] = np.ndarray(
        (blocks, count), layout.record, data, head, (size, each)
    )
    logits: NDArray[Any] | None = None
    if layout.keep_logits:
        shape = (blocks, count, layout.classes)
        steps = (size, 4 * layout.classes, 4)
        behind = head + count * each
        logits = np.ndarray(shape, "<f4", data, behind, steps)
    return Piece(layout, records, logits)


def _distinct(steps: NDArray[Any]) -> NDArray[np.int64]:
    """Find the steps of a piece, which are few; a table is faster than sorting."""
    largest = int(steps.max(initial=0))
    if largest >= SMALL_STEPS:
        return np.unique(steps).astype(np.int64)
    seen = np.zeros(largest + 1, bool)
    seen[steps] = True
    return np.flatnonzero(seen)


def _row_finder(steps: NDArray[np.int64]) -> Any:
    """Make a function from steps to their rows."""
    if not len(steps) or steps[-1] >= SMALL_STEPS:
        return lambda wanted: np.searchsorted(steps, wanted)
    rows = np.zeros(int(steps[-1]) + 1, np.int64)
    rows[steps] = np.arange(len(steps))
    return lambda wanted: rows[wanted]


def _count_examples(least: int, count: int | None) -> int:
    if count is None:
        return least
    if count < least:
        raise ArgumentError(
            f"count must be at least {least}, since example {least - 1} was recorded; "
            f"got {count}."
        )
    return count


def _check_size(steps: int, examples: int, records: int) -> None:
    entries = steps * examples
    if entries > LARGE and records < THIN * entries:
        raise ArgumentError(
            f"This record has {steps:,} steps of {records / steps:,.0f} examples each, "
            f"out of {examples:,}: too few to lay out. Record each batch with "
            "step=epoch, or without a step, so that a step covers the examples, and by "
            "positions in the training data, not ids."
        )
