"""What an offline page carries for the inspector: neighbors, and what members found."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from depthviz.widgets.pages.size_budget import SizeBudget
from depthviz.widgets.payload.details import NO_CODE, NO_NEIGHBOR, PER_BLOCK
from depthviz.widgets.payload.pack import Pack

__all__ = ["add_members", "add_neighbors"]

_NEIGHBORS = 0.8  # of what is left
_NEAREST = 10


def add_neighbors(
    pack: Pack, manifest: dict[str, Any], budget: SizeBudget, order: NDArray[np.intp]
) -> list[str]:
    """Add the nearest neighbors of the first examples; describe what was left out."""
    info = manifest["details"]["neighbors"]
    if info is None:
        return []
    probes, k = len(manifest["probes"]), min(info["k"], _NEAREST)

    def block(number: int) -> NDArray[np.generic]:
        found = np.frombuffer(pack.chunks[f"neighbors/{number}"], "<u4")
        return found.reshape(probes, -1, info["k"])[:, :, :k]

    def make(chosen: NDArray[np.intp]) -> dict[str, bytes]:
        return _blocks("neighbors", block, chosen, axis=1, missing=NO_NEIGHBOR)

    taken = budget.fill(order, make, share=_NEIGHBORS)
    manifest["details"]["neighbors"] = {**info, "k": k}
    nearest = f", the {k} nearest of {info['k']}" if k < info["k"] else ""
    if taken == len(order) and not nearest:
        return []
    return [f"the neighbors of {taken:,} of {len(order):,} examples{nearest}"]


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
