"""Which logs the folder of a record holds, and in which order they were written.

A recorder never appends to a log that it did not begin: it writes a new one, named
`log-<generation>-<rank>.bin`. The generation is larger than that of all logs there were
when it began, so what was recorded after a resume lies behind what was recorded before,
whichever process wrote it. Knows nothing of what a log holds.
"""

from __future__ import annotations

import os
import re
import tempfile
from pathlib import Path
from typing import NamedTuple

from depthviz.errors import ArgumentError, ScratchError
from depthviz.machine.paths import local_path

__all__ = ["LogFile", "log_files", "make_folder", "next_log"]

NAME = re.compile(r"log-(\d+)-(\d+)\.bin", re.ASCII)


class LogFile(NamedTuple):
    """A log, by its name.

    Attributes:
        generation: How many recorders had begun before it, one after another.
        rank: The process that wrote it, of those that trained together.
        path: The file.
    """

    generation: int
    rank: int
    path: Path


def make_folder(path: str | os.PathLike[str] | None) -> Path:
    """Make the folder of a record, unless it is there.

    Args:
        path: The folder; None for a temporary one.

    Returns:
        The folder, absolute: it stays where it is if the working folder changes.

    Raises:
        ArgumentError: If it is a file, or no path of a local disk.
        ScratchError: If it cannot be made.
    """
    folder = None if path is None else local_path(path).absolute()
    try:
        if folder is None:
            return Path(tempfile.mkdtemp(prefix="depthviz-record-")).absolute()
        if folder.exists() and not folder.is_dir():
            raise ArgumentError(f"path must be a folder, and {folder} is a file.")
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        place = "A temporary folder" if folder is None else f"The folder {folder}"
        raise ScratchError(
            f"{place} of the training record cannot be made: {error.strerror}. Name "
            "one where you may write."
        ) from error
    return folder


def log_files(folder: Path) -> list[LogFile]:
    """Find the logs in a folder.

    Args:
        folder: The folder of a record.

    Returns:
        Later generations last; within one, by rank.
    """
    found = ((NAME.fullmatch(path.name), path) for path in folder.glob("log-*.bin"))
    return sorted(
        LogFile(int(name[1]), int(name[2]), path) for name, path in found if name
    )


def next_log(folder: Path, rank: int, *, resume: bool) -> LogFile:
    """Name the log that a recorder begins.

    Args:
        folder: The folder of a record.
        rank: The process that records.
        resume: Whether it goes on behind the logs there are; else it is of the first
            generation, whatever the other processes have written already.

    Returns:
        A log that is not there yet, unless another process is as fast.
    """
    logs = log_files(folder) if resume else []
    generation = logs[-1].generation + 1 if logs else 0
    return LogFile(generation, rank, folder / f"log-{generation}-{rank}.bin")
