"""The root of a study's folder: the file that says what the folder is.

Its attributes hold the version of the format, the list of all files, the order of the
variables and what the study says of itself. A folder without them is no study yet.
"""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

__all__ = ["FORMAT_VERSION", "ROOT", "RUN", "STUDY_ROW", "read_attributes"]

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
    with suppress(OSError, ValueError, TypeError, KeyError):
        return dict(json.loads((path / ROOT).read_text("utf-8"))["attributes"])
    return {}
