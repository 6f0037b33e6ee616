"""What an offline page carries for the inspector, of as many examples as fit.

What networks and neighbors say of the classes in question is small and comes first,
then as many of the nearest neighbors as all examples have space for, then the members.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from depthviz.widgets.pages.size_budget import SizeBudget, deflate, size_in_page
from depthviz.widgets.payload.details import NO_CODE, NO_NEIGHBOR, PER_BLOCK
from depthviz.widgets.payload.evidence import split_block
from depthviz.widgets.payload.pack import Pack

__all__ = ["add_members", "add_neighbors", "add_sides"]

_SIDES, _NEIGHBORS = 0.5, 0.8  # of what is left
_NEAREST = (20, 15, 10)  # where not all of them have space


def add_sides(
    pack: Pack, manifest: dict[str, Any], budget: SizeBudget, order: NDArray[np.intp]
) -> list[str]:
    """Add what is said of the first examples, which the curve is drawn from."""
    info = manifest["details"]["sides"]
    if info is None:
        return []
    sizes = len(info["names"]), len(manifest["probes"])

    def make(chosen: NDArray[np.intp]) -> dict[str, bytes]:
        blocks = {}
        for number in np.unique(chosen // PER_BLOCK):
            parts = split_block(pack.chunks[f"sides/{number}"], *sizes)
            here = chosen[chosen // PER_BLOCK == number] - number * PER_BLOCK
            left_out = np.ones(parts[0].shape[-1], bool)
            left_out[here] = False
            for part in parts:
                part[..., left_out] = np.iinfo(part.dtype).max
            blocks[f"sides/{number}"] = b"".join(part.tobytes() for part in parts)
        return blocks

    taken = budget.fill(order, make, share=_SIDES)
    if taken == len(order):
        return []
    return [f"the curves of {taken:,} of {len(order):,} examples"]


def add_neighbors(
    pack: Pack, manifest: dict[str, Any], budget: SizeBudget, order: NDArray[np.intp]
) -> list[str]:
    """Add the nearest neighbors of the first examples; describe what was left out."""
    info = manifest["details"]["neighbors"]
    if info is None:
        return []
    probes = len(manifest["probes"])

    def maker(k: int) -> Callable[[NDArray[np.intp]], dict[str, bytes]]:
        def block(number: int) -> NDArray[np.generic]:
            found = np.frombuffer(pack.chunks[f"neighbors/{number}"], "<u4")
            return found.reshape(probes, -1, info["k"])[:, :, :k]

        return lambda chosen: _blocks(
            "neighbors", block, chosen, axis=1, missing=NO_NEIGHBOR
        )

    room = budget.left * _NEIGHBORS
    k = next((k for k in _depths(info["k"]) if _fits(maker(k), order, room)), 0)
    k = k or min(info["k"], _NEAREST[-1])
    taken = budget.fill(order, maker(k), share=_NEIGHBORS)
    manifest["details"]["neighbors"] = {**info, "k": k}
    nearest = f", the {k} nearest of {info['k']}" if k < info["k"] else ""
    if taken == len(order) and not nearest:
        return []
    return [f"the neighbors of {taken:,} of {len(order):,} examples{nearest}"]


def _depths(k: int) -> list[int]:
    """How many neighbors a page may carry of each example, the most first."""
    return [k, *(fewer for fewer in _NEAREST if fewer < k)]


def _fits(
    make: Callable[[NDArray[np.intp]], dict[str, bytes]],
    order: NDArray[np.intp],
    room: float,
) -> bool:
    """Whether all examples are likely to fit, judged by the first block of them."""
    first = np.sort(order)[:PER_BLOCK]
    sample = make(first)
    size = sum(size_in_page(name, deflate(name, data)) for name, data in sample.items())
    return size * len(order) / len(first) < room


def add_members(
    pack: Pack, manifest: dict[str, Any], budget: SizeBudget, order: NDArray[np.intp]
) -> list[str]:
    """Add what each member found of the first examples; describe what was left out."""
    info = manifest["details"]["members"]
    if info is None:
        return []

    def block(number: int) -> NDArray[np.generic]:
        codes = np.frombuffer(pack.chunks[f"members/{number}"], "<u2")
        return codes.reshape(3, info["count"], -1)

    def make(chosen: NDArray[np.intp]) -> dict[str, bytes]:
        return _blocks("members", block, chosen, axis=2, missing=NO_CODE)

    taken = budget.fill(order, make, share=1.0)
    if taken == len(order):
        return []
    return [f"what each member found of {taken:,} of {len(order):,} examples"]


def _blocks(
    family: str,
    block: Callable[[int], NDArray[np.generic]],
    chosen: NDArray[np.intp],
    *,
    axis: int,
    missing: int,
) -> dict[str, bytes]:
    """The blocks that hold the chosen examples, with all others missing."""
    blocks = {}
    for number in np.unique(chosen // PER_BLOCK):
        codes = block(int(number)).copy()
        left_out = np.ones(codes.shape[axis], bool)
        left_out[chosen[chosen // PER_BLOCK == number] - number * PER_BLOCK] = False
        codes[(slice(None),) * axis + (left_out,)] = missing
        blocks[f"{family}/{number}"] = codes.tobytes()
    return blocks
