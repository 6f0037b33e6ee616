"""The text of each example: the column `text`, as anybody may assign it.

There is no other place for it, so tables, annotations and reports have it as they have
any column of the user's.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

__all__ = ["TEXT", "example_texts"]

TEXT = "text"


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


def _as_text(value: object) -> str:
    return value if isinstance(value, str) else ""
