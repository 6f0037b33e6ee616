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

from depthviz.study.consistency import check_ids
from depthviz.study.members import is_ensemble
from depthviz.study.planted import planted_examples
from depthviz.study.text import as_index

__all__ = ["DERIVED", "SPLITS", "to_frame"]

SPLITS = ("train", "validation")
DERIVED = ("label_name", "correct", "undecided", "suspicion_rank")
ORDER = (
    "split",
    "label",
    "label_name",
    "given_label",
    "data_label",
    "planted",
    "path",
    "prediction",
    "correct",
    "confidence",
    "depth",
    "train_depth",
    "train_depth_se",
    "train_label_depth",
    "train_label_depth_se",
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
    "suggested_label",
)


def to_frame(dataset: xr.Dataset) -> pd.DataFrame:
    """Build the table of all variables that have one value per example.

    Args:
        dataset: A study's dataset.

    Returns:
        One row per example, indexed by `example_id`. Derived are `label_name`, where
        classes have other names than numbers, `correct`, `undecided` and
        `suspicion_rank`: the share of the examples of the same split, as far as their
        suspicion is known, whose suspicion is less, from 0 to below 1; equal ones share
        a rank, and NaN stays NaN; planted labels have no rank. In a study of many
        networks `suspicion` is a mean over those that held an example out, whatever the
        split, so the rank is among all examples; likewise where there is no split.

    Raises:
        StudyError: If an id is missing or stands for two examples.
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
    index = as_index(_values(dataset["example_id"]), name="example_id")
    check_ids(index)
    return pd.DataFrame({name: columns[name] for name in ordered}, index=index)


def _values(array: xr.DataArray) -> Any:
    values = array.values
    whole = values.dtype.kind in "iu" and np.can_cast(values.dtype, np.int64)
    if array.name != "split" and whole:
        return values.astype(np.int64)
    if values.dtype.kind in "OT":
        try:
            return pd.Series(values, dtype="str").array
        except UnicodeEncodeError:  # see as_index
            return values.astype(object)
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
        # Nobody needs to look at labels that were planted: they have no rank.
        listed = np.where(planted_examples(dataset), np.nan, columns["suspicion"])
        derived["suspicion_rank"] = _share_below(listed, split)
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
