"""One member: trained on its split, measured on all examples.

The result depends on the plan and the member's number alone: every random number comes
from the member's own seeds, and the network always runs with the same number of
threads. Members of one process take turns, since torch has one generator a process.
"""

from __future__ import annotations

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

__all__ = ["Outcome", "make_member"]


@explained_memory()
def make_member(
    plan: Plan, data: EnsembleData, member: int, *, show: bool, report: ReportEpochs
) -> Outcome:
    """Train a member and measure all examples.

    Args:
        plan: How the members are made.
        data: The examples of the ensemble.
        member: Number of the member.
        show: Whether its maps, neighbors and pictures are wanted.
        report: Called with the number of epochs done.

    Returns:
        Its arrays; those of its split alone if the training diverged.

    Raises:
        ModelError: If the user's training loop returns no network.
        DepthvizError: As `measure`.
    """
    with one_at_a_time(make_member), neutral_state(gradients=True):
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
            return measurement.outcome(trained, facts, show=show)
        except DivergenceError as error:
            return split.failed(facts | {"failed_step": error.step})


def worker_device(device: Any, member: int) -> torch.device:
    """Choose the device that trains a member; "auto" takes each GPU in turn."""
    found = resolve_device(device)
    if device == "auto" and found.type == "cuda":
        return torch.device("cuda", member % torch.cuda.device_count())
    return found
