"""Which examples pass the filters of a view, found again from the table.

The rules are the browser's, so that both find the same: numbers are compared as
float32, which is what the browser has, and a missing value passes only where it is
asked for.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from depthviz.widgets.payload.manifest import column_info, value_names

__all__ = ["column_codes", "shown_mask"]


def shown_mask(
    frame: pd.DataFrame,
    filters: Mapping[str, Any],
    manifest: Mapping[str, Any],
    *,
    groups: NDArray[np.integer[Any]] | None = None,
) -> NDArray[np.bool_]:
    """Find the examples that pass all filters.

    Args:
        frame: `study.frame()`.
        filters: As the browser keeps them.
        manifest: The study's.
        groups: The groups' codes under moved boundaries, shape `(N,)`.

    Returns:
        Whether each example is shown, shape `(N,)`.
    """
    shown = np.ones(len(frame), bool)
    for name, condition in filters.items():
        if not isinstance(condition, Mapping):
            moved = name == "group" and groups is not None
            codes = groups if moved else column_codes(frame, name, manifest)
            shown &= np.isin(codes, list(condition))  # type: ignore[arg-type]
        elif "contains" in condition:
            shown &= _contains(frame, name, condition["contains"])
        elif value_names(manifest, name) is not None:
            shown &= column_codes(frame, name, manifest) < 0
        else:
            shown &= _in_range(_numbers(frame, name), condition)
    return shown


def column_codes(
    frame: pd.DataFrame, name: str, manifest: Mapping[str, Any]
) -> NDArray[np.int64]:
    """Find the codes of one column.

    Args:
        frame: `study.frame()`.
        name: The column.
        manifest: The study's.

    Returns:
        The code of each example, shape `(N,)`, -1 where a value is missing; of a depth
        its whole part.
    """
    names = value_names(manifest, name)
    if names is None:
        depths = _numbers(frame, name)
        return np.where(np.isnan(depths), -1, np.floor(depths)).astype(np.int64)
    column = frame[name]
    if pd.api.types.is_bool_dtype(column.dtype):
        return column.to_numpy(np.int64)
    info = column_info(manifest, name)
    if info is not None and info["kind"] == "class":
        codes = column.fillna(-1).to_numpy(np.int64)
        return np.where((codes < 0) | (codes >= len(names)), -1, codes)
    positions = {text: code for code, text in enumerate(names)}
    texts = column.map(str, na_action="ignore")
    return np.array([positions.get(text, -1) for text in texts], np.int64)


def _contains(frame: pd.DataFrame, name: str, contains: str) -> NDArray[np.bool_]:
    wanted = contains.strip().lower()
    values = frame.index if name == frame.index.name else frame[name]
    texts = ("" if pd.isna(value) else str(value) for value in values)
    return np.array([wanted in text.lower() for text in texts])


def _in_range(
    values: NDArray[np.float32], condition: Mapping[str, Any]
) -> NDArray[np.bool_]:
    missing = np.isnan(values)
    passes = np.zeros(len(values), bool)
    if {"from", "to"} & set(condition):
        with np.errstate(over="ignore"):  # beyond float32 is infinite, as in the page
            low = np.float32(condition.get("from", -np.inf))
            high = np.float32(condition.get("to", np.inf))
        passes = (values >= low) & (values <= high)
    return passes | missing if condition.get("missing") else passes


def _numbers(frame: pd.DataFrame, name: str) -> NDArray[np.float32]:
    numbers: NDArray[np.float32] = frame[name].to_numpy(np.float32, na_value=np.nan)
    return numbers
