"""Which probes share a pass, and where their embeddings wait to be searched.

From what there is: the memory that may be taken, and the room in the scratch folder.
What cannot be held anywhere is told before a forward pass is made.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np

from depthviz.embeddings import (
    describe_bytes,
    free_memory,
    free_space,
    scratch_folder,
)
from depthviz.errors import ScratchError
from depthviz.study.memory import Share, share_gpu, share_passes
from depthviz.study.request import Request

__all__ = ["Shelves", "find_shelves", "plan_passes"]

NUMBER = 4  # bytes in memory


class Shelves(NamedTuple):
    """Where embeddings can be put.

    Attributes:
        memory: Bytes of memory for them, on the GPU where there is one.
        folder: For scratch files.
        disk: Bytes that scratch files may take: nine tenths of what is free, since
            others write there too.
    """

    memory: int
    folder: Path
    disk: int


def find_shelves(request: Request) -> Shelves:
    """Look how much memory and disk there is.

    Args:
        request: What was asked.

    Returns:
        What embeddings may take of each.
    """
    folder = request.scratch or scratch_folder()
    return Shelves(_memory(request), folder, free_space(folder) // 10 * 9)


def plan_passes(
    sizes: Mapping[str, int], count: int, *, shelves: Shelves, request: Request
) -> list[Share]:
    """Plan the fewest passes.

    Args:
        sizes: F by probe name.
        count: Number of examples, N.
        shelves: Where embeddings can be put.
        request: What was asked.

    Returns:
        The passes.

    Raises:
        ScratchError: If the embeddings of a probe fit neither memory nor disk.
    """
    numbers = {name: count * size for name, size in sizes.items()}
    memory = shelves.memory // NUMBER
    disk = shelves.disk // np.dtype(request.scratch_type).itemsize
    largest = max(numbers, key=lambda name: numbers[name])
    if numbers[largest] > max(memory, disk):
        _refuse(largest, count, sizes[largest], shelves, request)
    share = share_gpu if request.device.type == "cuda" else share_passes
    return share(numbers, memory=memory, disk=disk)


def _memory(request: Request) -> int:
    """Half of the memory for embeddings; the other half is the search's."""
    if request.memory_limit is not None:
        return request.memory_limit // 2
    share = 2 if request.device.type == "cuda" else 4
    return free_memory(request.device) // share


def _refuse(
    name: str, count: int, features: int, shelves: Shelves, request: Request
) -> None:
    count_all = count * features
    held = describe_bytes(NUMBER * count_all)
    stored = describe_bytes(np.dtype(request.scratch_type).itemsize * count_all)
    memory, disk = map(describe_bytes, (shelves.memory, shelves.disk))
    halve = " scratch_type='float16' halves what is written."
    raise ScratchError(
        f"The embeddings at probe {name!r}, {count:,} examples of {features:,} "
        f"numbers, take {held} in memory or {stored} on the disk. Memory for "
        f"embeddings is {memory} (half of memory_limit), and {disk} may be written to "
        f"{shelves.folder} (nine tenths of what is free). Give a larger memory_limit, "
        "or a folder on a disk with more room, with scratch=."
        + (halve if request.scratch_type == "float32" else "")
    )
