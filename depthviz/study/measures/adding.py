"""Measures added to a study: what is asked for is checked before any work is done."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
import xarray as xr
from numpy.typing import NDArray
from torch import Tensor

from depthviz.difficulty import Measure, find_measure
from depthviz.errors import ArgumentError, StudyError
from depthviz.machine.ambient import neutral_state
from depthviz.machine.exhaustion import explained_memory
from depthviz.study.measures.availability import is_there, state_of
from depthviz.study.measures.given import Given, call_for, is_met_here, unmet_need
from depthviz.study.measures.inputs import MeasureInputs

__all__ = ["add_measures"]

ADDED = "added"


@explained_memory()
@neutral_state()
def add_measures(data: xr.Dataset, names: tuple[str, ...], given: Given) -> xr.Dataset:
    """Compute measures, and add them to a study.

    Args:
        data: A study's dataset.
        names: Names of measures.
        given: What they may be computed from.

    Returns:
        The dataset with a variable for each.

    Raises:
        ArgumentError: If a name is unknown, or given twice.
        StudyError: If the study has it already, or something is missing for it.
    """
    measures = [_wanted(name, data, given) for name in names]
    if not measures:
        raise ArgumentError(
            "Name the measures to add, as in study.add('dual', record=record); "
            "study.available() lists them."
        )
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise ArgumentError(f"The measure {twice!r} is named twice.")
    inputs = MeasureInputs(data, given, measures)
    found = {}
    for measure in measures:
        values, facts = inputs.compute(measure)
        column = _column(measure, values, data.sizes["example"])
        about = {"origin": ADDED, "formula": measure.formula, **facts}
        found[measure.name] = (("example",), column, about)
    return data.assign(found)


def _wanted(name: Any, data: xr.Dataset, given: Given) -> Measure:
    """Find a measure that can be added, or say why it cannot."""
    measure = find_measure(name)
    if is_there(measure.name, data):
        raise StudyError(
            f"The study has {name!r} already: it is a column of study.frame()."
        )
    need = unmet_need(measure, data, given)
    if measure.compute is None or not (need is None or is_met_here(need)):
        raise StudyError(f"{name!r} cannot be added here: {state_of(measure, data)}.")
    if need is not None:
        raise StudyError(f"{name!r} needs {call_for(measure.name, need, data)}.")
    return measure


def _column(measure: Measure, values: Tensor, count: int) -> NDArray[np.float32]:
    if values.shape != (count,) or values.is_complex():
        raise ArgumentError(
            f"The function of {measure.name!r} must return one number for each of the "
            f"{count} examples, got shape {tuple(values.shape)} of {values.dtype}."
        )
    column: NDArray[np.float32] = (
        values.detach().to("cpu", torch.float64).float().numpy()
    )
    return column
