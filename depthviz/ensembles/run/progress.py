"""The progress bar of a run: epochs over all members, in this process or by workers.

A member's measurement counts as one epoch: it follows the last. How far workers are is
read from the run's folder, so that every executor shows the same bar.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from time import monotonic

from depthviz.ensembles.plan import Plan
from depthviz.ensembles.run.folder import RunFolder
from depthviz.machine.console import progress_bar
from depthviz.training.recipe import Recipe

__all__ = ["POLL_SECONDS", "ProgressBar"]

POLL_SECONDS = 0.5  # between two reads of the folder
BAR = (
    "{desc}: {percentage:3.0f}%|{bar}| {n:.0f}/{total:.0f} epochs {elapsed}<{remaining}"
)


class ProgressBar:
    """A bar of epochs over the members that are made, and the time that is left."""

    def __init__(
        self, plan: Plan, folder: RunFolder, members: Sequence[int], *, show: bool
    ) -> None:
        self._folder, self._members = folder, plan.members
        self._epochs = _epochs(plan) + 1
        self._done: dict[int, int] = {}
        self._finished = plan.members - len(members)
        self._last_read = monotonic()
        self._bar = progress_bar(
            total=len(members) * self._epochs,
            desc=f"{self._finished} of {plan.members} members",
            bar_format=BAR,
            show=show,
        )

    def __enter__(self) -> ProgressBar:
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.close()

    def begin(self, member: int) -> None:
        """Show which member this process makes."""
        self._bar.set_description_str(f"Member {member + 1} of {self._members}")

    def epochs_of(self, member: int) -> Callable[[int], None]:
        """Return a function to call with the number of epochs of a member."""

        def report(epochs: int) -> None:
            self._set(member, min(epochs, self._epochs - 1))

        return report

    def finish(self, member: int) -> None:
        """Show that a member is complete."""
        self._finished += 1
        self._set(member, self._epochs)
        self._bar.set_description_str(f"{self._finished} of {self._members} members")

    def poll(self) -> None:
        """Read from the folder how far the workers are."""
        if monotonic() - self._last_read < POLL_SECONDS:
            return
        self._last_read = monotonic()
        self.show(self._folder.read_progress())
        self._bar.refresh()

    def show(self, epochs: Mapping[int, int]) -> None:
        """Show how many epochs of members are done that are made at the same time."""
        for member, done in epochs.items():
            if self._done.get(member, 0) < self._epochs:
                self._set(member, min(done, self._epochs - 1))

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
