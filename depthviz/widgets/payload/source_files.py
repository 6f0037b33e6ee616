"""The picture file of an example, at full size, where the study knows its path.

Only a kernel that can read the file offers it: a page carries no files. What is no
picture by its content is never sent, whatever a study calls a path; nor is what lies
outside the folder that a study which was opened may show pictures of.
"""

import io
from typing import NamedTuple

import xarray as xr
from PIL import Image

from depthviz.errors import DataError
from depthviz.study.picture_files import picture_file

__all__ = ["SOURCE", "SourceFiles", "offers_sources"]

SOURCE = "source"
_MOST_BYTES = 2**24
_LARGEST_SIDE = 4096
_UNREADABLE = (OSError, ValueError, SyntaxError, Image.DecompressionBombError)


def offers_sources(data: xr.Dataset) -> bool:
    """Whether the file of the first example is where the study says."""
    if "path" not in data or "image" not in data:
        return False
    try:
        return picture_file(data, 0).is_file()
    except (DataError, OSError, ValueError):
        return False


class SourceFiles(NamedTuple):
    """Reads the picture file of an example.

    Attributes:
        data: A study's dataset with `path`.
    """

    data: xr.Dataset

    def one(self, number: int) -> bytes:
        """Read one file as it is, or made smaller where it is very large.

        Raises:
            DataError: If it is not there any more, is no picture, or lies outside the
                folder that the study may show pictures of.
        """
        path = picture_file(self.data, number)
        try:
            if not path.is_file():  # a pipe would keep the kernel waiting
                raise OSError("it is no regular file")
            with Image.open(path) as picture:
                if path.stat().st_size <= _MOST_BYTES:
                    picture.verify()
                    return path.read_bytes()
                return _smaller(picture)
        except _UNREADABLE as error:
            raise DataError(f"The picture {path} cannot be read: {error}") from error


def _smaller(picture: Image.Image) -> bytes:
    picture.thumbnail((_LARGEST_SIDE, _LARGEST_SIDE))
    encoded = io.BytesIO()
    picture.convert("RGB").save(encoded, "JPEG", quality=95)
    return encoded.getvalue()
