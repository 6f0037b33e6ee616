"""What may serve as an executor, and how many workers it has."""

from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from types import SimpleNamespace

import pytest

from depthviz.errors import ArgumentError
from depthviz.machine.executors import check_executor, count_workers


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
