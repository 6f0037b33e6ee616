"""Selections as JSON files: ids and numbers in the open, no code in them."""

from __future__ import annotations

import json
import math
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from depthviz.errors import DataError, FormatError
from depthviz.machine.disk.failures import reading, writing
from depthviz.machine.files import write_atomically
from depthviz.machine.json_files import read_json_object
from depthviz.machine.paths import local_path
from depthviz.study.text import as_index

if TYPE_CHECKING:
    from depthviz.selection.result import Selection

__all__ = ["plain", "read_selection", "write_selection"]

KIND, VERSION = "depthviz selection", 1
INDEX = "example_id"


def write_selection(selection: Selection, path: str | os.PathLike[str]) -> Path:
    """Write a selection; see `Selection.save`."""
    target = local_path(path)
    table = selection.candidates
    kept = {
        "kind": KIND,
        "version": VERSION,
        "method": selection.method,
        "by": selection.by,
        "options": plain(selection.options),
        "facts": plain(selection.facts),
        "notes": list(selection.notes),
        "is_ordered": selection.is_ordered,
        "of": selection.of,
        "ids": _plain_ids(table.index),
        "columns": {name: _plain_column(table[name]) for name in table},
        "rows": selection.rows.tolist(),
        "weights": selection.weights.tolist(),
        "score": None if selection.score is None else selection.score.tolist(),
    }
    text = json.dumps(kept, ensure_ascii=False, allow_nan=False)
    with writing(target):
        if target.is_dir():
            raise DataError(f"Expected the path of a file, got the folder {target}.")
        write_atomically(target, text + "\n")
    return target


def read_selection(path: str | os.PathLike[str]) -> dict[str, Any]:
    """Read the fields of a saved selection; see `Selection.open`."""
    source = local_path(path)
    with reading(source):
        kept = read_json_object(source)
    if kept.get("kind") != KIND:
        raise FormatError(f"{source} is no selection that depthviz saved.")
    if kept.get("version") != VERSION:
        raise FormatError(
            f"{source} is of version {kept.get('version')!r}, and this depthviz reads "
            f"version {VERSION}; install a newer one."
        )
    try:
        return _fields(kept)
    except (KeyError, TypeError, ValueError) as error:
        raise FormatError(f"{source} is damaged: {error!s:.200}.") from None


def plain(value: Any) -> Any:
    """Write a value by what JSON has; an array by its shape alone.

    Args:
        value: An option, or numbers.

    Returns:
        The same in text, numbers, lists and dicts.
    """
    if isinstance(value, dict) or hasattr(value, "items"):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, np.generic):
        return plain(value.item())
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, (list, tuple)):
        return [plain(each) for each in value]
    shape = getattr(value, "shape", None)
    return f"{type(value).__name__}" + ("" if shape is None else f" of {tuple(shape)}")


def _fields(kept: dict[str, Any]) -> dict[str, Any]:
    index = as_index(kept["ids"])
    index.name = INDEX
    if any(len(column) != len(index) for column in kept["columns"].values()):
        raise ValueError("a column is not of its examples")
    table = pd.DataFrame(kept["columns"], index=index)
    rows = np.array(kept["rows"], np.intp)
    weights = np.array(kept["weights"], np.float64)
    score = None if kept["score"] is None else np.array(kept["score"], np.float64)
    if not index.is_unique:
        raise ValueError("an id comes twice")
    if not len(rows) or rows.ndim != 1 or len(np.unique(rows)) < len(rows):
        raise ValueError("its rows are no selection")
    if rows.min() < 0 or rows.max() >= len(index):
        raise ValueError("a row is none of its examples")
    if weights.shape != rows.shape or (score is not None and score.shape != rows.shape):
        raise ValueError("weights or scores are not of its rows")
    _check_positions(table)
    words = ("method", "by", "options", "facts", "is_ordered", "of")
    return {
        "candidates": table,
        "rows": rows,
        "weights": weights,
        "score": score,
        "notes": tuple(kept["notes"]),
        **{name: kept[name] for name in words},
    }


def _check_positions(table: pd.DataFrame) -> None:
    if "position" not in table:
        return
    if not pd.api.types.is_integer_dtype(table["position"].dtype):
        raise ValueError("positions are no integers")
    if table["position"].min() < 0 or not table["position"].is_unique:
        raise ValueError("positions are negative, or come twice")


def _plain_ids(index: pd.Index[Any]) -> list[Any]:
    ids = index.tolist()
    odd = next((one for one in ids if not isinstance(one, (str, int, float))), None)
    if odd is not None:
        raise DataError(
            f"A saved selection keeps ids of text or numbers, got {odd!r}; name the "
            "examples by text."
        )
    return list(ids)


def _plain_column(column: pd.Series[Any]) -> list[Any]:
    if isinstance(column.dtype, pd.CategoricalDtype):
        column = column.astype(object)
    return [None if pd.isna(one) else plain(one) for one in column.tolist()]
