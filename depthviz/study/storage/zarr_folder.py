"""A study on disk: a folder in the Zarr v3 format, there whole or not at all.

The root's metadata lists every file with its size. By this list `reading` refuses a
folder that was copied or deleted half, and `save_dataset` replaces nothing but what a
save wrote.
"""

from __future__ import annotations

import json
import os
from collections.abc import Hashable, Sequence
from pathlib import Path
from typing import Any

import xarray as xr

from depthviz.errors import StudyError
from depthviz.machine.disk.failures import writing
from depthviz.machine.files import write_atomically
from depthviz.machine.folders import replacing
from depthviz.machine.paths import is_litter
from depthviz.study.storage.folder_store import writing_store
from depthviz.study.storage.names import STORED_NAMES, stored_names
from depthviz.study.storage.reading.file_list import (
    CHECKSUMS,
    FILES,
    checksum_of_file,
)
from depthviz.study.storage.replacement import Replacement
from depthviz.study.storage.root import FORMAT_VERSION, ROOT
from depthviz.study.storage.saved_views import with_views_now
from depthviz.study.storage.sidecars import is_sidecar
from depthviz.study.storage.variables import storable

__all__ = [
    "EXAMPLES",
    "add_variables",
    "finish_dataset",
    "save_dataset",
]

EXAMPLES = 65_536  # in a chunk, and fewer where an example has many numbers
EXAMPLES_BESIDE = {"neighbor": 16_384, "image_height": 1_024}


def save_dataset(dataset: xr.Dataset, path: Path, *, overwrite: bool) -> Path:
    """Write a study's dataset to a folder; `Study.save` says what is promised."""
    _check_attributes(dataset)
    with writing(path):
        target = Path(os.path.realpath(path))
        here = Replacement(dataset, target, overwrite=overwrite)
        with replacing(target, check=here.check, carry=here.carry) as place:
            if target.exists():
                dataset.load()  # it may come from there, and must outlive the folder
            add_variables(with_views_now(dataset), place)
            finish_dataset(list(dataset.data_vars), place)
    return path


def add_variables(dataset: xr.Dataset, place: Path) -> None:
    """Write variables and attributes, next to those of a folder that is there.

    Args:
        dataset: The variables.
        place: The folder; it is no study before `finish_dataset`.
    """
    plain = storable(dataset)
    names = stored_names(plain.variables)
    renamed = plain.rename(names)
    encoding: dict[Any, dict[str, Any]] = {
        name: {"chunks": _chunks(variable)}
        for name, variable in renamed.variables.items()
    }
    if names:
        renamed.attrs[STORED_NAMES] = {stored: name for name, stored in names.items()}
    with writing_store(place) as store:
        renamed.to_zarr(
            store,
            mode="a",
            zarr_format=3,
            consolidated=False,
            encoding=encoding,
            write_empty_chunks=True,  # so that a missing chunk is a lost one
        )


def finish_dataset(variables: Sequence[Hashable], place: Path) -> None:
    """Write down the files, and the order of the variables, which folders lose.

    Args:
        variables: Names in order.
        place: The folder, which is a study from now on.
    """
    files = sorted(
        (file.relative_to(place).as_posix(), file)
        for file in place.rglob("*")
        if _is_ours(file, place) and file != place / ROOT
    )
    root = json.loads((place / ROOT).read_text("utf-8"))
    root["attributes"] |= {
        "format_version": FORMAT_VERSION,
        "variables": list(variables),
        FILES: {name: file.stat().st_size for name, file in files},
        CHECKSUMS: {name: checksum_of_file(file) for name, file in files},
    }
    write_atomically(place / ROOT, json.dumps(root))


def _is_ours(file: Path, place: Path) -> bool:
    """Whether it is of what was measured: no sidecar, and no file manager's."""
    name = file.relative_to(place)
    others = is_litter(name) or is_sidecar(name.as_posix())
    return file.is_file() and not others


def _check_attributes(dataset: xr.Dataset) -> None:
    """Refuse attributes that a study's folder has itself."""
    own = (FILES, CHECKSUMS, "variables", STORED_NAMES)
    taken = next((name for name in own if name in dataset.attrs), None)
    if taken is not None:
        raise StudyError(
            f"The attribute {taken!r} is the study folder's own and would be lost. "
            f"Give it another name: attrs['my_{taken}'] = attrs.pop({taken!r})."
        )


def _chunks(variable: xr.Variable) -> tuple[int, ...]:
    """Pieces of a few MiB: one image reads little, and there are few files."""
    wide = [size for name, size in EXAMPLES_BESIDE.items() if name in variable.dims]
    limits = {"example": min([EXAMPLES, *wide]), "probe": 1 if variable.ndim > 1 else 0}
    if "member" in variable.dims:
        limits = {"example": EXAMPLES, "member": 1}
    return tuple(
        max(1, min(size, limits.get(str(name)) or size))
        for name, size in variable.sizes.items()
    )
