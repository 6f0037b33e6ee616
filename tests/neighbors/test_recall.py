"""search_recall against counting by hand."""

import pytest
import torch

from depthviz.errors import ArgumentError, ShapeError
from depthviz.neighbors import Neighbors, nearest_neighbors, search_recall


def points(count: int) -> torch.Tensor:
    return torch.randn(count, 5, generator=torch.Generator().manual_seed(0))


def spoiled(found: Neighbors, missing: torch.Tensor) -> Neighbors:
    """As if so many of each query's neighbors had been missed for a far reference."""
    lost = torch.arange(found.index.shape[1]) < missing[:, None]
    return found._replace(index=torch.where(lost, 999, found.index))


def test_recall_counts_what_was_found() -> None:
    rows = points(50)
    reference = torch.cat([rows, torch.full((950, 5), 1e3)])
    exact = nearest_neighbors(rows, reference, k=8)
    missing = torch.arange(50) % 9
    recall = search_recall(rows, reference, spoiled(exact, missing))
    assert recall == pytest.approx(float(1 - missing.double().mean() / 8))
    assert search_recall(rows, reference, exact) == 1


def test_recall_of_a_sample_is_that_of_some_queries_and_the_same_each_time() -> None:
    rows = points(60)
    reference = torch.cat([rows, torch.full((940, 5), 1e3)])
    exact = nearest_neighbors(rows, reference, k=4)
    half = spoiled(exact, 4 * (torch.arange(60) % 2))
    drawn = [search_recall(rows, reference, half, sample=7, seed=s) for s in range(20)]
    assert drawn == [
        search_recall(rows, reference, half, sample=7, seed=s) for s in range(20)
    ]
    assert {round(7 * share) for share in drawn} <= set(range(8))
    assert len(set(drawn)) > 1
    assert sum(drawn) / 20 == pytest.approx(0.5, abs=0.15)


@pytest.mark.parametrize("metric", ["euclidean", "cosine"])
def test_recall_asks_for_what_the_search_asked_for(
    metric: str, device: torch.device
) -> None:
    rows, alone = points(40).to(device), torch.arange(40)
    found = nearest_neighbors(rows, rows, k=3, exclude=alone, metric=metric)
    assert search_recall(rows, rows, found, exclude=alone, metric=metric) == 1
    assert search_recall(rows, rows, found, metric=metric) == pytest.approx(2 / 3)


def test_neighbors_of_other_queries_are_refused() -> None:
    rows = points(9)
    found = nearest_neighbors(rows, rows, k=2)
    with pytest.raises(ShapeError, match=r"found.index must have shape \(Q=8, K\)"):
        search_recall(rows[:8], rows, found)
    with pytest.raises(ShapeError, match="points to reference 8"):
        search_recall(rows, rows[:8], found)


def test_recall_of_nothing_is_refused() -> None:
    rows = points(9)
    found = nearest_neighbors(rows, rows, k=2)
    with pytest.raises(ArgumentError, match="sample=0"):
        search_recall(rows, rows, found, sample=0)
    with pytest.raises(ArgumentError, match="got 0 queries"):
        search_recall(rows[:0], rows, nearest_neighbors(rows[:0], rows, k=2))


def test_recall_searches_in_the_memory_it_is_given(monkeypatch) -> None:
    rows, limits = points(9), []
    found = nearest_neighbors(rows, rows, k=2)

    def noted(*features: torch.Tensor, **options: object) -> Neighbors:
        limits.append(options.get("memory_limit"))
        return nearest_neighbors(*features, **options)

    monkeypatch.setattr("depthviz.neighbors.recall.nearest_neighbors", noted)
    assert search_recall(rows, rows, found, memory_limit=4_000) == 1
    assert search_recall(rows, rows, found) == 1
    assert limits == [4_000, None]
