"""One exact search in shards, each a task for an executor.

A task finds the nearest references within one shard for one shard of queries, and the
lists of all shards merge by distance, then index. A pair's distance is the same bits
whatever stands beside it, so the merged list is that of one search, ties included.

Rows travel as NumPy arrays: a slice of a tensor would pickle all the memory it is a
slice of. Only a few tasks are under way at a time, so neither this process nor a
scheduler holds more than these. A task that was lost with its worker is the executor's
to run again: Dask does, a pool of processes cannot.
"""

import math
import warnings
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    Executor,
    Future,
    wait,
)
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeAlias

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from depthviz.errors import TaskError
from depthviz.probes.exclusion import (
    count_left_out,
    cut_exclude,
    group_by_allowed,
    is_left_out,
)
from depthviz.probes.features import Metric, read_features
from depthviz.probes.memory import blocks, rows_within
from depthviz.probes.precision import full_precision
from depthviz.probes.searching import Found, find_nearest

__all__ = ["find_in_shards"]

_Rows: TypeAlias = tuple[NDArray[Any], torch.dtype]
_Lists: TypeAlias = tuple[NDArray[np.float64], NDArray[np.int64]]

_TASK_BYTES = 256 << 20
_TASK_PRODUCTS = 1 << 30  # some hundredths of a second: well above a task's own cost
_TASKS_PER_WORKER = 4  # so that the last ones end about together
_WORKERS = 8  # where an executor does not tell
_NO_INDEX = np.iinfo(np.int64).max


def find_in_shards(
    query: Tensor,
    reference: Tensor,
    *,
    k: int,
    exclude: Tensor,
    metric: Metric,
    limit: int,
    executor: Executor,
    progress: Callable[[int], object] | None = None,
) -> Found:
    """Find the k nearest references of each query, by tasks of an executor.

    Args:
        query: Features, shape `(Q, F)`.
        reference: Features, shape `(R, F)`.
        k: Number of neighbors.
        exclude: What each query leaves out, shape `(Q,)` or `(Q, R)`.
        metric: "euclidean" or "cosine".
        limit: Bytes that a task works in; its rows take no more either.
        executor: Runs the tasks.
        progress: Called with the number of queries each time some are settled.

    Returns:
        Distances and indices on the CPU, to the bit those of one search.

    Raises:
        FeatureError: If some features are NaN or infinite, or a row has norm zero under
            cosine.
        TaskError: If a task fails; tasks that have not begun are cancelled.
    """
    # Threads share the switches of precision: set here, no task puts them back early.
    with full_precision(query.device):
        read_features("reference", reference, metric, limit)
        read_features("query", query, metric, limit)
        search = _SharedSearch(query, reference, exclude, k, metric, limit)
        return search.run(executor, progress)


@dataclass(frozen=True)
class _Task:
    """One shard of queries against one of references: all that a worker is sent."""

    query: _Rows
    reference: _Rows
    exclude: _Rows
    start: int
    k: int
    metric: Metric
    limit: int


@dataclass(frozen=True)
class _SharedSearch:
    """One search, with what all its tasks share."""

    query: Tensor
    reference: Tensor
    exclude: Tensor
    k: int
    metric: Metric
    limit: int

    def run(
        self, executor: Executor, progress: Callable[[int], object] | None
    ) -> Found:
        """Run all tasks, merge their lists as they come, tell whole query shards."""
        workers = _count_workers(executor)
        high, wide = self._cut(workers)
        shards = math.ceil(len(self.reference) / wide)
        distance = np.empty((len(self.query), self.k))
        index = np.empty(distance.shape, dtype=np.int64)
        merged: dict[int, _Lists] = {}
        missing = dict.fromkeys(range(0, len(self.query), high), shards)
        with closing(self._results(executor, high, wide, 2 * workers)) as results:
            for queries, found in results:
                start = queries.start
                merged[start] = lists = _merge(merged.get(start), found, self.k)
                missing[start] -= 1
                if not missing[start]:
                    distance[queries], index[queries] = lists
                    del merged[start]
                    if progress is not None:
                        progress(queries.stop - start)
        return Found(torch.from_numpy(distance), torch.from_numpy(index))

    def _cut(self, workers: int) -> tuple[int, int]:
        """Choose how many queries and references a shard has."""
        queries, references = max(1, len(self.query)), len(self.reference)
        room = min(self.limit, _TASK_BYTES) // 2
        side = math.isqrt(room) if self.exclude.ndim == 2 else room
        high = rows_within(room, _row_bytes(self.query) + 16 * self.k, most=side)
        wide = rows_within(room, _row_bytes(self.reference), most=side)
        down, across = math.ceil(queries / high), math.ceil(references / wide)
        work = queries * references * self.query.shape[1]
        tasks = min(_TASKS_PER_WORKER * workers, math.ceil(work / _TASK_PRODUCTS))
        # Queries first: lists from one shard of references need no merging.
        down = max(down, min(queries, math.ceil(tasks / across)))
        across = max(across, min(references, math.ceil(tasks / down)))
        return math.ceil(queries / down), math.ceil(references / across)

    def _results(
        self, executor: Executor, high: int, wide: int, most: int
    ) -> Generator[tuple[slice, _Lists], None, None]:
        """Keep at most so many tasks under way, and hand out what they find."""
        under_way: dict[Future[_Lists], tuple[slice, slice]] = {}
        try:
            for queries in blocks(len(self.query), high):
                for references in blocks(len(self.reference), wide):
                    if len(under_way) >= most:
                        yield from _take(under_way)
                    task = self._task(queries, references)
                    future = _submit(executor, task, queries, references)
                    under_way[future] = queries, references
            while under_way:
                yield from _take(under_way)
        finally:
            for future in under_way:
                future.cancel()

    def _task(self, queries: slice, references: slice) -> _Task:
        return _Task(
            query=_pack(self.query[queries]),
            reference=_pack(self.reference[references]),
            exclude=_pack(cut_exclude(self.exclude, queries, references)),
            start=references.start,
            k=self.k,
            metric=self.metric,
            limit=self.limit,
        )


def _count_workers(executor: Executor) -> int:
    """Ask an executor for its workers; there is no one way to."""
    client: Any = getattr(executor, "_client", None)  # Dask's
    if hasattr(client, "nthreads"):
        told = sum(client.nthreads().values())
    else:
        told = getattr(executor, "_max_workers", 0)
    return told if isinstance(told, int) and told > 0 else _WORKERS


def _row_bytes(rows: Tensor) -> int:
    return rows.shape[1] * rows.dtype.itemsize


def _submit(
    executor: Executor, task: _Task, queries: slice, references: slice
) -> Future[_Lists]:
    try:
        with warnings.catch_warnings():
            # Dask would have tasks carry less; what they carry is bounded here.
            warnings.filterwarnings("ignore", "Sending large graph", UserWarning)
            return executor.submit(_search_shard, task)
    except Exception as error:
        raise _failure(error, queries, references) from error


def _take(
    under_way: dict[Future[_Lists], tuple[slice, slice]],
) -> Iterator[tuple[slice, _Lists]]:
    """Wait for a task to end, and take all that have."""
    for future in wait(under_way, return_when=FIRST_COMPLETED).done:
        queries, references = under_way.pop(future)
        try:
            lists = future.result()
        except Exception as error:
            raise _failure(error, queries, references) from error
        yield queries, lists


def _failure(error: Exception, queries: slice, references: slice) -> TaskError:
    advice = ""
    if isinstance(error, BrokenExecutor | MemoryError):
        advice = (
            " If a worker ran out of memory, give a smaller memory_limit or fewer "
            "workers."
        )
    return TaskError(
        f"The task with queries {queries.start} to {queries.stop - 1} and references "
        f"{references.start} to {references.stop - 1} failed: {type(error).__name__}: "
        f"{error}{advice}"
    )


def _merge(before: _Lists | None, found: _Lists, k: int) -> _Lists:
    """Take the k nearest of two lists, equal distances by the smaller index."""
    if before is None:
        return found
    distance = np.concatenate([before[0], found[0]], axis=1)
    index = np.concatenate([before[1], found[1]], axis=1)
    order = np.lexsort((index, distance))[:, :k]
    return np.take_along_axis(distance, order, 1), np.take_along_axis(index, order, 1)


def _pack(rows: Tensor) -> _Rows:
    plain = rows.detach().cpu()
    if plain.dtype == torch.bfloat16:  # NumPy has no such numbers
        plain = plain.view(torch.int16)
    return plain.numpy(), rows.dtype


def _unpack(rows: _Rows) -> Tensor:
    array, dtype = rows
    # An executor may hand out memory that is not aligned, or not to be written to.
    return torch.from_numpy(np.require(array, requirements=["A", "W"])).view(dtype)


def _search_shard(task: _Task) -> _Lists:
    """Find the k nearest of a shard, or all that are allowed; what a worker runs."""
    query, reference = _unpack(task.query), _unpack(task.reference)
    exclude = _unpack(task.exclude)
    search = partial(find_nearest, metric=task.metric, limit=task.limit)
    find = _find_all if len(reference) <= task.k else _find_some
    found = find(search, query, reference, exclude, task.k)
    index = torch.where(found.index == _NO_INDEX, _NO_INDEX, found.index + task.start)
    return found.distance.numpy(), index.numpy()


def _find_all(
    search: Callable[..., Found],
    query: Tensor,
    reference: Tensor,
    exclude: Tensor,
    k: int,
) -> Found:
    """Rank the references of a shard that has no more than k."""
    none = torch.full((len(query),), -1)
    distance, index = search(query, reference, k=min(k, len(reference)), exclude=none)
    left_out = is_left_out(exclude, index)
    return Found(
        distance.masked_fill(left_out, torch.inf),
        index.masked_fill(left_out, _NO_INDEX),
    )


def _find_some(
    search: Callable[..., Found],
    query: Tensor,
    reference: Tensor,
    exclude: Tensor,
    k: int,
) -> Found:
    """Find k nearest where a mask leaves as many, else all that it leaves."""
    enough = len(reference) - count_left_out(exclude) >= k
    if enough.all():
        return search(query, reference, k=k, exclude=exclude)
    found = Found(
        torch.full((len(query), k), torch.inf, dtype=torch.float64),
        torch.full((len(query), k), _NO_INDEX),
    )
    rows, short = enough.nonzero()[:, 0], (~enough).nonzero()[:, 0]
    if len(rows):
        found.distance[rows], found.index[rows] = search(
            query[rows], reference, k=k, exclude=exclude[rows]
        )
    for group, allowed in group_by_allowed(exclude[short]):
        members, width = short[group], len(allowed)
        few = _find_all(
            search, query[members], reference[allowed], exclude[members][:, allowed], k
        )
        found.distance[members, :width] = few.distance
        found.index[members, :width] = allowed[few.index]
    return found
