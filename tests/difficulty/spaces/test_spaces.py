"""Distances to the middle of a class, and directions, against the slow and obvious."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics.pairwise import cosine_similarity

from depthviz.difficulty import neighborhood_confidence, prototype_distance, purity
from depthviz.errors import ArgumentError, FeatureError, ShapeError

PROPERTIES = settings(max_examples=40, deadline=None)


def drawn(seed, count=14, features=3, classes=3):
    draw = np.random.default_rng(seed)
    return draw.normal(size=(count, features)), draw.integers(0, classes, count)


@given(seed=st.integers(0, 2**31), center=st.sampled_from(["median", "mean"]))
@PROPERTIES
def test_the_middle_of_a_class_is_that_of_its_references(seed, center):
    rows, labels = drawn(seed)
    reference = np.random.default_rng(seed + 1).random(len(rows)) < 0.7
    found = prototype_distance(rows, labels, center=center, reference=reference)
    for i, label in enumerate(labels):
        own = rows[(labels == label) & reference]
        if not len(own):
            assert found[i].isnan()
            continue
        middle = getattr(np, center)(own, axis=0)
        np.testing.assert_allclose(found[i], np.linalg.norm(rows[i] - middle))


@given(seed=st.integers(0, 2**31))
@PROPERTIES
def test_purity_is_the_nearest_cosine_of_the_others(seed):
    rows, _ = drawn(seed)
    cosine = cosine_similarity(rows, rows[:6])
    np.testing.assert_allclose(purity(rows, rows[:6]), cosine.max(1), atol=1e-12)
    own = np.where(np.arange(len(rows)) < 6, np.arange(len(rows)), -1)
    np.fill_diagonal(cosine, -np.inf)
    found = purity(rows, rows[:6], own=own)
    np.testing.assert_allclose(found, cosine.max(1), atol=1e-12)


@given(seed=st.integers(0, 2**31), cosine=st.sampled_from([-0.5, 0.0, 0.5, 0.95]))
@PROPERTIES
def test_neighborhood_confidence_is_the_sum_over_those_near(seed, cosine):
    rows, _ = drawn(seed)
    sure = np.random.default_rng(seed + 1).random(len(rows))
    near = cosine_similarity(rows)
    np.fill_diagonal(near, 1)
    weight = np.where(near > cosine, (1 + near) / 2, 0)
    found = neighborhood_confidence(rows, sure, cosine=cosine)
    np.testing.assert_allclose(found, weight @ sure, atol=1e-12)


def test_the_threshold_is_a_cosine_and_not_the_authors_similarity():
    """Their 0.975 is of (1 + cosine) / 2; a cosine of 0.96 is above it."""
    angle = np.arccos(0.96)
    rows = np.array([[1, 0], [np.cos(angle), np.sin(angle)]])
    assert neighborhood_confidence(rows, np.ones(2)).min() > 1.9
    assert neighborhood_confidence(rows, np.ones(2), cosine=0.975).max() == 1


def test_alone_in_a_radius_an_example_has_its_own_confidence():
    found = neighborhood_confidence(torch.eye(3), torch.tensor([0.5, 0.25, 1]))
    assert found.tolist() == [0.5, 0.25, 1]


def test_whatever_the_block_the_numbers_are_the_same(monkeypatch):
    rows, _ = drawn(0, count=40)
    sure = np.linspace(0, 1, 40)
    whole = neighborhood_confidence(rows, sure, cosine=0.5), purity(rows, rows[:9])
    monkeypatch.setattr("depthviz.difficulty.spaces.directions.NUMBERS", 90)
    parts = neighborhood_confidence(rows, sure, cosine=0.5), purity(rows, rows[:9])
    for one, other in zip(whole, parts, strict=True):
        torch.testing.assert_close(one, other)


def test_what_has_no_direction_is_refused():
    with pytest.raises(FeatureError, match=r"embeddings\[1\] has no direction"):
        purity(torch.tensor([[1.0], [0.0]]), torch.ones(1, 1))
    with pytest.raises(FeatureError, match=r"reference\[0\]"):
        purity(torch.ones(1, 1), torch.tensor([[torch.nan]]))
    with pytest.raises(ArgumentError, match="cosine must be"):
        neighborhood_confidence(torch.eye(2), torch.ones(2), cosine=1.0)
    with pytest.raises(ShapeError, match="reference"):
        purity(torch.eye(2), torch.eye(3))


def test_nothing_but_itself_in_the_reference_says_nothing():
    rows = torch.eye(2)
    assert purity(rows[:1], rows[:1], own=torch.tensor([0])).isnan().all()
    assert purity(rows, rows[:0]).isnan().all()


def test_a_class_of_one_lies_in_its_own_middle():
    assert prototype_distance(torch.rand(1, 3), torch.tensor([4])).tolist() == [0]


def test_equal_embeddings_are_no_distance_apart():
    assert prototype_distance(torch.ones(5, 2), torch.zeros(5).long()).sum() == 0
