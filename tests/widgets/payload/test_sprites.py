"""Sprite tiles hold the pictures they were given."""

import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from depthviz.widgets.payload.sprites import ACROSS, PER_TILE, describe_sprites


def decode(tile: bytes) -> NDArray[np.uint8]:
    return np.asarray(Image.open(io.BytesIO(tile)).convert("RGB"))


def test_every_small_picture_is_found_in_its_cell_without_loss() -> None:
    images = np.random.default_rng(0).integers(
        0, 256, (PER_TILE + 3, 6, 4, 3), dtype=np.uint8
    )
    sprites = describe_sprites(images)
    assert sprites.description["cell"] == [4, 6]
    assert sprites.description["tiles"] == 2
    for example in (0, 1, ACROSS, PER_TILE - 1, PER_TILE, PER_TILE + 2):
        tile, slot = divmod(example, PER_TILE)
        row, column = divmod(slot, ACROSS)
        sheet = decode(sprites.tile(tile))
        cell = sheet[row * 6 : row * 6 + 6, column * 4 : column * 4 + 4]
        np.testing.assert_array_equal(cell, images[example])


def test_large_pictures_are_reduced_and_keep_their_shape() -> None:
    sprites = describe_sprites(np.full((3, 200, 100, 3), 90, np.uint8))
    assert sprites.description["cell"] == [32, 64]
    assert sprites.description["lossless"] is False
    assert decode(sprites.tile(0)).shape == (64, 32 * ACROSS, 3)


def test_grey_pictures_become_three_equal_channels() -> None:
    sheet = decode(describe_sprites(np.full((1, 5, 5, 1), 77, np.uint8)).tile(0))
    assert (sheet[:5, :5] == 77).all()
