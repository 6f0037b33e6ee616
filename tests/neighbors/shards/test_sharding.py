"""A search shared by an executor: to the bit that of one process, whatever happens."""

import multiprocessing
from collections.abc import Callable, Iterator
from concurrent.futures import (
    Executor,
    Future,
    ProcessPoolExecutor,
    ThreadPoolExecutor,
)
from contextlib import contextmanager
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from depthviz.embeddings import StoredRows
from depthviz.errors import FeatureError
from depthviz.machine.executors import count_workers
from depthviz.neighbors import Neighbors, nearest_neighbors
from depthviz.neighbors.shards import dispatch
from tests.neighbors.executors import Inline, Newest
from tests.neighbors.shards.tables import SMALL, rows, tied

TYPES = [torch.float16, torch.bfloat16, torch.float32, torch.float64]


def check_equal(found: Neighbors, plain: Neighbors) -> None:
    assert torch.equal(found.index, plain.index)
    assert torch.equal(found.distance, plain.distance)


@settings(max_examples=50, deadline=None)
@given(
    sizes=st.tuples(st.integers(1, 90), st.integers(2, 300)),
    features=st.sampled_from([1, 40, 300]),
    k=st.integers(1, 299),
    dtype=st.sampled_from(TYPES),
    whole=st.booleans(),
    metric=st.sampled_from(["euclidean", "cosine"]),
    alone=st.booleans(),
)
def test_shards_find_what_one_search_finds(
    *,
    sizes: tuple[int, int],
    features: int,
    k: int,
    dtype: torch.dtype,
    whole: bool,
    metric: str,
    alone: bool,
) -> None:
    both = rows(sum(sizes), features)
    query, reference = (both.round() + 0.5 if whole else both).to(dtype).split(sizes)
    exclude = (torch.arange(sizes[0]) % sizes[1]) if alone else None
    asked = {"k": min(k, sizes[1] - 1), "exclude": exclude, "metric": metric}
    plain = nearest_neighbors(query, reference, **asked)
    found = nearest_neighbors(
        query, reference, **asked, executor=Inline(), memory_limit=SMALL
    )
    check_equal(found, plain)


def test_shards_may_have_fewer_references_than_neighbors_are_wanted() -> None:
    data = tied(48, 2000)
    plain = nearest_neighbors(data, data, k=47, exclude=torch.arange(48))
    found = nearest_neighbors(
        data,
        data,
        k=47,
        exclude=torch.arange(48),
        executor=Inline(),
        memory_limit=SMALL,
    )
    check_equal(found, plain)


@contextmanager
def threads() -> Iterator[Executor]:
    with ThreadPoolExecutor(2) as executor:
        yield executor


@contextmanager
def processes() -> Iterator[Executor]:
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(2, mp_context=context) as executor:
        yield executor


@contextmanager
def dask() -> Iterator[Executor]:
    from distributed import LocalCluster

    with (
        LocalCluster(
            n_workers=2,
            threads_per_worker=1,
            dashboard_address=None,
            silence_logs="ERROR",
        ) as cluster,
        cluster.get_client() as client,
    ):
        yield client.get_executor()


@pytest.mark.parametrize("workers", [threads, processes, dask])
def test_real_workers_find_what_one_search_finds(
    workers: Callable[[], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    data = tied(900, 300)
    alone = torch.arange(900)
    plain = nearest_neighbors(data, data, k=20, exclude=alone)
    told: list[int] = []
    monkeypatch.setattr(dispatch, "_TASK_BYTES", 600_000)
    with workers() as executor:
        assert count_workers(executor, default=8) == 2
        found = nearest_neighbors(
            data, data, k=20, exclude=alone, executor=executor, progress=told.append
        )
    check_equal(found, plain)
    assert sum(told) == 900
    assert len(told) > 3


def test_order_of_completion_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    data = tied(400, 100)
    plain = nearest_neighbors(data, data, k=15)
    executor = Newest(1000)
    monkeypatch.setattr(dispatch, "wait", executor.wait)
    found = nearest_neighbors(data, data, k=15, executor=executor, memory_limit=SMALL)
    check_equal(found, plain)
    assert executor.most == executor.ran > 20  # all were there before one was run


def test_few_tasks_are_under_way_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    data = rows(400, 100)
    executor = Newest(3)
    monkeypatch.setattr(dispatch, "wait", executor.wait)
    nearest_neighbors(data, data, k=15, executor=executor, memory_limit=SMALL)
    assert executor.most == 6
    assert executor.ran > 20


@pytest.mark.parametrize(
    ("queries", "references", "least"), [(5000, 50, 20), (1, 5000, 20), (3, 5000, 20)]
)
def test_there_are_tasks_enough_for_all_workers(
    queries: int, references: int, least: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dispatch, "_TASK_PRODUCTS", 100)
    executor = Inline(5)
    nearest_neighbors(rows(queries, 4), rows(references, 4), k=3, executor=executor)
    assert least <= len(executor.sizes) <= 2 * least


def test_a_small_search_is_one_task() -> None:
    executor = Inline(5)
    nearest_neighbors(rows(100, 4), rows(200, 4), k=3, executor=executor)
    assert len(executor.sizes) == 1


def test_a_task_carries_no_more_than_the_limit() -> None:
    data = rows(1200, 64).T.contiguous().T  # as strided memory
    executor = Inline(1)
    limit = 200_000
    nearest_neighbors(data, data, k=2, executor=executor, memory_limit=limit)
    assert 0.5 * limit < max(executor.sizes) < 1.1 * limit


def test_progress_counts_every_query_once() -> None:
    told: list[int] = []
    nearest_neighbors(
        rows(300, 80),
        rows(300, 80),
        k=2,
        executor=Inline(),
        memory_limit=SMALL,
        progress=told.append,
    )
    assert sum(told) == 300
    assert len(told) > 2


def test_rows_on_the_disk_are_shared_like_others() -> None:
    data = tied(200, 100)
    plain = nearest_neighbors(data, data, k=9, exclude=torch.arange(200))
    with StoredRows.create((200, 100)) as stored:
        stored.write(0, data)
        found = nearest_neighbors(
            stored,
            stored,
            k=9,
            exclude=torch.arange(200),
            executor=Inline(),
            memory_limit=SMALL,
        )
    check_equal(found, plain)


def test_the_result_lies_where_the_queries_do(device: torch.device) -> None:
    data = rows(50, 8).to(device)
    found = nearest_neighbors(data, data, k=3, executor=Inline())
    assert found.index.device.type == found.distance.device.type == device.type
    assert torch.equal(found.index, nearest_neighbors(data, data, k=3).index)


def test_no_queries_have_no_neighbors() -> None:
    found = nearest_neighbors(rows(0, 4), rows(9, 4), k=2, executor=Inline())
    assert found.index.shape == found.distance.shape == (0, 2)


@pytest.mark.parametrize("metric", ["euclidean", "cosine"])
def test_bad_features_read_as_in_one_search(metric: str) -> None:
    data = rows(300, 100)
    data[290] = torch.nan if metric == "euclidean" else 0.0
    messages = []
    for executor in (None, Inline()):
        with pytest.raises(FeatureError) as error:
            nearest_neighbors(
                data,
                data,
                k=2,
                metric=metric,
                executor=executor,
                memory_limit=SMALL,
            )
        messages.append(str(error.value))
    assert messages[0] == messages[1]
    assert "300" in messages[0]


@pytest.mark.skipif(
    not hasattr(torch.backends, "fp32_precision"), reason="needs torch 2.9"
)
def test_precision_is_set_for_all_tasks_at_once() -> None:
    class Watching(Inline):
        def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
            seen.append(torch.backends.mkldnn.matmul.fp32_precision)
            return super().submit(fn, *args, **kwargs)

    seen: list[str] = []
    torch.set_float32_matmul_precision("medium")
    try:
        nearest_neighbors(
            rows(300, 100),
            rows(300, 100),
            k=2,
            executor=Watching(),
            memory_limit=SMALL,
        )
        assert torch.get_float32_matmul_precision() == "medium"
    finally:
        torch.set_float32_matmul_precision("highest")
    assert len(seen) > 5
    assert set(seen) == {"ieee"}
