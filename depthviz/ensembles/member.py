"""One member: trained on its split, measured on all examples.

What comes out depends on the plan and the member's number alone: every random number
comes from its own seeds, and the network always runs with the same number of threads.
Members of one process take turns, since torch draws from one generator a process.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock
from typing import Any, NamedTuple

import numpy as np
import torch
import xarray as xr
from numpy.typing import NDArray
from torch import nn

from depthviz.difficulty import input_margin
from depthviz.ensembles.data import Material
from depthviz.ensembles.member_training import OF_TRAINING, Tell, Trained, train_member
from depthviz.ensembles.plan import IN_TRAIN, Plan
from depthviz.errors import DivergenceError, FeatureError
from depthviz.machine.devices import resolve_device
from depthviz.measurement import measure
from depthviz.study import Study

__all__ = ["Outcome", "make_member"]

_TURN = Lock()
_MARGIN_BATCH = 256


class Outcome(NamedTuple):
    """What a member left.

    Attributes:
        regions: Its part of each array of all members, in the order of the data.
        facts: What else is to be known of it, of the types that JSON has.
        shown: The study of it alone, where it was to be shown.
    """

    regions: dict[str, NDArray[Any]]
    facts: dict[str, Any]
    shown: Study | None = None


def make_member(
    plan: Plan, material: Material, member: int, *, show: bool, tell: Tell
) -> Outcome:
    """Train a member and measure all examples.

    Args:
        plan: How.
        material: The data.
        member: Its number.
        show: Whether its maps, neighbors and pictures are wanted.
        tell: Called with the number of epochs done.

    Returns:
        Its arrays; those of its split alone where the training diverged.

    Raises:
        ModelError: If the user's training loop returns no network.
        DepthvizError: As `measure`.
    """
    with _TURN:
        split = _Split.draw(plan, member)
        device = worker_device(plan.measuring["device"], member)
        facts = {"seed": plan.seeds(member)[0], "device": device.type}
        survey = _Survey(plan, material, split, device)
        try:
            trained = train_member(
                plan,
                material,
                split.train,
                member=member,
                device=device,
                tell=tell,
                probe=survey.accuracy if show else None,
            )
            return survey.measure(trained, facts, show=show)
        except DivergenceError as error:
            return split.failed(facts | {"failed_step": error.step})


def worker_device(device: Any, member: int) -> torch.device:
    """Choose a device of the machine that trains a member.

    Args:
        device: As asked; "auto" takes a GPU if there is one, and of several each in
            turn.
        member: Number of the member.

    Returns:
        The device.
    """
    found = resolve_device(device)
    if device == "auto" and found.type == "cuda":
        return torch.device("cuda", member % torch.cuda.device_count())
    return found


@dataclass(frozen=True)
class _Split:
    """The examples of a member: those it trains on come first in a measurement."""

    held_out: NDArray[np.bool_]
    train: NDArray[np.intp]
    validation: NDArray[np.intp]

    @classmethod
    def draw(cls, plan: Plan, member: int) -> _Split:
        held_out = plan.held_out(member)
        return cls(held_out, np.flatnonzero(~held_out), np.flatnonzero(held_out))

    @property
    def order(self) -> NDArray[np.intp]:
        """Position in the data of each row of a measurement."""
        return np.concatenate([self.train, self.validation])

    def failed(self, facts: dict[str, Any]) -> Outcome:
        return Outcome({IN_TRAIN: ~self.held_out}, facts)

    def restore(self, dataset: xr.Dataset) -> xr.Dataset:
        """Bring a measurement back into the order of the data."""
        found = dataset.isel(example=np.argsort(self.order))
        neighbors = self.order[found["neighbor_index"].values].astype(np.int32)
        return found.assign(
            neighbor_index=found["neighbor_index"].copy(data=neighbors)
        ).assign_coords(example_id=("example", np.arange(len(self.order))))


@dataclass(frozen=True)
class _Survey:
    """The measurement of one member's network on all examples."""

    plan: Plan
    material: Material
    split: _Split
    device: torch.device

    def accuracy(self, model: nn.Module) -> NDArray[np.float32]:
        """Find the accuracy of each probe on the examples held out, shape (P,)."""
        found = self._probe(model)["probe_accuracy"].values
        return np.asarray(found, np.float32)

    def measure(
        self, trained: Trained, facts: dict[str, Any], *, show: bool
    ) -> Outcome:
        """Measure all examples, those it was trained on as the references."""
        showing = self._showing() if show else {}
        with _threads_of_forward(trained.model, self.plan.threads):
            found = self.split.restore(self._measured(trained, showing))
            regions = _regions(found, self.plan) | self._margins(trained.model)
        regions |= self._of_training(trained)
        shown = Study(_with_history(found, trained)) if show else None
        return Outcome(regions, facts | _accuracy(found, self.split), shown)

    def _measured(self, trained: Trained, showing: dict[str, Any]) -> xr.Dataset:
        try:
            return self._probe(trained.model, **showing)
        except FeatureError as error:
            if self._gives_numbers(trained.model):
                raise  # its embeddings cannot be compared, but it did not diverge
            raise DivergenceError(
                "The trained network gives NaN or infinite logits.", step=trained.step
            ) from error

    def _gives_numbers(self, model: nn.Module) -> bool:
        everything = self.material.subset(np.arange(self.plan.count), name="data")
        model.to(self.device).eval()
        with torch.no_grad():
            return all(
                bool(model(inputs.to(self.device)).isfinite().all())
                for inputs, _ in everything.batches(_MARGIN_BATCH)
            )

    def _probe(self, model: nn.Module, **showing: Any) -> xr.Dataset:
        train, held_out = (
            self.material.subset(rows, name=name)
            for rows, name in (
                (self.split.train, "train"),
                (self.split.validation, "validation"),
            )
        )
        nothing = {"projection": None, "images": None}
        options = {**self.plan.measuring, "device": self.device, **nothing, **showing}
        return measure(
            model,
            train,
            held_out,
            probes=self.plan.probes,
            class_names=self.plan.class_names,
            progress=False,
            **options,
        ).dataset

    def _showing(self) -> dict[str, Any]:
        images = self.plan.showing["images"]
        if images is not None and not isinstance(images, str):
            images = np.asarray(images)[self.split.order]
        return {**self.plan.showing, "images": images}

    def _margins(self, model: nn.Module) -> dict[str, NDArray[Any]]:
        if not self.plan.input_margin:
            return {}
        everything = self.material.subset(np.arange(self.plan.count), name="data")
        model.to(self.device)
        margins = [
            input_margin(model, inputs.to(self.device)).cpu()
            for inputs, _ in everything.batches(_MARGIN_BATCH)
        ]
        return {"member_input_margin": torch.cat(margins).float().numpy()}

    def _of_training(self, trained: Trained) -> dict[str, NDArray[Any]]:
        nothing = np.full(self.plan.count, np.nan, np.float32)
        return {
            name: np.where(
                self.split.held_out, nothing, trained.recorded.get(name, nothing)
            )
            for name in OF_TRAINING
        }


def _regions(found: xr.Dataset, plan: Plan) -> dict[str, NDArray[Any]]:
    """Take from a measurement what is kept of every member."""
    agreeing = np.rint(found["neighbor_agreement"].values * plan.measuring["k"])
    kept = {
        IN_TRAIN: found["split"].values == 0,
        "member_vote": found["vote"].values,
        "member_agreement": agreeing,
        "member_prediction": found["prediction"].values,
        "member_depth": found["depth"].values,
        "member_suspicion": found["suspicion"].values,
        "member_output_margin": found["output_margin"].values,
        "member_label_probability": found["label_probability"].values,
    }
    types = plan.regions()
    return {name: values.astype(types[name].dtype) for name, values in kept.items()}


def _accuracy(found: xr.Dataset, split: _Split) -> dict[str, float]:
    right = found["prediction"].values == found["label"].values
    return {
        "train_accuracy": float(right[split.train].mean()),
        "validation_accuracy": float(right[split.validation].mean()),
    }


def _with_history(found: xr.Dataset, trained: Trained) -> xr.Dataset:
    """Add how well the probes did while the network was trained."""
    if not trained.probed:
        return found
    accuracy = np.stack(list(trained.probed.values()))
    over = {"over": found["probe_accuracy"].attrs["over"]}
    steps = ("checkpoint", np.array(list(trained.probed), np.int64))
    return found.assign(
        probe_accuracy_at=(("checkpoint", "probe"), accuracy, over)
    ).assign_coords(checkpoint_step=steps)


@contextmanager
def _threads_of_forward(model: nn.Module, threads: int) -> Iterator[None]:
    """Run the network, and it alone, with some number of threads: searches use all."""
    before: list[int] = []

    def begin(*_: Any) -> None:
        before.append(torch.get_num_threads())
        torch.set_num_threads(threads)

    def end(*_: Any) -> None:
        torch.set_num_threads(before.pop())

    handles = [
        model.register_forward_pre_hook(begin),
        model.register_forward_hook(end, always_call=True),
    ]
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()
