"""One member: trained on its split, measured on all examples.

The result depends on the plan and the member's number alone: every random number comes
from the member's own seeds, and the network always runs with the same number of
threads. Members of small networks may be made by several threads at a time. All others
take turns, since torch has one generator a process; and so do those that turn out to
draw from it where the plan did not expect it: they are begun again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from contextvars import ContextVar
from functools import partial
from typing import Any

import torch

from depthviz.embeddings.borrowing import one_at_a_time
from depthviz.ensembles.data import EnsembleData
from depthviz.ensembles.member_measurement import (
    MemberMeasurement,
    MemberSplit,
    Outcome,
)
from depthviz.ensembles.member_training import ReportEpochs, train_member
from depthviz.ensembles.plan import Plan
from depthviz.errors import DivergenceError
from depthviz.machine.ambient import neutral_state
from depthviz.machine.devices import resolve_device
from depthviz.machine.exhaustion import explained_memory
from depthviz.machine.interrupts import restoring
from depthviz.machine.switches.randomness import UnexpectedDrawError, shared_generator
from depthviz.machine.switches.threads import torch_threads

__all__ = ["Outcome", "is_inside_member", "make_member", "side_by_side"]

_inside: ContextVar[bool] = ContextVar("inside", default=False)


@explained_memory()
def make_member(
    plan: Plan,
    data: EnsembleData,
    member: int,
    *,
    show: bool,
    report: ReportEpochs,
    search_threads: Callable[[], int] = torch.get_num_threads,
) -> Outcome:
    """Train a member and measure all examples.

    Threads may call it at the same time.

    Args:
        plan: How the members are made.
        data: The examples of the ensemble.
        member: Number of the member.
        show: Whether its maps, neighbors and pictures are wanted.
        report: Called with the number of epochs done.
        search_threads: Counts the processor threads of a search, when one begins.

    Returns:
        Its arrays; those of its split alone if the training diverged.

    Raises:
        ModelError: If the user's training loop returns no network.
        DepthvizError: As `measure`.
    """
    make = partial(
        _make, plan, data, member, show=show, report=report, threads=search_threads
    )
    if side_by_side(plan):
        data.hold()  # a data set need not serve several threads
        with (
            suppress(UnexpectedDrawError),
            one_at_a_time(make_member, shared=True),
            shared_generator(draws=plan.draws == "forward"),
        ):
            return make()
    with one_at_a_time(make_member):
        return make()


def side_by_side(plan: Plan) -> bool:
    """Whether threads of this process may make members at the same time."""
    device = resolve_device(plan.measure_options["device"])
    # A builder draws in float32, and the default number type is the whole process's.
    usual = torch.get_default_dtype() == torch.float32
    return plan.draws is not None and device.type == "cpu" and usual


def is_inside_member() -> bool:
    """Whether this thread is making a member, whose turn others may wait for."""
    return _inside.get()


def _make(
    plan: Plan,
    data: EnsembleData,
    member: int,
    *,
    show: bool,
    report: ReportEpochs,
    threads: Callable[[], int],
) -> Outcome:
    """Make a member, with torch's global generator for itself or shared."""
    with _noted_inside(), neutral_state(gradients=True):
        split = MemberSplit.draw(plan, member)
        device = worker_device(plan.measure_options["device"], member)
        facts = {"seed": plan.seeds(member)[0], "device": device.type}
        measurement = MemberMeasurement(plan, data, split, device)
        try:
            trained = train_member(
                plan,
                data,
                split.train,
                member=member,
                device=device,
                report=report,
                probe=measurement.probe_accuracy if show else None,
            )
            with torch_threads(threads()):
                return measurement.outcome(trained, facts, show=show)
        except DivergenceError as error:
            return split.failed(facts | {"failed_step": error.step})


@restoring
def _noted_inside() -> Iterator[None]:
    before = _inside.get()
    try:
        _inside.set(True)
        yield
    finally:
        _inside.set(before)


def worker_device(device: Any, member: int) -> torch.device:
    """Choose the device that trains a member; "auto" takes each GPU in turn."""
    found = resolve_device(device)
    if device == "auto" and found.type == "cuda":
        return torch.device("cuda", member % torch.cuda.device_count())
    return found
