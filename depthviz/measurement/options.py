"""What was asked of a measurement, in one piece: checked once, read everywhere."""

from __future__ import annotations

from concurrent.futures import Executor
from pathlib import Path
from typing import Any, Literal, NamedTuple

import torch

from depthviz.checks import one_of, whole_number
from depthviz.errors import ArgumentError
from depthviz.measurement.arguments import the_device, the_scratch, the_search
from depthviz.probes import TIES, Ties
from depthviz.study.conventions.definition import (
    COMPARE_WITH,
    ITSELF,
    CompareWith,
    Itself,
)

__all__ = ["Request", "read_request"]

METRICS = ("euclidean", "cosine")
PROJECTIONS = ("umap", "pca", None)
SCRATCH_TYPES = ("float32", "float16")


class Request(NamedTuple):
    """What was asked of a measurement; `measure` says what each means."""

    k: int
    metric: Literal["euclidean", "cosine"]
    projection: Literal["umap", "pca"] | None
    batch_size: int
    device: torch.device
    memory_limit: int | None
    seed: int
    progress: bool
    search: str = "exact"
    executor: Executor | None = None
    scratch: Path | None = None
    scratch_type: Literal["float32", "float16"] = "float32"
    ties: Ties = "nearest"
    itself: Itself = "excluded"
    compare_with: CompareWith = "prediction"


def read_request(
    *,
    k: Any,
    metric: Any,
    projection: Any,
    batch_size: Any,
    device: Any,
    memory_limit: Any,
    seed: Any,
    progress: bool,
    search: Any,
    executor: Any,
    scratch: Any,
    scratch_type: Any,
    ties: Any = "nearest",
    itself: Any = "excluded",
    compare_with: Any = "prediction",
) -> Request:
    """Check what was asked; `measure` says what each means.

    Returns:
        All of it, in the types that the rest relies on.

    Raises:
        ArgumentError: If something is not what it may be.
        DependencyError: If the search needs a library that is missing.
        DeviceError: If this machine has no such device.
    """
    if memory_limit is not None:
        memory_limit = whole_number("memory_limit", memory_limit, least=1)
    itself = one_of("itself", itself, ITSELF)
    if itself == "included" and k == 1:
        raise ArgumentError(
            "k must be at least 2 where an example is included among its own "
            "neighbors, since the only one would be itself; got k=1."
        )
    return Request(
        k=whole_number("k", k, least=1),
        metric=one_of("metric", metric, METRICS),
        projection=one_of("projection", projection, PROJECTIONS),
        batch_size=whole_number("batch_size", batch_size, least=1),
        device=the_device(device),
        memory_limit=memory_limit,
        seed=whole_number("seed", seed, least=0, below=2**32),
        progress=progress,
        search=the_search(search, executor),
        executor=executor,
        scratch=the_scratch(scratch),
        scratch_type=one_of("scratch_type", scratch_type, SCRATCH_TYPES),
        ties=one_of("ties", ties, TIES),
        itself=itself,
        compare_with=one_of("compare_with", compare_with, COMPARE_WITH),
    )
