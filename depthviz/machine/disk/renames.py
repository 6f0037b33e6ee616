"""One folder in another's place.

On Linux the two change places in one step, so that nobody finds nothing there; where
the system or the disk cannot do that, two renames come close.
"""

from __future__ import annotations

import ctypes
import errno
import os
from functools import cache
from pathlib import Path
from typing import Any

__all__ = ["exchange"]

AT_FDCWD = -100
RENAME_EXCHANGE = 2
CANNOT = {errno.EINVAL, errno.ENOSYS, errno.EOPNOTSUPP}


def exchange(one: Path, other: Path) -> bool:
    """Let two folders of one file system change places in one step.

    Args:
        one: A folder.
        other: Another.

    Returns:
        Whether they did; False where the system cannot do that.

    Raises:
        OSError: If it can, but not these.
    """
    call = _renameat2()
    if call is None:
        return False
    paths = os.fsencode(one), os.fsencode(other)
    if not call(AT_FDCWD, paths[0], AT_FDCWD, paths[1], RENAME_EXCHANGE):
        return True
    number = ctypes.get_errno()
    if number in CANNOT:
        return False
    raise OSError(number, os.strerror(number), str(one), None, str(other))


@cache
def _renameat2() -> Any:
    """The system's own call; None where it has none."""
    try:
        call = ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, OSError, TypeError):
        return None
    text, number = ctypes.c_char_p, ctypes.c_int
    call.argtypes = [number, text, number, text, ctypes.c_uint]
    call.restype = number
    return call
