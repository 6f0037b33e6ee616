"""Example images as sprite tiles: one WebP picture for every 1,024 thumbnails.

A tile is one request and one decoded texture in the browser, where 10,000 single images
would be 10,000 of each. Small images are stored without loss, because compression must
not look like difficulty.
"""

import io
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from depthviz.study.pictures import to_picture

__all__ = ["ACROSS", "PER_TILE", "Sprites", "describe_sprites", "encode_tile"]

ACROSS = 32
PER_TILE = 1024
_LARGEST_CELL = 64
_LOSSLESS_CELL = 32
_EFFORT = 20  # of 100: more takes four times as long and saves no byte
_QUALITY = 80


class Sprites(NamedTuple):
    """The description of the tiles for the manifest, and what encodes one of them."""

    description: dict[str, Any]
    tile: Callable[[int], bytes]


def describe_sprites(images: NDArray[np.uint8]) -> Sprites:
    """Lay images out as tiles of 32 by 32 thumbnails, in order.

    Args:
        images: Pictures of the examples, shape `(N, H, W, 3)`, or grey with one
            channel.

    Returns:
        Tiles whose cells are at most 64 pixels on the longer side; cells of up to 32
        pixels are lossless. A tile is encoded when it is asked for.
    """
    height, width = images.shape[1:3]
    scale = min(1.0, _LARGEST_CELL / max(height, width))
    cell = max(1, round(width * scale)), max(1, round(height * scale))
    description = {
        "cell": list(cell),
        "per_tile": PER_TILE,
        "across": ACROSS,
        "tiles": -(-len(images) // PER_TILE),
        "mime": "image/webp",
        "lossless": _is_lossless(cell),
    }

    def tile(number: int) -> bytes:
        start = number * PER_TILE
        quality = None if description["lossless"] else _QUALITY
        shown = np.asarray(images[start : start + PER_TILE])
        return encode_tile(shown, cell, quality=quality)

    return Sprites(description, tile)


def encode_tile(
    images: NDArray[np.uint8], cell: tuple[int, int], *, quality: int | None
) -> bytes:
    """Encode up to 1,024 images as one tile.

    Args:
        images: Pictures, shape `(B, H, W, 3)`, or grey with one channel.
        cell: Width and height of a thumbnail in pixels.
        quality: WebP's, in 0..100; None for no loss.

    Returns:
        The tile, in WebP.
    """
    rows = -(-len(images) // ACROSS)
    tile = np.zeros((rows * ACROSS, cell[1], cell[0], 3), np.uint8)
    for slot, image in zip(tile, images, strict=False):
        slot[:] = _fit(image, cell)
    sheet = tile.reshape(rows, ACROSS, cell[1], cell[0], 3).swapaxes(1, 2)
    picture = Image.fromarray(sheet.reshape(rows * cell[1], ACROSS * cell[0], 3))
    encoded = io.BytesIO()
    lossless, effort = quality is None, _EFFORT if quality is None else quality
    picture.save(
        encoded, "WEBP", lossless=lossless, quality=effort, method=2, exact=True
    )
    return encoded.getvalue()


def _fit(image: NDArray[np.uint8], cell: tuple[int, int]) -> NDArray[np.uint8]:
    if image.shape[1::-1] == cell:
        return image
    return np.asarray(to_picture(image).resize(cell, Image.Resampling.LANCZOS))


def _is_lossless(cell: tuple[int, int]) -> bool:
    return max(cell) <= _LOSSLESS_CELL
