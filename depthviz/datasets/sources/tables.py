"""Columns of a table as numbers of a network.

Text and categories are none: which numbers stand for them, the pipeline alone knows
that the network was trained with.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from depthviz.errors import DataError

__all__ = ["frame_numbers", "is_frame"]

SHOWN = 5


def is_frame(data: Any) -> bool:
    """Whether data are a table of pandas, or of a library that does as it does."""
    return hasattr(data, "iloc") and hasattr(data, "columns")


def frame_numbers(frame: Any, name: str) -> NDArray[np.float32]:
    """Read columns of numbers and truth values as rows, a missing value as NaN.

    Args:
        frame: A table.
        name: What errors call the examples.

    Returns:
        Shape `(N, F)`.

    Raises:
        DataError: If a column holds something else.
    """
    kinds = {each: frame[each].dtype for each in frame.columns}
    odd = [each for each, kind in kinds.items() if kind.kind not in "biuf"]
    if odd:
        listed = ", ".join(f"{each!r} ({kinds[each]})" for each in odd[:SHOWN])
        raise DataError(
            f"A network takes numbers, but {len(odd)} of {len(kinds)} columns of "
            f"{name} hold others: {listed}{', …' if odd[SHOWN:] else ''}. Make them "
            "numbers by the pipeline that the network was trained with, such as "
            "sklearn.compose.ColumnTransformer([('kinds', OneHotEncoder("
            f"sparse_output=False), {odd[:SHOWN]!r})], remainder='passthrough'), and "
            "give (array, labels); or name columns of numbers with input=; or give "
            "collate_fn=, which gets rows as dictionaries. preview=frame shows all."
        )
    if not kinds:
        raise DataError(f"{name} has no column besides its label.")
    columns = [frame[each].to_numpy(dtype="float32", na_value=np.nan) for each in kinds]
    return np.stack(columns, axis=1)
