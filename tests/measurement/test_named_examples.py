"""Refusals of a measurement name the examples, the pictures and the class names."""

import numpy as np
import pytest
import torch

from depthviz.errors import DataError, FeatureError, LabelError, ShapeError
from tests.measurement.small import HELD_OUT, LABELS, POINTS, Named, measured


def broken(rows):
    points = POINTS.copy()
    points[rows, 1] = np.nan
    return points


@pytest.mark.parametrize(
    ("rows", "which"),
    [
        ([37], r"1 of 50 examples at probe 'input' are NaN .* \(train\[37\]\)"),
        ([3, 40], r"\(train\[3\], validation\[2\]\)"),
        (range(12, 50), r"38 of 50 .*\(train\[12\], .*, train\[16\], …\)"),
    ],
)
def test_examples_that_are_not_finite_are_named(rows, which):
    points = broken(list(rows))
    train, held_out = (points[:38], LABELS[:38]), (points[38:], LABELS[38:])
    with pytest.raises(FeatureError, match=f"{which}.*Clean these inputs"):
        measured(train=train, validation=held_out, batch_size=7)


def test_an_item_that_cannot_be_read_is_named_by_its_split():
    class Damaged(Named):
        def __getitem__(self, index):
            if index == 9:
                raise OSError("image file is truncated")
            return super().__getitem__(index)

    data = Damaged(list("abc"), *HELD_OUT)
    with pytest.raises(OSError, match="truncated") as caught:
        measured(validation=data)
    assert "validation[9] could not be read" in caught.value.__notes__[0]


@pytest.mark.parametrize(
    ("images", "error", "message"),
    [
        (
            [np.zeros((8, 8 + (i == 4), 3), np.uint8) for i in range(50)],
            ShapeError,
            r"number 0 has \(8, 8, 3\) and number 4 has \(8, 9, 3\)",
        ),
        (["a.png"] * 50, DataError, r"real numbers, got <U5; open files"),
        (np.zeros((50, 8, 8), complex), DataError, "real numbers, got complex128"),
        (
            np.ma.masked_less(np.arange(50.0 * 64).reshape(50, 8, 8), 3),
            DataError,
            "images must have a value everywhere.*number 0",
        ),
    ],
)
def test_other_pictures_are_refused_in_words(images, error, message):
    with pytest.raises(error, match=message):
        measured(images=images)


def test_pictures_of_half_precision_are_shown():
    pictures = torch.rand(50, 3, 8, 8).bfloat16()
    assert measured(images=pictures).dataset["image"].shape == (50, 8, 8, 3)


def test_names_that_do_not_fit_after_a_target_transform_have_a_remedy():
    with pytest.raises(LabelError, match="class_names=: a target_transform"):
        measured(train=Named(list("abcd")), validation=None)
    named = measured(
        train=Named(list("abcd")), validation=None, class_names=["a", "b", "other"]
    )
    assert named.classes == ("a", "b", "other")
