"""Which probes share a forward pass, and where their embeddings wait to be searched.

The embeddings of one probe must be together for the search of neighbors; those of all
probes need not be. What exceeds the memory goes to the disk, since a forward pass costs
more than writing and reading its embeddings; only what exceeds the disk as well takes
another pass. On a GPU a search that reads from the disk is many times slower than a
pass, so there only a probe that is too large for the GPU goes to the disk.

Probes are placed by first-fit, the largest first: each goes to the first pass that has
room in memory, else on the disk. All share one pass wherever memory and disk together
exceed the embeddings by the size of the largest probe. Where they are tighter than
that, first-fit may need a pass more than the best plan, and it may write more to the
disk than the fewest bytes possible.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Literal, NamedTuple

import numpy as np

from depthviz.errors import ScratchError
from depthviz.machine.memory import free_memory
from depthviz.machine.scratch import describe_bytes, free_space, scratch_folder
from depthviz.measurement.options import MeasureOptions

__all__ = [
    "PassGroup",
    "StorageBudget",
    "find_storage",
    "group_probes",
    "plan_passes",
    "stored_type",
]

NUMBER = 4  # bytes in memory


class PassGroup(NamedTuple):
    """The probes of one pass, in the network's order.

    Attributes:
        kept: Names of those held in memory.
        spilled: Names of those written to the disk.
    """

    kept: list[str]
    spilled: list[str]

    @property
    def names(self) -> list[str]:
        """Names of all."""
        return [*self.kept, *self.spilled]


class StorageBudget(NamedTuple):
    """How many bytes of embeddings can be held, and where.

    Attributes:
        memory: Bytes of memory for them, on the GPU where there is one.
        folder: For scratch files; None where no folder takes any.
        disk: Bytes that scratch files may take: nine tenths of what is free, since
            others write there too.
    """

    memory: int
    folder: Path | None
    disk: int


def find_storage(options: MeasureOptions) -> StorageBudget:
    """Look how much memory and disk embeddings may take."""
    memory = _memory(options)
    try:
        folder = options.scratch or scratch_folder()
    except ScratchError:  # no matter where memory holds all
        return StorageBudget(memory, None, 0)
    return StorageBudget(memory, folder, free_space(folder) // 10 * 9)


def stored_type(name: str, options: MeasureOptions) -> Literal["float32", "float16"]:
    """Choose how a probe's numbers are stored on the disk.

    The softmax is always float32: its small shares would all be zero in float16, and
    their distances equal.
    """
    return "float32" if name == "softmax" else options.scratch_type


def plan_passes(
    sizes: Mapping[str, int],
    count: int,
    *,
    budget: StorageBudget,
    options: MeasureOptions,
) -> list[PassGroup]:
    """Plan few passes for N examples and F numbers by probe name.

    Raises:
        ScratchError: If the embeddings of a probe fit neither memory nor disk.
    """
    numbers = {name: count * size for name, size in sizes.items()}
    memory = budget.memory // NUMBER
    disk = _numbers_on_disk(numbers, budget, options)
    largest = max(numbers, key=lambda name: numbers[name])
    if numbers[largest] > max(memory, disk):
        _refuse(largest, count, sizes[largest], budget, options)
    return group_probes(numbers, memory=memory, disk=disk, gpu=_on_gpu(options))


def group_probes(
    sizes: Mapping[str, int], *, memory: int, disk: int, gpu: bool = False
) -> list[PassGroup]:
    """Group probes into passes by first-fit, the largest probe first.

    Args:
        sizes: Size of each probe's embeddings, by name in the network's order; each
            fits memory or disk.
        memory: Size that fits into memory at a time.
        disk: Size that fits onto the disk at a time, in the same unit.
        gpu: Whether probes that fit into memory must stay off the disk.

    Returns:
        The passes, ordered by their first probe.

    Example:
        >>> group_probes({"input": 3, "conv1": 8, "conv2": 6}, memory=9, disk=20)
        [PassGroup(kept=['conv1'], spilled=['input', 'conv2'])]
        >>> group_probes({"input": 3, "conv1": 8, "conv2": 6}, memory=9, disk=1)
        [PassGroup(kept=['input', 'conv2'], spilled=[]),
         PassGroup(kept=['conv1'], spilled=[])]
        >>> group_probes({"a": 3, "b": 8, "c": 5}, memory=7, disk=20, gpu=True)
        [PassGroup(kept=['a'], spilled=[]), PassGroup(kept=['c'], spilled=['b'])]
    """
    order = list(sizes)
    passes: list[_OpenPass] = []
    for name in sorted(order, key=lambda name: sizes[name], reverse=True):
        spill = not gpu or sizes[name] > memory
        if not any(each.take(name, sizes[name], spill=spill) for each in passes):
            passes.append(_OpenPass(memory, disk))
            passes[-1].take(name, sizes[name], spill=spill)
    groups = [each.close(order) for each in passes]
    return sorted(groups, key=lambda group: min(map(order.index, group.names)))


class _OpenPass:
    """A pass that takes probes as long as there is room."""

    def __init__(self, memory: int, disk: int) -> None:
        self._memory, self._disk = memory, disk
        self._kept: list[str] = []
        self._spilled: list[str] = []

    def take(self, name: str, size: int, *, spill: bool) -> bool:
        """Place a probe in memory, or on the disk where it may be spilled."""
        if size <= self._memory:
            self._memory -= size
            self._kept.append(name)
            return True
        if spill and size <= self._disk:
            self._disk -= size
            self._spilled.append(name)
            return True
        return False

    def close(self, order: list[str]) -> PassGroup:
        """Sort the probes by the network's order."""
        return PassGroup(
            sorted(self._kept, key=order.index), sorted(self._spilled, key=order.index)
        )


def _memory(options: MeasureOptions) -> int:
    """Bytes for embeddings: half of the memory; the other half is the search's."""
    if options.memory_limit is not None:
        return options.memory_limit // 2
    return free_memory(options.device) // (2 if _on_gpu(options) else 4)


def _on_gpu(options: MeasureOptions) -> bool:
    return options.device.type == "cuda"


def _numbers_on_disk(
    numbers: Mapping[str, int], budget: StorageBudget, options: MeasureOptions
) -> int:
    """Count the numbers that the disk holds, with room for a softmax in float32."""
    size = np.dtype(options.scratch_type).itemsize
    set_aside = (NUMBER - size) * numbers.get("softmax", 0)
    return max(0, budget.disk - set_aside) // size


def _refuse(
    name: str, count: int, features: int, budget: StorageBudget, options: MeasureOptions
) -> None:
    numbers = count * features
    held = describe_bytes(NUMBER * numbers)
    stored = describe_bytes(np.dtype(stored_type(name, options)).itemsize * numbers)
    memory, disk = map(describe_bytes, (budget.memory, budget.disk))
    part, more = _about_memory(options)
    halve = " scratch_type='float16' halves what is written."
    raise ScratchError(
        f"The embeddings at probe {name!r}, {count:,} examples of {features:,} "
        f"numbers, take {held} in memory or {stored} on the disk. Memory for "
        f"embeddings is {memory} ({part}), and {disk} may be written to "
        f"{budget.folder or 'the disk, where no temporary folder takes files'} (nine "
        f"tenths of what is free). {more}, or a folder on a disk with more room, with "
        "scratch=." + (halve if options.scratch_type == "float32" else "")
    )


def _about_memory(options: MeasureOptions) -> tuple[str, str]:
    """Say where the memory for embeddings comes from, and how to get more."""
    if options.memory_limit is not None:
        return "half of memory_limit", "Give a larger memory_limit"
    share = "half" if _on_gpu(options) else "a quarter"
    return f"{share} of what is free", "Give a memory_limit if more may be taken"
