"""Pictures are kept in order, small, and by one map for all."""

import numpy as np
import pytest
import torch

from depthviz.errors import ShapeError
from depthviz.measurement.thumbnails import Thumbnails


def test_batches_are_kept_in_order_at_their_own_size():
    inputs = torch.rand(7, 3, 9, 11)
    pictures = Thumbnails(7)
    for batch in inputs.split(3):
        pictures.add(batch)
    assert pictures.images.shape == (7, 9, 11, 3)
    expected = (inputs * 255).round().byte().permute(0, 2, 3, 1).numpy()
    assert np.array_equal(pictures.images, expected)


@pytest.mark.parametrize(
    ("size", "reduced"),
    [((96, 40), (96, 40)), ((200, 100), (96, 48)), ((97, 400), (23, 96))],
)
def test_large_pictures_are_reduced_to_96_on_the_longer_side(size, reduced):
    pictures = Thumbnails(2)
    pictures.add(torch.full((2, 1, *size), 0.2))
    assert pictures.images.shape == (2, *reduced, 3)
    assert pictures.source_size == size
    assert (pictures.images == 51).all()


@pytest.mark.parametrize("batch_size", [1, 100, 1_023, 1_024, 1_025, 1_100])
def test_the_first_1024_decide_black_and_white_however_they_come(batch_size):
    inputs = torch.zeros(1_100, 1, 1, 2)
    inputs[0], inputs[1_023], inputs[1_024] = -2.0, 2.0, 6.0
    pictures = Thumbnails(1_100)
    for batch in inputs.split(batch_size):
        pictures.add(batch)
    assert pictures.value_range == (-2, 2)
    shown = pictures.images[[0, 1, 1_023, 1_024, 1_099], 0, 0, 0]
    assert shown.tolist() == [0, 128, 255, 255, 128]


def test_all_decide_where_there_are_fewer():
    pictures = Thumbnails(2)
    pictures.add(torch.tensor([[[[-2.0, 2.0]]]]))
    pictures.add(torch.tensor([[[[0.0, 6.0]]]]))
    assert pictures.value_range == (-2, 6)
    assert pictures.images[:, 0, :, 0].tolist() == [[0, 128], [64, 255]]


def test_inputs_that_are_no_pictures_are_passed_over():
    pictures = Thumbnails(2)
    pictures.add(torch.zeros(2, 64))
    assert pictures.images is None


def test_given_pictures_are_taken_and_inputs_left():
    given = np.random.default_rng(0).integers(0, 256, (2, 5, 5, 3), dtype=np.uint8)
    pictures = Thumbnails(2, given)
    pictures.add(torch.zeros(2, 1, 8, 8))
    assert np.array_equal(pictures.images, given)


def test_no_pictures_are_kept_where_none_are_wanted():
    pictures = Thumbnails(2, None)
    pictures.add(torch.zeros(2, 1, 8, 8))
    assert pictures.images is None


@pytest.mark.parametrize("shape", [(3, 8, 8), (2, 64), ()])
def test_given_pictures_that_do_not_fit_are_refused(shape):
    with pytest.raises(ShapeError, match=r"'auto', None or 2 pictures.*got an array"):
        Thumbnails(2, np.zeros(shape))
