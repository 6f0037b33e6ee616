"""A selection of examples: as a person gives it, as a mask, as the browser's bits."""

from collections.abc import Hashable, Iterable
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from depthviz.errors import DataError

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
        examples: Ids, a mask of N truth values, or rows of `study.frame()`.

    Returns:
        Whether each example is one of them, shape `(N,)`.

    Raises:
        DataError: If it is none of these, or an id is unknown.
    """
    if isinstance(examples, str) or not isinstance(examples, Iterable):
        raise DataError(
            "A selection is a list of example ids, a mask of N truth values, or rows "
            f"of study.frame(), got {examples!r}."
        )
    wanted = pd.Index(
        examples.index if isinstance(examples, pd.DataFrame) else list(examples)
    )
    if wanted.dtype == bool and len(wanted) == len(ids):
        return np.asarray(wanted, bool)
    unknown = wanted.difference(ids).tolist()
    if unknown:
        raise DataError(
            f"Unknown example {unknown[0]!r} ({len(unknown)} of {len(wanted)} ids "
            f"are not in this study); its first is {ids.tolist()[0]!r}."
        )
    return np.asarray(ids.isin(wanted), bool)
