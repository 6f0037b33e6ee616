"""Approximate search: right about what it lists, and clear about what it cannot do."""

import sys

import numpy as np
import pytest
import torch
from torch import Tensor

from depthviz.embeddings import StoredRows
from depthviz.errors import ArgumentError, DependencyError, FeatureError
from depthviz.neighbors import nearest_neighbors, search_recall
from tests.neighbors import brute

# What faiss's bindings emit when they are imported under newer Pythons.
pytestmark = pytest.mark.filterwarnings(
    "ignore:builtin type .* has no __module__ attribute:DeprecationWarning"
)

ALL_LISTS = "faiss:IVF8,Flat;nprobe=8"
SOME = ["faiss:IVF8,Flat;nprobe=2", "faiss:HNSW16", "faiss:PQ4x5", "faiss:SQ8"]


def rows(count: int, features: int = 16) -> Tensor:
    return torch.randn(count, features, generator=torch.Generator().manual_seed(0))


@pytest.mark.parametrize("search", ["faiss:Flat", ALL_LISTS])
@pytest.mark.parametrize("metric", ["euclidean", "cosine"])
@pytest.mark.parametrize(
    ("scale", "mean"), [(1, 0), (1, 1000), (1e-30, 0), (1e30, 0), (1e-41, 0)]
)
def test_an_index_that_looks_at_all_finds_all(
    search: str, metric: str, scale: float, mean: float
) -> None:
    data = rows(500).double() * scale + mean
    alone = torch.arange(500)
    asked = {"k": 9, "exclude": alone, "metric": metric}
    found = nearest_neighbors(data, data, **asked, search=search)
    exact = nearest_neighbors(data, data, **asked)
    # With a mean of 1,000 all angles are tiny: float32 does not order the closest.
    if not (mean and metric == "cosine"):
        assert torch.equal(found.index, exact.index)
    torch.testing.assert_close(found.distance, exact.distance, rtol=1e-5, atol=0)


@pytest.mark.parametrize("search", SOME)
def test_listed_distances_are_exact_and_ascend(search: str) -> None:
    data = rows(600)
    found = nearest_neighbors(data, data, k=7, search=search)
    truth = np.take_along_axis(brute.distances(data, data), found.index.numpy(), 1)
    np.testing.assert_allclose(found.distance.numpy(), truth, rtol=1e-6, atol=0)
    assert (found.distance.diff(dim=1) >= 0).all()
    assert (found.index.sort(1).values.diff(dim=1) > 0).all()


@pytest.mark.parametrize("search", SOME)
def test_an_approximation_finds_more_than_chance_and_says_how_much(search: str) -> None:
    data = rows(600)
    found = nearest_neighbors(data, data, k=7, search=search)
    exact = nearest_neighbors(data, data, k=7)
    recall = search_recall(data, data, found, sample=600)
    hits = [
        len({*ours} & {*true})
        for ours, true in zip(found.index.tolist(), exact.index.tolist(), strict=True)
    ]
    assert recall == pytest.approx(sum(hits) / 4200)
    assert recall > 0.3


def test_search_parameters_stand_behind_a_semicolon() -> None:
    data = rows(2000)
    recall = [
        search_recall(
            data,
            data,
            nearest_neighbors(data, data, k=5, search=f"faiss:IVF16,Flat;nprobe={n}"),
        )
        for n in (1, 4, 16)
    ]
    assert recall[0] < recall[1] < recall[2] == 1
    plain = nearest_neighbors(data, data, k=5, search="faiss:IVF16,Flat")
    assert search_recall(data, data, plain) == recall[0]


def test_the_same_search_finds_the_same() -> None:
    data = rows(700)
    for search in ("faiss:IVF16,PQ4x4;nprobe=3", "faiss:PCA8,IVF8,Flat"):
        first, second = (
            nearest_neighbors(data, data, k=5, search=search) for _ in range(2)
        )
        assert torch.equal(first.index, second.index)


def test_equal_distances_are_listed_by_index() -> None:
    data = rows(50).round()[torch.arange(200) % 50]
    found = nearest_neighbors(data, data, k=4, search="faiss:Flat")
    assert (found.distance == 0).all()
    assert torch.equal(found.index[:50], found.index[150:])
    assert (found.index.diff(dim=1) > 0).all()


@pytest.mark.parametrize("search", SOME)
def test_nothing_that_is_left_out_is_found(search: str) -> None:
    data = rows(600)
    data[300:] = data[:300]  # a query's duplicate may be found, itself may not
    found = nearest_neighbors(data, data, k=3, exclude=torch.arange(600), search=search)
    assert (found.index != torch.arange(600)[:, None]).all()


def test_a_mask_of_the_nearest_makes_it_ask_for_more() -> None:
    data = rows(400)
    order = nearest_neighbors(data, data, k=400).index
    mask = torch.zeros(400, 400, dtype=torch.bool)
    for query in range(400):
        mask[query, order[query, : query % 395]] = True
    found = nearest_neighbors(data, data, k=5, exclude=mask, search="faiss:Flat")
    first = torch.arange(400)[:, None] % 395
    assert torch.equal(found.index, order.gather(1, first + torch.arange(5)))


def test_the_limit_changes_nothing() -> None:
    data = rows(300)
    plain = nearest_neighbors(data, data, k=5, search="faiss:Flat")
    told: list[int] = []
    found = nearest_neighbors(
        data, data, k=5, search="faiss:Flat", memory_limit=1, progress=told.append
    )
    assert torch.equal(found.index, plain.index)
    assert torch.equal(found.distance, plain.distance)
    assert sum(told) == 300
    assert len(told) > 2


@pytest.mark.parametrize("kind", [torch.float16, torch.bfloat16, torch.uint8])
def test_any_real_number_type_will_do(kind: torch.dtype, device: torch.device) -> None:
    data = (rows(300) * 40 + 128).clamp(0, 255).to(device, kind)
    found = nearest_neighbors(data, data, k=5, search="faiss:Flat")
    assert found.index.device.type == device.type
    assert torch.equal(found.distance, nearest_neighbors(data, data, k=5).distance)


def test_rows_may_lie_on_the_disk() -> None:
    data = rows(300)
    plain = nearest_neighbors(data, data, k=5, search=ALL_LISTS)
    with StoredRows.create((300, 16)) as stored:
        stored.write(0, data)
        found = nearest_neighbors(stored, stored, k=5, search=ALL_LISTS)
    assert torch.equal(found.index, plain.index)


def test_no_queries_have_no_neighbors() -> None:
    found = nearest_neighbors(rows(0), rows(9), k=2, search="faiss:Flat")
    assert found.index.shape == found.distance.shape == (0, 2)


def test_too_few_references_to_train_are_told_before_faiss_prints(
    capfd: pytest.CaptureFixture[str],
) -> None:
    data = rows(700)
    for search, needed in [("IVF1024,Flat", 1024), ("IVF4,PQ4x10", 1024)]:
        with pytest.raises(
            ArgumentError, match=f"trains {needed} centroids, .* got 700"
        ):
            nearest_neighbors(data, data, k=3, search=f"faiss:{search}")
    for search in (
        "IVF64,Flat;nprobe=9",
        "PQ4x5",
        "IVF9,PQ4x4fs",
        "IMI2x3,Flat;nprobe=60",
    ):
        nearest_neighbors(data, data, k=3, search=f"faiss:{search}")
    assert capfd.readouterr() == ("", "")


def test_lists_with_too_few_entries_are_told_with_what_may_help() -> None:
    data = rows(700)
    with pytest.raises(
        ArgumentError,
        match=r"'faiss:IVF64,Flat;nprobe=1' finds \d+ references for query \d+, "
        r"too few for the k=60 .* 'faiss:IVF64,Flat;nprobe=32' .* search='exact'",
    ):
        nearest_neighbors(data, data, k=60, search="faiss:IVF64,Flat;nprobe=1")


@pytest.mark.parametrize(
    ("search", "reason"),
    [
        ("faiss:Heap9", "'faiss:Heap9': could not parse index string Heap9"),
        ("faiss:", "search must be 'exact' or 'faiss:' and .* got 'faiss:'"),
        ("faiss:PQ5", "multiple of the number of subquantizers"),
        ("faiss:Flat;nprobe=3", "could not set parameter nprobe"),
        ("faiss:IVF4,Flat;nprobe", "could not interpret parameters nprobe"),
        ("faiss:IVF4,Flat;nprobe=0", "nprobe"),
        ("annoy", "search must be 'exact' or 'faiss:' .* got 'annoy'"),
    ],
)
def test_what_faiss_refuses_is_told_in_its_words(search: str, reason: str) -> None:
    with pytest.raises(ArgumentError, match=reason) as error:
        nearest_neighbors(rows(50), rows(50), k=3, search=search)
    assert ".cpp" not in str(error.value)


def test_a_missing_faiss_is_told_with_the_line_that_installs_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "faiss", None)
    with pytest.raises(DependencyError, match=r"pip install 'torch-depthviz\[faiss\]'"):
        nearest_neighbors(rows(5), rows(5), k=1, search="faiss:Flat")


def test_bad_features_read_as_in_an_exact_search() -> None:
    data = rows(20)
    data[3, 2] = torch.nan
    with pytest.raises(FeatureError, match="reference features hold 1 NaN"):
        nearest_neighbors(rows(20), data, k=1, search="faiss:Flat")
