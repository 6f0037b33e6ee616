"""A selection of examples: as a person gives it, as a mask, as the browser's bits."""

from collections.abc import Hashable, Iterable
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from depthviz.study.examples import find_rows

__all__ = ["pack_mask", "selection_mask", "unpack_mask"]


def pack_mask(mask: NDArray[np.bool_]) -> bytes:
    """Pack N truth values as bits, the first lowest; no bytes where all are false."""
    return np.packbits(mask, bitorder="little").tobytes() if mask.any() else b""


def unpack_mask(bits: bytes, count: int) -> NDArray[np.bool_]:
    """Unpack bits as `count` truth values; those that are not there are false."""
    unpacked = np.unpackbits(np.frombuffer(bits, np.uint8), bitorder="little")[:count]
    return np.pad(unpacked, (0, count - len(unpacked))).astype(bool)


def selection_mask(
    ids: "pd.Index[Any]", examples: Iterable[Hashable] | pd.DataFrame
) -> NDArray[np.bool_]:
    """Find which examples are meant.

    Args:
        ids: Of all examples, shape `(N,)`.
        examples: Ids; a mask of N truth values in the order of the study, or a Series
            of them indexed by example id in any order; or rows of `study.frame()`.

    Returns:
        Whether each example is one of them, shape `(N,)`.

    Raises:
        DataError: If it is none of these, or an id is unknown.
    """
    mask = np.zeros(len(ids), bool)
    mask[find_rows(ids, examples)] = True
    return mask
