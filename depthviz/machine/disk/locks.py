"""Locks of files and folders that die with their process and leave nothing behind.

The lock is the system's own (flock) on the file or folder itself. Where there are none,
as on Windows and some network disks, nobody is kept out, and what killed writers left
stays.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from depthviz.machine.interrupts import enter, interruptible, restoring

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

__all__ = ["hold_folder", "is_at", "lock", "lock_folder"]

HERE = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_NOFOLLOW", 0)


def lock(descriptor: int, *, wait: bool = False) -> bool | None:
    """Lock an open file or folder until it is closed.

    Args:
        descriptor: Of the file or folder.
        wait: Whether to wait until it is free.

    Returns:
        Whether it was free; None where there are no such locks.
    """
    if fcntl is None:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except BlockingIOError:
        return False
    except OSError:
        return None
    return True


@restoring
def lock_folder(folder: Path) -> Iterator[bool | None]:
    """Hold a folder's lock, which dies with the process.

    Args:
        folder: The folder.

    Yields:
        Whether it was free, and is still there; None where there are no such locks.
    """
    with ExitStack() as opened:
        free: bool | None = False
        with suppress(FileNotFoundError):
            descriptor = enter(opened, _opened, folder)
            free = None if descriptor is None else lock(descriptor)
            if free and descriptor is not None:
                free = is_at(descriptor, folder)
        yield free


@restoring
def hold_folder(folder: Path) -> Iterator[None]:
    """Wait for a folder's lock and hold it, of the folder that is at the path then.

    Args:
        folder: A folder that exists; another may take its place meanwhile.

    Raises:
        OSError: If there is no folder at the path.
    """
    while True:
        with _opened(folder) as descriptor:
            if descriptor is None:
                yield
                return
            _wait(descriptor)
            if is_at(descriptor, folder):
                yield
                return


@interruptible  # another may hold it for long
def _wait(descriptor: int) -> None:
    lock(descriptor, wait=True)


def is_at(descriptor: int, path: Path) -> bool:
    """Whether an open file or folder is the one at a path.

    Args:
        descriptor: Of the open one.
        path: Where it was opened.

    Returns:
        Whether it is still there; False where it was replaced, moved or removed.
    """
    try:
        return os.path.samestat(os.fstat(descriptor), os.lstat(path))
    except FileNotFoundError:
        return False


@restoring
def _opened(folder: Path) -> Iterator[int | None]:
    """Open a folder for its lock; None where there are none."""
    if fcntl is None:
        yield None
        return
    with ExitStack() as stack:
        yield enter(stack, _descriptor, folder)


@contextmanager
def _descriptor(folder: Path) -> Iterator[int]:
    process = os.getpid()
    descriptor = os.open(folder, HERE)
    try:
        yield descriptor
    finally:
        if os.getpid() == process:  # a child that was forked meanwhile holds it too
            with suppress(OSError):
                fcntl.flock(descriptor, fcntl.LOCK_UN)
        os.close(descriptor)
