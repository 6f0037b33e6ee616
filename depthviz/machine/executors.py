"""What may serve as an executor, how many workers it has, and the cores of a task.

Any executor of `concurrent.futures`, and Dask's by `client.get_executor()`. A pool that
forks is refused: a fork of a process that has used torch may wait forever for a lock
that one of its threads held.
"""

import sys
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from typing import Any

from depthviz.errors import ArgumentError
from depthviz.machine.switches.threads import usual_threads

__all__ = ["check_executor", "count_at_once", "count_workers", "threads_of_task"]


def check_executor(executor: object) -> None:
    """Refuse what cannot run tasks; None is fine, and means this process."""
    if executor is None:
        return
    if not isinstance(executor, Executor):
        raise ArgumentError(
            f"executor must be one of concurrent.futures, got {executor!r}. A Dask "
            "client gives one: client.get_executor()."
        )
    context = getattr(executor, "_mp_context", None)
    if context is not None and context.get_start_method() == "fork":
        raise ArgumentError(
            "executor forks its workers, and a fork of a process that has used torch "
            "may wait forever. Give ProcessPoolExecutor the argument "
            "mp_context=multiprocessing.get_context('spawn')."
        )


def count_workers(executor: Executor, *, default: int) -> int:
    """Ask an executor for the number of its workers; many do not report one."""
    client: Any = getattr(executor, "_client", None)  # Dask's
    if hasattr(client, "nthreads"):
        count = sum(client.nthreads().values())
    else:
        count = getattr(executor, "_max_workers", 0)
    return count if isinstance(count, int) and count > 0 else default


def count_at_once(executor: Executor, tasks: int, *, turns: bool) -> int:
    """Count the tasks that work at a time on the cores that a worker sees.

    Args:
        executor: Who runs them; 1 for one that is not known.
        tasks: How many there are in all.
        turns: Whether tasks of one process take turns.
    """
    threads = isinstance(executor, ThreadPoolExecutor)
    if (threads and turns) or not (
        threads or isinstance(executor, ProcessPoolExecutor)
    ):
        return 1
    return min(count_workers(executor, default=1), tasks)


def threads_of_task(at_once: int, *, turns: bool) -> int:
    """Count the processor threads that a task may use in the worker that runs it.

    Args:
        at_once: Number of tasks that work at a time on the cores that it sees. Dask's
            worker knows better: it has as many cores as threads, one for each task.
        turns: Whether tasks of one process take turns.
    """
    threads, of_worker = usual_threads(), _threads_of_dask()
    if of_worker is None:
        return max(1, threads // at_once)
    return min(threads, of_worker) if turns else 1


def _threads_of_dask() -> int | None:
    """Ask the Dask worker that runs this task for its threads; None elsewhere."""
    distributed: Any = sys.modules.get("distributed")
    if distributed is None:
        return None
    try:
        return int(distributed.get_worker().state.nthreads)
    except (ValueError, AttributeError):  # no task of Dask's runs here
        return None
