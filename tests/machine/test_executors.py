"""What may serve as an executor, and how many workers it has."""

from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from types import SimpleNamespace

import pytest

from depthviz.errors import ArgumentError
from depthviz.machine import executors
from depthviz.machine.executors import (
    check_executor,
    count_at_once,
    count_workers,
    threads_of_task,
)
from depthviz.machine.switches.threads import torch_threads


def test_pools_of_the_standard_library_may_serve_and_none_too() -> None:
    check_executor(None)
    with ThreadPoolExecutor(1) as threads:
        check_executor(threads)
    with ProcessPoolExecutor(1, get_context("spawn")) as processes:
        check_executor(processes)


def test_a_pool_that_forks_is_refused_with_the_argument_to_give() -> None:
    refused = pytest.raises(ArgumentError, match=r"forks.*get_context\('spawn'\)")
    with ProcessPoolExecutor(1, get_context("fork")) as pool, refused:
        check_executor(pool)


@pytest.mark.parametrize("wrong", [4, "dask", SimpleNamespace(submit=print)])
def test_anything_else_is_refused_with_what_a_dask_client_gives(wrong: object) -> None:
    with pytest.raises(ArgumentError, match=r"concurrent.*client\.get_executor\(\)"):
        check_executor(wrong)


def test_workers_are_counted_where_an_executor_reports_them() -> None:
    with ThreadPoolExecutor(3) as pool:
        assert count_workers(pool, default=8) == 3
    dask = Executor()
    dask._client = SimpleNamespace(nthreads=lambda: {"one": 2, "two": 4})  # type: ignore[attr-defined]
    assert count_workers(dask, default=8) == 6
    assert count_workers(Executor(), default=8) == 8


def test_tasks_are_as_many_at_a_time_as_workers_unless_they_take_turns() -> None:
    with ThreadPoolExecutor(3) as pool:
        assert count_at_once(pool, 8, turns=False) == 3
        assert count_at_once(pool, 2, turns=False) == 2
        assert count_at_once(pool, 8, turns=True) == 1
    with ProcessPoolExecutor(3, get_context("spawn")) as pool:
        assert count_at_once(pool, 8, turns=True) == 3
    assert count_at_once(Executor(), 8, turns=False) == 1


def test_a_task_has_its_part_of_the_threads_and_at_least_one() -> None:
    with torch_threads(4):
        assert threads_of_task(1, turns=True) == 4
        assert threads_of_task(3, turns=False) == 1
        assert threads_of_task(9, turns=False) == 1


@pytest.mark.parametrize(("turns", "threads"), [(True, 2), (False, 1)])
def test_a_worker_of_dask_knows_its_cores(
    monkeypatch: pytest.MonkeyPatch, turns: bool, threads: int
) -> None:
    worker = SimpleNamespace(state=SimpleNamespace(nthreads=2))
    module = SimpleNamespace(get_worker=lambda: worker)
    monkeypatch.setitem(executors.sys.modules, "distributed", module)  # type: ignore[attr-defined]
    with torch_threads(8):
        assert threads_of_task(1, turns=turns) == threads


def test_outside_of_a_task_dask_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise ValueError("No worker found")

    module = SimpleNamespace(get_worker=refuse)
    monkeypatch.setitem(executors.sys.modules, "distributed", module)  # type: ignore[attr-defined]
    with torch_threads(8):
        assert threads_of_task(2, turns=False) == 4
