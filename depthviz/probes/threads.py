"""Compiled loops shared out among threads."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import torch

__all__ = ["Loop", "share_rows"]

Loop = Callable[..., object]

_LEAST = 32
_PARTS = 4


def share_rows(loop: Loop, *arguments: Any, rows: slice) -> None:
    """Call a loop over rows, on as many threads as torch uses.

    Args:
        loop: Called with the arguments, the first row and the end of the rows; it must
            release the interpreter's lock and write to its own rows only.
        arguments: What comes before the range.
        rows: All rows.
    """
    count = rows.stop - rows.start
    threads = min(torch.get_num_threads(), count // _LEAST)
    if threads <= 1:
        loop(*arguments, rows.start, rows.stop)
        return
    size = max(_LEAST, -(-count // (_PARTS * threads)))
    starts = range(rows.start, rows.stop, size)
    with ThreadPoolExecutor(threads) as pool:
        calls = [
            pool.submit(loop, *arguments, start, min(start + size, rows.stop))
            for start in starts
        ]
        for call in calls:
            call.result()
