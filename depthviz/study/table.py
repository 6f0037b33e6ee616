"""The table of a study: one row per example.

The order of the columns is fixed, so that a table saved today reads like one saved next
year. Codes come out as plain 64-bit integers: a difference of two uint16 columns wraps.
A column of uint64 stays what it is, since int64 cannot hold every value of it.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from depthviz.difficulty import MEASURES
from depthviz.errors import StudyError
from depthviz.study.members import is_ensemble

__all__ = ["DERIVED", "SPLITS", "to_column", "to_frame"]

SPLITS = ("train", "validation")
DERIVED = ("label_name", "correct", "undecided", "suspicion_rank")
ORDER = (
    "split",
    "label",
    "label_name",
    "path",
    "prediction",
    "correct",
    "confidence",
    "depth",
    "train_depth",
    "train_depth_se",
    "validation_depth",
    "validation_depth_se",
    "trained_on",
    "held_out",
    "undecided",
    "group",
    "group_confidence",
    "consensus_class",
    "consistency",
    "c_score",
    "c_score_se",
    "entropy",
    "iteration_learned",
    "iteration_learned_se",
    "output_margin",
    "output_margin_se",
    "input_margin",
    "input_margin_se",
    "forgetting",
    "forgetting_se",
    "aum",
    "aum_se",
    "memorization",
    "memorization_se",
    "suspicion_rank",
)
NUMERIC = {*MEASURES, "consensus_class"}
NUMBERS = ("integer", "floating", "mixed-integer-float")  # as pandas calls them


def to_frame(dataset: xr.Dataset) -> pd.DataFrame:
    """Build the table of all variables that have one value per example.

    Args:
        dataset: A study's dataset.

    Returns:
        One row per example, indexed by `example_id`. Derived are `label_name`, where
        classes have other names than numbers, `correct`, `undecided` and
        `suspicion_rank`: the share of the examples of the same split, as far as their
        suspicion is known, whose suspicion is less, from 0 to below 1; equal ones share
        a rank, and NaN stays NaN. In a study of many networks `suspicion` is a mean
        over those that held an example out, whatever the split, so the rank is among
        all examples; likewise where there is no split.
    """
    columns: dict[str, Any] = {
        str(name): _values(array)
        for name, array in dataset.data_vars.items()
        if array.dims == ("example",)
    }
    if "split" in columns:
        columns["split"] = pd.Categorical.from_codes(columns["split"], pd.Index(SPLITS))
    if "names" in dataset.get("group", xr.DataArray()).attrs:
        columns["group"] = _groups(dataset["group"])
    columns |= _derived(dataset, columns)
    rest = [name for name in columns if name not in ORDER]
    ordered = [name for name in ORDER if name in columns] + rest
    index = pd.Index(_values(dataset["example_id"]), name="example_id")
    return pd.DataFrame({name: columns[name] for name in ordered}, index=index)


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
    known = dataset.variables.get(name)
    if name in DERIVED or name in dataset.sizes:
        raise StudyError(f"The name {name!r} is the study's own; choose another.")
    if known is not None and known.attrs.get("origin") != "user":
        raise StudyError(
            f"The study has measured {name!r} already; choose another name."
        )
    if isinstance(values, pd.Series):
        values = _by_id(dataset, name, values)
    column = np.asarray(values)
    if column.shape != (dataset.sizes["example"],):
        raise StudyError(
            f"Column {name!r} must have one value for each of the "
            f"{dataset.sizes['example']} examples, got shape {column.shape}."
        )
    stored = _storable(name, column)
    if name in NUMERIC and stored.dtype.kind not in "iuf":
        kind = "truth values" if stored.dtype.kind == "b" else "text"
        raise StudyError(
            f"Column {name!r} must hold numbers, as its name stands for a measure, "
            f"got {kind}; choose another name."
        )
    return xr.DataArray(stored, dims="example", attrs={"origin": "user"})


def _values(array: xr.DataArray) -> Any:
    values = array.values
    whole = values.dtype.kind in "iu" and np.can_cast(values.dtype, np.int64)
    if array.name != "split" and whole:
        return values.astype(np.int64)
    if values.dtype.kind in "OT":
        return pd.Series(values, dtype="str").array
    return values


def _groups(codes: xr.DataArray) -> pd.Categorical:
    """Name the groups; a code beyond the names stands for none."""
    names = pd.Index(codes.attrs["names"])
    known = codes.values.astype(np.int64)
    return pd.Categorical.from_codes(np.where(known < len(names), known, -1), names)


def _derived(dataset: xr.Dataset, columns: dict[str, Any]) -> dict[str, Any]:
    derived: dict[str, Any] = {}
    names = [str(name) for name in dataset.get("class", xr.DataArray([])).values]
    if "label" in columns and not all(name.isdecimal() for name in names):
        derived["label_name"] = _label_names(columns["label"], names)
    if "label" in columns and "prediction" in columns:
        derived["correct"] = columns["label"] == columns["prediction"]
    if "depth" in columns and "probe" in dataset.sizes:
        derived["undecided"] = columns["depth"] == dataset.sizes["probe"]
    if "suspicion" in columns:
        apart = "split" in columns and not is_ensemble(dataset)
        split = columns["split"].codes if apart else np.zeros(dataset.sizes["example"])
        derived["suspicion_rank"] = _share_below(columns["suspicion"], split)
    return derived


def _label_names(labels: NDArray[Any], names: list[str]) -> Any:
    """Name the labels; names may come twice, and a label beyond them has none."""
    different = {name: code for code, name in enumerate(dict.fromkeys(names))}
    codes = np.array([*(different[name] for name in names), -1])
    within = (labels >= 0) & (labels < len(names))
    chosen = codes[np.where(within, labels, -1)]
    return pd.Categorical.from_codes(chosen, pd.Index(list(different)))


def _share_below(values: NDArray[Any], split: NDArray[Any]) -> NDArray[np.float64]:
    """Find the share of the known values of its split that are less than each."""
    groups = pd.Series(values, dtype=float).groupby(split)
    below = groups.rank(method="min") - 1
    return (below / groups.transform("count")).to_numpy()


def _by_id(dataset: xr.Dataset, name: str, values: pd.Series[Any]) -> pd.Series[Any]:
    ids = pd.Index(dataset["example_id"].values)
    lost = ids.difference(values.index)
    if len(lost) or not values.index.is_unique:
        raise StudyError(
            f"Column {name!r} must have each example_id once in its index; "
            f"{len(lost)} of {len(ids)} are missing. An array needs no index."
        )
    return values.reindex(ids)


def _storable(name: str, column: NDArray[Any]) -> NDArray[Any]:
    """Leave numbers and truth values; make text objects, which store as UTF-8.

    Numbers among which some are missing become floats, with NaN for those.
    """
    if column.dtype.kind in "biuf":
        return column
    if pd.api.types.infer_dtype(column, skipna=True) in NUMBERS:
        return pd.to_numeric(pd.Series(column)).to_numpy(float, na_value=np.nan)
    text = np.array(["" if pd.isna(value) else value for value in column], object)
    if all(isinstance(value, str) for value in text):
        return text
    odd = next(value for value in text if not isinstance(value, str))
    raise StudyError(
        f"Column {name!r} must hold numbers, truth values or text, "
        f"got {type(odd).__name__}."
    )
