"""How a study was made: all that is needed to make it again, or to doubt it."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import torch
from torch import nn

from depthviz.embeddings import Probe
from depthviz.measurement.options import Request
from depthviz.measurement.passes import Survey
from depthviz.study.storage.zarr_folder import FORMAT_VERSION
from depthviz.version import __version__

__all__ = ["describe_measurement"]

ACTIVATION = (
    "full, flattened, float32; copied as the module returns it (at input: as it goes "
    "into the module); a nonlinearity that follows in place does not reach it"
)


def describe_measurement(
    model: nn.Module,
    probes: Sequence[Probe],
    request: Request,
    found: Survey,
    *,
    auto: bool,
) -> dict[str, Any]:
    """Write down how a study was measured.

    Args:
        model: The network.
        probes: Its probes.
        request: What was asked.
        found: What the passes left.
        auto: Whether the probes were chosen by us.

    Returns:
        Facts by name, of the types that JSON has.
    """
    return {
        "format_version": FORMAT_VERSION,
        "depthviz_version": __version__,
        "torch_version": str(torch.__version__),
        "python_version": platform.python_version(),
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "network": type(model).__name__,
        "probes": [
            {"name": probe.name, "module": probe.module, "at": probe.at}
            for probe in probes
        ],
        "probes_chosen": "auto" if auto else "given",
        "activation": ACTIVATION,
        "k": request.k,
        "metric": request.metric,
        "search": request.search,
        "ties": request.ties,
        "itself": request.itself,
        "compare_with": request.compare_with,
        "undecided_counts_as": "P, the number of probes",
        "projection": request.projection or "none",
        "seed": request.seed,
        "device": str(request.device),
        "batch_size": request.batch_size,
        "passes": len(found.passes),
        "on_disk": _on_disk(probes, found),
        "scratch_type": request.scratch_type,
        "data_sha256": found.record.fingerprint,
    }


def _on_disk(probes: Sequence[Probe], found: Survey) -> list[str]:
    """Name the probes whose embeddings were stored in the type of the scratch files."""
    spilled = {name for share in found.passes for name in share.spilled}
    return [probe.name for probe in probes if probe.name in spilled]
