"""Opening a study's folder, or refusing it in words.

The root's metadata lists every file with its size. By this list a folder that was
copied or deleted half is refused: Zarr reads a missing chunk as zeros.
"""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import xarray as xr

from depthviz.errors import FormatError
from depthviz.machine.folders import recover
from depthviz.study.storage.guarded_store import GuardedStore, identify
from depthviz.study.storage.names import STORED_NAMES
from depthviz.study.storage.root import (
    FORMAT_VERSION,
    ROOT,
    RUN,
    STUDY_ROW,
    read_attributes,
)
from depthviz.study.storage.saved_views import carry_views
from depthviz.study.storage.sidecars import is_sidecar

__all__ = ["open_dataset"]


def open_dataset(path: Path) -> xr.Dataset:
    """Open a saved dataset without reading its arrays.

    Args:
        path: The folder that a save wrote, or that of an ensemble's run.

    Returns:
        The dataset, its arrays read when they are used.

    Raises:
        FormatError: If there is no study, or it is unfinished, damaged or newer; later,
            when an array is used, if the folder is another one by then.
    """
    folder = _study_of(path.resolve())
    recover(folder)
    identity = identify(folder / ROOT)
    attributes = read_attributes(folder)
    _check_study(folder, attributes)
    store = GuardedStore(
        folder,
        root=ROOT,
        identity=identity,
        files=attributes["files"],
        beside=is_sidecar,
    )
    dataset = xr.open_zarr(
        store,
        chunks=None,
        consolidated=False,
        decode_times=False,  # a column with a unit is not a date
        drop_variables=[STUDY_ROW],
    )
    del dataset.attrs["files"]
    dataset = dataset.rename(dataset.attrs.pop(STORED_NAMES, {}))
    ordered = {name: dataset[name] for name in dataset.attrs.pop("variables")}
    opened = xr.Dataset(ordered, dataset.coords, dataset.attrs)
    return carry_views(opened, folder / ROOT, identity)


def _study_of(folder: Path) -> Path:
    """Find the study in the folder of a run; any other folder is the study."""
    if not (folder / RUN).is_file():
        return folder
    study = folder / "study.zarr"
    if "format_version" not in read_attributes(study):
        asked = json.loads((folder / RUN).read_text("utf-8")).get("members")
        done = len(list((folder / "members").glob("[0-9]*.json")))
        raise FormatError(
            f"The run at {folder} has {done} of {asked} members; run the ensemble "
            "there again, and it goes on with those that are missing."
        )
    return study


def _check_study(path: Path, attributes: dict[str, Any]) -> None:
    if not path.exists():
        raise FormatError(f"There is no study at {path}.")
    version = attributes.get("format_version")
    if not isinstance(version, int):
        raise FormatError(
            f"{path} is no study, or was never finished: it has no {ROOT} with a "
            "format_version. A study is a folder that study.save(path) wrote."
        )
    if version > FORMAT_VERSION:
        raise FormatError(
            f"{path} has format {version}, written by depthviz "
            f"{attributes.get('depthviz_version', '(unknown)')}; this depthviz reads "
            f"up to format {FORMAT_VERSION}. Install a newer one to open it."
        )
    _check_files(path, attributes.get("files"))


def _check_files(path: Path, files: Any) -> None:
    if not isinstance(files, dict):
        raise FormatError(f"{path} was never finished: it does not list its files.")
    damaged = [
        name
        for name, size in files.items()
        if _size(path / name) != size and not is_sidecar(name)
    ]
    if damaged:
        raise FormatError(
            f"{path} is damaged: {len(damaged)} of its {len(files)} files are missing "
            f"or cut short, {damaged[0]} first. Copy it again, or measure again."
        )


def _size(path: Path) -> int:
    with suppress(OSError):
        return path.stat().st_size
    return -1
