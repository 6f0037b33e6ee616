"""How much memory a search may use, and how many rows fit into it.

The limit bounds what a search takes beyond its inputs and its result. A limit below
64 KiB counts as that, and blocks never shrink under a few rows, however wide.
"""

from collections.abc import Iterator

import torch

from depthviz.errors import ArgumentError
from depthviz.machine.memory import free_memory

__all__ = [
    "CHUNK",
    "LEAST",
    "as_slice",
    "blocks",
    "check_limit",
    "is_out_of_memory",
    "rows_within",
]

CHUNK = 4 << 20
"""Bytes that stay in a processor's cache while they are worked on."""

LEAST = 64 << 10
"""The smallest limit that a search works with."""


def check_limit(limit: int | None, device: torch.device) -> int:
    """Choose the memory limit of a search.

    Args:
        limit: Bytes; None for a share of what is free on the device now.
        device: Where the features are.

    Returns:
        Bytes.

    Raises:
        ArgumentError: If the limit is not positive.

    Example:
        >>> check_limit(1 << 20, torch.device("cpu"))
        1048576
    """
    if limit is None:
        return max(LEAST, free_memory(device) // 4)
    if limit <= 0:
        raise ArgumentError(
            f"memory_limit must be a positive number of bytes, got {limit}."
        )
    return max(int(limit), LEAST)


def as_slice(rows: torch.Tensor) -> torch.Tensor | slice:
    """Ask for consecutive rows by a slice, which copies nothing.

    Args:
        rows: Indices, ascending.

    Returns:
        A slice of the same rows; the indices themselves where there are gaps.

    Example:
        >>> as_slice(torch.tensor([3, 4, 5]))
        slice(3, 6, None)
    """
    if len(rows) and int(rows[-1] - rows[0]) == len(rows) - 1:
        return slice(int(rows[0]), int(rows[-1]) + 1)
    return rows


def is_out_of_memory(error: BaseException) -> bool:
    """Tell whether an error says that a device or the machine ran out of memory.

    Args:
        error: What was raised.

    Returns:
        True for Python's, NumPy's and torch's, whose CPU allocator has no class of it.

    Example:
        >>> is_out_of_memory(MemoryError()), is_out_of_memory(ValueError())
        (True, False)
    """
    if isinstance(error, (MemoryError, torch.OutOfMemoryError)):
        return True
    words = ("out of memory", "not enough memory", "allocate memory", "ALLOC_FAILED")
    said = str(error)
    return isinstance(error, RuntimeError) and any(word in said for word in words)


def rows_within(limit: int, row_bytes: int, *, most: int, least: int = 1) -> int:
    """Count the rows of a given size that fit into a limit.

    Args:
        limit: Bytes.
        row_bytes: Bytes of one row.
        most: Upper end of the result.
        least: Lower end, where even that does not fit.

    Returns:
        Rows, from `least` to `most`, at least 1.

    Example:
        >>> rows_within(1000, 300, most=10)
        3
    """
    return max(1, min(most, max(least, limit // row_bytes)))


def blocks(total: int, size: int) -> Iterator[slice]:
    """Cut a range into slices of one size.

    Args:
        total: Length of the range.
        size: Length of each slice but the last.

    Yields:
        Slices in order.

    Example:
        >>> list(blocks(5, 3))
        [slice(0, 3, None), slice(3, 5, None)]
    """
    for start in range(0, total, size):
        yield slice(start, min(start + size, total))
