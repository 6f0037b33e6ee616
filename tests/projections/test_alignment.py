"""One map laid over another by the nearest rotation, scale and shift."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from depthviz.errors import ShapeError
from depthviz.projections import align


def some_points(seed, count=20):
    return np.random.default_rng(seed).normal(size=(count, 2))


def moved(points, angle, *, flip, scale, shift):
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    return scale * (points * [1, -1 if flip else 1]) @ turn + shift


@given(
    seed=st.integers(0, 99),
    angle=st.floats(0, 6.3),
    flip=st.booleans(),
    scale=st.floats(0.01, 100),
    shift=st.floats(-50, 50),
)
def test_a_moved_copy_comes_back(seed, angle, flip, scale, shift):
    reference = some_points(seed)
    points = moved(reference, angle, flip=flip, scale=scale, shift=shift)
    assert np.allclose(align(points, reference), reference, atol=1e-4)


@given(seed=st.integers(0, 99), angle=st.floats(0, 6.3), flip=st.booleans())
def test_no_other_rotation_lies_closer(seed, angle, flip):
    points, reference = some_points(seed), some_points(seed + 1000)
    aligned = align(points, reference).astype(np.float64)
    center = aligned.mean(axis=0)
    other = moved(aligned - center, angle, flip=flip, scale=1, shift=center)
    distance, distance_of_other = (
        ((candidate - reference) ** 2).sum() for candidate in (aligned, other)
    )
    assert distance <= distance_of_other + 1e-4


def test_the_spread_is_that_of_the_reference():
    points, reference = 30 * some_points(0), some_points(1)
    assert align(points, reference).std(0).sum() == pytest.approx(
        reference.std(0).sum(), rel=0.2
    )
    spread = [
        np.square(x - x.mean(0)).sum() for x in (align(points, reference), reference)
    ]
    assert spread[0] == pytest.approx(spread[1], rel=1e-5)


def test_points_that_coincide_go_to_the_center():
    reference = some_points(2)
    aligned = align(np.full((20, 2), 7.0), reference)
    assert np.allclose(aligned, reference.mean(0))


def test_maps_of_other_examples_are_refused():
    with pytest.raises(
        ShapeError, match=r"shape \(3, 2\) but the reference has \(4, 2\)"
    ):
        align(np.zeros((3, 2)), np.zeros((4, 2)))
