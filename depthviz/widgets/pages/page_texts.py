"""The texts of an offline page: all of them, cut where they are longest, or the first.

A page is searched and read, so it is better that every text begins in it than that a
few stand there whole.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from depthviz.study.previews.texts import characters_read, example_texts
from depthviz.widgets.pages.size_budget import SizeBudget, deflate, size_in_page
from depthviz.widgets.payload.texts import FAMILY, LONGEST, PER_TEXTS, pack_texts

__all__ = ["add_texts"]

_CUTS = (LONGEST, 5_000, 2_000, 1_000, 500, 280, 140)
_SHARE, _MARGIN, _SAMPLE = 0.7, 0.95, 1_024


def add_texts(
    data: xr.Dataset,
    manifest: dict[str, Any],
    budget: SizeBudget,
    order: NDArray[np.intp],
) -> list[str]:
    """Add texts; describe what was left out.

    Args:
        data: A study's dataset.
        manifest: The page's.
        budget: Where they are added.
        order: Positions of the examples, the most wanted first, shape `(N,)`.

    Returns:
        Parts of a sentence; none where nothing was left out.
    """
    texts = example_texts(data)
    if texts is None or FAMILY not in manifest["families"]:
        return []
    cut = next((cut for cut in _CUTS if _fits(texts, cut, budget)), _CUTS[-1])
    taken = budget.fill(order, _maker(data, texts, cut), share=_SHARE)
    if not taken:
        return ["no texts"]
    longer = sum(len(texts[index]) > cut for index in order[:taken])
    left_out = [f"the texts of {taken:,} of {len(order):,} examples"]
    words = f"the first {cut:,} characters of {longer:,} longer texts"
    return left_out * (taken < len(order)) + [words] * (longer > 0)


def _maker(
    data: xr.Dataset, texts: NDArray[np.object_], cut: int
) -> Callable[[NDArray[np.intp]], dict[str, bytes]]:
    read = characters_read(data)

    def make(chosen: NDArray[np.intp]) -> dict[str, bytes]:
        carried = np.zeros(len(texts), bool)
        carried[chosen] = True
        chunks = {}
        for number in np.unique(chosen // PER_TEXTS):
            span = slice(number * PER_TEXTS, (number + 1) * PER_TEXTS)
            packed = pack_texts(
                texts[span],
                read=None if read is None else read[span],
                longest=cut,
                carried=carried[span],
            )
            chunks[f"{FAMILY}/{number}"] = packed
        return chunks

    return make


def _fits(texts: NDArray[np.object_], cut: int, budget: SizeBudget) -> bool:
    """Whether all are likely to fit, by some that stand evenly among them."""
    sample = texts[:: max(1, len(texts) // _SAMPLE)]
    size = 0
    for start in range(0, len(sample), PER_TEXTS):
        packed = pack_texts(sample[start : start + PER_TEXTS], longest=cut)
        size += size_in_page(f"{FAMILY}/{start}", deflate(FAMILY, packed))
    return size * len(texts) / len(sample) < budget.left * _SHARE * _MARGIN
