"""Which probes share a pass, and where their embeddings wait to be searched.

From what there is: the memory that may be taken, and the room in the scratch folder.
What cannot be held anywhere is told before a forward pass is made.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Literal, NamedTuple

import numpy as np

from depthviz.errors import ScratchError
from depthviz.machine.memory import free_memory
from depthviz.machine.scratch import describe_bytes, free_space, scratch_folder
from depthviz.measurement.memory import Share, share_gpu, share_passes
from depthviz.measurement.options import Request

__all__ = ["Shelves", "find_shelves", "plan_passes", "stored_type"]

NUMBER = 4  # bytes in memory


class Shelves(NamedTuple):
    """Where embeddings can be put.

    Attributes:
        memory: Bytes of memory for them, on the GPU where there is one.
        folder: For scratch files; None where no folder takes any.
        disk: Bytes that scratch files may take: nine tenths of what is free, since
            others write there too.
    """

    memory: int
    folder: Path | None
    disk: int


def find_shelves(request: Request) -> Shelves:
    """Look how much memory and disk there is.

    Args:
        request: What was asked.

    Returns:
        What embeddings may take of each.
    """
    try:
        folder = request.scratch or scratch_folder()
    except ScratchError:  # no matter where memory holds all
        return Shelves(_memory(request), None, 0)
    return Shelves(_memory(request), folder, free_space(folder) // 10 * 9)


def stored_type(name: str, request: Request) -> Literal["float32", "float16"]:
    """Tell how a probe's numbers are stored on the disk.

    Args:
        name: The probe.
        request: What was asked.

    Returns:
        What was asked; float32 for the softmax, whose small shares would all be zero in
        float16 and their distances equal.
    """
    return "float32" if name == "softmax" else request.scratch_type


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
    disk = _numbers_on_disk(numbers, shelves, request)
    largest = max(numbers, key=lambda name: numbers[name])
    if numbers[largest] > max(memory, disk):
        _refuse(largest, count, sizes[largest], shelves, request)
    share = share_gpu if _on_gpu(request) else share_passes
    return share(numbers, memory=memory, disk=disk)


def _memory(request: Request) -> int:
    """Half of the memory for embeddings; the other half is the search's."""
    if request.memory_limit is not None:
        return request.memory_limit // 2
    return free_memory(request.device) // (2 if _on_gpu(request) else 4)


def _on_gpu(request: Request) -> bool:
    return request.device.type == "cuda"


def _numbers_on_disk(
    numbers: Mapping[str, int], shelves: Shelves, request: Request
) -> int:
    """Count the numbers that the disk holds, with room for a softmax in float32."""
    size = np.dtype(request.scratch_type).itemsize
    set_aside = (NUMBER - size) * numbers["softmax"]
    return max(0, shelves.disk - set_aside) // size


def _refuse(
    name: str, count: int, features: int, shelves: Shelves, request: Request
) -> None:
    numbers = count * features
    held = describe_bytes(NUMBER * numbers)
    stored = describe_bytes(np.dtype(stored_type(name, request)).itemsize * numbers)
    memory, disk = map(describe_bytes, (shelves.memory, shelves.disk))
    part, more = _about_memory(request)
    halve = " scratch_type='float16' halves what is written."
    raise ScratchError(
        f"The embeddings at probe {name!r}, {count:,} examples of {features:,} "
        f"numbers, take {held} in memory or {stored} on the disk. Memory for "
        f"embeddings is {memory} ({part}), and {disk} may be written to "
        f"{shelves.folder or 'the disk, where no temporary folder takes files'} (nine "
        f"tenths of what is free). {more}, or a folder on a disk with more room, with "
        "scratch=." + (halve if request.scratch_type == "float32" else "")
    )


def _about_memory(request: Request) -> tuple[str, str]:
    """Say where the memory for embeddings comes from, and how to get more."""
    if request.memory_limit is not None:
        return "half of memory_limit", "Give a larger memory_limit"
    share = "half" if _on_gpu(request) else "a quarter"
    return f"{share} of what is free", "Give a memory_limit if more may be taken"
