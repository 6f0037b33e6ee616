"""Paths as people give them: of a local disk, with `~` for the home folder.

An address of an object store reads as a path, and would become a folder `s3:` that
nobody finds; an empty path is the working folder. Both are refused in words.

Also what file managers and network disks leave in folders of any kind, which is
nobody's work and never stands in the way.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

from depthviz.errors import ArgumentError

__all__ = ["is_litter", "local_path"]

ADDRESS = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+):[/\\:]")  # a drive has one letter
LITTER = re.compile(
    r"\._.*|\.nfs.*|\.fuse_hidden.*|\.DS_Store|\.directory|\.localized|\.Trash-?\d*"
    r"|\.AppleDouble|__MACOSX|Icon\r|Thumbs\.db|ehthumbs\.db|desktop\.ini|@eaDir",
    re.IGNORECASE,
)


def local_path(path: Any, *, name: str = "path") -> Path:
    """Read the path of a file or folder on a disk of this machine.

    Args:
        path: Text or a path; `~` and `~user` stand for home folders.
        name: What the error calls it.

    Returns:
        The path, home folders written out.

    Raises:
        ArgumentError: If it is an address such as "s3://bucket/study.zarr", empty, or
            no path of text.

    Example:
        >>> local_path("studies/one.zarr").name
        'one.zarr'
    """
    text = os.fspath(path) if isinstance(path, str | os.PathLike) else path
    if not isinstance(text, str):
        raise ArgumentError(f"{name} must be a path of text, got {path!r}.")
    if not text.strip() or "\0" in text:
        raise ArgumentError(
            f"{name} must be the path of a file or folder, got {text!r}; for the "
            "working folder give '.'."
        )
    address = ADDRESS.match(text)
    if address is not None:
        raise ArgumentError(
            f"{name} must be a path on a local disk, got the {address[1]} address "
            f"{text!r}: depthviz reads and writes local files only. Use a local or "
            "mounted folder, and copy it with the tool of that store."
        )
    written_out = os.path.expanduser(text)
    if text.startswith("~") and written_out == text:
        raise ArgumentError(
            f"{name} is {text!r}, and there is no such home folder on this machine. "
            f"Write the folder out, or give './{text}' for a name that begins with '~'."
        )
    return Path(written_out)


def is_litter(path: Path) -> bool:
    """Whether a file is what a file manager or a network disk left in a folder.

    Args:
        path: The file, relative to the folder that is looked at.

    Returns:
        Whether its name, or that of a folder it is in, is one of theirs.

    Example:
        >>> is_litter(Path("depth/.DS_Store")), is_litter(Path("depth/zarr.json"))
        (True, False)
    """
    return any(LITTER.fullmatch(part) for part in path.parts)
