"""One member: trained on its split, measured on all examples.

What comes out depends on the plan and the member's number alone: every random number
comes from its own seeds, and the network always runs with the same number of threads.
Members of one process take turns, since torch draws from one generator a process.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, NamedTuple

import numpy as np
import torch
import xarray as xr
from numpy.typing import NDArray
from torch import Tensor, nn

from depthviz.difficulty import input_margin, iteration_learned
from depthviz.embeddings import resolve_device
from depthviz.ensembles.material import Material
from depthviz.ensembles.plan import IN_TRAIN, Plan, Train, build
from depthviz.errors import DivergenceError, FeatureError, ModelError
from depthviz.study import Study, measure
from depthviz.training.loop import Watch, few_threads, own_randomness, train_by
from depthviz.training.recipe import Recipe, checkpoint_steps
from depthviz.training.recording import Recorder

__all__ = ["Outcome", "make_member"]

Tell = Callable[[int], object]
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
        work = _Work(plan, material, split, device, tell, show=show)
        try:
            model = work.train(member)
            return work.measure(model, facts)
        except DivergenceError as error:
            return split.failed(facts | {"failed_step": error.step})
        except _NotFiniteError:
            return split.failed(facts | {"failed_step": work.steps_done})


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


class _NotFiniteError(Exception):
    """The trained network gives no numbers."""


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


@dataclass
class _Work:
    """The training and the measurement of one member."""

    plan: Plan
    material: Material
    split: _Split
    device: torch.device
    tell: Tell
    show: bool
    steps_done: int = 0
    probed: dict[int, NDArray[Any]] = field(default_factory=dict)
    recorded: dict[str, NDArray[Any]] = field(default_factory=dict)

    def train(self, member: int) -> nn.Module:
        """Train the network, and keep what its training tells."""
        first, second = self.plan.seeds(member)
        model = build(self.plan.network, first).to(self.device)
        with (
            Recorder() as recorder,
            own_randomness(second, self.device),
            few_threads(model, self.plan.threads),
        ):
            if isinstance(self.plan.recipe, Recipe):
                self._by_recipe(model, self.plan.recipe, recorder, second)
            else:
                model = self._by_loop(model, self.plan.recipe, recorder)
            self._read(recorder)
        return model

    def _by_recipe(
        self, model: nn.Module, recipe: Recipe, recorder: Recorder, seed: int
    ) -> None:
        inputs, labels = (each.to(self.device) for each in self.material.tensors)
        total = recipe.total_steps(len(self.split.train))
        wanted = checkpoint_steps(total, recipe.checkpoints)
        probed = checkpoint_steps(
            total, self.plan.probe_checkpoints if self.show else 0
        )
        seen: dict[int, Tensor] = {}
        epochs = 0

        def after_step(step: int) -> None:
            self.steps_done = step
            if step in wanted:
                seen[step] = self._predict(model, inputs)
            if step in probed:
                accuracy = self._probe(model)["probe_accuracy"].values
                self.probed[step] = accuracy

        def after_epoch(_: float) -> None:
            nonlocal epochs
            epochs += 1
            self.tell(epochs)

        train_by(
            recipe,
            model,
            (inputs, labels),
            seed=seed,
            rows=torch.from_numpy(self.split.train),
            watch=Watch(batch=recorder.record, step=after_step, epoch=after_epoch),
        )
        if seen:
            predictions = torch.stack(list(seen.values())).long()
            learned = iteration_learned(
                predictions, predictions[-1], steps=torch.tensor(list(seen))
            )
            self.recorded["member_iteration_learned"] = learned.numpy()

    def _predict(self, model: nn.Module, inputs: Tensor) -> Tensor:
        model.eval()
        with torch.no_grad():
            height = int(self.plan.measuring["batch_size"])
            logits = [model(batch) for batch in torch.split(inputs, height)]
        return torch.cat([each.argmax(dim=1) for each in logits]).short().cpu()

    def _by_loop(self, model: nn.Module, train: Train, recorder: Recorder) -> nn.Module:
        trained = train(model, self.material.dataset(self.split.train), recorder)
        if not isinstance(trained, nn.Module):
            raise ModelError(
                "train(module, dataset, recorder) must return the trained module, "
                f"got {type(trained).__name__}."
            )
        self.tell(1)
        return trained

    def _read(self, recorder: Recorder) -> None:
        """Reduce the training record to a number an example."""
        record = recorder.read(self.plan.count)
        if not len(record.steps):
            return
        never = ~record.recorded.any(0)
        for name, values in (
            ("member_forgetting", record.forgetting()),
            ("member_aum", record.aum()),
        ):
            numbers = np.asarray(values, np.float32).copy()
            numbers[never] = np.nan
            self.recorded[name] = numbers
        if "member_iteration_learned" not in self.recorded:
            learned = np.asarray(record.iteration_learned(), np.float32)
            self.recorded["member_iteration_learned"] = learned

    def measure(self, model: nn.Module, facts: dict[str, Any]) -> Outcome:
        """Measure all examples, those it was trained on as the references."""
        showing = self._showing() if self.show else {}
        with _threads_of_forward(model, self.plan.threads):
            found = self.split.restore(self._probe(model, **showing))
            regions = {**_regions(found, self.plan), **self._margins(model)}
        regions |= self._of_training()
        shown = Study(self._with_history(found)) if self.show else None
        return Outcome(regions, facts | _accuracy(found, self.split), shown)

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
        try:
            return measure(
                model,
                train,
                held_out,
                probes=self.plan.probes,
                class_names=self.plan.class_names,
                progress=False,
                **options,
            ).dataset
        except FeatureError as error:
            raise _NotFiniteError from error

    def _with_history(self, found: xr.Dataset) -> xr.Dataset:
        """Add how well the probes did while the network was trained."""
        if not self.probed:
            return found
        dimensions = ("checkpoint", "probe")
        accuracy = np.stack(list(self.probed.values())).astype(np.float32)
        over = {"over": found["probe_accuracy"].attrs["over"]}
        return found.assign(
            probe_accuracy_at=(dimensions, accuracy, over)
        ).assign_coords(checkpoint_step=("checkpoint", list(self.probed)))

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

    def _of_training(self) -> dict[str, NDArray[Any]]:
        nothing = np.full(self.plan.count, np.nan, np.float32)
        names = ("iteration_learned", "forgetting", "aum")
        found = {}
        for name in (f"member_{each}" for each in names):
            values = self.recorded.get(name, nothing).astype(np.float32)
            found[name] = np.where(self.split.held_out, np.float32(np.nan), values)
        return found


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
