"""Each greedy choice equals that of its slow, obvious version."""

import numpy as np
import pytest

from depthviz.errors import FeatureError
from depthviz.selection import (
    cosine_graph,
    facility_location_order,
    k_center_order,
    nearest_graph,
)
from depthviz.selection.amounts import even_budgets
from depthviz.selection.methods import centers, graphs
from tests.selection.pools import clouds


def slow_centers(points, count, first):
    distance = np.linalg.norm(points[:, None] - points, axis=2)
    chosen, left = [first], distance[first].copy()
    while len(chosen) < count:
        left[chosen] = -1
        chosen.append(int(np.argmax(left)))
        left = np.minimum(left, distance[chosen[-1]])
    return chosen


@pytest.mark.parametrize("size", [2, 3, 40, 5000])
@pytest.mark.parametrize("kind", ["clouds", "grid", "copies", "far", "float32"])
def test_k_center_is_the_plain_greedy_choice(kind, size, monkeypatch):
    monkeypatch.setattr(centers, "LEAST", min(size, 16))
    monkeypatch.setattr(centers, "MOST", size)
    monkeypatch.setattr(centers, "ROWS", 37)
    points = {
        "clouds": clouds(150),
        "grid": np.stack(np.meshgrid(*[np.arange(5.0)] * 3), -1).reshape(-1, 3),
        "copies": np.repeat(clouds(40), 4, 0),
        "far": clouds(150) + 1e4,
        "float32": clouds(150).astype(np.float32),
    }[kind]
    if kind == "float32":
        wanted = slow_centers(points.astype(np.float64), 60, 3)
    else:
        wanted = slow_centers(points, 60, 3)
    rows, radius, _ = k_center_order(points, count=60, first=3)
    if kind in ("copies", "grid"):  # a product rounds what is equal apart
        found = np.linalg.norm(points[:, None] - points[rows], axis=2).min(1)
        slow = np.linalg.norm(points[:, None] - points[wanted], axis=2).min(1)
        assert len(set(rows.tolist())) == 60
        assert found.max() == pytest.approx(slow.max(), abs=1e-6)
        np.testing.assert_allclose(radius, found, atol=1e-5)
    else:
        assert rows.tolist() == wanted


def test_k_center_of_whole_numbers_breaks_ties_by_the_first():
    points = np.stack(np.meshgrid(*[np.arange(5.0)] * 3), -1).reshape(-1, 3)
    rows, _, _ = k_center_order(points, count=125, first=0)
    assert rows.tolist() == slow_centers(points, 125, 0)


def test_facility_location_is_the_plain_greedy_choice():
    graph = nearest_graph(clouds(120), 6)
    similarity = np.eye(120)
    for row in range(120):
        edges = graph.edges(row)
        similarity[row, graph.neighbor[edges]] = 1 / (1 + graph.value[edges])
    best, wanted = np.zeros(120), []
    for _ in range(50):
        gain = np.maximum(similarity - best[:, None], 0).sum(0).round(10)
        wanted.append(int(np.argmax(gain)))
        best = np.maximum(best, similarity[:, wanted[-1]])
    rows, gains = facility_location_order(graph, count=50)
    assert rows.tolist() == wanted
    assert gains.sum() == pytest.approx(best.sum())


@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_a_cosine_graph_has_every_pair_above_the_bound(kind, monkeypatch):
    monkeypatch.setattr(graphs, "BLOCK", 32)
    points = clouds(100).astype(kind)
    unit = points / np.linalg.norm(points.astype(float), axis=1, keepdims=True)
    cosine = unit @ unit.T
    graph, highest = cosine_graph(points, 0.9)
    np.fill_diagonal(cosine, -2)
    assert highest == pytest.approx(cosine.max(), abs=1e-6)
    for row in range(100):
        edges = graph.edges(row)
        found = dict(zip(graph.neighbor[edges], graph.value[edges], strict=True))
        wanted = np.flatnonzero(cosine[row] > 0.9)
        assert sorted(found) == wanted.tolist()
        for other in wanted:
            assert found[other] == pytest.approx(cosine[row, other], abs=1e-6)


def test_a_graph_is_symmetric_and_counts_its_neighbors():
    graph = nearest_graph(np.array([[0.0], [1.0], [3.0], [3.5]]), 1)
    assert graph.start.tolist() == [0, 1, 2, 3, 4]
    assert graph.neighbor.tolist() == [1, 0, 3, 2]
    assert graph.mean_degree == 1


def test_embeddings_without_a_direction_have_no_cosine():
    with pytest.raises(FeatureError, match="norm 0, row 1"):
        cosine_graph(np.array([[1.0, 0.0], [0.0, 0.0]]), 0.5)


def test_budgets_add_up_and_are_as_even_as_sizes_allow():
    draw = np.random.default_rng(0)
    for _ in range(50):
        sizes = draw.integers(0, 20, 8)
        budget = int(draw.integers(0, sizes.sum() + 1))
        found = even_budgets(sizes, budget)
        assert found.sum() == budget
        assert np.all(found <= sizes)
        room = found < sizes
        assert not room.any() or found.max() - found[room].min() <= 1
