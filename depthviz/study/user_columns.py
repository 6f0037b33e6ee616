"""Columns that people add to the examples: numbers, truth values or text.

Whatever holds them (lists, arrays of numpy, pandas or torch, Series in any order)
becomes one numpy array of a type that a study stores. What is missing becomes NaN among
numbers and empty text, and is refused where there is no such value.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from depthviz.difficulty import MEASURES
from depthviz.errors import StudyError
from depthviz.study.examples import labeled_series
from depthviz.study.table import DERIVED
from depthviz.study.text import as_index, check_text

__all__ = ["align_series", "to_column"]

# Variables of studies that hold something else than one value of an example, or that
# say of a study what it is: a column of that name would be taken for them.
RESERVED = {
    "example_id",
    "held_out",
    "image",
    "measured_row",
    "neighbor_agreement",
    "neighbor_distance",
    "neighbor_index",
    "neighbor_row",
    "probe_accuracy",
    "probe_agreement",
    "projection",
    "sound",
    "sound_length",
    "sound_rate",
    "study_row",
    "trained_on",
    "vote",
}
NUMERIC = {"consensus_class", "suggested_label"}  # and all measures
NUMBERS = ("integer", "floating", "mixed-integer-float")  # as pandas calls them
REMEDIES = {
    "datetime64": "as text, values.astype(str), or as numbers, such as seconds",
    "datetime": "as text, values.astype(str), or as numbers, such as seconds",
    "date": "as text, values.astype(str), or as numbers, such as days",
    "timedelta64": "as numbers, values / np.timedelta64(1, 's')",
    "timedelta": "as numbers, such as seconds",
    "decimal": "as numbers, values.astype(float), or as text, values.astype(str)",
    "complex": "as two columns of numbers, values.real and values.imag",
    "bytes": "as text, [value.decode() for value in values]",
}


def to_column(dataset: xr.Dataset, name: str, values: Any) -> xr.DataArray:
    """Check a user's column and make it one of the dataset's.

    Args:
        dataset: A study's dataset.
        name: Name of the column.
        values: One value per example, shape `(N,)`.

    Returns:
        The column, marked as the user's.

    Raises:
        StudyError: If it does not fit, bears the name of a measured one, or the name of
            a measure and holds no numbers.
    """
    _check_name(dataset, name)
    given = labeled_series(values)
    if isinstance(given, pd.Series):
        given = align_series(dataset, f"Column {name!r}", given)
    column = _as_array(given)
    if column.shape != (dataset.sizes["example"],):
        raise StudyError(
            f"Column {name!r} must have one value for each of the "
            f"{dataset.sizes['example']} examples, got shape {column.shape}."
        )
    stored = _storable(name, column)
    numeric = name in NUMERIC or name in MEASURES
    if numeric and stored.dtype.kind not in "iuf":
        kind = "truth values" if stored.dtype.kind == "b" else "text"
        raise StudyError(
            f"Column {name!r} must hold numbers, as its name stands for a measure, "
            f"got {kind}; choose another name."
        )
    return xr.DataArray(stored, dims="example", attrs={"origin": "user"})


def align_series(
    dataset: xr.Dataset, what: str, values: pd.Series[Any]
) -> pd.Series[Any]:
    """Bring a Series into the order of the study by its index.

    Args:
        dataset: A study's dataset.
        what: What the error calls the values.
        values: Indexed by `example_id`; may hold more.

    Returns:
        One value per example, shape `(N,)`.

    Raises:
        StudyError: If an id is missing or comes twice.
    """
    ids = as_index(dataset["example_id"].values)
    lost = ids.difference(values.index)
    if len(lost) or not values.index.is_unique:
        raise StudyError(
            f"{what} must have each example_id once in its index; "
            f"{len(lost)} of {len(ids)} are missing. An array needs no index."
        )
    return values.reindex(ids)


def _check_name(dataset: xr.Dataset, name: str) -> None:
    check_text(f"The name of column {name!r}", [name])
    known = dataset.variables.get(name)
    if known is not None and name not in dataset.sizes:
        if known.attrs.get("origin") == "user":
            return
        raise StudyError(
            f"The study has measured {name!r} already; choose another name."
        )
    of_members = name.startswith("member_")
    if of_members or name in DERIVED or name in RESERVED or name in dataset.sizes:
        raise StudyError(f"The name {name!r} is the study's own; choose another.")


def _as_array(values: Any) -> NDArray[Any]:
    """Read values of any holder; what is missing in it is None, NaN or NA."""
    if isinstance(values, np.ma.MaskedArray):
        plain = np.ma.getdata(values).astype(object)
        plain[np.ma.getmaskarray(values)] = None
        return plain
    if hasattr(values, "detach"):  # a tensor, maybe of a GPU, with gradients
        values = values.detach().cpu()
        values = values.float() if "bfloat16" in str(values.dtype) else values
    if isinstance(values, pd.Series):
        values = values.array
    if isinstance(values, list | tuple) and any(_is_large(value) for value in values):
        return np.array(values, object)  # numpy may make floats of them
    nullable = isinstance(values, pd.api.extensions.ExtensionArray)
    if nullable and values.isna().any():  # as floats, large whole numbers change
        return np.asarray(values, object)
    return np.asarray(values)


def _fit_unsigned(values: list[Any]) -> bool:
    return all(isinstance(value, int) and 0 <= value < 2**64 for value in values)


def _is_large(value: Any) -> bool:
    """Whether a whole number fits no type of 64 bits together with negative ones."""
    return isinstance(value, int) and not -(2**63) <= value < 2**63


def _storable(name: str, column: NDArray[Any]) -> NDArray[Any]:
    """Leave numbers and truth values; make text objects, which store as UTF-8.

    Numbers among which some are missing become floats, with NaN for those.
    """
    if column.dtype.kind in "biu":
        return column
    if column.dtype.kind == "f":
        return _as_double(name, column) if column.dtype.itemsize > 8 else column
    kind = pd.api.types.infer_dtype(column, skipna=True)
    if kind in NUMBERS:
        return _fill_numbers(name, column)
    missing = pd.isna(column)
    if kind == "boolean":
        return _truth_values(name, column, missing)
    text = np.where(missing, "", column.astype(object))
    if all(isinstance(value, str) for value in text):
        check_text(f"Column {name!r}", text.tolist())
        return text
    raise StudyError(
        f"Column {name!r} must hold numbers, truth values or text, got "
        f"{_describe(kind, text)}. Give it "
        f"{REMEDIES.get(kind, 'as one of these, such as text, values.astype(str)')}."
    )


def _describe(kind: str, values: NDArray[Any]) -> str:
    """Name what a column holds that is neither of the three, or not one of them."""
    if kind in REMEDIES:
        return {"complex": "complex numbers"}.get(kind, kind.removesuffix("64"))
    odd = next(value for value in values if not isinstance(value, str))
    text = any(isinstance(value, str) and value for value in values)
    return type(odd).__name__ + (" among text" if text else "")


def _truth_values(
    name: str, column: NDArray[Any], missing: NDArray[np.bool_]
) -> NDArray[Any]:
    if not missing.any():
        return column.astype(bool)
    raise StudyError(
        f"Column {name!r} has missing values among truth values ({missing.sum()} of "
        f"{len(column)}), row {int(missing.argmax())} first, and a truth value is true "
        "or false. Fill them, values.fillna(False), or give numbers with NaN, "
        "values.astype(float), or text."
    )


def _fill_numbers(name: str, column: NDArray[Any]) -> NDArray[Any]:
    series = pd.Series(column, dtype=object)
    known = series[series.notna()]
    if len(whole_only := [*known]) == len(column) and _fit_unsigned(whole_only):
        return np.array(whole_only, np.uint64)
    numbers = pd.to_numeric(series).to_numpy(float, na_value=np.nan)
    whole = [value for value in known if isinstance(value, int | np.integer)]
    if any(int(float(value)) != value for value in whole):
        what = "has missing values among" if len(known) < len(series) else "holds"
        raise StudyError(
            f"Column {name!r} {what} whole numbers that are too large for floats, "
            "which would change them. Fill what is missing, values.fillna(-1), or give "
            "text, values.astype(str)."
        )
    return numbers


def _as_double(name: str, column: NDArray[Any]) -> NDArray[np.float64]:
    """Make doubles of longer floats, which no other machine reads."""
    double = column.astype(np.float64)
    if not np.array_equal(double, column, equal_nan=True):
        raise StudyError(
            f"Column {name!r} holds {column.dtype}, more digits than a study keeps. "
            "Round them, values.astype('float64')."
        )
    return double
