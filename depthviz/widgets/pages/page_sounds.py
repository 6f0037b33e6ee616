"""The sounds of an offline page, of as many examples as fit."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from depthviz.widgets.pages.size_budget import SizeBudget
from depthviz.widgets.payload.pack import Pack
from depthviz.widgets.payload.sounds import SOUND_FAMILY

__all__ = ["add_sounds"]

_SHARE = 0.8


def add_sounds(
    pack: Pack, manifest: dict[str, Any], budget: SizeBudget, order: NDArray[np.intp]
) -> list[str]:
    """Add the sounds of the first examples; describe what was left out."""
    if SOUND_FAMILY not in manifest["previews"]:
        return []

    def make(chosen: NDArray[np.intp]) -> dict[str, bytes]:
        names = [f"{SOUND_FAMILY}/{number}" for number in chosen]
        return {name: pack.chunks[name] for name in names}

    taken = budget.fill(order, make, share=_SHARE)
    if taken == len(order):
        return []
    return [f"the sounds of {taken:,} of {len(order):,} examples"]
