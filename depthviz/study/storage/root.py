"""The root of a study's folder: the file that says what the folder is.

Its attributes hold the version of the format, the list of all files, the order of the
variables and what the study says of itself. A folder without them is no study yet.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

from depthviz.errors import FormatError
from depthviz.machine.json_files import read_json_object

__all__ = [
    "FORMAT_VERSION",
    "ROOT",
    "RUN",
    "STUDY_ROW",
    "read_attributes",
    "read_root",
]

FORMAT_VERSION = 1

ROOT = "zarr.json"
RUN = "run.json"  # marks the folder of an ensemble's run, which holds its study
STUDY_ROW = "study_row"  # for whoever opens the folder with xarray; known to us


def read_attributes(path: Path) -> dict[str, Any]:
    """Read the attributes of a folder's root.

    Args:
        path: The folder.

    Returns:
        The attributes, none where there are none to read.
    """
    with suppress(FileNotFoundError, NotADirectoryError, FormatError):
        return read_root(path)
    return {}


def read_root(path: Path) -> dict[str, Any]:
    """Read the attributes of a folder's root, and say why where there are none.

    Args:
        path: The folder.

    Returns:
        The attributes.

    Raises:
        FormatError: If the root is no JSON, or without attributes.
        OSError: If it cannot be read; FileNotFoundError where there is none.
    """
    attributes = read_json_object(path / ROOT).get("attributes")
    if not isinstance(attributes, dict):
        raise FormatError(f"{path / ROOT} is damaged: it has no attributes.")
    return attributes
