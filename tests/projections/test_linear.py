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


def activations(count=900, features=500, decay=0.7):
    """Rows as of a network: sorted by class, a spectrum that falls by a power."""
    generator = np.random.default_rng(5)
    rows = (
        generator.normal(size=(count, features)) * np.arange(1, features + 1) ** -decay
    )
    classes = np.repeat(generator.normal(size=(9, features)), count // 9, axis=0)
    rows = (rows + 0.05 * classes) @ np.linalg.qr(
        generator.normal(size=(features, features))
    )[0]
    return rows.astype(np.float32)


def errors(points, embedding):
    """Largest error along each direction, as a share of its standard deviation."""
    centered = np.asarray(embedding, np.float64)
    centered = centered - centered.mean(0)
    left, values, _ = np.linalg.svd(centered, full_matrices=False)
    expected = left[:, :2] * values[:2]
    signs = np.sign((points * expected).sum(0))
    return np.abs(points * signs - expected).max(0) / expected.std(0)


@pytest.mark.parametrize("offset", [0, 1e4])
def test_slowly_decaying_spectra_are_right_after_few_reads(monkeypatch, offset):
    embedding = activations() + np.float32(offset)
    reads, read = [], linear._read

    def spy(*arguments, **named):
        reads.append(named)
        return read(*arguments, **named)

    monkeypatch.setattr(linear, "_read", spy)
    assert errors(pca_layer(embedding), embedding).max() < 2e-3
    assert len(reads) <= 3
    assert not reads[-1]["turn"]


@pytest.mark.parametrize("features", [3, 20, 32])
def test_few_features_take_one_read(monkeypatch, features):
    embedding = activations(features=features, decay=0.1)
    monkeypatch.setattr(linear, "_READS", 1)
    assert errors(pca_layer(embedding), embedding).max() < 1e-4


def test_all_rows_in_the_sample_take_one_read(monkeypatch):
    embedding = activations(count=225)
    monkeypatch.setattr(linear, "_READS", 1)
    assert errors(pca_layer(embedding), embedding).max() < 2e-3


def test_a_few_far_rows_that_the_sample_misses_are_seen():
    embedding = activations()
    embedding[[1, 2]] += 50
    assert errors(pca_layer(embedding), embedding).max() < 2e-3


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.int32])
def test_other_number_types_are_those_of_their_values(dtype):
    embedding = (torch.from_numpy(activations()) * 100).to(dtype)
    found = errors(pca_layer(embedding), embedding.double().numpy())
    assert found.max() < 2e-3


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


def test_points_do_not_depend_on_where_many_rows_lie():
    rows = torch.from_numpy(activations())
    points = pca_layer(rows)
    with StoredRows.create((len(rows), rows.shape[1])) as stored:
        stored.write(0, rows)
        assert np.array_equal(pca_layer(stored), points)
    assert np.array_equal(pca_layer(rows.numpy()), points)
    assert np.array_equal(pca_layer(rows.T.contiguous().T), points)
    assert np.array_equal(pca_layer(torch.cat([rows, rows], dim=1)[:, :500]), points)


def test_points_are_exact_whatever_torch_is_set_to():
    embedding = torch.randn(60, 30, generator=torch.Generator().manual_seed(0))
    plain = pca_layer(embedding)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        assert np.array_equal(pca_layer(embedding), plain)
        assert np.array_equal(pca_layer(embedding.numpy()), plain)


@pytest.mark.parametrize("rows", [1, 10])
@pytest.mark.parametrize("rank", [10, 64])
def test_few_rows_that_lie_far_out_are_a_direction(rows, rank):
    embedding = np.zeros((3000, 410), np.float32)
    embedding[:, :rank] = np.random.default_rng(4).normal(size=(3000, rank))
    embedding[1000 : 1000 + rows, 350] = 120 / rows**0.5
    left, values, _ = np.linalg.svd(embedding - embedding.mean(0), full_matrices=False)
    expected = left[:, 0] * values[0]
    points = pca_layer(embedding)[:, 0]
    assert np.allclose(np.abs(points @ expected), values[0] ** 2, rtol=1e-3)
