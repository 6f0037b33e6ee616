"""Files that the system knows by a number, which no Stop lets us forget."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from depthviz.machine.interrupts import enter, restoring

__all__ = ["opened"]


@restoring
def opened(path: Path, flags: int = os.O_RDONLY, *, mode: int = 0o666) -> Iterator[int]:
    """Open a file or folder, and close it at the end.

    Args:
        path: Where it is, or is made by the flags.
        flags: As for `os.open`.
        mode: Permissions of a file that is made.

    Yields:
        Its descriptor.

    Raises:
        OSError: If it cannot be opened.
    """
    with ExitStack() as stack:
        yield enter(stack, _descriptor, path, flags, mode)


@contextmanager
def _descriptor(path: Path, flags: int, mode: int) -> Iterator[int]:
    descriptor = os.open(path, flags, mode)
    try:
        yield descriptor
    finally:
        os.close(descriptor)
