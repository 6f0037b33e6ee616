"""Several studies as one: parts of a study come back together, or others side by side.

Examples are laid one after another. Parts of one measurement find the neighbors again
that were cut off between them. Of different measurements, what belongs to one network
or to the whole of its examples has no meaning for the other and is left out: maps, and
shares over all examples but those that can be counted again.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from depthviz.errors import ArgumentError, StudyError
from depthviz.study.agreement import FAILED, check_agreement
from depthviz.study.consistency import check_ids
from depthviz.study.container import Study
from depthviz.study.members import TWO_DEPTHS
from depthviz.study.picture_files import share_confinement
from depthviz.study.rows import (
    MEASURED_ROW,
    count_measured,
    locate_neighbors,
    shift_rows,
)
from depthviz.study.table import SPLITS

__all__ = ["concat"]

MAPS = ("projection", "point_trustworthiness", "point_continuity")
COUNTED = {"probe_agreement": "prediction", "probe_accuracy": "label"}
EXAMPLE = ("example",)


def concat(studies: Sequence[Study], *, keys: Sequence[str] | None = None) -> Study:
    """Join studies: the examples of the first, then those of the second, and so on.

    Parts of one study come back together, and their neighbors are found again. Of
    different measurements the neighbors stay among their own examples, and so do votes
    and depths; maps are left out, since they do not lie over each other, and so is what
    was averaged over all examples of one, except the agreement and accuracy of the
    probes, which are counted anew. Members are joined by number. The groups of parts
    stay as they were among all; those of different ensembles are found anew.

    Args:
        studies: One or more, with the same probes, classes, k, conventions, members and
            variables.
        keys: A name for each, which makes its ids "name/id"; needed where studies have
            the same ids.

    Returns:
        The study of all examples.

    Raises:
        StudyError: If they do not fit together, or an example is there twice; says
            which of these.
        ArgumentError: If there is no study, or keys are not one different text for
            each.

    Example:
        >>> import torch
        >>> from depthviz.measurement import measure
        >>> points, labels = torch.arange(6.0)[:, None], torch.arange(6) % 2
        >>> net = torch.nn.Linear(1, 2)
        >>> options = {"k": 2, "projection": None, "progress": False}
        >>> study = measure(net, (points, labels), **options)
        >>> parts = study.subset([4, 5]), study.subset([0, 1, 2, 3])
        >>> concat(parts)
        <depthviz.Study: 6 examples, ...>
    """
    _check_given(studies, keys)
    datasets = [study.dataset for study in studies]
    sources = [_measurement(dataset) for dataset in datasets]
    several = len(set(sources)) > 1
    if several:
        datasets = [_comparable(dataset) for dataset in datasets]
    for number, other in enumerate(datasets[1:], start=1):
        check_agreement(datasets[0], other, number)
    datasets = _number(datasets, sources)
    if keys is not None:
        datasets = [_rename(*pair) for pair in zip(datasets, keys, strict=True)]
    _check_apart(datasets)
    joined = xr.concat(
        datasets,
        dim="example",
        data_vars="minimal",
        coords="minimal",
        compat="override",
        join="override",
        combine_attrs="override",
    )
    ordered = {name: joined[name].variable for name in datasets[0].data_vars}
    facts = _join_facts(datasets, several=several)
    located = locate_neighbors(xr.Dataset(ordered, joined.coords, facts))
    study = Study(_count_anew(located) if several else located)
    share_confinement(study.dataset, (each.dataset for each in studies))
    return study


def _check_given(studies: Any, keys: Any) -> None:
    given = studies if isinstance(studies, list | tuple) else []
    odd = [type(each).__name__ for each in given if not isinstance(each, Study)]
    if not given or odd:
        what = odd[0] if odd else repr(studies)
        raise ArgumentError(
            f"Give a list of studies, as in concat([one, other]); got {what}."
        )
    if keys is None:
        return
    names = list(keys) if isinstance(keys, list | tuple) else []
    texts = all(isinstance(name, str) and name for name in names)
    if not texts or len(set(names)) != len(given):
        raise ArgumentError(
            f"keys must be a different name for each of the {len(given)} studies, got "
            f"{keys!r}."
        )


def _measurement(dataset: xr.Dataset) -> Hashable:
    """Name the measurement that a study is of; one of unknown origin is like no other.

    Studies of earlier versions are known by when, and of what, they were made.
    """
    facts = dataset.attrs
    named = facts.get("measurement")
    if named:
        return named if isinstance(named, str) else tuple(named)
    if "created" in facts and "data_sha256" in facts:
        return str(facts["created"]), str(facts["data_sha256"])
    return id(dataset)


def _comparable(dataset: xr.Dataset) -> xr.Dataset:
    """Leave out what says nothing where examples of another measurement are added."""
    whole = [
        name
        for name, array in dataset.data_vars.items()
        if "example" not in array.dims and name != FAILED
    ]
    return dataset.drop_vars([*whole, *MAPS], errors="ignore")


def _number(
    datasets: Sequence[xr.Dataset], sources: Sequence[Hashable]
) -> list[xr.Dataset]:
    """Number the examples as if all were measured at once, one source after another."""
    starts: dict[Hashable, int] = {}
    total = 0
    for dataset, source in zip(datasets, sources, strict=True):
        if source not in starts:
            starts[source] = total
            total += count_measured(dataset)
    return [
        shift_rows(dataset, starts[source], total)
        for dataset, source in zip(datasets, sources, strict=True)
    ]


def _rename(dataset: xr.Dataset, key: str) -> xr.Dataset:
    ids = [f"{key}/{each}" for each in dataset["example_id"].values.tolist()]
    return dataset.assign_coords(example_id=("example", np.array(ids, object)))


def _check_apart(datasets: Sequence[xr.Dataset]) -> None:
    """Refuse an example that is in two of the studies, and two with one id."""
    rows = pd.Index(np.concatenate([each[MEASURED_ROW].values for each in datasets]))
    ids = np.concatenate(
        [each["example_id"].values.astype(object) for each in datasets]
    )
    if not rows.is_unique:
        twice = ids[rows.duplicated()][0]
        raise StudyError(
            f"The studies are parts of one, and example {twice!r} is in two of them "
            f"({int(rows.duplicated().sum())} examples are). Give parts without common "
            "examples, as study.subset(ids) makes them."
        )
    kinds = {isinstance(each, str) for each in ids}
    if len(kinds) > 1:
        raise StudyError(
            "Studies that are joined must have ids of one kind, all numbers or all "
            "text. Give keys=, which make text of all, or other ids with "
            "dataset.assign_coords(example_id=('example', ids))."
        )
    check_ids(ids)


def _join_facts(datasets: Sequence[xr.Dataset], *, several: bool) -> dict[str, Any]:
    """Say how it was measured: what all have in common, and what each has."""
    facts = {str(name): value for name, value in datasets[0].attrs.items()}
    if not several:
        return facts
    facts.pop("views", None)
    for name, first in facts.items():
        values = [each.attrs[name] for each in datasets if name in each.attrs]
        if name != "probes" and any(value != first for value in values):
            facts[name] = list(dict.fromkeys(_flat(values)))
    if isinstance(facts.get("title"), list):
        facts["title"] = " + ".join(facts["title"])
    return facts | {"projection": "none"}


def _flat(values: Sequence[Any]) -> Iterator[str]:
    for value in values:
        yield from map(str, value if isinstance(value, list) else [value])


def _count_anew(data: xr.Dataset) -> xr.Dataset:
    """Find what is of all examples: shares of the probes' votes, and groups."""
    if {"vote", "prediction", "label", "split"} <= set(data):
        held_out = data["split"].values == SPLITS.index("validation")
        rows = held_out if held_out.any() else ~held_out
        over = {"over": SPLITS[int(held_out.any())]}
        votes = data["vote"].transpose("probe", "example").values[:, rows]
        shares = {
            name: (("probe",), _share(votes == data[other].values[rows]), over)
            for name, other in COUNTED.items()
        }
        data = data.assign(shares)
    if not {"group", *TWO_DEPTHS} <= set(data):
        return data
    from depthviz.study.grouping import group_columns

    columns, about = group_columns(data)
    return data.assign(
        group=(EXAMPLE, columns["group"], about),
        group_confidence=(EXAMPLE, columns["group_confidence"]),
    )


def _share(right: NDArray[np.bool_]) -> NDArray[np.float64]:
    share: NDArray[np.float64] = right.mean(axis=1)
    return share
