"""Opening a study's folder, or refusing it in words.

The root's metadata lists every file with its size and its checksum. By this list a
folder that was copied or deleted half is refused: Zarr reads a missing chunk as zeros.
A folder may also come from a stranger, so what it says of itself, names, shapes, types,
kinds of files, is checked against the list before anything is read or allocated.
"""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import xarray as xr

from depthviz.errors import FormatError
from depthviz.machine.folders import is_being_replaced, recover
from depthviz.machine.json_files import read_json_object
from depthviz.study.storage.folder_store import identify
from depthviz.study.storage.later_maps import carry_maps, folder_now
from depthviz.study.storage.names import STORED_NAMES
from depthviz.study.storage.reading.file_list import (
    CHECKSUMS,
    FILES,
    REMEDY,
    FileList,
    read_file_list,
)
from depthviz.study.storage.reading.guarded_store import GuardedStore
from depthviz.study.storage.reading.layouts import Layout, read_layout
from depthviz.study.storage.reading.stored_arrays import open_arrays
from depthviz.study.storage.root import (
    FORMAT_VERSION,
    ROOT,
    RUN,
    STUDY_ROW,
    read_attributes,
    read_root,
)
from depthviz.study.storage.saved_views import carry_views

__all__ = [
    "check_version",
    "open_dataset",
    "read_layouts",
    "study_of",
    "with_maps_now",
]

METADATA = "zarr.json"  # of an array
VARIABLES = "variables"
LARGEST_METADATA = 64 * 2**20
ATTEMPTS = 5  # to open a study that is being replaced
MOMENT = 0.01  # seconds; where no system exchanges folders, there is none between two


def open_dataset(path: Path) -> xr.Dataset:
    """Open a saved dataset without reading its arrays.

    Args:
        path: The folder that a save wrote, or that of an ensemble's run.

    Returns:
        The dataset, its arrays read when they are used.

    Raises:
        FormatError: If there is no study, or it is unfinished, damaged or newer; later,
            when an array is used, if its files are damaged, or the folder is another
            one by then.
    """
    folder = study_of(Path(os.path.realpath(path)))
    for _ in range(ATTEMPTS):
        recover(folder)
        identity = identify(folder / ROOT)
        try:
            opened = _open(folder, identity)
        except (FormatError, FileNotFoundError):
            gone = identity is None and is_being_replaced(folder)
            if identify(folder / ROOT) == identity and not gone:
                raise  # it was not replaced meanwhile
            time.sleep(MOMENT if gone else 0)
        else:
            if identify(folder / ROOT) == identity:
                return opened
    return _open(folder, identify(folder / ROOT))


def with_maps_now(dataset: xr.Dataset) -> xr.Dataset:
    """Take over maps that were added to a study's folder since it was opened.

    Args:
        dataset: The study's dataset.

    Returns:
        The dataset, with the maps if it waits for some and they are there.
    """
    folder = folder_now(dataset)
    return dataset if folder is None else carry_maps(dataset, folder, _open_maps)


def study_of(folder: Path) -> Path:
    """Find the study in the folder of a run; any other folder is the study.

    Args:
        folder: Either.

    Returns:
        The folder of the study.

    Raises:
        FormatError: If the run is not finished.
    """
    if not (folder / RUN).exists() or "format_version" in read_attributes(folder):
        return folder
    study = folder / "study.zarr"
    if "format_version" not in read_attributes(study):
        asked = read_json_object(folder / RUN).get("members")
        done = len(list((folder / "members").glob("[0-9]*.json")))
        raise FormatError(
            f"The run at {folder} has {done} of {asked!s:.20} members; run the "
            "ensemble there again, and it goes on with those that are missing."
        )
    return study


def check_version(folder: Path) -> dict[str, Any]:
    """Check that a folder is a study of a format that is read here.

    Args:
        folder: The folder.

    Returns:
        The attributes of its root.

    Raises:
        FormatError: If it is not.
    """
    if not folder.exists():
        raise FormatError(f"There is no study at {folder}.")
    attributes: dict[str, Any] = {}
    reason = f"it has no {ROOT} with a format_version."
    try:
        attributes = read_root(folder)
    except FileNotFoundError:
        pass
    except (FormatError, NotADirectoryError) as error:
        reason = str(error)
    version = attributes.get("format_version")
    if type(version) is not int or version < 1:
        raise FormatError(
            f"{folder} is no study, or was never finished: {reason} A study is a "
            "folder that study.save(path) wrote."
        )
    if version > FORMAT_VERSION:
        raise FormatError(
            f"{folder} has format {version}, written by depthviz "
            f"{attributes.get('depthviz_version', '(unknown)')!s:.40}; this depthviz "
            f"reads up to format {FORMAT_VERSION}. Install a newer one to open it."
        )
    return attributes


def read_layouts(listed: FileList) -> dict[str, Layout]:
    """Read the layouts of all arrays, and check that they fit together.

    Args:
        listed: The study's files.

    Returns:
        The layouts, by the names of their folders.

    Raises:
        FormatError: If an array is none of a study; names its file.
    """
    found = {
        name: _read_layout(name, files, listed)
        for name, files in listed.by_array().items()
        if METADATA in files
    }
    sizes: dict[str, tuple[int, str]] = {}
    for name, layout in found.items():
        for dimension, size in zip(layout.dimensions, layout.shape, strict=True):
            first, of = sizes.setdefault(dimension, (size, name))
            if size != first:
                raise FormatError(
                    f"{listed.folder / name / METADATA} is damaged: it has {size:,} "
                    f"along {dimension!r:.80}, and {of!r:.80} has {first:,}. {REMEDY}"
                )
    return found


def _open(folder: Path, identity: tuple[int, int] | None) -> xr.Dataset:
    opened = carry_views(_open_arrays(folder, identity), folder / ROOT, identity)
    return carry_maps(opened, folder, _open_maps)


def _open_maps(place: Path) -> xr.Dataset:
    """Open maps that are whole: all are read, as damaged ones can be made again."""
    listed = read_file_list(place, check_version(place))
    if any(listed.damaged()):
        raise FormatError(f"{place} is damaged.")
    return _open_arrays(place, identify(place / ROOT))


def _open_arrays(folder: Path, identity: tuple[int, int] | None) -> xr.Dataset:
    attributes = check_version(folder)
    listed = read_file_list(folder, attributes)
    listed.check_sizes()
    layouts = read_layouts(listed)
    names = _names(folder, attributes, layouts)
    variables = _variables(folder, attributes, set(names))
    rest = [name for name in names if name not in variables and name != STUDY_ROW]
    store = GuardedStore(listed, layouts, root=ROOT, identity=identity)
    own = (FILES, CHECKSUMS, VARIABLES, STORED_NAMES, "coordinates")
    return open_arrays(
        store,
        {name: layouts[names[name]] for name in (*variables, *rest)},
        {name: value for name, value in attributes.items() if name not in own},
    ).set_coords(rest)


def _read_layout(name: str, files: Mapping[str, int], listed: FileList) -> Layout:
    path = listed.folder / name / METADATA
    try:
        metadata = read_json_object(path, limit=LARGEST_METADATA)
        listed.check_content(f"{name}/{METADATA}", path.read_bytes())
        return read_layout(name, metadata, files, complete=bool(listed.checksums))
    except FormatError as error:
        if str(path) in str(error):
            raise
        raise FormatError(
            f"{path} is damaged, or made by another program: {error}. {REMEDY}"
        ) from None


def _names(
    folder: Path, attributes: Mapping[str, Any], layouts: Mapping[str, Layout]
) -> dict[str, str]:
    """Find the folder of each array by its true name."""
    stored = attributes.get(STORED_NAMES, {})
    texts = isinstance(stored, dict) and all(
        isinstance(name, str) for name in stored.values()
    )
    names = {stored.get(name, name): name for name in layouts} if texts else {}
    if len(names) < len(layouts):
        raise FormatError(
            f"{folder / ROOT} is damaged: its {STORED_NAMES} do not name each array "
            f"once. {REMEDY}"
        )
    for name, place in names.items():
        dimensions = layouts[place].dimensions
        along = any(name in each.dimensions for each in layouts.values())
        if along and dimensions != (name,):
            raise FormatError(
                f"{folder / place / METADATA} is damaged: {name!r:.80} names a "
                f"dimension, and has the dimensions {dimensions!r:.80}. {REMEDY}"
            )
    return names


def _variables(
    folder: Path, attributes: Mapping[str, Any], names: set[str]
) -> list[str]:
    """Read the order of the variables; all other arrays are coordinates."""
    found = attributes.get(VARIABLES)
    if not isinstance(found, list) or not all(isinstance(each, str) for each in found):
        raise FormatError(
            f"{folder / ROOT} is damaged: its {VARIABLES} are no list of names. "
            f"{REMEDY}"
        )
    odd = next((name for name in found if name not in names), None)
    if odd is not None or len(set(found)) < len(found):
        what = "one comes twice" if odd is None else f"{odd!r:.80} has no array"
        raise FormatError(
            f"{folder / ROOT} is damaged: of its {VARIABLES} {what}. {REMEDY}"
        )
    return found
