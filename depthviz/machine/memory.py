"""How much memory is free: of a GPU, or of the machine within the limits set to it.

A container or a batch system narrows the machine by a cgroup, of the first or the
second version; a shell by `ulimit -v` and `ulimit -d`. What is free is the least that
one of them leaves. Reserved addresses count for the limits of a shell, so with those
less may be had than is found here.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import torch

__all__ = ["free_memory", "memory_bounds"]

UNKNOWN = 4 * 2**30
CGROUP = Path("/sys/fs/cgroup")
PROCESS = Path("/proc/self")


def free_memory(device: torch.device) -> int:
    """Find the bytes that are free for new tensors.

    Args:
        device: Where the tensors would live.

    Returns:
        Free bytes of the GPU, those included that torch holds without using them; or of
        the machine within what its container and the limits of the process allow, 4 GiB
        where the system does not tell.
    """
    if device.type == "cuda":
        return int(torch.cuda.mem_get_info(device)[0]) + _unused(device)
    return min(free for _, free in memory_bounds())


def memory_bounds() -> list[tuple[str, int]]:
    """List what bounds the memory of this process, and the bytes that each leaves."""
    return [("the machine", _machine()), *_cgroups(), *_shell_limits()]


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


def _cgroups() -> list[tuple[str, int]]:
    """List the limits of the process's cgroup and of those around it."""
    second, first = CGROUP, CGROUP / "memory"
    files = [("memory.max", "memory.current", "inactive_file ")] * 2
    files += [
        ("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file ")
    ] * 2
    roots = [second, CGROUP / "unified", first, CGROUP]
    left = [
        _free_in(folder, *names)
        for root, names in zip(roots, files, strict=True)
        for folder in _folders_of_process(root)
    ]
    return [("the limit of the container", free) for free in left if free is not None]


def _folders_of_process(root: Path) -> list[Path]:
    """List the cgroup of this process and those around it, below a mounted root.

    Inside a container the path that the kernel gives may be that of the host, which is
    not there: then its root is what counts.
    """
    try:
        lines = (PROCESS / "cgroup").read_text("utf-8").splitlines()
    except OSError:
        return [root]
    folders = {root: None}
    for line in lines:
        _, kinds, path = line.split(":", 2)
        if kinds == "" or "memory" in kinds.split(","):
            own = root / path.strip("/")
            inside = [own, *own.parents] if own.is_relative_to(root) else []
            folders |= dict.fromkeys(
                each for each in inside if each.is_relative_to(root)
            )
    return list(folders)


def _free_in(folder: Path, limit: str, used: str, cached: str) -> int | None:
    """Find the bytes that a cgroup leaves; None where it sets no limit."""
    try:
        most = int((folder / limit).read_text("ascii"))
        now = int((folder / used).read_text("ascii"))
    except (OSError, ValueError):
        return None
    return max(0, most - now + _cached_files(folder, cached))


def _cached_files(folder: Path, name: str) -> int:
    """Count the bytes of files in memory that the kernel drops when it needs memory.

    Scratch files would else count as memory in use long after they are gone.
    """
    try:
        lines = (folder / "memory.stat").read_text("ascii").splitlines()
        return sum(int(line.split()[1]) for line in lines if line.startswith(name))
    except (OSError, ValueError):
        return 0


def _shell_limits() -> list[tuple[str, int]]:
    """List what `ulimit -v` and `ulimit -d` leave, where there are such limits."""
    if sys.platform == "win32":
        return []
    import resource

    try:
        pages = (PROCESS / "statm").read_text("ascii").split()
    except OSError:  # elsewhere than on Linux nobody keeps them
        return []
    page = os.sysconf("SC_PAGE_SIZE")
    limits = [
        ("ulimit -v", resource.RLIMIT_AS, int(pages[0]) * page),
        ("ulimit -d", resource.RLIMIT_DATA, int(pages[5]) * page),
    ]
    return [
        (name, max(0, resource.getrlimit(kind)[0] - used))
        for name, kind, used in limits
        if resource.getrlimit(kind)[0] != resource.RLIM_INFINITY
    ]
