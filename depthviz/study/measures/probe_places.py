"""The probes of a study, made again from what it says of them."""

from __future__ import annotations

import xarray as xr

from depthviz.embeddings import Probe
from depthviz.embeddings.pooling import POOLS
from depthviz.errors import ProbeError, StudyError

__all__ = ["last_inner_probe", "stored_probes"]


def stored_probes(data: xr.Dataset) -> tuple[Probe, ...]:
    """Make the probes of a study again.

    Args:
        data: A study's dataset.

    Returns:
        Its probes, the input first.

    Raises:
        StudyError: If the study does not say where they stand, or one was read by a
            function, which no study keeps.
    """
    listed = data.attrs.get("probes")
    if not isinstance(listed, list):
        raise StudyError("The study does not say where its probes stand.")
    odd = [one["name"] for one in listed if one.get("pool", "flatten") not in POOLS]
    if odd:
        raise StudyError(
            f"The probe {odd[0]!r} was read by a function, which no study keeps: its "
            "depths cannot be measured again."
        )
    return tuple(
        Probe(**({"pool": "flatten"} | one)) if one["module"] else Probe(one["name"])
        for one in listed
    )


def last_inner_probe(data: xr.Dataset, name: str | None) -> Probe:
    """Choose the probe whose embeddings are measured.

    Args:
        data: A study's dataset.
        name: The one that a user asked for; None for the last before the softmax.

    Returns:
        The probe.

    Raises:
        ProbeError: If there is none of this name.
        StudyError: As `stored_probes`.
    """
    probes = stored_probes(data)
    if name is None:
        inner = [probe for probe in probes if probe.name != "softmax"]
        return inner[-1] if inner else probes[-1]
    known = {probe.name: probe for probe in probes}
    if name not in known:
        listed = ", ".join(map(repr, known))
        raise ProbeError(f"Unknown probe {name!r}. This study has: {listed}.")
    return known[name]
