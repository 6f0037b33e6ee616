"""Splits: stratified, balanced, and a member's own alone."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from depthviz.ensembles.splits import check_holdout, held_out_examples
from depthviz.errors import ArgumentError


def splits(labels, members, holdout, seed=0):
    return np.stack(
        [
            held_out_examples(labels, member=member, holdout=holdout, seed=seed)
            for member in range(members)
        ]
    )


@settings(max_examples=60, deadline=None)
@given(
    sizes=st.lists(st.integers(1, 40), min_size=1, max_size=4),
    holdout=st.floats(0.02, 0.98),
    members=st.integers(1, 30),
    seed=st.integers(0, 5),
)
def test_each_example_is_held_out_as_often_as_any_of_its_class(
    sizes, holdout, members, seed
):
    labels = np.repeat(np.arange(len(sizes)), sizes)
    held_out = splits(labels, members, holdout, seed)
    for label, size in enumerate(sizes):
        times = held_out[:, labels == label].sum(axis=0)
        assert times.max() - times.min() <= 1
        dealt = math.floor(round(members * holdout * size, 9))
        assert dealt <= times.sum() <= dealt + 1
        shares = held_out[:, labels == label].sum(axis=1)
        assert (abs(shares - holdout * size) < 1).all()


def test_twenty_members_hold_each_example_out_twice():
    labels = np.random.default_rng(0).integers(0, 10, 1797)
    held_out = splits(labels, 20, 0.1)
    assert (held_out.sum(axis=0) == 2).all()
    together = held_out.astype(int) @ held_out.T
    assert together[:10, 10:].min() > 0  # the second round is dealt anew


@pytest.mark.parametrize(("classes", "size", "holdout"), [(10, 5, 0.1), (300, 3, 0.4)])
def test_small_classes_do_not_all_round_up_for_the_same_member(classes, size, holdout):
    labels = np.repeat(np.arange(classes), size)
    shares = splits(labels, 10, holdout).sum(axis=1)
    expected = holdout * len(labels)
    assert abs(shares - expected).max() <= max(4, 0.2 * expected)


def test_a_split_does_not_depend_on_the_order_of_members_or_on_other_classes():
    labels = np.array([0, 1] * 20)
    one = held_out_examples(labels, member=7, holdout=0.3, seed=3)
    other = np.where(labels == 1, 5, 0)
    alone = held_out_examples(other, member=7, holdout=0.3, seed=3)
    assert np.array_equal(one[labels == 0], alone[labels == 0])
    assert not np.array_equal(
        one, held_out_examples(labels, member=7, holdout=0.3, seed=4)
    )


@pytest.mark.parametrize("holdout", [0, 1, -0.1, 1.5, True, "0.1", float("nan")])
def test_a_holdout_that_is_no_share_is_refused(holdout):
    with pytest.raises(ArgumentError, match="holdout must be a share"):
        check_holdout(20, holdout)


def test_too_few_members_are_told_how_many_it_takes():
    with pytest.raises(ArgumentError, match="at least 20 members"):
        check_holdout(9, 0.1)
    assert check_holdout(10, 0.1) == 1
