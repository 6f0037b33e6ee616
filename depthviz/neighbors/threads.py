"""Compiled loops shared out among threads."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any

import torch

__all__ = ["Loop", "share_rows"]

Loop = Callable[..., object]

_LEAST = 32
_PARTS = 4


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
    count = rows.stop - rows.start
    if count == 0:
        return
    threads = min(torch.get_num_threads(), max(1, count // _LEAST))
    size = size or max(_LEAST, -(-count // (_PARTS * threads)))
    starts = iter(range(rows.start, rows.stop, size))

    def work() -> None:
        for start in starts:
            loop(*arguments, start, min(start + size, rows.stop))

    helpers = [_pool(threads).submit(work) for _ in range(threads - 1)]
    try:
        work()
    finally:
        for helper in helpers:
            helper.result()


@cache
def _pool(threads: int) -> ThreadPoolExecutor:
    """Keep threads waiting: to start them takes longer than some loops."""
    return ThreadPoolExecutor(threads, thread_name_prefix="depthviz")


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_pool.cache_clear)
