"""What a search in shards reports when a task, a worker or an executor fails."""

import multiprocessing
from concurrent.futures import (
    ProcessPoolExecutor,
    ThreadPoolExecutor,
    process,
)
from typing import Any

import pytest

from depthviz.errors import ArgumentError, TaskError
from depthviz.neighbors import nearest_neighbors
from depthviz.neighbors.shards import dispatch
from tests.neighbors.executors import Newest
from tests.neighbors.shards.tables import SMALL, rows


class Failing(Newest):
    """Fails in its third task."""

    def wait(self, futures: Any, return_when: str) -> Any:
        if self.ran < 2:
            return super().wait(futures, return_when)
        future = next(iter(futures))
        self.calls.pop(future)
        future.set_exception(ValueError("out of luck"))
        return type("Waited", (), {"done": {future}})


def test_a_failed_task_is_named_and_the_others_cancelled(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    data = rows(400, 100)
    executor = Failing(4)
    monkeypatch.setattr(dispatch, "wait", executor.wait)
    with pytest.raises(
        TaskError,
        match=r"The task with queries 0 to \d+ and references 0 to \d+ failed: "
        "ValueError: out of luck$",
    ) as error:
        nearest_neighbors(data, data, k=5, executor=executor, memory_limit=SMALL)
    assert isinstance(error.value.__cause__, ValueError)
    assert len(executor.calls) == 7
    assert all(future.cancelled() for future in executor.calls)


def test_an_interrupt_cancels_what_has_not_begun(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def interrupt(count: int) -> None:
        raise KeyboardInterrupt

    data = rows(400, 100)
    executor = Newest(50)
    monkeypatch.setattr(dispatch, "wait", executor.wait)
    with pytest.raises(KeyboardInterrupt):
        nearest_neighbors(
            data,
            data,
            k=5,
            executor=executor,
            memory_limit=SMALL,
            progress=interrupt,
        )
    assert executor.calls
    assert all(future.cancelled() for future in executor.calls)


def test_lost_workers_are_told_with_what_may_help() -> None:
    import os

    context = multiprocessing.get_context("spawn")
    with (
        ProcessPoolExecutor(
            1, mp_context=context, initializer=os._exit, initargs=(1,)
        ) as executor,
        pytest.raises(
            TaskError, match=r"queries 0 to 8 .* smaller memory_limit"
        ) as lost,
    ):
        nearest_neighbors(rows(9, 3), rows(9, 3), k=1, executor=executor)
    assert isinstance(lost.value.__cause__, process.BrokenProcessPool)


def test_an_executor_that_was_shut_down_is_told() -> None:
    executor = ThreadPoolExecutor(1)
    executor.shutdown()
    with pytest.raises(TaskError, match="cannot schedule new futures after shutdown"):
        nearest_neighbors(rows(9, 3), rows(9, 3), k=1, executor=executor)


def test_what_is_no_executor_is_refused() -> None:
    data = rows(5, 2)
    with pytest.raises(ArgumentError, match=r"got 4\. A Dask client gives one"):
        nearest_neighbors(data, data, k=1, executor=4)
    with (
        ThreadPoolExecutor(1) as executor,
        pytest.raises(ArgumentError, match="in this process alone"),
    ):
        nearest_neighbors(data, data, k=1, search="faiss:Flat", executor=executor)


def test_a_pool_that_forks_is_refused() -> None:
    if "fork" not in multiprocessing.get_all_start_methods():
        pytest.skip("this system cannot fork")
    context = multiprocessing.get_context("fork")
    with (
        ProcessPoolExecutor(1, mp_context=context) as executor,
        pytest.raises(ArgumentError, match=r"get_context\('spawn'\)"),
    ):
        nearest_neighbors(rows(5, 2), rows(5, 2), k=1, executor=executor)
