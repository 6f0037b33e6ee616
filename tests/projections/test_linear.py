"""PCA's points are those of the singular values."""

import numpy as np
import pytest
import torch

from depthviz.embeddings import StoredRows
from depthviz.projections import linear, pca_layer


def test_points_are_those_of_the_singular_values():
    embedding = np.random.default_rng(0).normal(size=(50, 8)) * np.arange(1, 9)
    centered = embedding - embedding.mean(0)
    left, values, _ = np.linalg.svd(centered, full_matrices=False)
    expected = left[:, :2] * values[:2]
    signs = np.sign((pca_layer(embedding) * expected).sum(0))
    assert np.allclose(pca_layer(embedding), expected * signs, atol=1e-3)


def test_the_same_seed_gives_the_same_points():
    embedding = np.random.default_rng(1).normal(size=(60, 300)).astype(np.float32)
    assert np.array_equal(pca_layer(embedding, seed=5), pca_layer(embedding, seed=5))


@pytest.mark.parametrize("shape", [(1, 4), (2, 4), (5, 1), (5, 2)])
def test_directions_that_are_not_there_are_zero(shape):
    points = pca_layer(np.random.default_rng(2).normal(size=shape))
    assert points.shape == (shape[0], 2)
    assert np.isfinite(points).all()


def test_examples_that_coincide_lie_at_zero():
    assert (pca_layer(np.full((6, 3), 4.0)) == 0).all()


@pytest.mark.parametrize("mean", [0, 1000])
def test_blocks_of_rows_give_the_points_of_all(monkeypatch, mean):
    generator = np.random.default_rng(3)
    embedding = generator.normal(size=(300, 40)) * 0.9 ** np.arange(40) + mean
    whole = pca_layer(embedding)
    monkeypatch.setattr(linear, "_BLOCK", 4 * 40 * 17)
    left, values, _ = np.linalg.svd(embedding - embedding.mean(0), full_matrices=False)
    expected = left[:, :2] * values[:2]
    for points in (whole, pca_layer(embedding)):
        signs = np.sign((points * expected).sum(0))
        assert np.allclose(points * signs, expected, atol=2e-3)


def test_a_flat_spectrum_is_followed_nearly_to_its_end():
    embedding = np.random.default_rng(4).normal(size=(400, 600))
    values = np.linalg.svd(embedding - embedding.mean(0), compute_uv=False)
    points = pca_layer(embedding)
    assert (points**2).sum() > 0.8 * (values[:2] ** 2).sum()


def test_rows_on_the_disk_give_the_same_points():
    embedding = torch.randn(70, 33, generator=torch.Generator().manual_seed(0))
    with StoredRows.create((70, 33)) as rows:
        rows.write(0, embedding)
        assert np.array_equal(pca_layer(rows), pca_layer(embedding))


def test_points_are_exact_whatever_torch_is_set_to():
    embedding = torch.randn(60, 30, generator=torch.Generator().manual_seed(0))
    plain = pca_layer(embedding)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        assert np.array_equal(pca_layer(embedding), plain)
        assert np.array_equal(pca_layer(embedding.numpy()), plain)
