"""The one process that appends to a log.

Every append is handed to the system at once, so it outlives the process. One that the
disk has no room for is taken back, and the log stays whole. Knows the layout of a log,
not what its records mean.
"""

from __future__ import annotations

import os
from pathlib import Path

from depthviz.errors import ScratchError
from depthviz.training.log import Layout, read_blocks, read_layout

__all__ = ["LogWriter"]


class LogWriter:
    """Append to a log, new or old; a last block that is not whole is cut off.

    Args:
        path: The file.
        layout: What its records hold.

    Raises:
        FormatError: If there is a file that is no log, or a damaged one.
        ScratchError: If the folder takes no file.
    """

    def __init__(self, path: Path, layout: Layout) -> None:
        self._path, self._process = path, os.getpid()
        self._end = _whole_bytes(path)
        flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0)
        try:
            self._descriptor = os.open(path, flags, 0o644)
        except OSError as error:
            raise self._cannot(error) from error
        os.ftruncate(self._descriptor, self._end)
        if not self._end:
            self.append(layout.head())

    def append(self, data: bytes) -> None:
        """Write bytes at the end, all or none.

        Args:
            data: What `Layout.block` made.

        Raises:
            ScratchError: If the disk is full.
        """
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
            os.close(self._descriptor)

    def _cannot(self, error: OSError) -> ScratchError:
        return ScratchError(
            f"The training record in {self._path.parent} cannot be written: "
            f"{error.strerror}. Make room, or name another folder; what is there "
            "already is whole, and Recorder(path, resume=True) goes on with it."
        )


def _whole_bytes(path: Path) -> int:
    """Count the bytes up to the end of the last whole block."""
    layout = read_layout(path) if path.exists() else None
    end = 0 if layout is None else len(layout.head())
    for block in read_blocks(path) if layout is not None else ():
        end = block.end
    return end
