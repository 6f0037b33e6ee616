"""Thumbnails of the picture files that the examples were made of.

A network's input has been cropped, scaled and normalized; the file shows what a person
knows. Files may have any size, mode and orientation: each is turned as its EXIF data
say, laid on white where it is transparent, and fitted into one square.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from depthviz.datasets.picture_files import in_color
from depthviz.errors import ArgumentError, DataError
from depthviz.measurement.thumbnails import LARGEST

__all__ = ["FILES", "read_originals"]

FILES = "files"


def read_originals(paths: Sequence[str] | None) -> NDArray[np.uint8]:
    """Read the picture files of all examples as thumbnails.

    Args:
        paths: A path for each example; None where the data keep none.

    Returns:
        Pictures, uint8, shape `(N, S, S, 3)`.

    Raises:
        ArgumentError: If an example has no path.
        DataError: If a file is no picture; names it.
    """
    if paths is None or not all(paths):
        raise ArgumentError(
            "images='files' needs data that keep the path of every example, such as "
            "torchvision's ImageFolder, or a data set with a list of them as its "
            "attribute 'paths'."
        )
    found = np.empty((len(paths), LARGEST, LARGEST, 3), np.uint8)
    for row, path in enumerate(paths):
        found[row] = _read(path)
    return found


def _read(path: str) -> NDArray[np.uint8]:
    from PIL import Image, ImageOps

    unreadable = (OSError, ValueError, SyntaxError, Image.DecompressionBombError)
    try:
        with Image.open(path) as file:
            file.draft("RGB", (2 * LARGEST, 2 * LARGEST))  # of a JPEG, decode less
            picture = in_color(ImageOps.exif_transpose(file))
    except unreadable as error:
        raise DataError(
            f"The picture {path} cannot be read: {error} Repair it, or leave the "
            "example out; images='auto' shows the network's input."
        ) from error
    picture.thumbnail((LARGEST, LARGEST), Image.Resampling.LANCZOS)
    square = Image.new("RGB", (LARGEST, LARGEST), "white")
    place = ((LARGEST - picture.width) // 2, (LARGEST - picture.height) // 2)
    square.paste(picture, place)
    return np.asarray(square)
