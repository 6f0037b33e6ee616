"""Which files of a study are damaged: every one is read.

A study that was saved without checksums is read as far as its chunks can be unpacked:
a flipped bit in a number stays unseen there.
"""

from __future__ import annotations

from pathlib import Path

from depthviz.errors import FormatError
from depthviz.study.storage.reading.file_list import FileList, read_file_list
from depthviz.study.storage.reading.opening import check_version, open_dataset
from depthviz.study.storage.sidecars import MAPS

__all__ = ["find_damage", "list_files"]


def list_files(folder: Path) -> FileList:
    """Read the list of a study's files.

    Args:
        folder: The study's.

    Returns:
        The list.

    Raises:
        FormatError: If the folder is no finished study.
    """
    return read_file_list(folder, check_version(folder))


def find_damage(folder: Path) -> dict[str, str]:
    """Read all of a study, and list what is damaged.

    Args:
        folder: The study's.

    Returns:
        How each damaged file is damaged, by its name; a part that cannot be read though
        its files are as they were saved by its array's name. Empty if all is well.

    Raises:
        FormatError: If the folder is no finished study.
    """
    found = dict(list_files(folder).damaged()) | _damaged_maps(folder / MAPS)
    return found or _find_unreadable(folder)


def _damaged_maps(place: Path) -> dict[str, str]:
    """List what is damaged of maps that were made later."""
    if place.is_symlink() or not place.is_dir():
        return {}
    try:
        found = dict(list_files(place).damaged())
    except FormatError as error:
        return {MAPS: str(error)}
    return {f"{MAPS}/{name}": how for name, how in found.items()}


def _find_unreadable(folder: Path) -> dict[str, str]:
    """Unpack every chunk, a few at a time."""
    try:
        dataset = open_dataset(folder)
    except FormatError as error:
        return {str(folder): str(error)}
    found = {}
    for name, variable in dataset.variables.items():
        step = variable.encoding.get("chunks", (1,))[:1]
        count = variable.shape[0] if variable.shape else 1
        try:
            for start in range(0, count, *(step or (1,))):
                part = slice(start, start + step[0]) if variable.shape else ...
                _ = variable[part].values
        except FormatError as error:
            found[str(name)] = str(error)
    return found
