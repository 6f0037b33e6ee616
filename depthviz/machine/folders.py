"""A folder that appears, or takes another's place, whole or not at all.

What is to be written goes into a hidden workplace next to the target, is flushed to the
disk, and only then takes the target's place, under the lock of the folder that is
there: whoever replaces the same one waits. What is replaced is looked at when it is
still there and once more when it is out of reach; if it holds what may not be lost it
is put back. If the process dies meanwhile, the next `recover` finishes or undoes it. A
lock that dies with its process distinguishes a killed save from one that goes on.

It knows nothing of what is written.
"""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

from depthviz.machine.disk.descriptors import opened
from depthviz.machine.disk.failures import check_no_mount
from depthviz.machine.disk.hidden import find_siblings, new_sibling
from depthviz.machine.disk.locks import hold_folder, lock_folder
from depthviz.machine.disk.renames import exchange
from depthviz.machine.interrupts import (
    enter,
    interruptible,
    restoring,
    uninterrupted,
)

__all__ = ["flush", "flush_tree", "is_being_replaced", "recover", "replacing"]

NEW, OLD = "new", "old"  # inside a workplace
ENDING = "saving-{}"
IN_THE_WAY = {errno.ENOTEMPTY, errno.EEXIST, errno.ENOTDIR}

Check = Callable[[Path], object]
Carry = Callable[[Path, Path], object]


@restoring
def replacing(
    target: Path, *, check: Check, carry: Carry | None = None
) -> Iterator[Path]:
    """Give a place to write to, which becomes the target when the context ends well.

    Args:
        target: An absolute path; an empty folder there is replaced, and one that
            passes the check.
        check: Raises if what is at a path may not be lost. Called of the target before
            anything is written and when it is to be replaced, and once more of what
            was taken from there.
        carry: Takes over what is to outlive the folder that is replaced: called with
            it and the new one, while its lock is held.

    Yields:
        A path next to it where nothing is yet.
    """
    check_no_mount(target)
    recover(target)
    if os.path.lexists(target):
        check(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    with _workplace(target) as place:
        yield place / NEW
        _replace(place, target, check, carry)
        flush(target.parent)


def recover(target: Path) -> None:
    """Finish what killed saves left: put back an earlier folder, remove the rest.

    Args:
        target: An absolute path.
    """
    for left in find_siblings(target, ENDING):
        with suppress(OSError), lock_folder(left) as free:
            if free:
                _recover_from(target, left)


def is_being_replaced(target: Path) -> bool:
    """Whether somebody writes what is to take a folder's place.

    Args:
        target: An absolute path.

    Returns:
        Whether a workplace is next to it.
    """
    return bool(find_siblings(target, ENDING))


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
    with ExitStack() as stack:
        try:
            descriptor = enter(stack, opened, path)
        except PermissionError:  # Windows opens no folders
            return
        os.fsync(descriptor)


@restoring
def _workplace(target: Path) -> Iterator[Path]:
    """A locked folder next to the target, gone at the end."""
    while True:
        place = new_sibling(target, ENDING)
        try:
            place.mkdir()
            with lock_folder(place) as free:
                if free is False:  # another process took it for a dead one's
                    continue
                try:
                    yield place
                finally:
                    _recover_from(target, place)
                return
        finally:
            with suppress(OSError):
                place.rmdir()


def _appear(new: Path, target: Path) -> bool:
    """Rename a folder to where nothing is, or an empty one; whether it was so."""
    try:
        new.rename(target)
    except OSError as error:
        if error.errno in IN_THE_WAY:
            return False
        raise
    return True


@interruptible  # the disk may be slow, and another may hold the lock for long
def _replace(place: Path, target: Path, check: Check, carry: Carry | None) -> None:
    """Take the place of nothing, or of what is there if it passes the check."""
    new = place / NEW
    flush_tree(new)
    while not _appear(new, target):
        with ExitStack() as held:
            try:
                enter(held, hold_folder, target)
            except FileNotFoundError:  # it went away meanwhile
                continue
            except NotADirectoryError:
                check(target)
                raise
            check(target)
            if carry is not None:
                carry(target, new)
            _swap(place, target, check)
            return


@uninterrupted
def _swap(place: Path, target: Path, check: Check) -> None:
    """Put the new folder in the other's place, and look at that one again."""
    new, old = place / NEW, place / OLD
    at_once = exchange(new, target)
    if not at_once:
        target.rename(old)
        new.rename(target)
    try:
        check(new if at_once else old)
    except BaseException:
        if at_once:
            exchange(new, target)
        else:
            target.rename(new)
            old.rename(target)
        check(target)  # says the same of the place that the user knows
        raise


def _recover_from(target: Path, place: Path) -> None:
    if (place / OLD).exists() and not target.exists():
        (place / OLD).rename(target)
    shutil.rmtree(place, ignore_errors=True)
