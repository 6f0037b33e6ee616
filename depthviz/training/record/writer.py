"""The one recorder that writes a log.

Every append is handed to the system at once, so it outlives the process. One that the
disk has no room for is taken back, and the log stays whole. While a log is written it
is locked, so that a second recorder of the same process rank is refused; where there
are no such locks (Windows, some network file systems) only two that begin the same log
are. Knows the layout of a log, not what its records mean.
"""

from __future__ import annotations

import errno
import os
import sys
from contextlib import suppress
from pathlib import Path

from depthviz.errors import ArgumentError, ScratchError
from depthviz.machine.disk.descriptors import opened
from depthviz.machine.interrupts import uninterrupted
from depthviz.training.record.folder import log_files, next_log
from depthviz.training.record.log import Layout

__all__ = ["LogWriter"]

NOT_OPEN = -1


class LogWriter:
    """Begin a log and append to it.

    Args:
        folder: The folder of the record.
        rank: The process that records, of those that train together.
        layout: What its records hold.
        resume: Whether it goes on behind the logs there are.

    Raises:
        ArgumentError: If another recorder of this rank writes into the folder.
        ScratchError: If the folder takes no file.
    """

    def __init__(
        self, folder: Path, rank: int, layout: Layout, *, resume: bool = False
    ) -> None:
        self._path = next_log(folder, rank, resume=resume).path
        self._process, self._end = os.getpid(), 0
        self._descriptor = NOT_OPEN
        try:
            self._open(folder, rank)
            self._begin(folder, rank, layout)
        except BaseException:
            if self._descriptor != NOT_OPEN:
                self.close()
                self._path.unlink()
            raise

    @uninterrupted  # the system's number of a file must not be lost
    def _open(self, folder: Path, rank: int) -> None:
        flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_APPEND
        try:
            self._descriptor = os.open(
                self._path, flags | getattr(os, "O_BINARY", 0), 0o644
            )
        except FileExistsError as error:
            raise _not_alone(folder, rank) from error
        except OSError as error:
            raise self._cannot(error) from error

    def append(self, data: bytes) -> None:
        """Write bytes at the end, all or none.

        Args:
            data: What `Layout.block` made.

        Raises:
            ScratchError: If the disk is full, or the log was removed meanwhile.
        """
        self._check_there()
        view = memoryview(data)
        try:
            while view:
                view = view[os.write(self._descriptor, view) :]
        except OSError as error:
            os.ftruncate(self._descriptor, self._end)
            raise self._cannot(error) from error
        self._end += len(data)

    def close(self) -> None:
        """Let go of the file; in a forked process it is left to the other."""
        if os.getpid() == self._process:
            _unlock(self._descriptor)
            os.close(self._descriptor)

    def _begin(self, folder: Path, rank: int, layout: Layout) -> None:
        """Lock the own log, then look at the others: of two, one sees the other."""
        others = [log.path for log in log_files(folder) if log.rank == rank]
        others.remove(self._path)
        if not _lock(self._descriptor) or any(map(_is_written, others)):
            raise _not_alone(folder, rank)
        self.append(layout.head())

    def _check_there(self) -> None:
        """Refuse to write into a file without a name: nobody could read it."""
        if os.fstat(self._descriptor).st_nlink == 0 and not self._path.exists():
            raise ScratchError(
                f"The log {self._path} was removed while it was written: what was "
                "recorded is lost. Make another recorder, of a folder that is left "
                "alone while it is open."
            )

    def _cannot(self, error: OSError) -> ScratchError:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        remedy = (
            "Make room, or name another folder; what is there already is whole, and "
            "Recorder(path, resume=True) goes on with it."
            if full
            else "Name a folder that is there and takes files until the recorder is "
            "closed."
        )
        return ScratchError(
            f"The training record in {self._path.parent} cannot be written: "
            f"{error.strerror}. {remedy}"
        )


def _not_alone(folder: Path, rank: int) -> ArgumentError:
    return ArgumentError(
        f"Another recorder of rank {rank} writes into {folder}. Close it, or name "
        "another folder; one that was killed is gone when the processes that it "
        "started are. Processes that train together may share a folder if each has "
        "its rank: torch.distributed must be initialized before they record."
    )


def _is_written(path: Path) -> bool:
    """Whether a recorder that is alive has the log locked."""
    with opened(path) as descriptor:
        return not _lock(descriptor, shared=True)


if sys.platform == "win32":

    def _lock(descriptor: int, *, shared: bool = False) -> bool:
        return True

    def _unlock(descriptor: int) -> None:
        pass

else:
    import fcntl

    def _lock(descriptor: int, *, shared: bool = False) -> bool:
        """Lock a file until it is closed; False if another holds it."""
        kind = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
        try:
            fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:  # a file system without locks
            return True
        return True

    def _unlock(descriptor: int) -> None:
        """Let go even where a forked process has the file open still."""
        with suppress(OSError):
            fcntl.flock(descriptor, fcntl.LOCK_UN)
