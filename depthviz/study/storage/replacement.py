"""What a save may replace, and what outlives it.

Nothing is replaced but an empty folder and, where that is asked for, a study with
nothing else in its folder. Views that people saved outlive a study that is replaced by
one of the same examples; where the examples are others they go with it, but none that
was saved while it was being replaced.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import xarray as xr

from depthviz.errors import StudyError
from depthviz.machine.paths import is_litter
from depthviz.study.storage.root import FORMAT_VERSION, ROOT, read_attributes
from depthviz.study.storage.saved_views import comes_from, merge_views, stored_views
from depthviz.study.storage.sidecars import is_sidecar

__all__ = ["Replacement"]

DATA = "data_sha256"  # attribute: digest of the measured examples


class Replacement:
    """A study that is to be at a place, where another may be.

    Args:
        dataset: The study's.
        target: The place, an absolute path.
        overwrite: Whether a study there is replaced.
    """

    def __init__(self, dataset: xr.Dataset, target: Path, *, overwrite: bool) -> None:
        self._dataset, self._target, self._overwrite = dataset, target, overwrite
        self._views = stored_views(target)

    def check(self, folder: Path) -> None:
        """Raise StudyError if what is there, or was taken from there, may not go."""
        if not os.path.lexists(folder) or _is_empty(folder):
            return
        attributes = read_attributes(folder)
        version, files = attributes.get("format_version"), attributes.get("files")
        if not isinstance(version, int) or not isinstance(files, dict):
            raise StudyError(f"{folder} exists and is no study; choose another path.")
        if version > FORMAT_VERSION:
            raise StudyError(
                f"{folder} holds a study of format {version}, newer than the format "
                f"{FORMAT_VERSION} that this depthviz writes; choose another path."
            )
        if not self._overwrite:
            raise StudyError(
                f"{folder} holds a study; save(path, overwrite=True) replaces it."
            )
        _check_nothing_else(folder, files)

    def carry(self, old: Path, new: Path) -> None:
        """Take the views along, or raise StudyError where some came meanwhile."""
        attributes = read_attributes(old)
        if comes_from(self._dataset, old) or self._is_of_same_data(attributes):
            merge_views(self._dataset, old, attributes, new)
        elif stored_views(old) != self._views:
            raise StudyError(
                f"A view was saved with the study at {old} while it was being "
                "replaced, and would be lost with it. Save again to replace both, or "
                "choose another path."
            )

    def _is_of_same_data(self, attributes: dict[str, Any]) -> bool:
        data = self._dataset.attrs.get(DATA)
        return data is not None and data == attributes.get(DATA)


def _is_empty(folder: Path) -> bool:
    if folder.is_symlink() or not folder.is_dir():
        return False
    return all(is_litter(Path(each.name)) for each in folder.iterdir())


def _check_nothing_else(target: Path, files: dict[str, Any]) -> None:
    known = {target / name for name in (ROOT, *files)}
    found = (
        path for path in target.rglob("*") if path.is_symlink() or not path.is_dir()
    )
    others = (path for path in sorted(found) if path not in known)
    stray = next((path for path in others if not _is_spare(path, target)), None)
    if stray is not None:
        raise StudyError(
            f"{stray} is no part of the study there, and would be lost with it. Move "
            "it elsewhere, or choose another path."
        )


def _is_spare(path: Path, target: Path) -> bool:
    """Whether a file goes with a study that is replaced: its views, and litter."""
    name = path.relative_to(target)
    return not path.is_symlink() and (is_litter(name) or is_sidecar(name.as_posix()))
