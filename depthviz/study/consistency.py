"""Whether a dataset can be a study: what xarray makes of one may be none.

Depth counts every probe, a vote every neighbor, an average every member. Who takes some
of them leaves numbers that belong to the whole; who fills up rows turns classes into
fractions. Both are refused here, by names, sizes and types alone, so that a study on a
disk opens without being read. Ids are looked at where they are in memory.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr

from depthviz.errors import StudyError
from depthviz.study.text import as_index

__all__ = ["check_dataset", "check_ids", "order_dimensions"]

ORDER = (
    "checkpoint",
    "member",
    "probe",
    "example",
    "neighbor",
    "image_height",
    "image_width",
    "image_channel",
    "map_axis",
)

WHOLE_NUMBERS = ("split", "label", "prediction", "vote", "neighbor_index")
# Variables that views and the table take to have these dimensions, in any order.
DIMENSIONS = {
    "split": {"example"},
    "label": {"example"},
    "prediction": {"example"},
    "depth": {"example"},
    "vote": {"probe", "example"},
    "neighbor_agreement": {"probe", "example"},
    "neighbor_index": {"probe", "example", "neighbor"},
    "neighbor_distance": {"probe", "example", "neighbor"},
    "probe_agreement": {"probe"},
    "probe_accuracy": {"probe"},
}
# A variable that has the dimension, and what is made of all that lies along it.
ALONG = {
    "probe": ("vote", "depth counts all of them"),
    "neighbor": ("neighbor_index", "every vote is that of all of them"),
    "member": ("in_train", "depths are averages over all of them"),
    "class": ("", "labels and predictions are positions among all of them"),
}


def check_dataset(dataset: xr.Dataset) -> None:
    """Refuse a dataset that is no study, or a study with a part cut off.

    Args:
        dataset: What a study is to be made of.

    Raises:
        StudyError: If it has no examples or ids, lacks probes, neighbors, members or
            classes that were measured, or holds fractions in place of classes.
    """
    if "example" not in dataset.sizes or "example_id" not in dataset:
        raise StudyError(
            "A study needs a dimension 'example' with the coordinate 'example_id'; "
            f"this dataset has {', '.join(map(str, dataset.sizes)) or 'none'}."
        )
    _check_types(dataset)
    for dimension, count in _measured_sizes(dataset).items():
        _check_size(dataset, dimension, count)
    _check_dimensions(dataset)
    _check_order(dataset)
    ids = dataset.variables["example_id"]
    if ids._in_memory:  # those on a disk are checked by whoever reads them
        check_ids(ids.values)


def order_dimensions(dataset: xr.Dataset) -> xr.Dataset:
    """Bring the dimensions of all variables into the order in which they are measured.

    Args:
        dataset: A study's dataset, transposed or not.

    Returns:
        The dataset; the same where the order is right.
    """
    ordered = all(
        known == sorted(known, key=ORDER.index)
        for array in dataset.variables.values()
        if (known := [name for name in array.dims if name in ORDER])
    )
    return dataset if ordered else dataset.transpose(*ORDER, ..., missing_dims="ignore")


def check_ids(ids: Any) -> None:
    """Refuse ids of which one is missing, or stands for two examples.

    Args:
        ids: Ids, shape `(N,)`.

    Raises:
        StudyError: If they are no ids; names the first.
    """
    index = as_index(ids)
    remedy = (
        "Give each example an id of its own, such as its path with the folder: "
        "Study(dataset.assign_coords(example_id=('example', ids)))."
    )
    if index.hasnans:
        row = int(np.argmax(index.isna()))
        raise StudyError(f"The example_id of row {row} is missing. {remedy}")
    if index.is_unique:
        return
    twice = index[index.duplicated()][0]
    rows = np.flatnonzero(index == twice)
    raise StudyError(
        f"Each example_id must be there once, but {_plain(twice)!r} is that of "
        f"{len(rows)} examples, in rows {rows[0]} and {rows[1]} first: selections and "
        f"columns could not tell them apart. {remedy} To join studies, use "
        "depthviz.concat([one, other], keys=['a', 'b'])."
    )


def _check_types(dataset: xr.Dataset) -> None:
    for name in WHOLE_NUMBERS:
        variable = dataset.variables.get(name)
        if variable is not None and variable.dtype.kind not in "iu":
            raise StudyError(
                f"{name!r} must hold whole numbers, got {variable.dtype}: xarray's "
                "where, reindex and outer joins turn them into fractions to mark what "
                "is missing. Take a part with study.subset(mask) or "
                "dataset.isel(example=mask), which keep them."
            )


def _check_dimensions(dataset: xr.Dataset) -> None:
    for name, needed in DIMENSIONS.items():
        variable = dataset.variables.get(name)
        if variable is not None and set(variable.dims) != needed:
            raise StudyError(
                f"{name!r} must have the dimensions {', '.join(sorted(needed))}, and "
                f"has {', '.join(map(str, variable.dims)) or 'none'}. Rename them, or "
                "give the variable another name."
            )


def _measured_sizes(dataset: xr.Dataset) -> dict[str, int]:
    """How many probes, neighbors, members and classes were measured, where it says."""
    facts, sizes = dataset.attrs, {}
    if isinstance(facts.get("probes"), list):
        sizes["probe"] = len(facts["probes"])
    for dimension, name in {"neighbor": "k", "member": "members"}.items():
        if isinstance(facts.get(name), int | np.integer):
            sizes[dimension] = int(facts[name])
    if isinstance(facts.get("classes"), int | np.integer):
        sizes["class"] = int(facts["classes"])
    return sizes


def _check_size(dataset: xr.Dataset, dimension: str, measured: int) -> None:
    needed, reason = ALONG[dimension]
    found = dataset.sizes.get(dimension)
    if found == measured or (found is None and needed not in dataset):
        return
    along = _plural(dimension)
    raise StudyError(
        f"This dataset has {'one' if found is None else found} of the {measured} "
        f"{along} that were measured, and {reason}. Make the study of the whole "
        f"dataset, and take {along} from study.dataset afterwards; or measure again "
        "with those that are wanted."
    )


def _check_order(dataset: xr.Dataset) -> None:
    """Refuse probes and members that were measured in another order."""
    measured = [
        probe.get("name") if isinstance(probe, dict) else probe
        for probe in dataset.attrs.get("probes", [])
    ]
    found = dataset["probe"].values.tolist() if "probe" in dataset.coords else []
    for place, name in enumerate(found if measured else []):
        if name != measured[place] and name in measured:
            raise StudyError(
                f"Probe {name!r} is number {place} in this dataset, and was measured "
                f"as number {measured.index(name)}: depth counts probes from the input "
                "on. Leave them in the order of study.probes."
            )
    members = dataset["member"].values if "member" in dataset.coords else np.arange(0)
    if not np.array_equal(members, np.arange(len(members))):
        raise StudyError(
            "Members must be in the order in which they were trained, from 0 on, got "
            f"{', '.join(map(str, members[:5]))}: others stand for them by number. "
            "Leave them as they are in study.dataset."
        )


def _plural(dimension: str) -> str:
    return "classes" if dimension == "class" else f"{dimension}s"


def _plain(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic) else value
