"""A file that appears, or takes another's place, whole or not at all.

What is written goes into a hidden file in the same folder, is flushed to the disk, and
only then renamed. If writing fails nothing is left of it; if the process is killed, at
most the hidden file, whose name is the target's between a dot and ".part". It is locked
while its writer lives, so the next one to the same place removes those of dead writers.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from depthviz.errors import DataError
from depthviz.machine.disk.descriptors import opened
from depthviz.machine.disk.failures import writing
from depthviz.machine.disk.hidden import find_siblings, new_sibling
from depthviz.machine.disk.locks import is_at, lock
from depthviz.machine.folders import flush
from depthviz.machine.interrupts import enter, restoring

__all__ = ["check_writable", "replacing_file", "write_atomically"]

ENDING = "{}.part"
EXCLUSIVE = os.O_RDWR | os.O_CREAT | os.O_EXCL
READING = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0)


def check_writable(path: Path) -> None:
    """Refuse a place that takes no file, before the work that would fill it.

    Args:
        path: The file that is to be written.

    Raises:
        DataError: If a folder is there, or a device, which a file would replace.
        DiskError: If no file can be written there.
    """
    with writing(path):
        if path.is_dir():
            raise DataError(f"Expected the path of a file, got the folder {path}.")
        if path.exists() and not path.is_file():
            raise DataError(
                f"Expected the path of a file, got {path}, a device or pipe: a file "
                "takes the place of what was there. Write one, and send that."
            )
        with _part(path):
            pass


def write_atomically(path: Path, data: str | bytes, *, mode: int | None = None) -> None:
    """Write text, as UTF-8, or bytes to a file that is there whole or not at all.

    Args:
        path: The file, in a folder that exists; an earlier one is replaced.
        data: What it is to hold.
        mode: Its permissions; by default those of any new file of the process.

    Raises:
        OSError: If it cannot be written; an earlier file is then what it was.
    """
    with replacing_file(path, mode=mode) as file:
        file.write(data.encode() if isinstance(data, str) else data)


@restoring
def replacing_file(path: Path, *, mode: int | None = None) -> Iterator[BinaryIO]:
    """Open a file for writing that takes its place when the context ends well."""
    _remove_dead_parts(path)
    with _part(path) as part:
        with part.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        if mode is not None:
            part.chmod(mode)
        part.replace(path)
        flush(path.parent)


@restoring
def _part(path: Path) -> Iterator[Path]:
    """A new empty file, locked where there are locks; gone at the end."""
    while True:
        with ExitStack() as stack:
            part = new_sibling(path, ENDING)
            enter(stack, _removed, part)
            file = stack.enter_context(ExitStack())
            descriptor = enter(file, opened, part, EXCLUSIVE)
            free = lock(descriptor)
            if free is None:  # Windows renames no file that is open
                file.close()
            elif not free or not is_at(descriptor, part):
                continue  # another writer took it for one that a dead writer left
            yield part
            return


@contextmanager
def _removed(part: Path) -> Iterator[None]:
    try:
        yield
    finally:
        part.unlink(missing_ok=True)


def _remove_dead_parts(path: Path) -> None:
    """Remove what killed writers of the same file left."""
    for left in find_siblings(path, ENDING):
        with suppress(OSError), opened(left, READING) as descriptor:
            if lock(descriptor) and is_at(descriptor, left):
                left.unlink()
