"""nearest_neighbors against a float64 brute force, and what must not change it."""

import subprocess
import sys

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from depthviz.neighbors import nearest_neighbors
from tests.neighbors import brute
from tests.neighbors.hard import HARD, TYPES, same


@settings(max_examples=60, deadline=None)
@given(
    shape=st.sampled_from(sorted(HARD)),
    features=st.sampled_from([1, 2, 7, 64]),
    size=st.tuples(st.integers(2, 60), st.integers(1, 59)),
    seed=st.integers(0, 1000),
    limit=st.sampled_from([None, 1, 20_000]),
)
def test_neighbors_are_those_of_float64_brute_force(
    shape: str, features: int, size: tuple[int, int], seed: int, limit: int | None
) -> None:
    references, k = size[0], min(size[1], size[0] - 1)
    noise = torch.randn(
        references, features, generator=torch.Generator().manual_seed(seed)
    )
    reference = HARD[shape](noise)
    query = reference[: references // 2 + 1]
    exclude = torch.arange(len(query)) - seed % 2  # 0, 1, … or -1, 0, …
    found = nearest_neighbors(
        query, reference, k=k, exclude=exclude, memory_limit=limit
    )
    same(found, query, reference, exclude)


@pytest.mark.parametrize("shape", HARD)
@pytest.mark.parametrize("dtype", TYPES)
def test_every_number_type_is_compared_as_it_is(
    shape: str, dtype: torch.dtype, device: torch.device
) -> None:
    rows = HARD[shape](torch.randn(150, 12, generator=torch.Generator().manual_seed(3)))
    rows = rows.to(dtype)
    if not rows.isfinite().all():
        rows = rows.clamp(-6e4, 6e4)
    none = torch.full((100,), -1)
    found = nearest_neighbors(rows[:100].to(device), rows.to(device), k=9)
    same(found, rows[:100], rows, none)


@pytest.mark.parametrize("kinds", [(torch.float32, torch.float64), (torch.int64,) * 2])
@pytest.mark.parametrize("swapped", [False, True])
def test_sides_of_different_types_are_compared_in_float64(
    kinds: tuple[torch.dtype, torch.dtype], swapped: bool
) -> None:
    generator = torch.Generator().manual_seed(0)
    reference = (10 * torch.randn(400, 5, generator=generator) + 1e6).to(kinds[0])
    query = (10 * torch.randn(300, 5, generator=generator) + 1e6).double().to(kinds[1])
    if kinds[0] == torch.int64:
        query = query.float()
    if swapped:
        query, reference = reference, query
    none = torch.full((len(query),), -1)
    same(nearest_neighbors(query, reference, k=5), query, reference, none)


def test_features_near_the_end_of_float32_are_compared() -> None:
    generator = torch.Generator().manual_seed(0)
    low = -3e38 * torch.rand(360, 3, generator=generator)
    high = 3.3e38 * (1 - 0.1 * torch.rand(40, 3, generator=generator))
    rows, none = torch.cat([low, high]), torch.arange(400)
    same(nearest_neighbors(rows, rows, k=3, exclude=none), rows, rows, none)


def test_cosine_knows_directions_of_any_length() -> None:
    corner = torch.tensor([[1.0, 0], [0, 1], [1, 1]], dtype=torch.float64)
    for length in (1e200, 1e-200):
        found = nearest_neighbors(
            corner * length, corner, k=3, exclude=None, metric="cosine"
        )
        assert found.index[:2].tolist() == [[0, 2, 1], [1, 2, 0]]
        assert found.distance[0].tolist() == pytest.approx([0, 1 - 0.5**0.5, 1])


def test_default_device_does_not_matter() -> None:
    rows = torch.randn(50, 5, generator=torch.Generator().manual_seed(0))
    plain = nearest_neighbors(rows, rows, k=3)
    torch.set_default_device("meta")
    try:
        found = nearest_neighbors(rows, rows, k=3)
    finally:
        torch.set_default_device(None)
    assert torch.equal(found.index, plain.index)


def test_whole_number_features_are_compared_exactly(device: torch.device) -> None:
    rows = torch.randint(0, 4, (80, 3), generator=torch.Generator().manual_seed(0))
    for kind in (torch.uint8, torch.int64):
        found = nearest_neighbors(rows.to(device, kind), rows.to(device, kind), k=20)
        distance, index = brute.neighbors(rows, rows, 20)
        assert (found.index.cpu().numpy() == index).all()
        assert (found.distance.cpu().numpy() == distance.astype(np.float32)).all()


def test_equal_distances_go_to_the_smaller_index(device: torch.device) -> None:
    rows = torch.zeros(300, 3, device=device)
    found = nearest_neighbors(rows, rows, k=4, exclude=torch.arange(300).to(device))
    assert found.index[0].tolist() == [1, 2, 3, 4]
    assert found.index[2].tolist() == [0, 1, 3, 4]
    assert found.index[299].tolist() == [0, 1, 2, 3]


def test_a_duplicate_of_a_query_is_its_neighbor_although_it_excludes_itself() -> None:
    rows = torch.randn(50, 8, generator=torch.Generator().manual_seed(0))
    rows[17] = rows[3]
    found = nearest_neighbors(rows, rows, k=1, exclude=torch.arange(50))
    assert found.index[3].tolist() == [17]
    assert found.distance[3].tolist() == [0.0]


def test_wide_features_are_summed_over_all_slices() -> None:
    rows = torch.randn(60, 2500, generator=torch.Generator().manual_seed(0)) + 10
    none = torch.full((60,), -1)
    same(nearest_neighbors(rows, rows, k=5, memory_limit=300_000), rows, rows, none)


def test_strides_do_not_matter() -> None:
    base = torch.randn(40, 6, 30, generator=torch.Generator().manual_seed(0))
    rows = base[:, 2].T
    assert not rows.is_contiguous()
    found = nearest_neighbors(rows, rows, k=3)
    assert torch.equal(found.index, nearest_neighbors(rows.contiguous(), rows, k=3)[1])


def test_features_with_gradients_are_read_without_them() -> None:
    rows = torch.randn(9, 2, requires_grad=True)
    assert not nearest_neighbors(rows, rows, k=2).distance.requires_grad


@pytest.mark.parametrize("shape", ["gaussian", "saturated softmax", "duplicated rows"])
def test_block_size_and_threads_change_nothing(shape: str) -> None:
    rows = HARD[shape](torch.randn(200, 40, generator=torch.Generator().manual_seed(1)))
    whole = nearest_neighbors(rows, rows, k=12)
    before = torch.get_num_threads()
    try:
        for threads, limit in [(1, 1), (2, 200_000), (1, 10**9)]:
            torch.set_num_threads(threads)
            found = nearest_neighbors(rows, rows, k=12, memory_limit=limit)
            assert torch.equal(found.index, whole.index)
            assert torch.equal(found.distance, whole.distance)
    finally:
        torch.set_num_threads(before)


def test_order_of_the_examples_changes_nothing() -> None:
    generator = torch.Generator().manual_seed(2)
    rows = torch.randn(200, 16, generator=generator)
    queries, references = (torch.randperm(200, generator=generator) for _ in range(2))
    plain = nearest_neighbors(rows, rows, k=5)
    mixed = nearest_neighbors(rows[queries], rows[references], k=5)
    assert torch.equal(references[mixed.index], plain.index[queries])
    assert torch.equal(mixed.distance, plain.distance[queries])


@pytest.mark.parametrize("dtype", TYPES)
def test_cosine_is_the_order_of_the_angles(dtype: torch.dtype) -> None:
    rows = torch.randn(120, 9, generator=torch.Generator().manual_seed(0)).to(dtype)
    unit = torch.nn.functional.normalize(rows.double(), dim=1)
    exclude = torch.arange(120)
    found = nearest_neighbors(rows, rows, k=6, exclude=exclude, metric="cosine")
    index = brute.neighbors(unit, unit, 6, exclude)[1]
    assert (found.index.numpy() == index).all()
    cosine = 1 - (unit @ unit.T).gather(1, found.index)
    torch.testing.assert_close(found.distance.double(), cosine, rtol=1e-5, atol=1e-12)


def test_cosine_ignores_length() -> None:
    rows = torch.randn(60, 5, generator=torch.Generator().manual_seed(0))
    scale = 2.0 ** torch.arange(-30, 30)[:, None]
    plain = nearest_neighbors(rows, rows, k=4, metric="cosine")
    assert torch.equal(
        nearest_neighbors(rows * scale, rows, k=4, metric="cosine")[1], plain[1]
    )


def test_default_number_type_does_not_matter() -> None:
    rows = torch.randn(50, 5, generator=torch.Generator().manual_seed(0))
    plain = nearest_neighbors(rows, rows, k=3)
    torch.set_default_dtype(torch.float64)
    try:
        found = nearest_neighbors(rows, rows, k=3)
    finally:
        torch.set_default_dtype(torch.float32)
    assert found.distance.dtype == torch.float32
    assert torch.equal(found.index, plain.index)


def test_progress_counts_every_query_once() -> None:
    for rows in (torch.zeros(70, 3), torch.randn(70, 3)):
        told: list[int] = []
        nearest_neighbors(rows, rows, k=2, memory_limit=5000, progress=told.append)
        assert sum(told) == 70
        assert min(told) > 0


@pytest.mark.parametrize("metric", ["euclidean", "cosine"])
def test_memory_stays_within_the_limit(metric: str) -> None:
    script = f"""
import resource, sys, torch
from depthviz.probes import nearest_neighbors
torch.set_num_threads(1)
rows = torch.randn(5000, 6000)
some = rows[:700]
nearest_neighbors(rows[:40], rows[:40], k=3)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
nearest_neighbors(some, rows, k=10, metric="{metric}", memory_limit=32 << 20)
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024)
"""
    # Compiled code and the trial of products take some too. A copy of the rows is 114.
    assert _megabytes(script) < 32 + 32


def test_the_count_of_a_mask_takes_little_memory() -> None:
    script = """
import resource, torch
from depthviz.probes import nearest_neighbors
rows = torch.randn(8000, 2)
mask = torch.zeros(8000, 8000, dtype=torch.bool)
nearest_neighbors(rows[:40], rows, k=3, exclude=mask[:40])
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
nearest_neighbors(rows, rows, k=3, exclude=mask, memory_limit=16 << 20)
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024)
"""
    assert _megabytes(script) < 48  # a mask is 61, and its sum in one go 488


def _megabytes(script: str) -> float:
    pytest.importorskip("resource")
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    return float(done.stdout)
