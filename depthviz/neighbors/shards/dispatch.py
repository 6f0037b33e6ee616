"""One exact search shared by the workers of an executor.

Queries and references are cut into shards, a task searches one shard of queries against
one of references, and the lists of all tasks merge into that of one search, to the bit.
A few tasks for each worker are under way at a time, so that neither this process nor a
scheduler holds more than these. A task that was lost with its worker is the executor's
to run again: Dask does; a pool of processes cannot.
"""

import math
import warnings
from collections.abc import Generator, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from dataclasses import dataclass

import numpy as np
import torch

from depthviz.errors import TaskError
from depthviz.machine.executors import count_workers
from depthviz.machine.interrupts import closing
from depthviz.machine.switches.precision import full_precision
from depthviz.neighbors.blocks import rows_within, split_range
from depthviz.neighbors.exclusion import cut_exclude
from depthviz.neighbors.features import Rows
from depthviz.neighbors.problem import Found, Problem
from depthviz.neighbors.shards.task import Lists, Shard, merge_lists, pack, search_shard

__all__ = ["find_in_shards"]

_TASK_BYTES = 256 << 20
_TASK_PRODUCTS = 1 << 32  # tenths of a second: well above a task's own cost
_TASKS_PER_WORKER = 4  # so that the last ones end about together
_UNDER_WAY_PER_WORKER = 2  # one runs, one waits
_WORKERS = 8  # where an executor reports none


def find_in_shards(problem: Problem, *, executor: Executor) -> Found:
    """Find the k nearest references of each query, by tasks of an executor.

    The result lies on the CPU and is, to the bit, that of one search. The limit bounds
    what a task works in; its rows take no more either. Raises TaskError if a task
    fails, after cancelling tasks that have not begun; FeatureError as an exact search.
    """
    # Threads share the switches of precision: set here, no task puts them back early.
    with full_precision(problem.query.device):
        problem.read_features()
        return _SharedSearch(problem).run(executor)


@dataclass(frozen=True)
class _SharedSearch:
    """One search, cut into tasks."""

    problem: Problem

    def run(self, executor: Executor) -> Found:
        """Run all tasks, merge their lists as they come, report whole query shards."""
        query, k = self.problem.query, self.problem.k
        workers = count_workers(executor, default=_WORKERS)
        high, wide = self._cut(workers)
        shards = math.ceil(len(self.problem.reference) / wide)
        distance = np.empty((len(query), k))
        index = np.empty(distance.shape, dtype=np.int64)
        merged: dict[int, Lists] = {}
        missing = dict.fromkeys(range(0, len(query), high), shards)
        most = _UNDER_WAY_PER_WORKER * workers
        with closing(self._results(executor, high, wide, most)) as results:
            for queries, found in results:
                start = queries.start
                merged[start] = lists = merge_lists(merged.get(start), found, k)
                missing[start] -= 1
                if not missing[start]:
                    distance[queries], index[queries] = lists
                    del merged[start]
                    self.problem.report(queries.stop - start)
        return Found(torch.from_numpy(distance), torch.from_numpy(index))

    def _cut(self, workers: int) -> tuple[int, int]:
        """Choose how many queries and references a shard has."""
        query, reference = self.problem.query, self.problem.reference
        queries, references = max(1, len(query)), len(reference)
        budget = min(self.problem.limit, _TASK_BYTES) // 2
        most = math.isqrt(budget) if self.problem.exclude.ndim == 2 else budget
        high = rows_within(budget, _row_bytes(query) + 16 * self.problem.k, most=most)
        wide = rows_within(budget, _row_bytes(reference), most=most)
        down, across = math.ceil(queries / high), math.ceil(references / wide)
        work = queries * references * query.shape[1]
        tasks = min(_TASKS_PER_WORKER * workers, math.ceil(work / _TASK_PRODUCTS))
        # Queries first: lists from one shard of references need no merging.
        down = max(down, min(queries, math.ceil(tasks / across)))
        across = max(across, min(references, math.ceil(tasks / down)))
        return math.ceil(queries / down), math.ceil(references / across)

    def _results(
        self, executor: Executor, high: int, wide: int, most: int
    ) -> Generator[tuple[slice, Lists], None, None]:
        """Keep at most so many tasks under way, and yield what they find."""
        under_way: dict[Future[Lists], tuple[slice, slice]] = {}
        try:
            for queries, references, shard in self._shards(high, wide):
                future = _submit(executor, shard, queries, references)
                under_way[future] = queries, references
                if len(under_way) == most:
                    yield from _take(under_way)
            while under_way:
                yield from _take(under_way)
        finally:
            for future in under_way:
                future.cancel()

    def _shards(self, high: int, wide: int) -> Iterator[tuple[slice, slice, Shard]]:
        """Cut out every pair of a query shard and a reference shard."""
        problem = self.problem
        for queries in split_range(len(problem.query), high):
            query = pack(problem.query[queries])
            for references in split_range(len(problem.reference), wide):
                out = cut_exclude(problem.exclude, queries, references)
                shard = Shard(
                    query=query,
                    reference=pack(problem.reference[references]),
                    exclude=pack(out),
                    start=references.start,
                    k=problem.k,
                    metric=problem.metric,
                    limit=problem.limit,
                )
                yield queries, references, shard


def _row_bytes(rows: Rows) -> int:
    return rows.shape[1] * rows.dtype.itemsize


def _submit(
    executor: Executor, shard: Shard, queries: slice, references: slice
) -> Future[Lists]:
    """Submit a task, or raise TaskError that names it."""
    try:
        with warnings.catch_warnings():
            # Dask would have tasks carry less; what they carry is bounded here.
            warnings.filterwarnings("ignore", "Sending large graph", UserWarning)
            return executor.submit(search_shard, shard)
    except Exception as error:
        raise _failure(error, queries, references) from error


def _take(
    under_way: dict[Future[Lists], tuple[slice, slice]],
) -> Iterator[tuple[slice, Lists]]:
    """Wait for a task to end, and take all that have."""
    for future in wait(under_way, return_when=FIRST_COMPLETED).done:
        queries, references = under_way.pop(future)
        try:
            lists = future.result()
        except Exception as error:
            raise _failure(error, queries, references) from error
        yield queries, lists


def _failure(error: Exception, queries: slice, references: slice) -> TaskError:
    """Make the error that names a task's rows, with what may help."""
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
