"""Maps that are made when the rest of a study lies on the disk already.

A study may wait for its maps: it says so in an attribute, and keeps the ranks that they
are to be judged by. Once made they lie in a folder of their own inside the study's,
which appears there whole, and are part of the dataset whenever the study is opened. No
file that was measured changes, so whoever has the study open reads on. Maps of another
measurement, and damaged ones, are as good as missing: they are made again.

Knows nothing of how maps are made.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import xarray as xr

from depthviz.errors import DepthvizError, DiskError
from depthviz.machine.disk.failures import writing
from depthviz.machine.disk.locks import hold_folder
from depthviz.machine.folders import replacing
from depthviz.study.storage.folder_store import identify
from depthviz.study.storage.saved_views import IDENTITY, ROOT, SOURCE
from depthviz.study.storage.sidecars import MAPS
from depthviz.study.storage.zarr_folder import add_variables, finish_dataset

__all__ = [
    "MAP_RANK",
    "add_later_maps",
    "await_maps",
    "carry_maps",
    "folder_now",
    "keep_maps",
    "maps_are_awaited",
]

MAP_RANK = "map_rank"
ATTRIBUTE, AWAITED = "maps", "later"
MEASUREMENT = "measurement"  # attribute: digest of what decides a study's values
PLACES = "projection"


def await_maps(dataset: xr.Dataset) -> xr.Dataset:
    """Say of a dataset that its maps come later."""
    return dataset.assign_attrs({ATTRIBUTE: AWAITED})


def maps_are_awaited(dataset: xr.Dataset) -> bool:
    """Whether a study was to have maps that are not made yet.

    Args:
        dataset: The study's dataset.

    Returns:
        Whether it waits for them.
    """
    return dataset.attrs.get(ATTRIBUTE) == AWAITED and PLACES not in dataset


def add_later_maps(dataset: xr.Dataset, maps: xr.Dataset) -> xr.Dataset:
    """Put maps into a dataset that waits for them.

    Args:
        dataset: The study's dataset.
        maps: Variables of the same probes and examples.

    Returns:
        The dataset, which waits no more.
    """
    found = dataset.drop_vars(MAP_RANK, errors="ignore").assign(maps.data_vars)
    found.attrs = {
        name: value for name, value in dataset.attrs.items() if name != ATTRIBUTE
    }
    found.encoding = dict(dataset.encoding)
    return found


def carry_maps(
    dataset: xr.Dataset, folder: Path, read: Callable[[Path], xr.Dataset]
) -> xr.Dataset:
    """Take over the maps that were added to a study's folder.

    Args:
        dataset: What was opened.
        folder: The study's folder.
        read: Opens a folder of arrays; DepthvizError where it is damaged.

    Returns:
        The dataset, with the maps if they are there and are its own.
    """
    place = folder / MAPS
    if not maps_are_awaited(dataset) or place.is_symlink() or not place.is_dir():
        return dataset
    with suppress(DepthvizError, OSError):
        maps = read(place)
        if _are_of(maps, dataset):
            return add_later_maps(dataset, maps)
    return dataset


def folder_now(dataset: xr.Dataset) -> Path | None:
    """Find the folder that a study was opened from, if that is still its own.

    Args:
        dataset: The study's dataset.

    Returns:
        The folder; None where the study comes from none, or another has its place.
    """
    root = dataset.encoding.get(ROOT)
    if root is None or identify(Path(str(root))) != dataset.encoding[IDENTITY]:
        return None
    return Path(str(dataset.encoding[SOURCE]))


def keep_maps(dataset: xr.Dataset, maps: xr.Dataset) -> bool:
    """Add maps to the folder that a study was opened from, whole or not at all.

    Args:
        dataset: The study's dataset, which waits for them.
        maps: Variables of the same probes and examples.

    Returns:
        Whether they are there; False where the study comes from no folder, or another
        one is in its place by now.

    Raises:
        DiskError: If the folder cannot be written.
    """
    folder = folder_now(dataset)
    if folder is None:
        return False
    place = folder / MAPS
    of = {MEASUREMENT: dataset.attrs.get(MEASUREMENT, "")}
    with writing(place), hold_folder(folder):
        if folder_now(dataset) is None:  # another took its place while we waited
            return False
        with replacing(place, check=_check_is_ours) as new:
            add_variables(maps.assign_attrs(of), new)
            finish_dataset(list(maps.data_vars), new)
    return True


def _are_of(maps: xr.Dataset, dataset: xr.Dataset) -> bool:
    sizes = dataset.sizes
    fits = all(sizes.get(name) == maps.sizes.get(name) for name in ("probe", "example"))
    same = maps.attrs.get(MEASUREMENT) == dataset.attrs.get(MEASUREMENT, "")
    return fits and same and PLACES in maps


def _check_is_ours(place: Path) -> None:
    """Let earlier maps be replaced, and nothing that a link leads to."""
    if place.is_symlink():
        raise DiskError(f"{place} is a link, and is left as it is.")
