"""The planted labels are the wrong ones, and the seed alone decides which."""

import numpy as np
import pytest

from depthviz.datasets import load_digits
from depthviz.errors import ArgumentError


def given_labels(digits):
    return np.concatenate([digits.train[1], digits.validation[1]])


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_planted_labels_are_wrong_and_all_others_right(seed):
    digits = load_digits(seed=seed)
    wrong = given_labels(digits) != digits.true_labels
    assert np.array_equal(wrong, digits.planted)
    assert digits.planted.sum() == 90
    cut = len(digits.train[1])
    assert 0 < digits.planted[cut:].sum() < digits.planted[:cut].sum()


def test_pictures_and_true_labels_are_those_of_scikit_learn():
    from sklearn.datasets import load_digits as load

    digits, bunch = load_digits(seed=3), load()
    pictures = np.concatenate([digits.train[0], digits.validation[0]])
    assert np.array_equal(pictures[:, 0] * 16, bunch.images[digits.source])
    assert np.array_equal(digits.true_labels, bunch.target[digits.source])
    assert sorted(digits.source) == list(range(1797))


def test_each_class_is_held_out_in_the_same_share():
    digits = load_digits(holdout=0.25)
    cut = len(digits.train[1])
    everywhere, held = (
        np.bincount(labels) for labels in (digits.true_labels, digits.true_labels[cut:])
    )
    assert np.abs(held - 0.25 * everywhere).max() <= 1


def test_the_seed_alone_decides():
    one, same, other = load_digits(seed=4), load_digits(seed=4), load_digits(seed=5)
    assert np.array_equal(given_labels(one), given_labels(same))
    assert not np.array_equal(one.source, other.source)
    assert not np.array_equal(one.planted, other.planted)


def test_noise_is_a_share_of_all_labels():
    assert load_digits(noise=0).planted.sum() == 0
    assert load_digits(noise=1).planted.all()


@pytest.mark.parametrize("wrong", [{"noise": 1.5}, {"holdout": 0}, {"noise": -0.1}])
def test_shares_outside_their_range_are_refused(wrong):
    with pytest.raises(ArgumentError, match="noise must be in"):
        load_digits(**wrong)


@pytest.mark.parametrize("seed", [-1, 2**32])
def test_seeds_outside_their_range_are_refused(seed):
    with pytest.raises(
        ArgumentError, match=rf"seed must be in 0\.\.4294967295, got {seed}"
    ):
        load_digits(seed=seed)
