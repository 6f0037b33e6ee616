"""Exclusion by a mask: any references, for each query its own."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from depthviz.errors import ArgumentError, ShapeError
from depthviz.neighbors import nearest_neighbors
from tests.neighbors import brute
from tests.neighbors.executors import Inline


def masked_brute(
    query: Tensor, reference: Tensor, k: int, mask: Tensor
) -> tuple[np.ndarray, np.ndarray]:
    """Sort the references that the mask leaves by distance, equal ones by index."""
    found = brute.distances(query, reference)
    found[mask.numpy()] = np.inf
    order = np.argsort(found, axis=1, kind="stable")[:, :k]
    return np.take_along_axis(found, order, 1), order


@settings(max_examples=60, deadline=None)
@given(
    sizes=st.tuples(st.integers(1, 30), st.integers(2, 60)),
    features=st.sampled_from([1, 3, 40]),
    share=st.sampled_from([0.0, 0.1, 0.5, 0.95]),
    whole=st.booleans(),
    seed=st.integers(0, 1000),
    limit=st.sampled_from([None, 1]),
)
def test_neighbors_are_the_nearest_that_the_mask_leaves(
    *,
    sizes: tuple[int, int],
    features: int,
    share: float,
    whole: bool,
    seed: int,
    limit: int | None,
) -> None:
    generator = torch.Generator().manual_seed(seed)
    rows = torch.randn(sum(sizes), features, generator=generator)
    if whole:
        rows = rows.round()  # many ties, told apart by index
    query, reference = rows.split(sizes)
    mask = torch.rand(sizes, generator=generator) < share
    mask[:, seed % sizes[1]] = False
    k = int((~mask).sum(1).min())
    found = nearest_neighbors(query, reference, k=k, exclude=mask, memory_limit=limit)
    distance, index = masked_brute(query, reference, k, mask)
    assert not mask.gather(1, found.index).any()
    np.testing.assert_allclose(found.distance.numpy(), distance, rtol=1e-6)
    if whole:
        assert (found.index.numpy() == index).all()


def test_a_mask_says_what_an_index_says(device: torch.device) -> None:
    rows = torch.randn(90, 7, generator=torch.Generator().manual_seed(0)).to(device)
    mask = torch.eye(90, dtype=torch.bool)
    plain = nearest_neighbors(rows, rows, k=5, exclude=torch.arange(90))
    found = nearest_neighbors(rows, rows, k=5, exclude=mask)
    assert torch.equal(found.index, plain.index)
    assert torch.equal(found.distance, plain.distance)


def test_a_mask_of_nothing_leaves_out_nothing() -> None:
    rows = torch.randn(20, 3, generator=torch.Generator().manual_seed(0))
    found = nearest_neighbors(rows, rows, k=20, exclude=torch.zeros(20, 20) > 0)
    assert torch.equal(found.index, nearest_neighbors(rows, rows, k=20).index)


def test_no_query_with_a_mask_has_no_neighbors() -> None:
    none = torch.zeros(0, 5, dtype=torch.bool)
    found = nearest_neighbors(torch.empty(0, 4), torch.ones(5, 4), k=2, exclude=none)
    assert found.index.shape == (0, 2)


def test_k_above_what_a_query_may_use_is_refused_by_name() -> None:
    rows = torch.ones(50, 2)
    mask = torch.zeros(50, 50, dtype=torch.bool)
    mask[7, :10] = mask[9, :4] = True
    with pytest.raises(ArgumentError) as error:
        nearest_neighbors(rows, rows, k=64, exclude=mask)
    assert str(error.value) == (
        "k must be between 1 and the 40 references that query 7 may use, got k=64."
    )


@pytest.mark.parametrize("shape", [(3, 3), (2, 4), (3,), (3, 4, 1)])
def test_a_mask_must_cover_every_pair(shape: tuple[int, ...]) -> None:
    mask = torch.zeros(shape, dtype=torch.bool)
    with pytest.raises(ShapeError, match=r"mask must have shape \(Q=3, R=4\)"):
        nearest_neighbors(torch.ones(3, 2), torch.ones(4, 2), k=1, exclude=mask)


def test_numbers_are_no_mask() -> None:
    with pytest.raises(ArgumentError, match=r"booleans of shape \(Q, R\), got .*float"):
        nearest_neighbors(
            torch.ones(3, 2), torch.ones(4, 2), k=1, exclude=torch.ones(3)
        )


@pytest.mark.parametrize("share", [0.1, 0.6, 0.97])
@pytest.mark.parametrize("k", [1, 5, 40])
def test_a_mask_may_leave_a_shard_few_references_or_none(share: float, k: int) -> None:
    data = torch.randn(200, 200, generator=torch.Generator().manual_seed(0))
    data = data.round()[torch.arange(300) % 100]  # ties across shards
    mask = torch.rand(300, 300, generator=torch.Generator().manual_seed(1)) < share
    mask[:, 150 - k : 150] = False
    mask[:25, :150] = mask[:25, 150 + k :] = True  # all but some shards
    mask[:25, 150 - k : 150] = False
    plain = nearest_neighbors(data, data, k=k, exclude=mask)
    executor = Inline()
    found = nearest_neighbors(
        data, data, k=k, exclude=mask, executor=executor, memory_limit=1
    )
    assert torch.equal(found.index, plain.index)
    assert torch.equal(found.distance, plain.distance)
    assert len(executor.sizes) > 9


def test_a_mask_counts_among_what_a_task_carries() -> None:
    data = torch.randn(1200, 2, generator=torch.Generator().manual_seed(0))
    mask = torch.eye(1200, dtype=torch.bool)
    executor = Inline()
    nearest_neighbors(
        data, data, k=2, exclude=mask, executor=executor, memory_limit=200_000
    )
    assert 50_000 < max(executor.sizes) < 220_000
