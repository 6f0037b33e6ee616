"""The members of a run, made one after another or by the workers of an executor.

A task is a member. It writes its own result into the run's folder, so nothing large
comes back, and whoever is killed loses the member that is under way and no other. How
far the workers are is read from the folder, too: any executor shows the same bar.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from dataclasses import replace
from pathlib import Path
from time import monotonic
from typing import Any, NamedTuple

from depthviz.ensembles.data import Material, lend
from depthviz.ensembles.folder import RunFolder
from depthviz.ensembles.member import make_member
from depthviz.ensembles.plan import Plan
from depthviz.errors import DepthvizError, TaskError
from depthviz.training.recipe import Recipe

__all__ = ["make_members"]

LOOK = 0.5  # seconds between two looks at the folder
BAR = (
    "{desc}: {percentage:3.0f}%|{bar}| {n:.0f}/{total:.0f} epochs {elapsed}<{remaining}"
)


class Task(NamedTuple):
    """All that a worker needs to make a member."""

    plan: Plan
    data: Any
    folder: Path
    token: str
    member: int
    show: bool


def make_members(
    plan: Plan,
    data: Any,
    *,
    material: Material,
    folder: RunFolder,
    members: Sequence[int],
    show: int,
    executor: Executor | None,
    progress: bool,
) -> None:
    """Make members and write them into the run's folder.

    Args:
        plan: How.
        data: What the ensemble was given.
        material: The same, as this process reads it.
        folder: The run's folder.
        members: Numbers of those that are wanted.
        show: The one that is shown.
        executor: Who makes them; None for this process.
        progress: Whether to show a bar.

    Raises:
        TaskError: If members were lost; the others are kept.
        DepthvizError: If a member finds that the data or the network cannot be used.
    """
    if not members:
        return
    with _Bar(plan, folder, members, show=progress) as bar:
        if executor is None:
            for member in members:
                bar.begin(member)
                outcome = make_member(
                    plan, material, member, show=member == show, tell=bar.at(member)
                )
                folder.keep(member, outcome, token=folder.token)
                bar.finish(member)
            return
        lent = lend(data, folder.data)
        # Pictures travel to the one that is shown, and to no other.
        bare = replace(plan, showing={**plan.showing, "images": None})
        tasks = [
            Task(
                plan if member == show else bare,
                lent,
                folder.path,
                folder.token,
                member,
                member == show,
            )
            for member in members
        ]
        _share(executor, tasks, bar)


def run_task(task: Task) -> None:
    """Make a member, and write it into the run's folder.

    Args:
        task: Which.
    """
    folder = RunFolder(task.folder)
    folder.check_token(task.token)

    def tell(epochs: int) -> None:
        folder.tell(task.member, epochs)

    tell(0)
    outcome = make_member(
        task.plan, Material(task.data), task.member, show=task.show, tell=tell
    )
    folder.keep(task.member, outcome, token=task.token)


def _share(executor: Executor, tasks: Sequence[Task], bar: _Bar) -> None:
    lost: dict[int, BaseException] = {}
    futures: dict[Future[None], int] = {}
    try:
        for task in tasks:
            futures[_submit(executor, task)] = task.member
        waiting = set(futures)
        while waiting:
            done, waiting = wait(waiting, LOOK, return_when=FIRST_COMPLETED)
            for future in done:
                error = None if future.cancelled() else future.exception()
                if isinstance(error, DepthvizError):
                    raise error
                if error is not None or future.cancelled():
                    lost[futures[future]] = error or TaskError("It was cancelled.")
                else:
                    bar.finish(futures[future])
            bar.look()
    finally:
        for future in futures:
            future.cancel()
    if lost:
        raise _failure(lost, len(tasks))


def _submit(executor: Executor, task: Task) -> Future[None]:
    try:
        return executor.submit(run_task, task)
    except Exception as error:
        raise TaskError(
            f"The executor took no task: {error}. Members that are done are kept; run "
            "again with a fresh executor."
        ) from error


def _failure(lost: dict[int, BaseException], tasks: int) -> TaskError:
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
            ". An executor of processes sends network and recipe by name: define them "
            "in a module, or use functools.partial."
        )
    return "" if str(error).endswith(".") else "."


class _Bar:
    """A bar of epochs over all members, and the time that is left.

    A member's measurement counts as an epoch: it follows the last.
    """

    def __init__(
        self, plan: Plan, folder: RunFolder, members: Sequence[int], *, show: bool
    ) -> None:
        from tqdm.auto import tqdm

        self._folder, self._members = folder, plan.members
        self._epochs = _epochs(plan) + 1
        self._done: dict[int, int] = {}
        self._finished = plan.members - len(members)
        self._looked = monotonic()
        self._bar = tqdm(
            total=len(members) * self._epochs,
            desc=f"{self._finished} of {plan.members} members",
            bar_format=BAR,
            disable=not show,
        )

    def __enter__(self) -> _Bar:
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.close()

    def begin(self, member: int) -> None:
        """Show a member that is made by this process."""
        self._bar.set_description_str(f"Member {member + 1} of {self._members}")

    def at(self, member: int) -> Callable[[int], None]:
        """Give what is called with the number of epochs of a member."""

        def tell(epochs: int) -> None:
            self._set(member, min(epochs, self._epochs - 1))

        return tell

    def finish(self, member: int) -> None:
        """Show that a member is there."""
        self._finished += 1
        self._set(member, self._epochs)
        self._bar.set_description_str(f"{self._finished} of {self._members} members")

    def look(self) -> None:
        """Read from the folder how far the workers are."""
        if monotonic() - self._looked < LOOK:
            return
        self._looked = monotonic()
        for member, epochs in self._folder.progress().items():
            if self._done.get(member, 0) < self._epochs:
                self._set(member, min(epochs, self._epochs - 1))
        self._bar.refresh()

    def _set(self, member: int, epochs: int) -> None:
        self._bar.update(epochs - self._done.get(member, 0))
        self._done[member] = epochs


def _epochs(plan: Plan) -> int:
    """Count the epochs of a member; a loop of the user's own counts as one."""
    if not isinstance(plan.recipe, Recipe):
        return 1
    trained = round(plan.count * (1 - plan.holdout))
    steps = plan.recipe.total_steps(trained)
    return -(-steps // plan.recipe.steps_per_epoch(trained))
