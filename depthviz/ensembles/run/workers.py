"""The members of a run, made by this process or by the workers of an executor.

A task is a member. It writes its own result into the run's folder, so nothing large
comes back, and a worker that is killed loses only the member that it makes. Knows
nothing of which members are missing: see `resume`.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Sequence
from concurrent.futures import (
    FIRST_COMPLETED,
    Executor,
    Future,
    ThreadPoolExecutor,
    wait,
)
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple, TypeGuard

import torch

from depthviz.datasets.labels import KnownNames
from depthviz.ensembles.data import EnsembleData, share_data
from depthviz.ensembles.member import make_member, side_by_side
from depthviz.ensembles.plan import Plan
from depthviz.ensembles.run.folder import RunFolder
from depthviz.ensembles.run.progress import POLL_SECONDS, ProgressBar
from depthviz.ensembles.run.side_by_side import (
    count_threads,
    in_share_of_memory,
    make_on_threads,
)
from depthviz.errors import DepthvizError, MemoryLimitError, TaskError
from depthviz.machine.executors import count_at_once, threads_of_task
from depthviz.machine.seeds import kept_random_state
from depthviz.machine.switches.threads import torch_threads
from depthviz.measurement.progress import announced_compilation

__all__ = ["make_members"]


class Task(NamedTuple):
    """All that a worker needs to make a member."""

    plan: Plan
    data: Any
    folder: Path
    token: str
    member: int
    show: bool
    at_once: int = 1


def make_members(
    plan: Plan,
    given: Any,
    *,
    data: EnsembleData,
    folder: RunFolder,
    members: Sequence[int],
    show: int,
    executor: Executor | None,
    progress: bool,
) -> None:
    """Make members and write them into the run's folder.

    Args:
        plan: How they are made.
        given: The data as it was given to the ensemble.
        data: The same, as this process reads it.
        folder: The run's folder.
        members: Numbers of the members to make.
        show: Number of the member that is shown.
        executor: What makes them; None for this process: several at a time where they
            are small, otherwise one after another.
        progress: Whether to show a bar.

    Raises:
        TaskError: If members were lost; the others are kept.
        DepthvizError: If a member finds that the data or the network cannot be used.
    """
    if not members:
        return
    bars = ProgressBar(plan, folder, members, show=progress)
    with bars as bar, announced_compilation("the search", show=progress):
        if executor is None:
            _make_here(plan, data, folder, members, show=show, bar=bar)
            return
        turns = not side_by_side(plan)
        at_once = count_at_once(executor, len(members), turns=turns)
        if isinstance(executor, ThreadPoolExecutor) and at_once > 1:
            plan = in_share_of_memory(plan, at_once)
        tasks = [
            task._replace(at_once=at_once)
            for task in _tasks(plan, given, folder, members, show)
        ]
        with kept_random_state(torch.device("cpu")):
            _await(executor, tasks, bar)


def _make_here(
    plan: Plan,
    data: EnsembleData,
    folder: RunFolder,
    members: Sequence[int],
    *,
    show: int,
    bar: ProgressBar,
) -> None:
    """Make members in this process, several at a time where that may be."""
    threads = count_threads(plan, len(members))
    if threads > 1:
        plan = in_share_of_memory(plan, threads)

    def make(member: int, report: Callable[[int], object], **how: Any) -> None:
        shown = member == show
        outcome = make_member(plan, data, member, show=shown, report=report, **how)
        folder.save_member(member, outcome, token=folder.token)

    if threads > 1:
        make_on_threads(make, members, threads=threads, bar=bar)
        return
    for member in members:
        bar.begin(member)
        make(member, bar.epochs_of(member))
        bar.finish(member)


def run_task(task: Task) -> None:
    """Make a member in a worker, and write it into the run's folder."""
    folder = RunFolder(task.folder)
    folder.check_token(task.token)
    report = partial(folder.report_progress, task.member)
    report(0)
    names = KnownNames(task.plan.class_names, complete=False)
    data = EnsembleData(task.data, task.plan.functions, names)
    data = data.relabel(torch.from_numpy(task.plan.labels))
    turns = not side_by_side(task.plan)
    with torch_threads(threads_of_task(task.at_once, turns=turns)):
        outcome = make_member(
            task.plan, data, task.member, show=task.show, report=report
        )
    folder.save_member(task.member, outcome, token=task.token)


def _tasks(
    plan: Plan,
    given: Any,
    folder: RunFolder,
    members: Sequence[int],
    show: int,
) -> list[Task]:
    """Prepare what is sent to the workers, a task for each member."""
    # A function of the user's gets the items as they were given, not mapped arrays.
    collated = plan.functions.collate_fn is not None
    shared = given if collated else share_data(given, folder.data)
    # Pictures are sent with the member that is shown, and with no other.
    bare = replace(plan, shown_options={**plan.shown_options, "images": None})
    return [
        Task(
            plan if member == show else bare,
            shared,
            folder.path,
            folder.token,
            member,
            member == show,
        )
        for member in members
    ]


def _await(executor: Executor, tasks: Sequence[Task], bar: ProgressBar) -> None:
    """Submit the tasks and wait for all; TaskError at the end if some were lost."""
    lost: dict[int, BaseException] = {}
    futures: dict[Future[None], int] = {}
    try:
        for task in tasks:
            futures[_submit(executor, task)] = task.member
        waiting = set(futures)
        while waiting:
            done, waiting = wait(waiting, POLL_SECONDS, return_when=FIRST_COMPLETED)
            for future in done:
                error = None if future.cancelled() else future.exception()
                if _is_of_all(error):
                    raise error
                if error is not None or future.cancelled():
                    lost[futures[future]] = error or TaskError("It was cancelled.")
                else:
                    bar.finish(futures[future])
            bar.poll()
    finally:
        for future in futures:
            future.cancel()
    if lost:
        raise _lost_members(lost, len(tasks))


def _submit(executor: Executor, task: Task) -> Future[None]:
    try:
        return executor.submit(run_task, task)
    except Exception as error:
        raise TaskError(
            f"The executor took no task: {error}. Members that are done are kept; run "
            "again with a fresh executor."
        ) from error


def _is_of_all(error: BaseException | None) -> TypeGuard[DepthvizError]:
    """Whether every member would fail so: memory may be short where one alone is."""
    return isinstance(error, DepthvizError) and not isinstance(error, MemoryLimitError)


def _lost_members(lost: dict[int, BaseException], tasks: int) -> TaskError:
    first, error = min(lost.items())
    named = ", ".join(map(str, sorted(lost)[:8])) + (", …" if len(lost) > 8 else "")
    return TaskError(
        f"{len(lost)} of {tasks} members were lost ({named}), member {first} by "
        f"{type(error).__name__}: {str(error)[:300]}{_hint(error)} The others are "
        "kept; run again, and only the missing ones are made."
    )


def _hint(error: BaseException) -> str:
    local = isinstance(error, AttributeError) and "pickle" in str(error)
    if local or isinstance(error, pickle.PicklingError):
        return (
            ". An executor of processes sends network, recipe, collate_fn, forward and "
            "functions given as pool by name: define them in a module, or use "
            "functools.partial."
        )
    return "" if str(error).endswith(".") else "."
