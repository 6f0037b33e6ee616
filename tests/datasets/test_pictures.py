"""Every layout and type of picture is shown as it is, by one map for all."""

import numpy as np
import pytest
import torch

from depthviz.datasets.pictures import picture_range, to_images

GREY = np.random.default_rng(0).integers(0, 256, (2, 8, 9), dtype=np.uint8)
RGB = np.random.default_rng(1).integers(0, 256, (2, 8, 9, 3), dtype=np.uint8)
GREY_AS_RGB = np.repeat(GREY[..., None], 3, axis=-1)


@pytest.mark.parametrize(
    ("inputs", "pictures"),
    [
        (GREY, GREY_AS_RGB),
        (GREY[:, None], GREY_AS_RGB),
        (GREY[..., None], GREY_AS_RGB),
        (RGB, RGB),
        (RGB.transpose(0, 3, 1, 2), RGB),
    ],
)
@pytest.mark.parametrize("form", [np.asarray, torch.tensor, lambda x: x / 255])
def test_every_layout_and_type_shows_the_same_picture(inputs, pictures, form):
    assert np.array_equal(to_images(form(inputs)), pictures)


def test_alpha_shows_white_behind():
    clear, solid = np.zeros((1, 2, 2, 4), np.uint8), np.zeros((1, 2, 2, 4), np.uint8)
    solid[..., 3] = 255
    assert (to_images(clear) == 255).all()
    assert (to_images(solid) == 0).all()
    half = np.full((1, 8, 8, 4), [1.0, 0.0, 0.0, 0.5])
    assert to_images(half)[0, 0, 0].tolist() == [255, 128, 128]


def test_normalized_pictures_share_one_map():
    pictures = (RGB / 255 - 0.5) / 0.25
    low, high = picture_range(pictures)
    both = to_images(pictures)
    assert np.abs(both.astype(int) - RGB).max() <= 1 + 255 * (1 - (high - low) / 4)
    alone = to_images(pictures[:1], value_range=(low, high))
    assert np.array_equal(alone, both[:1])


def test_values_outside_the_range_are_clipped():
    pictures = to_images(np.array([[[-9.0, 0.5, 9.0, np.nan]]]), value_range=(0, 1))
    assert pictures[0, 0, :, 0].tolist() == [0, 128, 255, 0]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (np.array([[3, 9]], np.uint8), (0, 255)),
        (np.array([[0.2, 0.7]]), (0, 1)),
        (np.array([[-2.0, 0.7, np.inf]]), (-2, 0.7)),
        (np.array([[0.0, 16.0]]), (0, 16)),
        (np.array([[np.nan]]), (0, 1)),
    ],
)
def test_range_is_known_or_covered(values, expected):
    assert picture_range(values) == pytest.approx(expected)


@pytest.mark.parametrize("sizes", [(1, 4, 4), (2, 7), (9,)])
def test_the_range_of_batches_is_that_of_all_values(sizes):
    values = np.random.default_rng(0).random((9, 6)) * np.linspace(0.1, 4, 9)[:, None]
    values[0, 0] = np.nan
    parts = np.split(values, np.cumsum(sizes)[:-1])
    assert picture_range(*parts) == picture_range(values)


@pytest.mark.parametrize(
    "shape", [(2, 64), (2, 5, 8, 8), (2, 16, 4, 4), (2, 3, 4, 8, 8), (2,)]
)
def test_inputs_that_are_no_pictures_show_none(shape):
    assert to_images(np.zeros(shape)) is None


def test_half_precision_tensors_are_shown():
    inputs = torch.full((1, 1, 2, 2), 0.5, dtype=torch.bfloat16)
    assert (to_images(inputs) == 128).all()


def test_flat_pictures_do_not_divide_by_zero():
    assert (to_images(np.full((1, 2, 2), 7.0)) == 0).all()
