"""The text of each example: the column `text`, as anybody may assign it.

There is no other place for it, so tables, annotations and reports have it as they have
any column of the user's. A column `text_read` says how many of its characters the
network was given, where a tokenizer cuts long texts.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

__all__ = ["TEXT", "TEXT_READ", "characters_read", "example_texts"]

TEXT = "text"
TEXT_READ = "text_read"


def example_texts(data: xr.Dataset) -> NDArray[np.object_] | None:
    """Find the texts of a study.

    Args:
        data: A study's dataset.

    Returns:
        One text an example, shape `(N,)`; None where the study has no column of that
        name, or one that holds something else.

    Example:
        >>> data = xr.Dataset({"text": ("example", np.array(["so", ""], object))})
        >>> example_texts(data)
        array(['so', ''], dtype=object)
    """
    if TEXT not in data or data[TEXT].dims != ("example",):
        return None
    values: NDArray[Any] = data[TEXT].values
    if values.dtype.kind not in "OTU":
        return None
    return np.array([_as_text(value) for value in values], object)


def characters_read(data: xr.Dataset) -> NDArray[np.float64] | None:
    """Find how much of each text the network was given.

    Args:
        data: A study's dataset.

    Returns:
        Characters, shape `(N,)`, NaN where nobody knows; None where the study has no
        such column of numbers.

    Example:
        >>> data = xr.Dataset({"text_read": ("example", np.array([4, 0]))})
        >>> characters_read(data)
        array([4., 0.])
    """
    if TEXT_READ not in data or data[TEXT_READ].dims != ("example",):
        return None
    values: NDArray[Any] = data[TEXT_READ].values
    return values.astype(np.float64) if values.dtype.kind in "iuf" else None


def _as_text(value: object) -> str:
    return value if isinstance(value, str) else ""
