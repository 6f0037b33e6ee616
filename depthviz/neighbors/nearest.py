"""The nearest references of each query, in bounded memory: exactly, unless asked.

The exact answer is that of float64, whatever the block size, device, number of threads
or executor; equal distances go to the smaller index. Knows nothing of labels and
networks.
"""

from collections.abc import Callable
from concurrent.futures import Executor
from functools import partial
from typing import NamedTuple

import torch
from torch import Tensor

from depthviz.checks import check_shape
from depthviz.datasets.tensor_arguments import takes_arrays
from depthviz.errors import ArgumentError, DeviceError, FeatureError, ShapeError
from depthviz.machine.ambient import neutral_state, tensors_on
from depthviz.machine.executors import check_executor
from depthviz.machine.exhaustion import explained_memory
from depthviz.neighbors.blocks import check_limit
from depthviz.neighbors.exact.search import find_nearest
from depthviz.neighbors.exclusion import check_exclude, check_k
from depthviz.neighbors.faiss.search import find_approximately
from depthviz.neighbors.features import Metric, Rows
from depthviz.neighbors.problem import Found, Problem
from depthviz.neighbors.shards.dispatch import find_in_shards

__all__ = ["Neighbors", "check_search", "nearest_neighbors"]

_FAISS = "faiss:"


class Neighbors(NamedTuple):
    """The nearest references of each query, near to far, ties by the smaller index.

    Attributes:
        distance: Shape `(Q, K)`, float32, rounded from float64.
        index: Shape `(Q, K)`, int64.
    """

    distance: Tensor
    index: Tensor  # type: ignore[assignment]  # hides tuple.index, on purpose


@explained_memory()
@neutral_state()
@takes_arrays
def nearest_neighbors(
    query: Rows,
    reference: Rows,
    *,
    k: int,
    exclude: Tensor | None = None,
    metric: Metric = "euclidean",
    search: str = "exact",
    executor: Executor | None = None,
    memory_limit: int | None = None,
    progress: Callable[[int], object] | None = None,
) -> Neighbors:
    """Find the k nearest references of each query.

    Args:
        query: Features, shape `(Q, F)`, any real number type; float64 is compared as
            float64.
        reference: Features, shape `(R, F)`, on the same device.
        k: Number of neighbors.
        exclude: What each query leaves out. Either a reference, shape `(Q,)`, -1 for
            none: with queries that are the references, `torch.arange(N)` leaves out
            themselves, and not their duplicates. Or a mask, shape `(Q, R)`, bool, True
            for every reference that is left out.
        metric: "euclidean", or "cosine" with distance 1 - cos in [0, 2].
        search: "exact"; or "faiss:" and a string for `faiss.index_factory`, as
            "faiss:IVF1024,Flat", then ";" and search parameters if need be, as
            "faiss:IVF1024,Flat;nprobe=32". That is approximate, and on the CPU; see
            `search_recall` for how much it finds. Distances are exact either way.
        executor: Runs an exact search in shards, as many tasks: any executor of
            `concurrent.futures`, or Dask's `client.get_executor()`. The result is the
            same to the bit. Tasks run on CPUs; how many threads a worker uses, and
            whether a lost task runs again, is the executor's to set.
        memory_limit: Bytes to work in, beyond the features and the result; by default
            a share of what is free. With an executor, that of each task.
        progress: Called with the number of queries each time some are settled.

    Returns:
        Distances and indices on the device of the queries.

    Raises:
        ShapeError: If features are not two-dimensional or differ in F, or `exclude`
            does not cover the queries.
        ArgumentError: If k, the metric, `exclude`, the search or the limit is out of
            range, or an approximate search finds fewer than k.
        FeatureError: If there are no references or no features, some are NaN or
            infinite, or a row has norm zero under cosine.
        MemoryLimitError: If the memory runs out, whatever the limit.
        DeviceError: If queries and references lie on different devices.
        DependencyError: If faiss is asked for and missing.
        TaskError: If a task of the executor fails.

    Example:
        >>> points = torch.tensor([[0.0], [1.0], [3.0]])
        >>> found = nearest_neighbors(points, points, k=1, exclude=torch.arange(3))
        >>> found.index.squeeze(1)
        tensor([1, 0, 1])
        >>> found.distance.squeeze(1)
        tensor([1., 1., 2.])
    """
    _check(query, reference, metric)
    check_search(search, executor)
    where = query.device if executor is None else torch.device("cpu")
    with tensors_on(query.device):  # whatever the user's default device
        left_out = check_exclude(exclude, len(query), len(reference)).to(query.device)
        check_k(k, left_out, len(reference))
        problem = Problem(
            query=query,
            reference=reference,
            k=k,
            exclude=left_out,
            metric=metric,
            limit=check_limit(memory_limit, where),
            progress=progress,
        )
        found = _choose_engine(search, executor)(problem)
    return Neighbors(
        found.distance.float().to(query.device), found.index.to(query.device)
    )


def _check(query: Rows, reference: Rows, metric: str) -> None:
    """Refuse queries and references that cannot be compared."""
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


def check_search(search: object, executor: object = None) -> None:
    """Refuse a search that cannot be, before the features are there.

    `search` is "exact", or "faiss:" and a string for faiss' index factory; `executor`
    is what is to run it, None for this process. Raises ArgumentError if it is another
    search, the executor cannot serve, or both do not go together.

    Example:
        >>> check_search("faiss:IVF1024,Flat")
    """
    factory = search.removeprefix(_FAISS) if isinstance(search, str) else search
    if search != "exact" and (not factory or factory == search):
        raise ArgumentError(
            "search must be 'exact' or 'faiss:' and a string for faiss.index_factory, "
            f"as 'faiss:IVF1024,Flat', got {search!r}."
        )
    if executor is None:
        return
    if search != "exact":
        raise ArgumentError(
            f"search={search!r} runs in this process alone; leave out executor."
        )
    check_executor(executor)


def _choose_engine(
    search: str, executor: Executor | None
) -> Callable[[Problem], Found]:
    if search != "exact":
        return partial(find_approximately, factory=search.removeprefix(_FAISS))
    if executor is not None:
        return partial(find_in_shards, executor=executor)
    return find_nearest
