"""The share of neighbors that a map keeps."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from depthviz.errors import ArgumentError, ShapeError
from depthviz.projections import neighbors_kept, trustworthiness
from depthviz.projections.quality import nearest_and_ranks


def slow_share(points, index, k, references):
    shares = []
    for example, position in enumerate(points):
        others = [other for other in range(references) if other != example]
        others.sort(key=lambda other: ((points[other] - position) ** 2).sum())
        nearest = set(index[example][:k])
        shares.append(len(nearest & set(others[:k])) / k)
    return np.mean(shares)


@given(
    seed=st.integers(0, 999),
    count=st.integers(4, 30),
    held_out=st.integers(0, 5),
    k=st.integers(1, 6),
)
def test_the_share_equals_the_definition(seed, count, held_out, k):
    generator = np.random.default_rng(seed)
    points = generator.normal(size=(count + held_out, 2))
    k = min(k, count - 1)
    index = np.stack(
        [
            generator.permutation([i for i in range(count) if i != example])[:k]
            for example in range(count + held_out)
        ]
    )
    found = neighbors_kept(points, index, k=k, references=count)
    assert found == pytest.approx(slow_share(points, index, k, count))


def test_a_perfect_map_keeps_all_and_k_is_at_most_what_there_is():
    points = np.arange(10.0)[:, None] ** 1.1 * [1, 0]
    distance = np.abs(points[:, :1] - points[:, 0])
    np.fill_diagonal(distance, np.inf)
    index = distance.argsort(axis=1)[:, :4]
    assert neighbors_kept(points, index, k=15) == 1


def test_points_that_coincide_are_compared():
    share = neighbors_kept(np.zeros((9, 2)), np.full((9, 3), 5), k=3)
    assert 0 <= share <= 1


def test_a_map_of_other_examples_is_refused():
    with pytest.raises(ShapeError, match="points cover 3 examples but index covers 2"):
        neighbors_kept(np.zeros((3, 2)), np.zeros((2, 1), int))


def ranks_in(space, references):
    found = []
    for row, position in enumerate(space):
        distance = ((space[:references] - position) ** 2).sum(axis=1)
        others = [other for other in range(references) if other != row]
        others.sort(key=lambda other: distance[other])
        ranks = np.zeros(references, int)
        ranks[others] = np.arange(1, len(others) + 1)
        found.append(ranks)
    return np.array(found)


@given(seed=st.integers(0, 999), count=st.integers(6, 40), k=st.integers(1, 9))
def test_trustworthiness_and_continuity_equal_scikit_learn(seed, count, k):
    from sklearn.manifold import trustworthiness as reference

    generator = np.random.default_rng(seed)
    embedding = generator.normal(size=(count, 5))
    points = embedding[:, :2] + generator.normal(size=(count, 2))
    k = min(k, (count - 1) // 2)
    rows = np.arange(count)
    near, ranks = nearest_and_ranks(points, rows, references=count, k=k)
    other = ranks_in(embedding, count)
    trust = trustworthiness(near, other, candidates=count - 1)
    assert trust.mean() == pytest.approx(reference(embedding, points, n_neighbors=k))
    own = np.argsort(np.where(other == 0, count, other), axis=1)[:, :k]
    kept = trustworthiness(own, ranks, candidates=count - 1)
    assert kept.mean() == pytest.approx(reference(points, embedding, n_neighbors=k))


def test_ranks_of_points_that_are_no_references_leave_none_out():
    points = np.array([[0.0, 0], [2, 0], [5, 0], [1.9, 0]])
    near, ranks = nearest_and_ranks(points, np.array([3, 1]), references=3, k=2)
    assert near.tolist() == [[1, 0], [0, 2]]
    assert ranks.tolist() == [[2, 1, 3], [1, 0, 2]]


def test_the_worst_map_of_all_has_trustworthiness_zero():
    candidates, k = 10, 5
    ranks = np.arange(1, candidates + 1)[None]
    farthest = ranks.argsort(axis=1)[:, ::-1][:, :k]
    assert trustworthiness(farthest, ranks, candidates=candidates) == [0]


def test_neighborhoods_of_half_of_all_examples_are_refused():
    with pytest.raises(ArgumentError, match="half of the 4 candidates, got k=3"):
        trustworthiness(np.zeros((1, 3), int), np.zeros((1, 5), int), candidates=4)
    with pytest.raises(ShapeError, match="nearest covers 2 examples but ranks cover 1"):
        trustworthiness(np.zeros((2, 1), int), np.zeros((1, 5), int), candidates=4)
