"""A folder that appears, or takes another's place, whole or not at all.

What is to be written goes into a hidden workplace next to the target, is flushed to the
disk, and only then renamed into place. Replacing a folder takes two renames; if the
process dies between them, the next `recover` puts the earlier folder back. A lock that
dies with its process distinguishes a killed save from one that goes on.

It knows nothing of what is written, and does not keep apart two processes that replace
one folder at the same time: the later one wins, or fails.
"""

from __future__ import annotations

import glob
import os
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

__all__ = ["flush", "flush_tree", "lock_folder", "recover", "replacing"]

NEW, OLD = "new", "old"  # inside a workplace
TOKEN_BYTES = 4
HOUR = 3600


@contextmanager
def replacing(target: Path) -> Iterator[Path]:
    """Give a place to write to, which becomes the target when the context ends well.

    Args:
        target: An absolute path; a folder there is replaced.

    Yields:
        A path next to it where nothing is yet.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    with _workplace(target) as place:
        yield place / NEW
        flush_tree(place / NEW)
        _replace(target, place)


@contextmanager
def lock_folder(folder: Path) -> Iterator[bool | None]:
    """Hold a folder's lock, which dies with the process.

    Args:
        folder: A folder that exists.

    Yields:
        Whether it was free; None where there are no such locks, as on Windows and some
        network disks: there nobody is kept out, and what a killed save left stays.
    """
    try:
        from fcntl import LOCK_EX, LOCK_NB, flock
    except ImportError:
        yield None
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        free: bool | None = True
        try:
            flock(descriptor, LOCK_EX | LOCK_NB)
        except BlockingIOError:
            free = False
        except OSError:
            free = None
        yield free
    finally:
        os.close(descriptor)


def recover(target: Path) -> None:
    """Finish what killed saves left: put back an earlier folder, remove the rest.

    Args:
        target: An absolute path.
    """
    for left in _beside(target, f"saving-{_any_token()}"):
        with suppress(OSError), lock_folder(left) as free:
            if free:
                _recover_from(target, left)
    for bare in _beside(target, _any_token()):
        with suppress(OSError):  # above all where it is not empty
            if time.time() - bare.stat().st_mtime > HOUR:
                bare.rmdir()


def flush_tree(place: Path) -> None:
    """See to it that a folder and all in it are on the disk.

    Args:
        place: The folder.
    """
    for path in [*place.rglob("*"), place]:
        flush(path)


def flush(path: Path) -> None:
    """See to it that a file, or the list of a folder's files, is on the disk.

    Args:
        path: Either.
    """
    with suppress(PermissionError):  # Windows opens no folders
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


@contextmanager
def _workplace(target: Path) -> Iterator[Path]:
    """A locked folder next to the target, gone at the end."""
    token = secrets.token_hex(TOKEN_BYTES)
    bare = _sibling(target, token)
    bare.mkdir()
    # It takes the name that `recover` looks for when it is locked, not before.
    with lock_folder(bare):
        place = bare.rename(_sibling(target, f"saving-{token}"))
        try:
            yield place
        finally:
            _recover_from(target, place)


def _sibling(target: Path, ending: str) -> Path:
    return target.with_name(f".{target.name}.{ending}")


def _any_token() -> str:
    return "[0-9a-f]" * (2 * TOKEN_BYTES)


def _beside(target: Path, ending: str) -> list[Path]:
    """The siblings whose ending fits a pattern; the target's own name is none."""
    return list(target.parent.glob(f".{glob.escape(target.name)}.{ending}"))


def _replace(target: Path, place: Path) -> None:
    if target.exists():
        target.rename(place / OLD)
    (place / NEW).rename(target)
    flush(target.parent)


def _recover_from(target: Path, place: Path) -> None:
    if (place / OLD).exists() and not target.exists():
        (place / OLD).rename(target)
    shutil.rmtree(place, ignore_errors=True)
