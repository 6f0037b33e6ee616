"""How a study was made: all that is needed to make it again, or to doubt it."""

from __future__ import annotations

import json
import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import numpy as np
import torch
from torch import nn

from depthviz.embeddings import Probe
from depthviz.embeddings.pooling import name_of_pool
from depthviz.measurement.examples.splits import Splits, describe_broken
from depthviz.measurement.options import MeasureOptions
from depthviz.measurement.passes import PassResults
from depthviz.study.measures.reading import GIVEN, SKIPPED, VALUES
from depthviz.study.storage.root import FORMAT_VERSION
from depthviz.version import __version__

__all__ = ["describe_examples", "describe_measurement"]

_DECISIVE = (
    "data_sha256",
    "probes",
    "k",
    "metric",
    "search",
    "ties",
    "include_self",
    "compare_with",
    "projection",
    "seed",
)
ACTIVATION = (
    "{}, float32; copied as the module returns it (at input: as it goes "
    "into the module); a nonlinearity that follows in place does not reach it"
)


def describe_measurement(
    model: nn.Module,
    probes: Sequence[Probe],
    options: MeasureOptions,
    found: PassResults,
    chosen: str,
) -> dict[str, Any]:
    """Describe how a study was measured, by facts of the types that JSON has.

    `chosen` says who chose the probes. A probe without a call is at the last one.
    """
    pooling = _pooling(probes)
    facts = {
        "format_version": FORMAT_VERSION,
        "depthviz_version": __version__,
        "torch_version": str(torch.__version__),
        "python_version": platform.python_version(),
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "network": type(model).__name__,
        "probes": [
            {"name": probe.name, "module": probe.module, "at": probe.at} | _more(probe)
            for probe in probes
        ],
        "probes_chosen": chosen,
        "activation": ACTIVATION.format(_how(pooling)),
        "pooling": pooling,
        "classes": found.record.logits.shape[1],
        "k": options.k,
        "metric": options.metric,
        "search": options.search,
        "ties": options.ties,
        "include_self": options.include_self,
        "compare_with": options.compare_with,
        "undecided_counts_as": "P, the number of probes",
        "projection": _projection(options),
        "seed": options.seed,
        "device": str(options.device),
        "batch_size": options.batch_size,
        "passes": len(found.passes),
        "on_disk": _on_disk(probes, found),
        "scratch_type": options.scratch_type,
        "data_sha256": found.record.fingerprint,
    }
    return facts | {"measurement": _identify(facts, found)}


def describe_examples(splits: Splits) -> dict[str, object]:
    """Describe how labels were read and which examples were left out, if any."""
    facts: dict[str, object] = {}
    noted = [part.labels_note for part in splits.parts if part.labels_note]
    if noted:
        facts["labels_read"] = noted[0]
    if splits.values is not None:
        facts[VALUES] = list(splits.values)
    broken = {name: found for name, found in splits.broken.items() if found}
    if broken:
        facts[SKIPPED] = {
            name: [each.row for each in found] for name, found in broken.items()
        }
        facts[GIVEN] = {
            part.name: len(part) + len(splits.broken.get(part.name, ()))
            for part in splits.parts
        }
        facts["skipped_because"] = describe_broken(broken)
    return facts


def _pooling(probes: Sequence[Probe]) -> str:
    """Say how the probes read an example's tokens, all of one kind in a word.

    A probe with a rule of its own says so in its entry under "probes".
    """
    pools = [name_of_pool(probe.pool) for probe in probes if probe.module is not None]
    return ", ".join(dict.fromkeys(pools)) or "flatten"


def _how(pooling: str) -> str:
    whole = pooling == "flatten"
    return "full, flattened" if whole else f"tokens pooled ({pooling}), else flattened"


def _more(probe: Probe) -> dict[str, Any]:
    """Say what is not as usual: another call than the last, and not the whole."""
    pool = name_of_pool(probe.pool)
    return ({} if probe.call is None else {"call": probe.call}) | (
        {} if pool == "flatten" else {"pool": pool}
    )


def _projection(options: MeasureOptions) -> str:
    """Name the method of the maps, whenever they are made."""
    later = options.projection == "later"
    return "umap" if later else options.projection or "none"


def _identify(facts: dict[str, Any], found: PassResults) -> str:
    """Digest what decides a study's values: by it its parts know each other."""
    digest = sha256(np.ascontiguousarray(found.arrays.neighbors).data)
    if found.record.logits.shape[1]:
        digest.update(found.record.logits.argmax(dim=1).numpy().data)
    decisive = {name: facts[name] for name in _DECISIVE}
    digest.update(json.dumps(decisive, sort_keys=True).encode())
    return digest.hexdigest()


def _on_disk(probes: Sequence[Probe], found: PassResults) -> list[str]:
    """Name the probes whose embeddings were stored in the type of the scratch files."""
    spilled = {name for group in found.passes for name in group.spilled}
    return [probe.name for probe in probes if probe.name in spilled]
