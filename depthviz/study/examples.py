"""Which examples a person means: by their ids, by a mask, as rows of the table.

Whatever has an index or ids of its own goes by them, in any order; a plain array of
truth values goes by position. What could be read either way is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray
from pandas.api.types import infer_dtype, is_bool_dtype, is_numeric_dtype

from depthviz.errors import DataError
from depthviz.study.consistency import check_ids
from depthviz.study.text import as_index

__all__ = ["find_rows", "labeled_series", "rows_of"]

FORMS = (
    "ids of examples, a mask of N truth values, a Series of truth values indexed by "
    "example_id, or rows of study.frame()"
)
INDEX = "example_id"
ZERO_AND_ONE = (0, 1)


def rows_of(ids: Any, examples: Any) -> NDArray[np.intp]:
    """Find the rows of examples, each once, in the order given.

    Args:
        ids: Of all examples, shape `(N,)`.
        examples: What a person gave.

    Returns:
        Positions, shape `(M,)`.

    Raises:
        DataError: As `find_rows`, and if an example is given twice.
    """
    rows = find_rows(ids, examples)
    if len(np.unique(rows)) == len(rows):
        return rows
    twice = rows[pd.Index(rows).duplicated()][0]
    raise DataError(
        f"Example {_show(ids[twice])} is given twice; a study has each example once."
    )


def find_rows(ids: Any, examples: Any) -> NDArray[np.intp]:
    """Find the rows of examples in the order given; of a set, in that of the study.

    Args:
        ids: Of all examples, shape `(N,)`.
        examples: Ids, a mask by position, truth values by id, or rows of the table.

    Returns:
        Positions, shape `(M,)`.

    Raises:
        DataError: If it is none of these, or holds unknown ids; says which.
        StudyError: If an id stands for two examples.
    """
    check_ids(ids)
    known = as_index(ids)
    if isinstance(examples, pd.DataFrame):
        _check_no_truth_table(examples)
        return _rows_by_id(known, _ids_of(examples))
    given = labeled_series(examples)
    values = _values(given)
    if infer_dtype(values, skipna=True) != "boolean":
        _check_no_mask_of_numbers(known, values)
        rows = _rows_by_id(known, values)
        return np.sort(rows) if isinstance(examples, Set) else rows
    if isinstance(given, pd.Series):
        return np.flatnonzero(_mask_by_id(known, given.index, values))
    return np.flatnonzero(_mask(known, values))


def labeled_series(values: Any) -> Any:
    """Make a Series of a DataArray that knows its example ids; leave all else.

    Args:
        values: Anything.

    Returns:
        The Series, or what was given.
    """
    if not isinstance(values, xr.DataArray):
        return values
    if values.ndim == 1 and INDEX in values.coords:
        return pd.Series(values.values, index=as_index(values[INDEX].values))
    return values.values


def _values(given: Any) -> pd.Index[Any]:
    """Read what came as an index of values, whatever holds them."""
    if (
        isinstance(given, tuple)
        and len(given) == 1
        and isinstance(given[0], np.ndarray)
    ):
        raise DataError(
            "Examples are not chosen by a tuple of arrays, as np.where(mask) returns "
            "it; give the mask itself, or study.frame().index[mask]."
        )
    shape = np.shape(given) if hasattr(given, "__array__") else (1,)
    odd = isinstance(given, str | bytes | Mapping) or not isinstance(given, Iterable)
    if odd or len(shape) != 1:
        what = f"an array of shape {shape}" if len(shape) != 1 else repr(given)
        raise DataError(f"Examples are chosen by {FORMS}; got {what}.")
    if isinstance(given, pd.Index | pd.Series | pd.api.extensions.ExtensionArray):
        return pd.Index(given)
    array = np.asarray(given) if hasattr(given, "__array__") else list(given)
    return as_index(array)


def _mask_by_id(
    known: pd.Index[Any], index: pd.Index[Any], values: pd.Index[Any]
) -> NDArray[np.bool_]:
    """Bring truth values into the order of the study."""
    remedy = "A mask in the order of the study is an array: series.to_numpy()."
    if not index.is_unique:
        twice = index[index.duplicated()][0]
        raise DataError(
            f"The index of the truth values must hold each example_id once, but "
            f"{_show(twice)} comes twice. {remedy}"
        )
    unknown = index[known.get_indexer(index) < 0]
    if len(unknown):
        raise DataError(
            f"The index of the truth values must hold example ids, but "
            f"{_show(unknown[0])} is none ({len(unknown)} of {len(index)} are not). "
            f"{remedy}"
        )
    place = index.get_indexer(known)
    if (place < 0).any():
        raise DataError(
            f"The index of the truth values must hold every example_id; "
            f"{int((place < 0).sum())} of {len(known)} are missing, "
            f"{_show(known[place < 0][0])} first. Fill them up with "
            "series.reindex(study.frame().index, fill_value=False), or give the ids "
            "that are meant: series.index[series]."
        )
    return _mask(known, values)[place]


def _mask(known: pd.Index[Any], values: pd.Index[Any]) -> NDArray[np.bool_]:
    if values.hasnans:
        raise DataError(
            f"Truth values that choose examples must be true or false, but "
            f"{int(np.sum(values.isna()))} of {len(values)} are missing. Decide what "
            "they are with fillna(False)."
        )
    if len(values) != len(known):
        raise DataError(
            f"A mask must have one truth value for each of the {len(known)} examples, "
            f"got {len(values)}."
        )
    return np.asarray(values, bool)


def _check_no_mask_of_numbers(known: pd.Index[Any], values: pd.Index[Any]) -> None:
    """Refuse zeros and ones for every example: they would be read as two ids."""
    numbers = len(values) == len(known) > len(ZERO_AND_ONE)
    if numbers and is_numeric_dtype(values.dtype) and values.isin(ZERO_AND_ONE).all():
        raise DataError(
            f"Got {len(values)} numbers that are all 0 or 1: as ids they mean two "
            "examples, as a mask any. Make a mask of them with .astype(bool)."
        )


def _rows_by_id(known: pd.Index[Any], wanted: pd.Index[Any]) -> NDArray[np.intp]:
    rows = known.get_indexer(wanted)
    unknown = wanted[rows < 0]
    if len(unknown):
        first = _show(known[0]) if len(known) else "none"
        raise DataError(
            f"Unknown example {_show(unknown[0])} ({len(unknown)} of {len(wanted)} ids "
            f"are not in this study); its first is {first}."
        )
    return rows


def _ids_of(table: pd.DataFrame) -> pd.Index[Any]:
    """Take the ids of the rows of a table; a fresh index would give positions."""
    if table.index.name == INDEX:
        return table.index
    raise DataError(
        f"Rows of study.frame() are found by their index, named {INDEX!r}; the index "
        f"of this table is named {table.index.name!r}, so its values may be positions. "
        f"Give the ids themselves, or table.set_index({INDEX!r})."
    )


def _check_no_truth_table(table: pd.DataFrame) -> None:
    """Refuse a table of truth values: its rows would be all examples."""
    if len(table.columns) and all(is_bool_dtype(kind) for kind in table.dtypes):
        raise DataError(
            "A table stands for the examples of its rows, but this one holds nothing "
            f"but truth values. Give one column of it, table[{table.columns[0]!r}]."
        )


def _show(value: Any) -> str:
    """Write an id for a message."""
    return repr(value.item() if isinstance(value, np.generic) else value)
