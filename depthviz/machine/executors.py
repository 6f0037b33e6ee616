"""What may serve as an executor, and how many workers it has.

Any executor of `concurrent.futures`, and Dask's by `client.get_executor()`. A pool that
forks is refused: a fork of a process that has used torch may wait forever for a lock
that one of its threads held.
"""

from concurrent.futures import Executor
from typing import Any

from depthviz.errors import ArgumentError

__all__ = ["check_executor", "count_workers"]


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
