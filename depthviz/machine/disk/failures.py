"""What the system says of a file it does not read or write, in words that help.

An OSError names a number, often no path, and never what to do. Here it becomes a
DiskError with the path that the user gave, the system's reason and the remedy; it stays
an OSError with its `errno`. Errors of depthviz and interrupts pass as they are.
"""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from depthviz.errors import DepthvizError, DiskError

__all__ = ["check_no_mount", "reading", "writing"]

FULL = "Make room on that disk, or give a path on another one."
NO_RIGHT = "Give a path in a folder where you may write, or ask its owner."
NOT_READABLE = "Ask its owner for the right to read it."
TOO_MANY = (
    "Close files and studies that are open, or raise the limit (ulimit -n), and try "
    "again."
)
MOUNT = "Nothing can take the place of a mount point; give a folder inside it."
_SHORT = re.compile(r"\d+ requested and \d+ written")  # numpy's, of a full disk
SHOWN = 400  # letters of a path
REMEDIES = {
    errno.ENOSPC: FULL,
    errno.EDQUOT: FULL,
    errno.EFBIG: FULL,
    errno.EACCES: NO_RIGHT,
    errno.EPERM: NO_RIGHT,
    errno.EROFS: NO_RIGHT,
    errno.EMFILE: TOO_MANY,
    errno.ENFILE: TOO_MANY,
    errno.EBUSY: MOUNT,
    errno.EXDEV: MOUNT,
    errno.ENAMETOOLONG: "Give a shorter name.",
    errno.ELOOP: "Remove the link that leads back to itself.",
    errno.ENOTDIR: "A part of the path is a file; give another path.",
    errno.ENOENT: "A folder was removed meanwhile, or takes no files; try again, or "
    "give another path.",
    errno.EIO: "The disk may fail: copy what is on it, and try again.",
}


def writing(path: str | os.PathLike[str]) -> AbstractContextManager[None]:
    """Turn an OSError into a DiskError that says what was to be written.

    Args:
        path: What the user knows it by.

    Returns:
        A context; DiskError leaves it in place of an OSError.
    """
    return _explained(path, "written", _how_to_write)


def reading(path: str | os.PathLike[str]) -> AbstractContextManager[None]:
    """Turn an OSError into a DiskError that says what was to be read.

    Args:
        path: What the user knows it by.

    Returns:
        A context; DiskError leaves it in place of an OSError.
    """
    return _explained(path, "read", _how_to_read)


def check_no_mount(target: Path) -> None:
    """Refuse a folder that nothing can take the place of.

    Args:
        target: An absolute path.

    Raises:
        DiskError: If a file system is mounted there.
    """
    if os.path.ismount(target):
        raise DiskError(
            f"{target} is a mount point, and nothing can take its place as a whole; "
            f"give a folder inside it, such as {target / 'new'}.",
            errno=errno.EBUSY,
        )


@contextmanager
def _explained(
    path: str | os.PathLike[str], done: str, remedy: Callable[[OSError], str]
) -> Iterator[None]:
    """Turn an OSError of the disk into a DiskError; let all else pass."""
    try:
        yield
    except DepthvizError:
        raise
    except OSError as error:
        if _is_of_others(error):
            raise
        reason = error.strerror or str(error) or type(error).__name__
        raise DiskError(
            f"{_shortened(path)} cannot be {done}: {reason}. {remedy(error)}",
            errno=error.errno,
        ) from error


def _how_to_write(error: OSError) -> str:
    number = error.errno or errno.ENOSPC  # numpy knows that too few were written
    return REMEDIES.get(number, "Try again, or give another path.")


def _how_to_read(error: OSError) -> str:
    if error.errno in (errno.EACCES, errno.EPERM):
        return NOT_READABLE
    return REMEDIES.get(error.errno or 0, "Try again.")


def _is_of_others(error: OSError) -> bool:
    """Whether it is a caller's time limit, a lost worker or a library's own error."""
    unnumbered = error.errno is None and not _SHORT.match(str(error))
    return unnumbered or isinstance(error, ConnectionError)


def _shortened(path: str | os.PathLike[str]) -> str:
    text = os.fspath(path)
    if len(text) <= SHOWN:
        return text
    return f"{text[: SHOWN // 2]}…{text[-SHOWN // 2 :]}"
