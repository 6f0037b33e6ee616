"""The share of neighbors that a map keeps."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from depthviz.errors import ShapeError
from depthviz.projections import neighbors_kept


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
