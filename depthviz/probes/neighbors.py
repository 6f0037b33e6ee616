"""The exact nearest references of each query, in bounded memory.

The answer is that of float64, whatever the block size, device or number of threads;
equal distances go to the smaller index. Knows nothing of labels and networks.
"""

from collections.abc import Callable
from typing import NamedTuple

import torch
from torch import Tensor

from depthviz.errors import ArgumentError, DeviceError, FeatureError, ShapeError
from depthviz.probes.classes import check_shape
from depthviz.probes.features import Metric
from depthviz.probes.memory import check_limit
from depthviz.probes.searching import find_nearest

__all__ = ["Neighbors", "nearest_neighbors"]


class Neighbors(NamedTuple):
    """The nearest references of each query, near to far, ties by the smaller index.

    Attributes:
        distance: Shape `(Q, K)`, float32, rounded from float64.
        index: Shape `(Q, K)`, int64.
    """

    distance: Tensor
    index: Tensor  # type: ignore[assignment]  # hides tuple.index, on purpose


def nearest_neighbors(
    query: Tensor,
    reference: Tensor,
    *,
    k: int,
    exclude: Tensor | None = None,
    metric: Metric = "euclidean",
    memory_limit: int | None = None,
    progress: Callable[[int], object] | None = None,
) -> Neighbors:
    """Find the k nearest references of each query, exactly.

    Args:
        query: Features, shape `(Q, F)`, any real number type; float64 is compared as
            float64.
        reference: Features, shape `(R, F)`, on the same device.
        k: Number of neighbors.
        exclude: Reference that each query leaves out, shape `(Q,)`; -1 for none. With
            queries that are the references, `torch.arange(N)` leaves out themselves,
            and not their duplicates.
        metric: "euclidean", or "cosine" with distance 1 - cos in [0, 2].
        memory_limit: Bytes to work in, beyond the features and the result; by default
            a share of what is free.
        progress: Called with the number of queries each time some are settled.

    Returns:
        Distances and indices on the device of the queries.

    Raises:
        ShapeError: If features are not two-dimensional or differ in F, or `exclude`
            does not cover the queries.
        ArgumentError: If k, the metric, `exclude` or the limit is out of range.
        FeatureError: If there are no references or no features, some are NaN or
            infinite, or a row has norm zero under cosine.
        DeviceError: If queries and references lie on different devices.

    Example:
        >>> points = torch.tensor([[0.0], [1.0], [3.0]])
        >>> found = nearest_neighbors(points, points, k=1, exclude=torch.arange(3))
        >>> found.index.squeeze(1)
        tensor([1, 0, 1])
        >>> found.distance.squeeze(1)
        tensor([1., 1., 2.])
    """
    _check(query, reference, metric)
    left_out = _check_exclude(exclude, query, len(reference))
    _check_k(k, len(reference), one_less=bool((left_out >= 0).any()))
    limit = check_limit(memory_limit, query.device)
    found = find_nearest(
        query,
        reference,
        k=k,
        exclude=left_out,
        metric=metric,
        limit=limit,
        progress=progress,
    )
    return Neighbors(found.distance.float(), found.index)


def _check(query: Tensor, reference: Tensor, metric: str) -> None:
    check_shape("query", query, "Q F", None, None)
    check_shape("reference", reference, "R F", None, None)
    if query.shape[1] != reference.shape[1]:
        raise ShapeError(
            f"query has {query.shape[1]} features but reference has "
            f"{reference.shape[1]}; take both from the same probe."
        )
    if 0 in reference.shape:
        raise FeatureError(
            "Neighbors need at least one reference with one feature, got reference of "
            f"shape {tuple(reference.shape)}."
        )
    if query.device != reference.device:
        raise DeviceError(
            f"query is on {query.device} but reference is on {reference.device}; move "
            "one of them."
        )
    if metric not in ("euclidean", "cosine"):
        raise ArgumentError(f"metric must be 'euclidean' or 'cosine', got {metric!r}.")


def _check_exclude(exclude: Tensor | None, query: Tensor, references: int) -> Tensor:
    if exclude is None:
        return torch.full((len(query),), -1, device=query.device)
    check_shape("exclude", exclude, "Q", len(query))
    if exclude.is_floating_point() or exclude.dtype == torch.bool:
        raise ArgumentError(f"exclude must hold indices, got {exclude.dtype}.")
    if len(exclude) and not -1 <= int(exclude.min()) <= int(exclude.max()) < references:
        raise ArgumentError(
            f"exclude must hold -1 or an index below the {references} references, got "
            f"{int(exclude.min())} to {int(exclude.max())}."
        )
    return exclude.to(query.device, torch.int64)


def _check_k(k: int, references: int, *, one_less: bool) -> None:
    allowed = references - one_less
    if isinstance(k, int) and 1 <= k <= allowed:
        return
    remain = " that remain when one is excluded" if one_less else ""
    raise ArgumentError(
        f"k must be between 1 and the {allowed} references{remain}, got k={k}."
    )
