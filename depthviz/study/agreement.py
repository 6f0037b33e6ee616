"""Whether two studies can be one: the same probes, classes, conventions, variables.

Where they differ it is said in what, since a mean over both would be one of nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import xarray as xr

from depthviz.errors import StudyError
from depthviz.study.conventions.definition import stored_conventions
from depthviz.study.members import failed_members
from depthviz.study.rows import NEIGHBOR_ROW

__all__ = ["FAILED", "check_agreement"]

FAILED = "member_failed"
FACTS: dict[str, Any] = {
    "k": None,
    "metric": "euclidean",
    "members": None,
    "shown_member": 0,
}
MOST_SHOWN = 5


def check_agreement(first: xr.Dataset, other: xr.Dataset, number: int) -> None:
    """Refuse to join studies that differ in more than their examples.

    Args:
        first: The dataset of the first study.
        other: That of another one.
        number: Which study the other is.

    Raises:
        StudyError: If they differ; says in what, and how.
    """
    for what, one, two in _pairs(first, other):
        if one != two:
            raise StudyError(
                f"Studies that are joined must have the same {what}: the first has "
                f"{_show(one)}, study {number} has {_show(two)}. Measure them alike."
            )
    for name in first.data_vars:
        _check_variable(first, other, str(name), number)
    extra = _names(other) - _names(first)
    if extra:
        _refuse_lone(f"study {number}", sorted(extra)[0], "the first")


def _pairs(first: xr.Dataset, other: xr.Dataset) -> Iterator[tuple[str, Any, Any]]:
    """Name what must be equal, with what either has."""
    ours, theirs = _facts(first), _facts(other)
    for name in {**ours, **theirs}:
        yield name, ours.get(name, 0), theirs.get(name, 0)


def _facts(data: xr.Dataset) -> dict[str, Any]:
    sizes = {str(name): size for name, size in data.sizes.items()}
    return {
        "probes": _names_along(data, "probe"),
        "classes": _names_along(data, "class"),
        **stored_conventions(data.attrs)._asdict(),
        **{name: data.attrs.get(name, usual) for name, usual in FACTS.items()},
        "failed members": list(failed_members(data)),
        **{
            f"size of {name}": sizes[name]
            for name in sorted(sizes)
            if name not in ("example", "probe", "class")
        },
    }


def _check_variable(
    first: xr.Dataset, other: xr.Dataset, name: str, number: int
) -> None:
    if name == NEIGHBOR_ROW:
        return
    if name not in other:
        _refuse_lone("the first", name, f"study {number}")
    kinds = [_kind(data[name]) for data in (first, other)]
    if kinds[0] != kinds[1]:
        raise StudyError(
            f"{name!r} holds {kinds[0]} in the first study and {kinds[1]} in study "
            f"{number}; make them alike with study.assign before they are joined."
        )


def _refuse_lone(has: str, name: str, lacks: str) -> None:
    raise StudyError(
        f"Studies that are joined must have the same columns: {has} has {name!r}, "
        f"{lacks} has not. Add it with study.assign, or leave it out with "
        f"Study(study.dataset.drop_vars({name!r}))."
    )


def _names(dataset: xr.Dataset) -> set[str]:
    return {str(name) for name in dataset.data_vars} - {NEIGHBOR_ROW}


def _kind(array: xr.DataArray) -> str:
    kinds = {"b": "truth values", "O": "text", "U": "text", "T": "text"}
    return kinds.get(array.dtype.kind, "numbers")


def _names_along(dataset: xr.Dataset, dimension: str) -> list[Any]:
    return list(dataset[dimension].values) if dimension in dataset.coords else []


def _show(value: Any) -> str:
    if not isinstance(value, list):
        return repr(value)
    shown = ", ".join(str(each) for each in value[:MOST_SHOWN])
    more = f" and {len(value) - MOST_SHOWN} more" if len(value) > MOST_SHOWN else ""
    return f"{shown}{more}" if value else "none"
