"""How much memory is free, on a GPU or on a machine that a container may narrow."""

from __future__ import annotations

import os
from pathlib import Path

import torch

__all__ = ["free_memory"]

UNKNOWN = 4 * 2**30
CGROUP = Path("/sys/fs/cgroup")


def free_memory(device: torch.device) -> int:
    """Find the bytes that are free for new tensors.

    Args:
        device: Where the tensors would live.

    Returns:
        Free bytes of the GPU, those included that torch holds without using them; or of
        the machine within what its container allows, 4 GiB where the system does not
        tell.
    """
    if device.type == "cuda":
        return int(torch.cuda.mem_get_info(device)[0]) + _unused(device)
    return min(_machine(), _container())


def _unused(device: torch.device) -> int:
    """Count the bytes that torch took from the GPU and has no tensors in."""
    return torch.cuda.memory_reserved(device) - torch.cuda.memory_allocated(device)


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
        used = int((CGROUP / "memory.current").read_text("ascii"))
    except (OSError, ValueError):
        return _physical()
    return max(0, limit - used + _cached_files())


def _cached_files() -> int:
    """Count the bytes of files in memory that the kernel drops when it needs room.

    Scratch files would else count as memory in use long after they are gone.
    """
    try:
        lines = (CGROUP / "memory.stat").read_text("ascii").splitlines()
        return sum(
            int(line.split()[1]) for line in lines if line.startswith("inactive_file ")
        )
    except (OSError, ValueError):
        return 0
