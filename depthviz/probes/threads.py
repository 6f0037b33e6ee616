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
    if threads == 1 and size is None:
        loop(*arguments, rows.start, rows.stop)
        return
    size = size or max(_LEAST, -(-count // (_PARTS * threads)))
    first, *starts = range(rows.start, rows.stop, size)
    calls = [
        _pool(threads).submit(loop, *arguments, start, min(start + size, rows.stop))
        for start in starts
    ]
    try:
        loop(*arguments, first, min(first + size, rows.stop))
    finally:
        for call in calls:
            call.result()


@cache
def _pool(threads: int) -> ThreadPoolExecutor:
    """Keep threads waiting: to start them takes longer than some loops."""
    return ThreadPoolExecutor(threads, thread_name_prefix="depthviz")


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_pool.cache_clear)
