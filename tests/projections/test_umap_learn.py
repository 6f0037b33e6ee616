"""Our maps beside umap-learn's: the same graph and curve, and quality as good."""

import sys
import time
from itertools import pairwise

import numpy as np
import pytest
from scipy import sparse
from sklearn.datasets import load_digits

from depthviz.errors import DependencyError
from depthviz.projections import (
    neighbors_kept,
    trustworthiness,
    umap_layers,
    umap_learn_layers,
)
from depthviz.projections.fuzzy import fuzzy_graph
from depthviz.projections.layout import curves
from depthviz.projections.quality import nearest_and_ranks
from tests.projections.test_manifold import drifting_clusters, neighborhoods, spread

umap_ = pytest.importorskip("umap.umap_")

SEEDS = (0, 1)
LOST = 0.02


@pytest.fixture(scope="module")
def layers():
    """Digits, and a random layer of a network that keeps less of them."""
    generator = np.random.default_rng(0)
    layer = load_digits().data[:700] / 16
    found = [layer]
    for width in (16,):
        weights = generator.normal(size=(layer.shape[1], width)) / np.sqrt(width)
        layer = np.maximum(layer @ weights, 0)
        found.append(layer)
    return found


def quality(maps, layers, index):
    """Mean trustworthiness and kept neighbors, and movement from map to map."""
    rows, trust = np.arange(0, len(maps[0]), 3), []
    for points, layer in zip(maps, layers, strict=True):
        nearest = nearest_and_ranks(points, rows, references=len(points), k=15)[0]
        ranks = nearest_and_ranks(layer, rows, references=len(points), k=15)[1]
        found = trustworthiness(nearest, ranks, candidates=len(points) - 1)
        trust.append(found.mean())
    kept = [neighbors_kept(*pair, k=15) for pair in zip(maps, index, strict=True)]
    moved = [spread(b - a) / spread(a) for a, b in pairwise(maps)]
    return np.mean(trust), np.mean(kept), np.mean(moved)


def test_quality_is_that_of_umap_learn_and_the_time_is_not(layers):
    index, distance = neighborhoods(layers, 15)
    for make in (umap_layers, umap_learn_layers):  # compiled before it is timed
        make(index[:1, :60] % 60, distance[:1, :60])
    found, spent = {}, {}
    for make in (umap_layers, umap_learn_layers):
        start = time.process_time()
        maps = [make(index, distance, seed=seed) for seed in SEEDS]
        spent[make] = time.process_time() - start
        found[make] = np.mean([quality(each, layers, index) for each in maps], axis=0)
    ours, theirs = found[umap_layers], found[umap_learn_layers]
    assert ours[0] >= (1 - LOST) * theirs[0]
    assert ours[1] >= (1 - LOST) * theirs[1]
    assert ours[2] <= (1 + LOST) * theirs[2]
    assert spent[umap_layers] < spent[umap_learn_layers] / 3  # a machine may be busy


@pytest.mark.parametrize("duplicated", [False, True])
def test_the_graph_is_umap_learns(layers, duplicated):
    layer = np.repeat(layers[0][:200], 3, axis=0) if duplicated else layers[0]
    index, distance = (part[0] for part in neighborhoods([layer], 14))
    count = len(index)
    itself = np.arange(count)[:, None]
    want = umap_.fuzzy_simplicial_set(
        np.empty((count, 1), np.float32),
        15,
        np.random.RandomState(0),
        "precomputed",
        knn_indices=np.hstack([itself, index]),
        knn_dists=np.hstack([0 * itself, distance]).astype(np.float32),
    )[0].toarray()
    first, other, weight = fuzzy_graph(index, distance)
    shape = (count, count)
    ours = sparse.csr_array((weight, other, first), shape=shape).toarray()
    assert np.allclose(ours, want / want.max(), atol=2e-4)


def test_the_curve_is_umap_learns():
    a, b = umap_.find_ab_params(1.0, 0.1)
    square = 2.0 ** np.arange(-10, 15)
    places = (np.arange(-10, 15) + 20) * 64
    pull, push = (table[places] for table in curves())
    fall = 1 + a * square**b
    assert np.allclose(pull, 4 * a * b * square ** (b - 1) / fall, rtol=1e-4)
    assert np.allclose(push, 2 * b / ((1e-3 + square) * fall), rtol=1e-4)


def test_the_seed_alone_decides_its_maps():
    index, distance = drifting_clusters(probes=2)
    one = umap_learn_layers(index, distance, seed=3)
    np.random.seed(99)  # global state, which must not be read
    assert np.array_equal(one, umap_learn_layers(index, distance, seed=3))
    assert not np.array_equal(one, umap_learn_layers(index, distance, seed=4))


@pytest.mark.parametrize("layer", [np.zeros((20, 3)), np.eye(3)])
def test_odd_neighborhoods_give_it_finite_maps(layer):
    assert np.isfinite(umap_learn_layers(*neighborhoods([layer] * 2, 2))).all()


def test_without_umap_the_install_line_is_told(monkeypatch):
    monkeypatch.setitem(sys.modules, "umap", None)
    with pytest.raises(DependencyError, match="pip install umap-learn"):
        umap_learn_layers(np.zeros((1, 3, 1), int), np.zeros((1, 3, 1)))
