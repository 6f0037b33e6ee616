"""Ranks kept from the embeddings, and the maps judged by them."""

import numpy as np
import pytest
import torch
from sklearn.manifold import trustworthiness

from depthviz.measurement import map_ranks as trust
from depthviz.measurement.map_ranks import Ranks, sample_rows, trust_maps
from tests.studies import tiny_study, vector_study

COUNT, REFERENCES = 90, 90


@pytest.fixture
def spaces():
    generator = np.random.default_rng(3)
    embedding = generator.normal(size=(COUNT, 6)).astype(np.float32)
    points = (embedding[:, :2] + generator.normal(size=(COUNT, 2)))[None]
    distance = ((embedding[:, None] - embedding) ** 2).sum(axis=2)
    np.fill_diagonal(distance, np.inf)
    return embedding, points, distance.argsort(axis=1)[None, :, :20]


def judged(embedding, points, neighbors, metric="euclidean", k=8):
    ranks = Ranks.empty(1, COUNT, REFERENCES)
    rows = torch.from_numpy(embedding)
    ranks.fill(0, rows, rows[:REFERENCES], metric)
    return trust_maps(ranks, points, neighbors, k=k), ranks


def test_maps_of_all_examples_are_judged_as_scikit_learn_does(spaces):
    embedding, points, _ = spaces
    found, _ = judged(*spaces)
    numbers = {
        name: float(values[1][0])
        for name, values in found.items()
        if values[0] == ("probe",)
    }
    assert numbers == pytest.approx(
        {
            "trustworthiness": trustworthiness(embedding, points[0], n_neighbors=8),
            "continuity": trustworthiness(points[0], embedding, n_neighbors=8),
        },
        abs=1e-6,
    )
    assert np.isfinite(found["point_continuity"][1]).all()


def test_ranks_do_not_depend_on_how_many_are_ranked_at_once(spaces, monkeypatch):
    _, whole = judged(*spaces)
    monkeypatch.setattr(trust, "QUERIES", 40)
    monkeypatch.setattr(trust, "PIECE", 60)
    monkeypatch.setattr(trust, "SORTED", 2)
    _, pieces = judged(*spaces)
    assert (whole.levels == pieces.levels).all()


def test_ranks_by_cosine_do_not_heed_lengths(spaces):
    embedding, points, neighbors = spaces
    lengths = np.random.default_rng(0).uniform(0.1, 9, (COUNT, 1)).astype(np.float32)
    _, ranks = judged(embedding, points, neighbors, "cosine")
    _, scaled = judged(embedding * lengths, points, neighbors, "cosine")
    assert (ranks.levels == scaled.levels).all()


def test_a_sample_is_judged_to_within_its_bytes(spaces, monkeypatch):
    exact, _ = judged(*spaces)
    monkeypatch.setattr(trust, "ALL_PAIRS", 1)
    found, ranks = judged(*spaces)
    rows = ranks.rows
    assert ranks.levels.dtype == np.uint8
    assert found["trustworthiness"][2] == {"k": 8, "sample": 90, "seed": 0}
    for name in ("point_trustworthiness", "point_continuity"):
        assert np.abs(found[name][1][0, rows] - exact[name][1][0, rows]).max() < 0.01


def test_a_large_study_has_a_sample_and_the_rest_is_missing(monkeypatch):
    assert (sample_rows(60_000, 50_000) == sample_rows(60_000, 50_000)).all()
    assert len(sample_rows(10**6, 10**6)) == 64
    monkeypatch.setattr(trust, "ALL_PAIRS", 1)
    monkeypatch.setattr(trust, "MOST", 70)
    data = tiny_study.__wrapped__().dataset
    judged_places = np.isfinite(data["point_trustworthiness"].values)
    assert (judged_places.sum(axis=1) == 70).all()
    assert data["trustworthiness"].attrs["sample"] == 70


@pytest.mark.parametrize("references", [100, 5_000, 1_000_000])
def test_a_stored_rank_is_near_the_rank_and_exact_where_it_is_small(references):
    ranks = np.arange(1, references + 1)
    back = trust._ranks_of(references)[trust._levels_of(references)[ranks]]
    assert (np.abs(back - ranks) <= 0.5 + 0.03 * ranks).all()
    assert (back[:15] == ranks[:15]).all()


def test_a_study_says_how_far_each_map_can_be_trusted():
    data = tiny_study().dataset
    for name in ("trustworthiness", "continuity"):
        values = data[name].values
        assert values.shape == (data.sizes["probe"],)
        assert ((values > 0.4) & (values <= 1)).all()
        points = data[f"point_{name}"].values
        assert points.dtype == np.float16
        assert points.mean(axis=1, dtype=np.float64) == pytest.approx(values, abs=1e-3)


def test_without_maps_or_enough_examples_nothing_is_judged():
    assert "trustworthiness" not in vector_study().dataset
    few = vector_study(3, projection="pca").dataset
    assert few["trustworthiness"].attrs["k"] == 1
