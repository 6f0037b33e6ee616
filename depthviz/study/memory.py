"""How much memory a measurement may take, and how the probes share it.

The embeddings of one probe must be together for the search of neighbors; those of all
probes need not be. Holding as many at a time as fit makes the fewest forward passes.
A probe that alone is larger than the limit is held nevertheless, in a pass of its own:
nothing here spills to the disk.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import torch

__all__ = ["free_memory", "share_passes"]

UNKNOWN = 4 * 2**30
CGROUP = Path("/sys/fs/cgroup")


def share_passes(sizes: Mapping[str, int], limit: int) -> list[list[str]]:
    """Group probes so that each group's embeddings fit into memory together.

    Largest first, each into the first group with room ("first fit, decreasing"): never
    more than 11/9 of the fewest groups plus one, and nearly always the fewest.

    Args:
        sizes: Bytes of each probe's embeddings, by name.
        limit: Bytes that a group may take, unless it is one probe alone.

    Returns:
        Names by group, in the order given; so are the groups, by their first name.

    Example:
        >>> share_passes({"input": 3, "conv1": 8, "conv2": 5, "softmax": 1}, 9)
        [['input', 'conv2'], ['conv1', 'softmax']]

    References:
        Yue (1991), A simple proof of the inequality FFD(L) <= 11/9 OPT(L) + 1.
    """
    groups: list[list[str]] = []
    for name in sorted(sizes, key=lambda name: -sizes[name]):
        for group in groups:
            if sum(sizes[other] for other in group) + sizes[name] <= limit:
                group.append(name)
                break
        else:
            groups.append([name])
    order = list(sizes)
    ordered = [sorted(group, key=order.index) for group in groups]
    return sorted(ordered, key=lambda group: order.index(group[0]))


def free_memory(device: torch.device) -> int:
    """Find the bytes that are free for new tensors.

    Args:
        device: Where the tensors would live.

    Returns:
        Free bytes of the GPU, or of the machine within what its container allows; 4 GiB
        where the system does not tell.
    """
    if device.type == "cuda":
        return int(torch.cuda.mem_get_info(device)[0])
    return min(_machine(), _container())


def _machine() -> int:
    try:
        lines = Path("/proc/meminfo").read_text("ascii").splitlines()
        free = next(line for line in lines if line.startswith("MemAvailable:"))
        return int(free.split()[1]) * 1024
    except (OSError, StopIteration):
        return _physical() // 2


def _physical() -> int:
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return 2 * UNKNOWN


def _container() -> int:
    try:
        limit = int((CGROUP / "memory.max").read_text("ascii"))
        return max(0, limit - int((CGROUP / "memory.current").read_text("ascii")))
    except (OSError, ValueError):
        return _physical()
