"""How much memory a measurement may take, and how the probes share it.

The embeddings of one probe must be together for the search of neighbors; those of all
probes need not be. What exceeds the memory goes to the disk, since a forward pass costs
more than writing and reading what it gave; only what exceeds the disk as well takes
another pass. A GPU's memory is different: beside it a search is many times slower than
a pass, so there only a probe that is too large for it alone goes to the disk.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from itertools import zip_longest
from typing import NamedTuple

__all__ = ["Share", "share_gpu", "share_passes"]

FINENESS = 4096


class Share(NamedTuple):
    """The probes of one pass, in the order given.

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


def share_passes(sizes: Mapping[str, int], *, memory: int, disk: int) -> list[Share]:
    """Group probes into few passes, and spill few bytes.

    One pass wherever memory and disk hold all. Otherwise each pass is filled as far as
    it goes, the largest probe that is left first: nearly always the fewest passes.

    Args:
        sizes: Size of each probe's embeddings, by name; each fits one of the two.
        memory: Size that fits into memory at a time.
        disk: Size that fits onto the disk at a time, in the same unit.

    Returns:
        The passes, ordered by their first probe.

    Example:
        >>> share_passes({"input": 3, "conv1": 8, "conv2": 6}, memory=9, disk=20)
        [Share(kept=['input', 'conv2'], spilled=['conv1'])]
        >>> share_passes({"input": 3, "conv1": 8, "conv2": 6}, memory=9, disk=1)
        [Share(kept=['input', 'conv2'], spilled=[]), Share(kept=['conv1'], spilled=[])]
    """
    rest, passes = dict(sizes), []
    while rest:
        share = _split(rest, memory, disk) or _fullest(rest, memory, disk)
        passes.append(share)
        rest = _without(rest, share.names)
    return _ordered(passes, list(sizes))


def share_gpu(sizes: Mapping[str, int], *, memory: int, disk: int) -> list[Share]:
    """Group probes into few passes, all but those too large for a GPU on it.

    Args:
        sizes: Size of each probe's embeddings, by name; each fits one of the two.
        memory: Size that fits onto the GPU at a time.
        disk: Size that fits onto the disk at a time, in the same unit.

    Returns:
        The passes, ordered by their first probe.

    Example:
        >>> share_gpu({"input": 3, "conv1": 8, "conv2": 5}, memory=7, disk=20)
        [Share(kept=['input'], spilled=['conv1']), Share(kept=['conv2'], spilled=[])]
    """
    small = {name: size for name, size in sizes.items() if size <= memory}
    kept = [share.kept for share in share_passes(small, memory=memory, disk=0)]
    large = _without(sizes, small)
    spilled = [share.spilled for share in share_passes(large, memory=0, disk=disk)]
    nothing: list[str] = []
    both = zip_longest(kept, spilled, fillvalue=nothing)
    return _ordered([Share(*parts) for parts in both], list(sizes))


def _split(sizes: Mapping[str, int], memory: int, disk: int) -> Share | None:
    """Keep as much as fits, if the disk takes the rest."""
    kept = _fill(sizes, memory)
    spilled = _without(sizes, kept)
    return Share(kept, list(spilled)) if sum(spilled.values()) <= disk else None


def _fullest(sizes: Mapping[str, int], memory: int, disk: int) -> Share:
    """Fill the larger of the two first, then the other; spill no more than needed."""
    roomy, other = max(memory, disk), min(memory, disk)
    first = _fill(sizes, roomy, largest=True)
    second = _fill(_without(sizes, first), other, largest=True)
    chosen = {name: sizes[name] for name in sizes if name in {*first, *second}}
    found = Share(first, second) if memory >= disk else Share(second, first)
    return _split(chosen, memory, disk) or found


def _fill(sizes: Mapping[str, int], room: int, *, largest: bool = False) -> list[str]:
    """Choose names that fill a room best, up to a 4,096th of it for each name.

    The sums that can be reached, one name after another; of sums nearly the same the
    largest is remembered, so that many names do not make too many sums.
    """
    fitting = {name: size for name, size in sizes.items() if size <= room}
    reached: dict[int, tuple[str, ...]] = {0: ()}
    if largest and fitting:
        first = max(fitting, key=lambda name: fitting[name])
        reached = {fitting.pop(first): (first,)}
    for name, size in fitting.items():
        more = {
            total + size: (*names, name)
            for total, names in reached.items()
            if total + size <= room
        }
        both = more | reached
        near = {total * FINENESS // max(1, room): total for total in sorted(both)}
        reached = {total: both[total] for total in near.values()}
    return list(reached[max(reached)])


def _without(sizes: Mapping[str, int], names: Collection[str]) -> dict[str, int]:
    return {name: size for name, size in sizes.items() if name not in names}


def _ordered(passes: list[Share], order: list[str]) -> list[Share]:
    place = order.index
    inside = [Share(*(sorted(part, key=place) for part in share)) for share in passes]
    return sorted(inside, key=lambda share: min(map(place, share.names)))
