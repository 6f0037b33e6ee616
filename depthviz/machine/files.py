"""A file that appears, or takes another's place, whole or not at all.

What is written goes into a hidden file in the same folder, is flushed to the disk, and
only then renamed. If writing fails nothing is left of it; if the process is killed, at
most the hidden file, whose name is the target's between a dot and ".part".
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from depthviz.machine.folders import flush

__all__ = ["replacing_file", "write_atomically"]


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


@contextmanager
def replacing_file(path: Path, *, mode: int | None = None) -> Iterator[BinaryIO]:
    """Open a file for writing that takes its place when the context ends well."""
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        with part.open("xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        if mode is not None:
            part.chmod(mode)
        part.replace(path)
        flush(path.parent)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
