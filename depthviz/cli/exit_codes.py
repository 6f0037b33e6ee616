"""How every command ends: its exit status, and one line about what went wrong.

0 is well; 1 something that failed while it ran, such as a full disk, and damaged files
that were looked for; 2 a mistake of the user, such as a path that is not there; 130 an
interruption; 141 a reader that went away, as in `depthviz info STUDY | head`. What is
printed for people who made a mistake goes to stderr, so that stdout holds results
alone. Any other exception is a defect and shows its traceback.
"""

import errno
import os
import sys
from collections.abc import Callable
from contextlib import suppress

from depthviz.errors import DepthvizError, DivergenceError, ScratchError, TaskError

__all__ = ["FAILED", "exit_status", "say"]

FAILED, MISTAKE, INTERRUPTED, UNREAD = 1, 2, 130, 141
WHILE_RUNNING = (MemoryError, TaskError, DivergenceError, ScratchError)
BAD_PATH = {
    errno.EACCES,
    errno.EBUSY,
    errno.EEXIST,
    errno.EISDIR,
    errno.ELOOP,
    errno.ENAMETOOLONG,
    errno.ENOENT,
    errno.ENOTDIR,
    errno.EPERM,
    errno.EROFS,
    errno.EXDEV,
}


def exit_status(work: Callable[[], int]) -> int:
    """Do the work of a command, and report how it went.

    Args:
        work: Returns the status of a command that went through.

    Returns:
        The exit status.
    """
    try:
        status = work()
    except SystemExit:  # help was asked for, or a word not understood
        _written()
        raise
    except KeyboardInterrupt:
        say("interrupted; no half-written file is left.")
        return INTERRUPTED
    except (DepthvizError, OSError, MemoryError) as error:
        if isinstance(error, BrokenPipeError) or not _written():
            _drop_output()
            return UNREAD
        say(str(error) or "there is not enough memory.")
        return MISTAKE if _is_mistake(error) else FAILED
    return status if _written() else UNREAD


def say(line: str) -> None:
    """Tell the user something that is no result.

    Args:
        line: A sentence.
    """
    print(f"depthviz: {line}", file=sys.stderr)


def _is_mistake(error: BaseException) -> bool:
    """Whether the user can do better, rather than the machine."""
    if isinstance(error, OSError) and not isinstance(error, ScratchError):
        return error.errno in BAD_PATH
    return not isinstance(error, WHILE_RUNNING)


def _written() -> bool:
    """Whether all that was printed has found its reader."""
    if sys.stdout is None:
        return True
    try:
        sys.stdout.flush()
    except (OSError, ValueError):
        _drop_output()
        return False
    return True


def _drop_output() -> None:
    """Send what is left to nobody, or Python would fail to at its end."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
