"""From the folder of a record to the record itself."""

from __future__ import annotations

import os
from pathlib import Path

from depthviz.errors import FormatError
from depthviz.machine.disk.failures import reading
from depthviz.machine.paths import local_path
from depthviz.training.record.folder import log_files
from depthviz.training.record.reading.stored import StoredRecord
from depthviz.training.record.record import TrainingRecord

__all__ = ["open_record", "read_record"]


def open_record(path: str | os.PathLike[str]) -> StoredRecord:
    """Open what a recorder wrote.

    Its measures are found some examples at a time, so that a record of any size can be
    measured; what is recorded after it was opened is not in it.

    Args:
        path: The folder that was given to the recorder.

    Returns:
        The record, with N the largest index and one.

    Raises:
        DiskError: If the system does not let it be read.
        FormatError: If the folder holds no record, a newer or a damaged one.

    Example:
        >>> import tempfile
        >>> import torch
        >>> from depthviz.training.record.recorder import Recorder
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     with Recorder(folder) as recorder:
        ...         recorder.record([0, 1], torch.eye(2), [0, 1])
        ...     open_record(folder).correct
        tensor([[True, True]])
    """
    folder = local_path(path)
    with reading(folder):
        if not log_files(folder):
            raise FormatError(
                f"{folder} holds no training record; give the folder that was given to "
                "depthviz.Recorder."
            )
        return StoredRecord(folder)


def read_record(folder: Path, count: int | None = None) -> TrainingRecord:
    """Read all logs of a folder as one record.

    Args:
        folder: The folder of a record.
        count: N; by default the largest index and one.

    Returns:
        The record, in memory.

    Raises:
        ArgumentError: As `StoredRecord`.
        FormatError: As `StoredRecord`.
    """
    return StoredRecord(folder, count).whole()
