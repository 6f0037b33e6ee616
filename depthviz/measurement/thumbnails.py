"""The pictures a study keeps, so that it is looked at without the data set.

Pictures keep their own size up to 96 pixels on the longer side; larger ones are
reduced. Values outside [0, 1] are mapped by the range that the first 1,024 examples
cover, one map for all, so the pictures do not depend on how examples are batched. Until
that many have come, their inputs wait in memory.
"""

from __future__ import annotations

from itertools import accumulate
from typing import Any

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from depthviz.datasets.nested import Nest, is_floats, leaves
from depthviz.datasets.pictures import picture_range, to_images
from depthviz.datasets.plain_arrays import has_numbers, plain_array
from depthviz.errors import DataError, ShapeError

__all__ = ["LARGEST", "Thumbnails"]

LARGEST = 96
FIRST = 1_024  # examples whose range is black and white

Inputs = Tensor | NDArray[np.generic]


class Thumbnails:
    """Pictures of examples, gathered batch by batch.

    Args:
        count: Number of examples, N.
        images: "auto" gathers the inputs that are pictures, None nothing; pictures of
            all examples are taken as they are.

    Attributes:
        images: Pictures `(N, H, W, 3)`, uint8; None until the first 1,024 or all came.
        value_range: Values shown as black and as white.
        source_size: Height and width before reduction.
    """

    def __init__(self, count: int, images: Any = "auto") -> None:
        self.images: NDArray[np.uint8] | None = None
        self.value_range: tuple[float, float] | None = None
        self.source_size: tuple[int, int] | None = None
        self._count = count
        self._filled = 0
        self._waiting: list[Inputs] = []
        self._gathers = isinstance(images, str) and images == "auto"
        if images is not None and not self._gathers:
            self._take(_pictures(images))

    def add(self, inputs: Nest) -> None:
        """Keep the pictures of the next examples; anything else is passed over.

        Args:
            inputs: Inputs of a batch, shape `(B, ...)`; among several the only pictures
                `(B, C, H, W)` of floats are taken.
        """
        pictures = _only_pictures(inputs)
        if self._gathers and pictures is not None:
            self._keep(pictures)

    def _take(self, images: Inputs) -> None:
        if images.shape[:1] == (self._count,):
            self._keep(images)
        if self.images is None:
            raise ShapeError(
                f"images must be 'auto', None or {self._count} pictures, training "
                f"examples first; got an array of shape "
                f"{tuple(images.shape)}."
            )

    def _keep(self, inputs: Inputs) -> None:
        if to_images(inputs[:1]) is None:
            return
        self._waiting.append(inputs)
        if sum(map(len, self._waiting)) + self._filled < min(FIRST, self._count):
            return
        if self.value_range is None:
            self.value_range = _range_of_first(self._waiting)
        for batch in self._waiting:
            pictures = to_images(batch, value_range=self.value_range)
            if pictures is not None:
                self._fill(pictures)
        self._waiting.clear()

    def _fill(self, pictures: NDArray[np.uint8]) -> None:
        small = _reduce(pictures)
        if self.images is None:
            self.images = np.zeros((self._count, *small.shape[1:]), np.uint8)
            self.source_size = (pictures.shape[1], pictures.shape[2])
        self.images[self._filled : self._filled + len(small)] = small
        self._filled += len(small)


def _only_pictures(inputs: Nest) -> Tensor | None:
    """Find the pictures among the inputs of a batch."""
    if isinstance(inputs, Tensor):
        return inputs
    found = [leaf for _, leaf in leaves(inputs) if leaf.ndim == 4 and is_floats(leaf)]
    return found[0] if len(found) == 1 else None


def _pictures(images: Any) -> Inputs:
    """Read pictures of any library; paths of files are none (`DataError`)."""
    plain = plain_array(images, "images")
    real = (
        not plain.is_complex()
        if isinstance(plain, Tensor)
        else has_numbers(plain) and plain.dtype.kind != "c"
    )
    if not real:
        raise DataError(
            f"images must be pictures of real numbers, got {plain.dtype}; open files "
            "before, such as by np.asarray(PIL.Image.open(path).convert('RGB'))."
        )
    return plain


def _range_of_first(batches: list[Inputs]) -> tuple[float, float]:
    starts = accumulate(map(len, batches), initial=0)
    pairs = zip(batches, starts, strict=False)
    return picture_range(*(batch[: FIRST - start] for batch, start in pairs))


def _reduce(pictures: NDArray[np.uint8]) -> NDArray[np.uint8]:
    height, width = pictures.shape[1:3]
    scale = LARGEST / max(height, width)
    if scale >= 1:
        return pictures
    from PIL import Image

    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    reduced = [
        np.asarray(Image.fromarray(picture).resize(size, Image.Resampling.LANCZOS))
        for picture in pictures
    ]
    return np.stack(reduced)
