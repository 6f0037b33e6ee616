"""A study that is written by many processes, each one its own region.

Arrays of all members lie in the study's folder from the start, in chunks of one member,
so that members are written independently, in any order, by anybody. The rest, with the
list of all files, is added when all members are there; until then the folder is refused
by `open_study` as unfinished.

It does not know which regions are written: whoever writes them notes it.
"""

from __future__ import annotations

import shutil
from collections.abc import Collection, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple, cast

import numpy as np
import xarray as xr
import zarr
from numpy.typing import DTypeLike, NDArray

from depthviz.errors import FormatError
from depthviz.machine.folders import flush, flush_tree
from depthviz.machine.json_files import read_json_object
from depthviz.machine.paths import is_litter
from depthviz.study.storage.folder_store import FolderStore, writing_store
from depthviz.study.storage.reading.file_list import (
    CHECKSUMS,
    FILES,
    checksum_of_file,
)
from depthviz.study.storage.reading.layouts import parse_layout
from depthviz.study.storage.root import ROOT, read_attributes, read_root
from depthviz.study.storage.zarr_folder import EXAMPLES, add_variables, finish_dataset

__all__ = [
    "Region",
    "create_regions",
    "finish_regions",
    "is_finished",
    "open_regions",
    "unfinish_regions",
    "write_region",
]


class Region(NamedTuple):
    """An array that has a part for each member.

    Attributes:
        dimensions: Names, "member" first.
        shape: Sizes.
        dtype: Type of its numbers.
    """

    dimensions: tuple[str, ...]
    shape: tuple[int, ...]
    dtype: DTypeLike


def create_regions(place: Path, regions: Mapping[str, Region]) -> None:
    """Make arrays whose parts are to be written, or lengthen those that are there.

    Args:
        place: The study's folder.
        regions: By name; of arrays that exist the number of members alone may differ.
    """
    _remove_damaged(place)
    with writing_store(place) as store:
        group = zarr.open_group(store, mode="a", zarr_format=3)
        for name, region in regions.items():
            if _fits(place, name, region):
                _array(group, name).resize(region.shape)
                continue
            (place / name / ROOT).unlink(missing_ok=True)
            group.create_array(
                name,
                shape=region.shape,
                dtype=np.dtype(region.dtype),
                chunks=_chunks(region),
                dimension_names=region.dimensions,
                fill_value=_nothing(region.dtype),
                config={"write_empty_chunks": True},
            )


def unfinish_regions(place: Path) -> None:
    """Make a study unfinished: more members are to come.

    Args:
        place: The study's folder.
    """
    with writing_store(place) as store:
        zarr.open_group(store, mode="a", zarr_format=3).attrs.put({})


def is_finished(place: Path) -> bool:
    """Tell whether all that belongs to a study is there.

    Args:
        place: The study's folder, if it exists.

    Returns:
        Whether it can be opened as a study.
    """
    return "format_version" in read_attributes(place)


def write_region(
    place: Path, member: int, arrays: Mapping[str, NDArray[Any]]
) -> dict[str, dict[str, Any]]:
    """Write the parts of one member, and see to it that they are on the disk.

    Args:
        place: The study's folder.
        member: Its number.
        arrays: Its part of each array.

    Returns:
        Under "files" the size of each by its name in the folder, under
        "file_checksums" its checksum.
    """
    with writing_store(place) as store:
        group = zarr.open_group(store, mode="r+", zarr_format=3)
        for name, values in arrays.items():
            array = _array(group, name).with_config({"write_empty_chunks": True})
            array[member] = values
    written: list[Path] = []
    for name in arrays:
        chunks = place / name / "c" / str(member)
        flush_tree(chunks)
        flush(chunks.parent)
        for path in chunks.rglob("*") if chunks.is_dir() else [chunks]:
            litter = is_litter(path.relative_to(place))
            if path.is_file() and path.suffix != ".partial" and not litter:
                written.append(path)
    names = {path.relative_to(place).as_posix(): path for path in sorted(written)}
    return {
        FILES: {name: path.stat().st_size for name, path in names.items()},
        CHECKSUMS: {name: checksum_of_file(path) for name, path in names.items()},
    }


def open_regions(place: Path, regions: Collection[str]) -> xr.Dataset:
    """Open the arrays of all members without reading them.

    Args:
        place: The study's folder, finished or not.
        regions: Their names.

    Returns:
        The arrays, and nothing else that is there.
    """
    rest = [path.name for path in place.iterdir() if path.name not in regions]
    found: xr.Dataset = xr.open_zarr(
        FolderStore(place, read_only=True),
        chunks=None,
        consolidated=False,
        mask_and_scale=False,
        drop_variables=rest,
    )
    return found


def finish_regions(place: Path, rest: xr.Dataset, regions: Collection[str]) -> None:
    """Add what is not of one member, and make it a study.

    Args:
        place: The study's folder; every region has been written.
        rest: Everything else, with the study's attributes.
        regions: The names of the arrays of all members.
    """
    for path in place.iterdir():
        if path.name not in regions and (path / ROOT).is_file():
            shutil.rmtree(path)  # an array that an earlier attempt left
    for left in (*place.rglob("*.partial"), *place.glob(f".{ROOT}.*.part")):
        left.unlink()  # of a writer that was killed
    add_variables(rest, place)
    flush_tree(place)
    finish_dataset([*rest.data_vars, *regions], place)


def _remove_damaged(place: Path) -> None:
    """Remove a root that is no JSON: it holds nothing before a study is finished."""
    with suppress(FileNotFoundError):
        try:
            read_root(place)
        except FormatError:
            (place / ROOT).unlink()


def _fits(place: Path, name: str, region: Region) -> bool:
    """Whether an array is there as it was made, but for the number of members."""
    try:
        metadata = read_json_object(place / name / ROOT)
        layout = parse_layout(name, metadata)
    except (FormatError, OSError):
        return False
    return (
        layout.dtype == np.dtype(region.dtype)
        and layout.dimensions == region.dimensions
        and layout.shape[1:] == region.shape[1:]
        and layout.chunks == _chunks(region)
    )


def _array(group: zarr.Group, name: str) -> zarr.Array[Any]:
    return cast("zarr.Array[Any]", group[name])


def _chunks(region: Region) -> tuple[int, ...]:
    limits = {"member": 1, "example": EXAMPLES}
    return tuple(
        max(1, min(size, limits.get(name, size)))
        for name, size in zip(region.dimensions, region.shape, strict=True)
    )


def _nothing(dtype: DTypeLike) -> Any:
    return np.nan if np.dtype(dtype).kind == "f" else np.zeros((), dtype).item()
