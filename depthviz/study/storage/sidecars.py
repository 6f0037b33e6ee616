"""Files next to a study's arrays that come and change while others read and save it.

Each is a JSON object by names, but for the folder of maps that were made later. It is
no part of what was measured: it never stands in the list of files, and changes one name
at a time: whoever writes locks the study's folder, reads what is there now, changes a
name, and lets the new file take the earlier one's place. What is there but cannot be
read is never replaced.

It knows nothing of what the names stand for.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from depthviz.errors import FormatError
from depthviz.machine.disk.failures import reading, writing
from depthviz.machine.disk.locks import hold_folder
from depthviz.machine.files import write_atomically
from depthviz.machine.json_files import read_small_file

__all__ = [
    "LARGEST",
    "MAPS",
    "SIDECARS",
    "change_sidecar",
    "is_sidecar",
    "read_sidecar",
    "write_sidecar",
]

MAPS = "maps.zarr"  # a folder
SIDECARS = ("views.json", MAPS)
LARGEST = 256 * 2**20  # bytes that are read of one


def is_sidecar(name: str) -> bool:
    """Tell such a file, and one that a killed process left half written.

    Args:
        name: Of a file, relative to the study's folder, with `/` between folders.

    Returns:
        Whether it is one.
    """
    beginnings = (*(f".{one}." for one in SIDECARS), f"{MAPS}/")
    return name in SIDECARS or name.startswith(beginnings)


def read_sidecar(path: Path) -> dict[str, Any] | None:
    """Read what a sidecar holds now.

    Args:
        path: The file.

    Returns:
        Its content by name; None where there is no such file.

    Raises:
        DiskError: If the system does not let it be read.
        FormatError: If it is there, and is no JSON object.
    """
    with reading(path):
        try:
            text = read_small_file(path, limit=LARGEST).decode("utf-8")
            if not text.strip("\0 \n"):  # all that a power cut left of a new file
                return None
            found = json.loads(text)
        except FileNotFoundError:
            return None
        except FormatError as error:
            raise _damaged(path, "it is no regular file, or too large") from error
        except (ValueError, RecursionError) as error:
            raise _damaged(path, str(error)) from error
    if not isinstance(found, dict):
        raise _damaged(path, f"it holds a {type(found).__name__}, no object")
    return found


def change_sidecar(
    path: Path, change: Callable[[dict[str, Any] | None], dict[str, Any]]
) -> str:
    """Read, change and write a sidecar while nobody else does.

    Args:
        path: The file, in a study's folder.
        change: Makes the new content of what is there now; what it raises leaves the
            file as it is.

    Returns:
        The text that was written.

    Raises:
        DiskError: If the system does not let it be read or written.
        FormatError: If it is there, and is no JSON object.
    """
    with writing(path), hold_folder(path.parent):
        return write_sidecar(path, change(read_sidecar(path)))


def write_sidecar(path: Path, content: dict[str, Any]) -> str:
    """Write a sidecar that nobody else writes: its folder is locked, or new.

    Args:
        path: The file, in a study's folder.
        content: What it is to hold.

    Returns:
        The text that was written.
    """
    text = json.dumps(content)
    open_to = (path.parent.stat().st_mode & 0o666) | 0o600  # whoever has the folder
    write_atomically(path, text, mode=open_to)
    return text


def _damaged(path: Path, reason: str) -> FormatError:
    return FormatError(
        f"{path} cannot be read: {reason}. It is left as it is, and nothing is written "
        "over it. Repair it, or move it out of the study's folder to begin anew."
    )
