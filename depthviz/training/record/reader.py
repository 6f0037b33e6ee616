"""From the logs in a folder to the dense tensors of a training record.

Logs of processes that trained together are laid over each other. Where the same example
was recorded twice at a step, the record of the recorder that began later stays; of one
recorder the later record, and of two that train together that of the larger rank.
"""

from __future__ import annotations

import os
from itertools import chain, islice
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from depthviz.errors import ArgumentError, FormatError
from depthviz.machine.disk.failures import reading
from depthviz.machine.interrupts import closing
from depthviz.machine.paths import local_path
from depthviz.training.record.folder import log_files
from depthviz.training.record.log import Layout, read_blocks, read_layout
from depthviz.training.record.record import TrainingRecord

__all__ = ["open_record", "read_record"]

THIN = 1 / 64  # of the dense entries at least this share is recorded
LARGE = 2**27


def open_record(path: str | os.PathLike[str]) -> TrainingRecord:
    """Open what a recorder wrote.

    Args:
        path: The folder that was given to the recorder.

    Returns:
        The record, with N the largest index and one.

    Raises:
        DiskError: If the system does not let it be read.
        FormatError: If the folder holds no record, a newer or a damaged one.

    Example:
        >>> import tempfile
        >>> from depthviz.training.record.recorder import Recorder
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     with Recorder(folder) as recorder:
        ...         recorder.record([0, 1], torch.eye(2), [0, 1])
        ...     record = open_record(folder)
        >>> record.correct
        tensor([[True, True]])
    """
    folder = local_path(path)
    with reading(folder):
        if not log_files(folder):
            raise FormatError(
                f"{folder} holds no training record; give the folder that was given to "
                "depthviz.Recorder."
            )
        return read_record(folder)


def read_record(folder: Path, count: int | None = None) -> TrainingRecord:
    """Read all logs of a folder as one record.

    Args:
        folder: The folder of a record.
        count: N; by default the largest index and one.

    Returns:
        The record.

    Raises:
        ArgumentError: If an index lies outside `count`, or there are so many steps of
            so few examples that dense tensors would not be sensible.
        FormatError: If a log is damaged, or logs are of different networks.
    """
    paths = [log.path for log in log_files(folder)]
    logs = [path for path in paths if read_layout(path) is not None]
    layout = _common_layout(logs)
    parts = {path: _read_records(path) for path in logs}
    records = np.concatenate([np.empty(0, layout.record), *chain(*parts.values())])
    steps, rows = np.unique(records["step"], return_inverse=True)
    columns = records["index"].astype(np.int64)
    examples = _count_examples(columns, count)
    _check_size(len(steps), examples, len(records))
    place = rows, columns
    blocks = {path: len(part) for path, part in parts.items()}
    shape = len(steps), examples
    prediction = records["prediction"].astype(np.int64)
    prediction[prediction == layout.none] = -1
    label = records["label"].astype(np.int32)
    return TrainingRecord(
        steps=torch.from_numpy(steps.astype(np.int64)),
        recorded=_dense(np.ones(len(records), bool), place, shape, False),
        prediction=_dense(prediction.astype(np.int32), place, shape, -1),
        correct=_dense(prediction == label, place, shape, False),
        margin=_dense(records["margin"], place, shape, np.nan),
        probability=_dense(records["probability"], place, shape, np.nan),
        label=_dense(label, (columns,), (examples,), -1),
        logits=_read_logits(blocks, layout, place, shape),
    )


def _read_records(path: Path) -> list[NDArray[Any]]:
    """Read the records of each block; the log is closed also where a Stop comes."""
    with closing(read_blocks(path)) as blocks:
        return [block.records for block in blocks]


def _common_layout(logs: list[Path]) -> Layout:
    layouts = {layout for layout in map(read_layout, logs) if layout is not None}
    if len(layouts) > 1:
        raise FormatError(
            f"The logs in {logs[0].parent} are of different networks: "
            f"{', '.join(f'{one.classes} classes' for one in sorted(layouts))}, or "
            "with and without logits."
        )
    return layouts.pop() if layouts else Layout(2, keep_logits=False)


def _count_examples(index: NDArray[np.int64], count: int | None) -> int:
    least = int(index.max(initial=-1)) + 1
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


def _dense(
    values: NDArray[Any],
    place: tuple[NDArray[np.int64], ...],
    shape: tuple[int, ...],
    missing: object,
) -> Tensor:
    """Lay values out; of two in one place the later stays: numpy goes in order."""
    dense = np.full(shape, missing, values.dtype)
    dense[place] = values
    return torch.from_numpy(dense)


def _read_logits(
    blocks: dict[Path, int],
    layout: Layout,
    place: tuple[NDArray[np.int64], ...],
    shape: tuple[int, int],
) -> Tensor | None:
    """Lay the logits of as many blocks out, one by one: there is no second copy."""
    if not layout.keep_logits:
        return None
    dense = np.full((*shape, layout.classes), np.nan, np.float32)
    rows, columns = place
    done = 0
    for path, count in blocks.items():
        with closing(read_blocks(path)) as found:
            for block in islice(found, count):
                here = slice(done, done + len(block.records))
                dense[rows[here], columns[here]] = block.logits
                done += len(block.records)
    return torch.from_numpy(dense)
