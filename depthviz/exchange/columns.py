"""The columns of a study that leave it: its table, classes by name, and the maps.

Numbers of classes mean nothing in another program, so each column of them says which
class it is. Knows nothing of Arrow.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from depthviz.difficulty.class_columns import CLASS_COLUMNS
from depthviz.errors import StudyError

__all__ = [
    "IMAGE",
    "class_names",
    "exchange_columns",
    "is_users",
]

IMAGE = "image"
NAMES_ALONE = "label_name"  # said by `label` itself


def exchange_columns(data: xr.Dataset, frame: pd.DataFrame) -> dict[str, Any]:
    """Gather the columns, in order.

    Args:
        data: A study's dataset.
        frame: Its table.

    Returns:
        Values of shape `(N,)` by name. Classes are codes among `class_names`, as
        categories, and missing where they are none.

    Raises:
        StudyError: If a column of the user's bears the name of one of a map.
    """
    columns: dict[str, Any] = {"example_id": frame.index}
    for name in frame.columns:
        if name == NAMES_ALONE:
            continue
        coded = name in CLASS_COLUMNS and not is_users(data, name)
        values = _classes(data, frame[name]) if coded else frame[name]
        columns[str(name)] = values
    places = _projections(data)
    if twice := columns.keys() & places.keys():
        raise StudyError(
            f"The map needs the name {min(twice)!r}, which a column of yours bears: "
            "assign it under another name, to the study without it."
        )
    return columns | places


def class_names(data: xr.Dataset) -> list[str]:
    """Name the classes, each by a name of its own.

    Args:
        data: A study's dataset.

    Returns:
        Their names by number; one that comes twice has its number behind it.

    Example:
        >>> class_names(xr.Dataset(coords={"class": ["cat", "dog", "cat"]}))
        ['cat (0)', 'dog', 'cat (2)']
    """
    names = [str(name) for name in data["class"].values] if "class" in data else []
    found = list(names)
    while odd := [name for name, times in Counter(found).items() if times > 1]:
        twice = {*odd}
        found = [
            f"{name} ({number})" if name in twice else name
            for number, name in enumerate(found)
        ]
    return found


def is_users(data: xr.Dataset, name: Hashable) -> bool:
    """Whether a column was added by a person.

    Args:
        data: A study's dataset.
        name: Of the column.

    Returns:
        Whether it was.
    """
    return name in data and data[name].attrs.get("origin") == "user"


def _classes(data: xr.Dataset, codes: pd.Series[Any]) -> Any:
    """Name classes; a number beyond the names stands for none."""
    names = class_names(data)
    numbers = codes.to_numpy(dtype=np.float64, na_value=np.nan)
    known = (numbers >= 0) & (numbers < len(names))
    whole = np.where(known, numbers, -1).astype(np.int64)
    return pd.Series(pd.Categorical.from_codes(whole, pd.Index(names, dtype=object)))


def _projections(data: xr.Dataset) -> dict[str, Any]:
    """Name the coordinates of each probe's map; none where there are no maps."""
    if "projection" not in data:
        return {}
    places = data["projection"].values
    return {
        f"projection_{axis}_{probe}": places[row, :, column]
        for row, probe in enumerate(data["probe"].values)
        for column, axis in enumerate("xy")
    }
