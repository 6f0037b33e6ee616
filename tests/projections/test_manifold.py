"""Maps of the layers: neighbors kept, each over the one before, by seed alone."""

import sys
from itertools import count, pairwise
from threading import enumerate as enumerate_threads

import numpy as np
import pytest
import torch
from scipy.spatial.distance import cdist

from depthviz.errors import ArgumentError, DependencyError, ShapeError
from depthviz.projections import (
    align,
    layout,
    loops,
    manifold,
    neighbors_kept,
    umap_layers,
)
from depthviz.projections.fuzzy import fuzzy_graph

GENERATOR = np.random.default_rng(0)


def neighborhoods(layers, k):
    """Neighbors and distances at each layer, shape (P, N, K)."""
    found = []
    for layer in layers:
        distance = cdist(layer, layer)
        np.fill_diagonal(distance, np.inf)
        index = distance.argsort(axis=1, kind="stable")[:, :k]
        found.append((index, np.take_along_axis(distance, index, axis=1)))
    index, distance = zip(*found, strict=True)
    return np.stack(index), np.stack(distance).astype(np.float32)


def drifting_clusters(probes=3, size=90):
    """Three clusters whose points move a little from layer to layer."""
    centers = np.repeat(np.eye(3) * 12, size // 3, axis=0)
    layer = GENERATOR.normal(size=(size, 3)) + centers
    layers = [layer]
    for _ in range(probes - 1):
        layers.append(layers[-1] + 0.3 * GENERATOR.normal(size=layer.shape))
    return neighborhoods(layers, 15)


def spread(points):
    return np.sqrt(((points - points.mean(0)) ** 2).sum(1).mean())


def test_maps_keep_neighbors_and_clusters():
    index, distance = drifting_clusters()
    maps = umap_layers(index, distance)
    assert maps.shape == (3, 90, 2)
    assert maps.dtype == np.float32
    for points, neighbors in zip(maps, index, strict=True):
        assert neighbors_kept(points, neighbors) > 0.5
        own = np.repeat(np.arange(3), 30)
        centers = np.stack([points[own == cluster].mean(0) for cluster in range(3)])
        assert (cdist(points, centers).argmin(1) == own).all()


def test_each_map_lies_over_the_one_before():
    maps = umap_layers(*drifting_clusters())
    for before, after in pairwise(maps):
        assert np.allclose(align(after, before), after, atol=1e-3)
        assert spread(after) == pytest.approx(spread(before), rel=1e-4)
        assert spread(after - before) < 0.5 * spread(before)


def test_maps_move_less_than_independent_ones():
    index, distance = drifting_clusters()
    maps = umap_layers(index, distance)
    alone = [umap_layers(index[[p]], distance[[p]], seed=p)[0] for p in range(3)]
    linked = [spread(b - a) / spread(a) for a, b in pairwise(maps)]
    loose = [spread(align(b, a) - a) / spread(a) for a, b in pairwise(alone)]
    assert np.mean(linked) < np.mean(loose)


def test_the_seed_alone_decides_the_maps():
    index, distance = drifting_clusters(probes=2)
    one = umap_layers(index, distance, seed=3)
    np.random.seed(99)  # global state, which must not be read
    assert np.array_equal(one, umap_layers(index, distance, seed=3))
    assert not np.array_equal(one, umap_layers(index, distance, seed=4))


@pytest.mark.parametrize(
    ("layer", "k"),
    [
        (GENERATOR.normal(size=(2, 3)), 1),
        (GENERATOR.normal(size=(3, 3)), 2),
        (GENERATOR.normal(size=(3, 3)), 1),
        (GENERATOR.normal(size=(12, 3)), 5),
        (np.zeros((20, 3)), 5),
        (np.repeat(GENERATOR.normal(size=(10, 3)), 4, axis=0), 3),
        (np.repeat(1e6 * np.eye(12), 5, axis=0) + GENERATOR.normal(size=(60, 12)), 3),
    ],
    ids=["two", "three", "pairs", "few", "one place", "duplicates", "many parts"],
)
def test_odd_neighborhoods_give_finite_maps(layer, k):
    maps = umap_layers(*neighborhoods([layer, layer], k))
    assert np.isfinite(maps).all()
    assert (np.ptp(maps, axis=1) > 0).any()


def test_progress_counts_maps():
    seen = []
    index, distance = neighborhoods([GENERATOR.normal(size=(8, 2))] * 3, 3)
    umap_layers(index, distance, progress=seen.append)
    assert sum(seen) == 3


@pytest.mark.parametrize(
    ("index", "distance"),
    [
        (np.zeros((2, 5, 3), int), np.zeros((2, 5, 4))),
        (np.zeros((5, 3), int), np.zeros((5, 3))),
        (np.zeros((2, 5, 0), int), np.zeros((2, 5, 0))),
    ],
)
def test_arrays_of_other_shapes_are_refused(index, distance):
    with pytest.raises(ShapeError, match=r"shape \(P, N, K\) with K at least 1"):
        umap_layers(index, distance)


@pytest.mark.parametrize("outside", [-1, 5])
def test_neighbors_that_are_no_examples_are_refused(outside):
    index = np.zeros((1, 5, 2), int)
    index[0, 3, 1] = outside
    with pytest.raises(ArgumentError, match="examples from 0 to 4"):
        umap_layers(index, np.ones((1, 5, 2)))


def test_without_numba_the_install_line_is_told(monkeypatch):
    monkeypatch.setitem(sys.modules, "numba", None)
    with pytest.raises(DependencyError, match="pip install numba"):
        umap_layers(np.zeros((1, 3, 1), int), np.zeros((1, 3, 1)))


def test_where_compiling_is_forbidden_it_is_told(monkeypatch):
    monkeypatch.setenv("DEPTHVIZ_COMPILE", "0")
    with pytest.raises(DependencyError, match="DEPTHVIZ_COMPILE=0 forbids"):
        umap_layers(np.zeros((1, 3, 1), int), np.zeros((1, 3, 1)))


def test_umap_learn_is_not_imported(monkeypatch):
    for name in ("umap", "sklearn", "pynndescent"):
        monkeypatch.setitem(sys.modules, name, None)
    assert umap_layers(*drifting_clusters()).shape == (3, 90, 2)


@pytest.mark.parametrize("threads", [2, 3])
def test_threads_change_no_bit(threads):
    index, distance = drifting_clusters(probes=2, size=600)
    before = torch.get_num_threads()
    try:
        torch.set_num_threads(1)
        alone = umap_layers(index, distance)
        torch.set_num_threads(threads)
        shared = umap_layers(index, distance)
    finally:
        torch.set_num_threads(before)
    assert alone.tobytes() == shared.tobytes()


def test_what_is_given_stays_as_it_was():
    index, distance = drifting_clusters(probes=2)
    distance = distance.astype(np.float64)
    distance[0, 5, 10:] = np.inf
    before = index.copy(), distance.copy()
    umap_layers(index, distance)
    assert np.array_equal(before[0], index)
    assert np.array_equal(before[1], distance)


def test_one_probe_is_the_first_of_many():
    index, distance = drifting_clusters(probes=2)
    one = umap_layers(index[:1], distance[:1])
    assert np.array_equal(one, umap_layers(index, distance)[:1])


def test_more_neighbors_than_there_are_change_nothing():
    index, distance = neighborhoods([GENERATOR.normal(size=(6, 3))], 5)
    found = umap_layers(index, distance, neighbors=100)
    assert np.array_equal(found, umap_layers(index, distance, neighbors=6))


def test_an_example_at_equal_distances_from_all_has_its_place():
    index, distance = neighborhoods([GENERATOR.normal(size=(50, 3))], 15)
    distance[0, 7] = 3.0
    maps = umap_layers(index, distance)
    assert np.isfinite(maps).all()
    assert np.abs(maps).max() < 50


def test_infinite_distances_make_no_edge():
    index, distance = neighborhoods([GENERATOR.normal(size=(50, 3))], 15)
    distance[0, :, 10:] = np.inf
    distance[0, 7] = np.inf
    assert np.isfinite(umap_layers(index, distance)).all()


def test_thousands_of_duplicates_stay_together():
    """By index, the first of them are the neighbors of all others."""
    count, k = 3000, 15
    apart = GENERATOR.normal(size=(300, 3)) + 20
    index, distance = neighborhoods([apart], k)
    first = np.arange(k + 1)
    same = np.array([first[first != row][:k] for row in range(count)])
    index = np.concatenate([same[None], index + count], axis=1)
    distance = np.concatenate([np.zeros((1, count, k), np.float32), distance], axis=1)
    points = umap_layers(index, distance)[0]
    assert np.isfinite(points).all()
    assert np.abs(points).max() < 200
    assert spread(points[:count]) < 50


def test_every_seed_is_one():
    index, distance = drifting_clusters(probes=2)
    assert np.isfinite(umap_layers(index, distance, seed=2**32 - 1)).all()


def test_no_probes_have_no_maps():
    nothing = np.empty((0, 5, 3))
    assert umap_layers(nothing.astype(int), nothing).shape == (0, 5, 2)


def test_an_error_of_a_later_graph_is_raised_and_leaves_no_thread(monkeypatch):
    index, distance = drifting_clusters()
    monkeypatch.setattr(manifold, "fuzzy_graph", fails_at(1))
    with pytest.raises(MemoryError):
        umap_layers(index, distance)
    assert not [each for each in enumerate_threads() if "graph" in each.name]


def fails_at(number):
    calls = count()

    def make(*arguments):
        if next(calls) == number:
            raise MemoryError
        return fuzzy_graph(*arguments)

    return make


def test_no_point_moves_farther_than_one_along_an_axis():
    points = np.zeros((200, 2), np.float32)
    points[:, 0] = np.linspace(0, 1e-2, 200)  # pushed hard by all that are drawn
    other = np.arange(1, 201, dtype=np.int32) % 200
    graph = (np.arange(201, dtype=np.int64), other, np.full(200, 1, np.float32))
    out = np.empty_like(points)
    rate, key = np.float32(1), np.uint64(5)
    loops.move(points, graph, layout.curves(), rate, key, 40, out, 0, 200)
    assert np.abs(out - points).max() == 1
