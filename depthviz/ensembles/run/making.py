"""The members of a run that are missing, and the one that is shown."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor
from typing import Any

import numpy as np
from numpy.typing import NDArray

from depthviz.ensembles.aggregation import failed_steps
from depthviz.ensembles.data import EnsembleData
from depthviz.ensembles.plan import Plan
from depthviz.ensembles.run.folder import RunFolder
from depthviz.ensembles.run.resume import missing_members
from depthviz.ensembles.run.workers import make_members
from depthviz.machine.console import print_line
from depthviz.study.members import when_failed

__all__ = ["make_missing"]


def make_missing(
    plan: Plan,
    given: Any,
    data: EnsembleData,
    *,
    folder: RunFolder,
    executor: Executor | None,
    progress: bool,
) -> None:
    """Make the missing members, and the shown one anew if member 0 failed."""

    def make(members: Sequence[int], show: int) -> None:
        make_members(
            plan,
            given,
            data=data,
            folder=folder,
            members=members,
            show=show,
            executor=executor,
            progress=progress,
        )

    missing = missing_members(folder, plan.members)
    if progress and 0 < len(missing) < plan.members:
        complete = plan.members - len(missing)
        print_line(f"{complete} of {plan.members} members are there already.")
    make(missing, 0)
    failed = failed_steps(folder.members())
    if folder.shown_study() is None:
        # Member 0 failed: the first that did not is made again, and shown.
        first = int(np.flatnonzero(failed < 0)[0])
        make([first], first)
    if progress and (failed >= 0).any():
        print_line(_describe_failures(failed))


def _describe_failures(failed: NDArray[np.int32]) -> str:
    """Say how many members failed, and the first with its step."""
    lost = np.flatnonzero(failed >= 0)
    first = f"member {lost[0]} {when_failed(int(failed[lost[0]]))}"
    more = " first" if len(lost) > 1 else ""
    return (
        f"{len(lost)} of {len(failed)} members failed ({first}{more}): NaN loss. They "
        "count nowhere."
    )
