"""JSON from a file that somebody else may have made: read within limits, or refused.

A pipe in a file's place would make a reader wait for ever, a file of terabytes fill the
memory, and values nested a hundred thousand deep end the interpreter. Only a regular
file is read, no more of it than a limit, and nothing that is nested deeper than any
file of ours. Knows nothing of what is in it.
"""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path
from typing import Any

from depthviz.errors import FormatError
from depthviz.machine.disk.descriptors import opened

__all__ = ["LARGEST", "read_json", "read_json_object", "read_small_file"]

LARGEST = 256 * 2**20  # bytes
DEEPEST = 100


def read_json_object(path: Path, *, limit: int = LARGEST) -> dict[str, Any]:
    """Read a JSON object, as `read_json` reads any value.

    Args:
        path: The file.
        limit: Most bytes it may have.

    Returns:
        The object.

    Raises:
        FormatError: If it holds another value, or is no JSON.
        OSError: If it cannot be read.
    """
    value = read_json(path, limit=limit)
    if not isinstance(value, dict):
        raise FormatError(
            f"{path} is damaged: it must hold a JSON object, and holds a value of type "
            f"{type(value).__name__}."
        )
    return value


def read_json(path: Path, *, limit: int = LARGEST) -> Any:
    """Read JSON from a regular file.

    Args:
        path: The file.
        limit: Most bytes it may have.

    Returns:
        The value.

    Raises:
        FormatError: If it is no regular file, larger than the limit, no JSON in UTF-8,
            or nested deeper than 100 times.
        OSError: If it cannot be read; FileNotFoundError where there is none.
    """
    data = read_small_file(path, limit=limit)
    try:
        value = json.loads(data.decode("utf-8"))
    except RecursionError:
        raise _too_deep(path) from None
    except ValueError as error:  # no UTF-8, no JSON, a number of too many digits
        what = "is empty" if not data.strip() else f"is no JSON ({error})"
        raise FormatError(f"{path} is damaged: it {what:.200}.") from None
    if _is_deep(value):
        raise _too_deep(path)
    return value


def read_small_file(path: Path, *, limit: int) -> bytes:
    """Read a regular file whole.

    Args:
        path: The file.
        limit: Most bytes it may have.

    Returns:
        Its bytes.

    Raises:
        FormatError: If it is no regular file, or larger than the limit.
        OSError: If it cannot be read; FileNotFoundError where there is none.
    """
    if not stat.S_ISREG(path.stat().st_mode):
        raise FormatError(
            f"{path} is no regular file, but a folder, a pipe or a device, or leads to "
            "one. Replace it by the file itself, or remove it."
        )
    # Without waiting, should a pipe take its place at this moment.
    flags = os.O_RDONLY
    for name in ("O_NONBLOCK", "O_BINARY"):
        flags |= getattr(os, name, 0)
    with opened(path, flags) as descriptor:
        file = os.fdopen(descriptor, "rb", closefd=False)
        data = file.read(limit + 1)
    if len(data) > limit:
        raise FormatError(
            f"{path} has more than {limit:,} bytes, the most that is read of it; it is "
            "damaged, or none of ours."
        )
    return data


def _is_deep(value: Any) -> bool:
    level = [value]
    for _ in range(DEEPEST):
        inner: list[Any] = []
        for each in level:
            if isinstance(each, dict):
                inner.extend(each.values())
            elif isinstance(each, list):
                inner.extend(each)
        level = [each for each in inner if isinstance(each, dict | list)]
        if not level:
            return False
    return True


def _too_deep(path: Path) -> FormatError:
    return FormatError(
        f"{path} is damaged: its values are nested deeper than {DEEPEST} times."
    )
