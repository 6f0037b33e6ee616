"""What a user gives to measure with, and which needs that meets.

Knows which argument of `study.add` a need asks for, and how to say so.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import xarray as xr

from depthviz.difficulty import Measure
from depthviz.difficulty.registry.measure import inputs_of, needs_of
from depthviz.errors import ArgumentError
from depthviz.study.members import is_ensemble

if TYPE_CHECKING:
    from depthviz.datasets.named import Columns

__all__ = ["NOTHING", "Given", "call_for", "is_met_here", "read_given", "unmet_need"]

OPEN = "dv.training.open_record(path)"
# The noun of a need, and the arguments of `study.add` that meet it.
ASKED = {
    "record": ("a training record", f"record={OPEN}"),
    "record with errors": ("a training record with norms of errors", f"record={OPEN}"),
    "record with logits": (
        "a training record that kept the logits",
        f"record={OPEN}",
    ),
    "second stage": (
        "the record of a second training, on the other half of the data",
        f"record={OPEN}",
    ),
    "logits": ("the network and its data", "model=model, data=train"),
    "embeddings": ("the network and its data", "model=model, data=train"),
    "input gradients": (
        "the network and its data, inputs of floats",
        "model=model, data=train",
    ),
    "checkpoints": ("networks of several steps", "checkpoints=networks, data=train"),
}
ENSEMBLE = "dv.Ensemble(network, data).run(path)"
# Needs that no argument meets, and what to do.
ELSEWHERE = {
    "votes": ("the votes of probes", "dv.measure(model, train)"),
    "ensemble": ("several networks on different splits", ENSEMBLE),
    "held-out probabilities": (
        "probabilities of networks that did not train on an example",
        f"dv.measure(model, train, validation), or {ENSEMBLE}",
    ),
}


class Given(NamedTuple):
    """The arguments of `study.add`."""

    model: Any = None
    data: Any = None
    validation: Any = None
    records: tuple[Any, ...] = ()
    checkpoints: Any = None
    reference: Any = None
    probe: str | None = None
    device: Any = "auto"
    progress: bool = True
    collate_fn: Any = None
    forward: Any = None
    columns: Columns | None = None


NOTHING = Given()


def read_given(*, record: Any, **arguments: Any) -> Given:
    """Check what was given.

    Args:
        record: A training record, several, or None.
        **arguments: The other fields of `Given`.

    Returns:
        The arguments.

    Raises:
        ArgumentError: If a record is none.
    """
    several = isinstance(record, Iterable) and not isinstance(record, str | bytes)
    listed = tuple(record) if several and not _is_record(record) else (record,)
    records = () if record is None else listed
    for one in records:
        if not _is_record(one):
            raise ArgumentError(
                f"record must be a training record, or a list of them, got "
                f"{type(one).__name__}; open one with {OPEN}."
            )
    if record is not None and not records:
        raise ArgumentError("record is an empty list; give at least one record.")
    return Given(records=records, **arguments)


def unmet_need(measure: Measure, data: xr.Dataset, given: Given) -> str | None:
    """Find what a measure needs that neither the study nor the user gives.

    Args:
        measure: One that can be computed.
        data: A study's dataset.
        given: What the user gave.

    Returns:
        The first such need, what nothing meets yet before all others; None where there
        is none.
    """
    met = {
        "record": bool(given.records),
        "record with errors": any("errors" not in one.lacks for one in given.records),
        "record with logits": any("logits" not in one.lacks for one in given.records),
        "second stage": bool(given.records),
        "logits": _has_network(given) or "log_probability" in data,
        "embeddings": _has_network(given),
        "input gradients": given.data is not None
        and (given.model is not None or "model" not in inputs_of(measure)),
        "checkpoints": given.data is not None and given.checkpoints is not None,
        "votes": "vote" in data,
        "ensemble": is_ensemble(data) and "member_label_probability" in data,
        "held-out probabilities": has_held_out(data),
    }
    unmet = [need for need in _all_needs(measure) if not met.get(need, False)]
    return min(unmet, key=is_met_here, default=None)


def is_met_here(need: str) -> bool:
    """Whether something that a user can do meets a need.

    Args:
        need: Among `depthviz.difficulty.NEEDS`.

    Returns:
        Whether `call_for` names it.
    """
    return need in (*ASKED, *ELSEWHERE, "given")


def _all_needs(measure: Measure) -> list[str]:
    """What it declares, then what its function asks for beside that."""
    read = needs_of(measure.compute) if measure.compute else frozenset()
    return [*sorted(measure.needs), *sorted(read - measure.needs)]


def has_held_out(data: xr.Dataset) -> bool:
    """Whether networks that did not train on some examples say something of them."""
    if "held_out_probability" in data:
        return True
    known = {"log_probability", "split"} <= set(data.data_vars)
    return known and bool(np.any(data["split"].values == 1))


def call_for(name: str, need: str, data: xr.Dataset) -> str:
    """Say what is missing, and what to call.

    Args:
        name: Name of a measure.
        need: What it lacks.
        data: A study's dataset.

    Returns:
        "X: do Y", without an end.
    """
    if need == "given":
        return f"values that you give: study.assign({name}=values)"
    if need in ELSEWHERE:
        what, call = ELSEWHERE[need]
        return f"{what}: {call}"
    what, arguments = ASKED[need]
    split = data["split"].values if "split" in data else np.zeros(0)
    if "data=" in arguments and not is_ensemble(data) and np.any(split == 1):
        arguments += ", validation=validation"
    return f'{what}: study.add("{name}", {arguments})'


def _has_network(given: Given) -> bool:
    return given.model is not None and given.data is not None


def _is_record(value: Any) -> bool:
    """Whether something has the measures of a training record."""
    return hasattr(value, "parts") and hasattr(value, "lacks")
