"""How much memory a search may use, and how many rows fit into it.

The limit bounds what a search takes beyond its inputs and its result. A limit below
64 KiB counts as that, and blocks never shrink under a few rows, however wide.
"""

from collections.abc import Iterator

import torch

from depthviz.errors import ArgumentError
from depthviz.machine.memory import free_memory

__all__ = [
    "CACHE_BYTES",
    "SMALLEST_LIMIT",
    "as_slice",
    "check_limit",
    "rows_within",
    "split_range",
    "spread_evenly",
]

CACHE_BYTES = 4 << 20
"""Bytes that stay in a processor's cache while they are worked on."""

SMALLEST_LIMIT = 64 << 10
"""The smallest limit that a search works with."""


def check_limit(limit: int | None, device: torch.device) -> int:
    """Choose the memory limit of a search on a device, in bytes.

    None is a share of what is free there now. Raises ArgumentError if the limit is not
    positive.

    Example:
        >>> check_limit(1 << 20, torch.device("cpu"))
        1048576
    """
    if limit is None:
        return max(SMALLEST_LIMIT, free_memory(device) // 4)
    if limit <= 0:
        raise ArgumentError(
            f"memory_limit must be a positive number of bytes, got {limit}."
        )
    return max(int(limit), SMALLEST_LIMIT)


def as_slice(rows: torch.Tensor) -> torch.Tensor | slice:
    """Replace consecutive, ascending rows by a slice, which copies nothing.

    Example:
        >>> as_slice(torch.tensor([3, 4, 5]))
        slice(3, 6, None)
    """
    if len(rows) and int(rows[-1] - rows[0]) == len(rows) - 1:
        return slice(int(rows[0]), int(rows[-1]) + 1)
    return rows


def rows_within(limit: int, row_bytes: int, *, most: int, least: int = 1) -> int:
    """Count the rows of a given size that fit into a limit, from `least` to `most`.

    Example:
        >>> rows_within(1000, 300, most=10)
        3
    """
    return max(1, min(most, max(least, limit // row_bytes)))


def split_range(total: int, size: int) -> Iterator[slice]:
    """Cut a range into slices of one size.

    Example:
        >>> list(split_range(5, 3))
        [slice(0, 3, None), slice(3, 5, None)]
    """
    for start in range(0, total, size):
        yield slice(start, min(start + size, total))


def spread_evenly(total: int, count: int, device: torch.device) -> torch.Tensor:
    """Choose so many of all rows, evenly spaced, the first and the last among them.

    Example:
        >>> spread_evenly(9, 3, torch.device("cpu"))
        tensor([0, 4, 8])
    """
    count = min(count, total)
    place = torch.arange(count, device=device)
    return place * (total - 1) // max(1, count - 1)
