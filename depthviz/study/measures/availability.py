"""Which measures a study has, which it can have as it is, and what the others need."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from depthviz.difficulty import MEASURES, Measure
from depthviz.study.measures.given import (
    ELSEWHERE,
    NOTHING,
    call_for,
    is_met_here,
    unmet_need,
)

__all__ = ["COMPUTABLE", "available_measures", "is_there", "state_of"]

THERE, COMPUTABLE, LATER = "there", "can be computed", "not there yet"
UNKNOWN = "there, unknown for every example"
DERIVED_FROM = {"suspicion_rank": "suspicion"}


def available_measures(data: xr.Dataset) -> pd.DataFrame:
    """Tell of every measure whether a study has it.

    Args:
        data: A study's dataset.

    Returns:
        A row for each measure, see `Study.available`.
    """
    rows = [
        {
            "measure": one.name,
            "state": state_of(one, data),
            "title": one.title,
            "harder": one.harder,
            "keep": one.keep,
            "help": one.help,
        }
        for one in MEASURES.values()
    ]
    return pd.DataFrame(rows, dtype=object).set_index("measure")


def is_there(name: str, data: xr.Dataset) -> bool:
    """Whether a study has a column of a name, its own or a user's.

    Args:
        name: Name of a column.
        data: A study's dataset.

    Returns:
        Whether it does.
    """
    return DERIVED_FROM.get(name, name) in data.variables


def state_of(measure: Measure, data: xr.Dataset) -> str:
    """Say whether a study has a measure, can have it, or what it needs.

    Args:
        measure: Any.
        data: A study's dataset.

    Returns:
        "there", "can be computed", "needs …: …" or "not there yet: …".
    """
    if is_there(measure.name, data):
        return UNKNOWN if _is_unknown(data[_source(measure.name)].values) else THERE
    elsewhere = set(measure.needs) <= {*ELSEWHERE, "given"}
    if measure.compute is None and not elsewhere:
        return _later(measure)
    need = unmet_need(measure, data, NOTHING)
    if measure.compute is None and need is None:  # an earlier version left it out
        need = min(measure.needs)
    if need is None:
        return COMPUTABLE
    if not is_met_here(need):
        return _later(measure)
    return f"needs {call_for(measure.name, need, data)}"


def _later(measure: Measure) -> str:
    return f"{LATER}: from {', '.join(sorted(measure.needs))}"


def _source(name: str) -> str:
    return DERIVED_FROM.get(name, name)


def _is_unknown(values: Any) -> bool:
    return values.dtype.kind == "f" and bool(np.isnan(values).all())
