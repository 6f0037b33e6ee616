"""Which picture files a study may show: its own words are no leave to read a disk.

A study that was measured here names files of the person's own data set. One that was
opened may come from a stranger; its paths count only inside one folder.
"""

import os
from collections.abc import Iterable
from pathlib import Path

import xarray as xr

from depthviz.errors import DataError

__all__ = ["confine_pictures", "picture_file", "share_confinement"]

_FOLDER = "depthviz_pictures"  # in the encoding, which is never saved


def confine_pictures(dataset: xr.Dataset, folder: Path) -> xr.Dataset:
    """Note that the paths of a dataset count only inside a folder.

    Args:
        dataset: What was opened.
        folder: The folder; links in its own path are followed now.

    Returns:
        The dataset.
    """
    dataset.encoding[_FOLDER] = os.path.realpath(folder)
    return dataset


def share_confinement(joined: xr.Dataset, parts: Iterable[xr.Dataset]) -> None:
    """Confine a join as the first of its parts that is confined.

    Args:
        joined: The join.
        parts: What it was made of.
    """
    folders = [part.encoding[_FOLDER] for part in parts if _FOLDER in part.encoding]
    if folders:
        joined.encoding[_FOLDER] = folders[0]


def picture_file(dataset: xr.Dataset, number: int) -> Path:
    """Find the picture file of an example.

    Args:
        dataset: A study's, with `path` of shape (N,).
        number: Which example.

    Returns:
        The path, whether or not a file is there; of a study that was opened, relative
        paths begin at its folder of pictures, and links are followed.

    Raises:
        DataError: If it lies outside that folder.
    """
    named = Path(str(dataset["path"].isel(example=number).values))
    folder = dataset.encoding.get(_FOLDER)
    if folder is None:
        return named
    path = Path(os.path.realpath(Path(folder, named)))  # also through a loop of links
    if not path.is_relative_to(folder):
        raise DataError(
            f"{named} is not in {folder}, the folder of this study's pictures. If it "
            "is yours, open the study with depthviz.open_study(path, pictures=FOLDER)."
        )
    return path
