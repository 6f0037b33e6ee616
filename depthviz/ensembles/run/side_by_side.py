"""Members made by several threads of this process at the same time.

Each thread has one processor thread for the training, the passes and the searches of
its member, so that the cores are shared and not oversubscribed; at the end of a run,
searches get the cores that no other member needs. An interrupt, and an error that
concerns all members, stops all threads: they look between two batches, and between two
parts of a search.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextvars import copy_context
from dataclasses import replace
from threading import Event

import torch

from depthviz.ensembles.member import is_inside_member, side_by_side
from depthviz.ensembles.plan import Plan
from depthviz.ensembles.run.progress import ProgressBar
from depthviz.machine.interrupts import uninterrupted
from depthviz.machine.memory import free_memory
from depthviz.machine.seeds import kept_random_state
from depthviz.machine.switches.stopping import check_stopped, stopped_by
from depthviz.machine.switches.threads import torch_threads

__all__ = ["count_threads", "in_share_of_memory", "make_on_threads"]

POLL_SECONDS = 0.1
LEAST_MEMORY = 1 << 26  # bytes for a member, where the caller sets a limit

Make = Callable[..., object]


def count_threads(plan: Plan, members: int) -> int:
    """Count the threads that make members at a time: no more than torch uses here.

    One for members that must be made one after another, and inside of a member.
    """
    if is_inside_member() or not side_by_side(plan):
        return 1
    limit = plan.measure_options["memory_limit"]
    room = members if limit is None else limit // LEAST_MEMORY
    return max(1, min(members, room, torch.get_num_threads(), _cores()))


def in_share_of_memory(plan: Plan, threads: int) -> Plan:
    """Let each of several measurements at a time have its share of the memory."""
    device = torch.device("cpu")
    limit = plan.measure_options["memory_limit"] or free_memory(device) // 2
    shared = {**plan.measure_options, "memory_limit": limit // threads}
    return replace(plan, measure_options=shared)


def make_on_threads(
    make: Make, members: Sequence[int], *, threads: int, bar: ProgressBar
) -> None:
    """Make members on several threads.

    Args:
        make: Makes a member and writes it into the run's folder, called with its
            number, a function to call with its epochs, and `search_threads`, which
            counts the processor threads that its searches may use.
        members: Numbers of the members to make.
        threads: How many at a time.
        bar: Shows how far they are; it is used in this thread alone.

    Raises:
        Exception: The first error of a member; the others are stopped.
    """
    stop, epochs, ended = Event(), dict[int, int](), set[int]()
    cores = min(torch.get_num_threads(), _cores())

    def search_threads() -> int:
        return cores // max(1, min(threads, len(members) - len(ended)))

    def work(member: int) -> None:
        with stopped_by(stop), torch_threads(1):
            check_stopped()
            make(
                member,
                lambda done: epochs.update({member: done}),
                search_threads=search_threads,
            )
        ended.add(member)

    pool = ThreadPoolExecutor(threads, thread_name_prefix="depthviz-member")
    with kept_random_state(torch.device("cpu")):
        try:
            _await(_submit(pool, work, members), epochs, bar)
        finally:
            stop.set()
            pool.shutdown(cancel_futures=True)


@uninterrupted
def _submit(
    pool: ThreadPoolExecutor, work: Callable[[int], None], members: Sequence[int]
) -> dict[Future[None], int]:
    """Begin with the members; a thread cut off as it starts is unknown to its pool."""
    return {pool.submit(copy_context().run, work, member): member for member in members}


def _await(
    futures: dict[Future[None], int], epochs: dict[int, int], bar: ProgressBar
) -> None:
    waiting = set(futures)
    while waiting:
        done, waiting = wait(waiting, POLL_SECONDS, return_when=FIRST_COMPLETED)
        for future in done:
            future.result()
            bar.finish(futures[future])
        bar.show(dict(epochs))


def _cores() -> int:
    """Count the cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
