"""The compiled loops: whether they can be used, and how threads share them.

Numba comes with depthviz, so it is nearly always there; a bare machine that runs the
numerics alone may lack it, or have one that does not know its NumPy yet. Then the
search goes by tensor operations, to the same result.
"""

import os
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from types import ModuleType
from typing import Any

import torch

from depthviz.machine.compilation import may_compile
from depthviz.machine.switches.stopping import check_stopped

__all__ = ["Loop", "kernels", "share_rows"]

Loop = Callable[..., object]

_LEAST_ROWS = 32
_PARTS = 4


def kernels() -> Any:
    """Return the module `depthviz.neighbors.kernels`, or None.

    None without Numba, or where the environment says `DEPTHVIZ_COMPILE=0`.
    """
    return _load()


def share_rows(
    loop: Loop, *arguments: Any, rows: slice, size: int | None = None
) -> None:
    """Call a loop over rows, on as many threads as torch uses.

    Args:
        loop: Called with the arguments, the first row and the end of the rows; it must
            release the interpreter's lock and write to its own rows only.
        arguments: What comes before the range.
        rows: All rows.
        size: Rows of a call; by default some for each thread.
    """
    check_stopped()
    count = rows.stop - rows.start
    if count == 0:
        return
    threads = min(torch.get_num_threads(), max(1, count // _LEAST_ROWS))
    size = size or max(_LEAST_ROWS, -(-count // (_PARTS * threads)))
    starts = iter(range(rows.start, rows.stop, size))

    def work() -> None:
        for start in starts:
            loop(*arguments, start, min(start + size, rows.stop))

    helpers: list[Future[None]] = []
    try:
        for _ in range(threads - 1):
            helpers.append(_pool(threads).submit(work))
        work()
    except BaseException:
        for _ in starts:  # the helpers find nothing more to do
            pass
        raise
    finally:
        for helper in helpers:
            helper.result()


@cache
def _load() -> ModuleType | None:
    if not may_compile():
        return None
    try:
        from depthviz.neighbors import kernels as module
    except ImportError as error:
        # "Numba needs NumPy 2.2 or less", say, names no module.
        if error.name not in (None, "numba"):
            raise
        return None
    return module


@cache
def _pool(threads: int) -> ThreadPoolExecutor:
    """Keep threads waiting: to start them takes longer than some loops."""
    return ThreadPoolExecutor(threads, thread_name_prefix="depthviz")


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_pool.cache_clear)
