"""Pictures that lie in files, by a list of their paths."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from os import PathLike, fspath
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import Dataset

from depthviz.errors import DataError, ShapeError

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["PictureFiles", "in_color"]

DEEP = 257  # from 16 bits to 8


class PictureFiles(Dataset[tuple[Any, int]]):
    """A data set of picture files, of any size and mode.

    The network gets what the transform makes of a picture; `images="files"` shows the
    files themselves. A file that cannot be read is named when its turn comes, and left
    out with `on_error="skip"`.

    Args:
        paths: N paths.
        labels: N numbers of classes, or N names of them.
        transform: Called with each picture, upright and in RGB; by default floats in
            [0, 1], shape `(3, H, W)`, which suits pictures of one size.
        classes: Names of the network's classes, in its order; where labels are names,
            by default those that come among them, in the order of the alphabet.

    Attributes:
        paths: The paths, as text.
        labels: The numbers of the classes.
        classes: Their names; None where nobody knows them.

    Raises:
        ShapeError: If there are not as many labels as paths.
        DataError: If there is no path, labels are neither, or a name is no class.

    Example:
        >>> data = PictureFiles(["a.png", "b.png"], ["owl", "cat"])
        >>> data.classes, data.labels
        (['cat', 'owl'], [1, 0])
    """

    def __init__(
        self,
        paths: Sequence[str | PathLike[str]],
        labels: Sequence[Any],
        transform: Callable[[Image], Any] | None = None,
        *,
        classes: Sequence[str] | None = None,
    ) -> None:
        if len(paths) != len(labels):
            raise ShapeError(
                f"Each path needs a label; got {len(paths):,} paths and "
                f"{len(labels):,} labels."
            )
        if not len(paths):
            raise DataError("paths must name at least one picture; it is empty.")
        self.paths = [fspath(path) for path in paths]
        self.transform = transform
        self.labels, self.classes = _read_labels(labels, classes)

    def __len__(self) -> int:
        return len(self.paths)

    def __getitem__(self, index: int) -> tuple[Any, int]:
        from PIL import Image, ImageOps

        with Image.open(self.paths[index]) as file:
            picture = in_color(ImageOps.exif_transpose(file))
        transform = self.transform or _to_floats
        return transform(picture), self.labels[index]


def in_color(picture: Image) -> Image:
    """Bring a picture of any mode to RGB, on white where it is transparent.

    Args:
        picture: Of any mode, 16 bits and floats among them.

    Returns:
        The picture in RGB.
    """
    from PIL import Image

    if picture.mode.startswith("I") or picture.mode == "F":
        values = np.asarray(picture).astype(np.float64)
        deep = picture.mode.startswith("I") and values.max(initial=0) > 255
        bytes_ = (values / DEEP if deep else values).clip(0, 255).round()
        return Image.fromarray(bytes_.astype(np.uint8)).convert("RGB")
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    layer = picture.convert("RGBA")
    ground = Image.new("RGBA", layer.size, "white")
    return Image.alpha_composite(ground, layer).convert("RGB")


def _read_labels(
    labels: Sequence[Any], classes: Sequence[str] | None
) -> tuple[list[int], list[str] | None]:
    values = list(labels)
    if all(isinstance(label, str) for label in values):
        names = sorted(set(values)) if classes is None else [*classes]
        numbers = {name: number for number, name in enumerate(names)}
        if unknown := [name for name in values if name not in numbers]:
            raise DataError(f"The label {unknown[0]!r:.60} is none of classes.")
        return [numbers[name] for name in values], names
    whole = np.asarray(values)
    if whole.dtype.kind not in "iu" or whole.ndim != 1:
        raise DataError(
            "labels must be one whole number or one name a picture, got "
            f"{values[0]!r:.60} first."
        )
    return whole.tolist(), None if classes is None else [*classes]


def _to_floats(picture: Image) -> Tensor:
    pixels = torch.from_numpy(np.asarray(picture).copy())
    return pixels.permute(2, 0, 1).float() / 255
