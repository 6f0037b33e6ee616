"""The measurement of one member's network on all examples of the ensemble.

The examples that the member was trained on are the references, and come first; what is
found is put back into the order of the data. Kept of each member are its votes,
agreement, depths and margins; of the member that is shown the whole study.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import torch
import xarray as xr
from numpy.typing import NDArray
from torch import Tensor, nn

from depthviz.datasets.examples import Examples
from depthviz.datasets.nested import Nest, length, to_device
from depthviz.difficulty import input_margin
from depthviz.embeddings.hooks import removed_hooks
from depthviz.embeddings.outputs import read_logits
from depthviz.embeddings.state import forward
from depthviz.ensembles.data import EnsembleData
from depthviz.ensembles.member_training import TRAINING_COLUMNS, TrainedMember
from depthviz.ensembles.plan import IN_TRAIN, Plan
from depthviz.errors import DivergenceError, FeatureError
from depthviz.machine.interrupts import enter, restoring
from depthviz.machine.switches.stopping import check_stopped
from depthviz.machine.switches.threads import torch_threads
from depthviz.measurement import measure
from depthviz.study import Study
from depthviz.study.rows import measured_here

__all__ = ["MemberMeasurement", "MemberSplit", "Outcome"]

MADE_LATER = ("umap", "umap-learn")  # when the study is there
BATCH = 256  # examples in a pass that is not `measure`'s


class Outcome(NamedTuple):
    """The result of a member.

    Attributes:
        regions: Its part of each array of all members, in the order of the data.
        facts: Its other facts, of the types that JSON has.
        shown: The study of it alone, if it is the one that is shown.
    """

    regions: dict[str, NDArray[Any]]
    facts: dict[str, Any]
    shown: Study | None = None


@dataclass(frozen=True)
class MemberSplit:
    """The examples of a member: those it trains on come first in a measurement."""

    held_out: NDArray[np.bool_]
    train: NDArray[np.intp]
    validation: NDArray[np.intp]

    @classmethod
    def draw(cls, plan: Plan, member: int) -> MemberSplit:
        """Draw the split of a member, which its number and the plan decide."""
        held_out = plan.held_out(member)
        return cls(held_out, np.flatnonzero(~held_out), np.flatnonzero(held_out))

    @property
    def order(self) -> NDArray[np.intp]:
        """Position in the data of each row of a measurement, shape `(N,)`."""
        return np.concatenate([self.train, self.validation])

    def failed(self, facts: dict[str, Any]) -> Outcome:
        """Make the outcome of a member whose training diverged."""
        return Outcome({IN_TRAIN: ~self.held_out}, facts)

    def restore_order(self, dataset: xr.Dataset) -> xr.Dataset:
        """Bring a measurement back into the order of the data."""
        found = Study(dataset.isel(example=np.argsort(self.order))).dataset
        ids = ("example", np.arange(len(self.order)))
        return measured_here(found).assign_coords(example_id=ids)


@dataclass(frozen=True)
class MemberMeasurement:
    """The measurement of one member's network, on its device."""

    plan: Plan
    data: EnsembleData
    split: MemberSplit
    device: torch.device

    def probe_accuracy(self, model: nn.Module) -> NDArray[np.float32]:
        """Find the accuracy of each probe on the examples held out, shape `(P,)`."""
        found = self._measure(model)["probe_accuracy"].values
        return np.asarray(found, np.float32)

    def outcome(
        self, trained: TrainedMember, facts: dict[str, Any], *, show: bool
    ) -> Outcome:
        """Measure all examples; DivergenceError if the network gives no numbers."""
        options = self._shown_options() if show else {}
        with _forward_threads(trained.model, self.plan.threads):
            found = self.split.restore_order(self._measure_trained(trained, options))
            if show and self.plan.projection is not None:
                found = found.assign_attrs(projection=self.plan.projection)
            regions = _regions(found, self.plan) | self._margins(trained.model)
        regions |= self._training_columns(trained)
        shown = Study(_with_probe_history(found, trained)) if show else None
        return Outcome(regions, facts | _accuracy(found, self.split), shown)

    def _measure_trained(
        self, trained: TrainedMember, options: dict[str, Any]
    ) -> xr.Dataset:
        """Measure; DivergenceError if the logits are no numbers."""
        try:
            return self._measure(trained.model, **options)
        except FeatureError as error:
            if self._gives_numbers(trained.model):
                raise  # its embeddings cannot be compared, but it did not diverge
            raise DivergenceError(
                "The trained network gives NaN or infinite logits.", step=trained.step
            ) from error

    def _gives_numbers(self, model: nn.Module) -> bool:
        """Whether all logits of all examples are finite."""
        model.to(self.device).eval()
        return all(
            bool(self._logits(model, inputs).isfinite().all())
            for inputs, _ in self._everything().batches(BATCH)
        )

    def _logits(self, model: nn.Module, inputs: Nest) -> Tensor:
        given = to_device(inputs, self.device)
        return read_logits(
            forward(model, given, self.plan.functions.forward), length(inputs)
        )

    def _measure(self, model: nn.Module, **options: Any) -> xr.Dataset:
        """Call `measure` as the plan says, without maps and pictures by default."""
        train = self.data.subset(self.split.train, name="train")
        held_out = self.data.subset(self.split.validation, name="validation")
        nothing = {"projection": None, "images": None}
        chosen = {**self.plan.measure_options, "device": self.device, **nothing}
        return measure(
            model,
            train,
            held_out,
            probes=self.plan.probes,
            class_names=self.plan.class_names,
            forward=self.plan.functions.forward,
            progress=False,
            **{**chosen, **options},
        ).dataset

    def _shown_options(self) -> dict[str, Any]:
        """Options of the shown member, its pictures in the order of a measurement."""
        images = self.plan.shown_options["images"]
        if images is not None and not isinstance(images, str):
            images = np.asarray(images)[self.split.order]
        options = {**self.plan.shown_options, "images": images}
        later = options["projection"] in MADE_LATER
        return options | ({"projection": "later"} if later else {})

    def _margins(self, model: nn.Module) -> dict[str, NDArray[Any]]:
        """Find the margin in the input of all examples, shape `(N,)`, if asked for."""
        if not self.plan.input_margin:
            return {}
        model.to(self.device)
        with torch_threads(self.plan.threads):  # on the way back as well
            margins = [
                input_margin(
                    model,
                    to_device(inputs, self.device),
                    forward=self.plan.functions.forward,
                ).cpu()
                for inputs, _ in self._everything().batches(BATCH)
            ]
        return {"member_input_margin": torch.cat(margins).float().numpy()}

    def _everything(self) -> Examples:
        return self.data.subset(np.arange(self.plan.count), name="data")

    def _training_columns(self, trained: TrainedMember) -> dict[str, NDArray[Any]]:
        """Take the measures of the training, NaN where an example was held out."""
        nothing = np.full(self.plan.count, np.nan, np.float32)
        return {
            name: np.where(
                self.split.held_out, nothing, trained.recorded.get(name, nothing)
            )
            for name in TRAINING_COLUMNS
        }


def _regions(found: xr.Dataset, plan: Plan) -> dict[str, NDArray[Any]]:
    """Take from a measurement the arrays that are kept of every member."""
    k = plan.measure_options["k"]
    agreeing = np.rint(found["neighbor_agreement"].values * k)
    kept = {
        IN_TRAIN: found["split"].values == 0,
        "member_vote": found["vote"].values,
        "member_agreement": agreeing,
        "member_prediction": found["prediction"].values,
        "member_depth": found["depth"].values,
        plan.margin_region: found["neighbor_margin"].values,
        "member_output_margin": found["output_margin"].values,
        "member_label_probability": found["label_probability"].values,
    }
    if plan.evidence:
        kept |= _evidence(found)
    types = plan.regions()
    return {name: values.astype(types[name].dtype) for name, values in kept.items()}


def _evidence(found: xr.Dataset) -> dict[str, NDArray[Any]]:
    """Take what the evidence of all members is pooled from."""
    names = ("class_share", "log_probability", "kept_class", "probe_weight")
    of_label = [
        (found["label"].values[each] == found["label"].values[:, None]).sum(1)
        for each in found["neighbor_index"].values
    ]
    return {
        "member_label_depth": found["depth_of_label"].values,
        "member_label_agreement": np.stack(of_label),
        **{f"member_{name}": found[name].values for name in names if name in found},
    }


def _accuracy(found: xr.Dataset, split: MemberSplit) -> dict[str, float]:
    """Find the share of right predictions on either side of the split."""
    right = found["prediction"].values == found["label"].values
    return {
        "train_accuracy": float(right[split.train].mean()),
        "validation_accuracy": float(right[split.validation].mean()),
    }


def _with_probe_history(found: xr.Dataset, trained: TrainedMember) -> xr.Dataset:
    """Add the accuracy of the probes at steps of the training, if it was measured."""
    if not trained.probed:
        return found
    accuracy = np.stack(list(trained.probed.values()))
    over = {"over": found["probe_accuracy"].attrs["over"]}
    steps = ("checkpoint", np.array(list(trained.probed), np.int64))
    return found.assign(
        probe_accuracy_at=(("checkpoint", "probe"), accuracy, over)
    ).assign_coords(checkpoint_step=steps)


@restoring
def _forward_threads(model: nn.Module, threads: int) -> Iterator[None]:
    """Run the network's forward passes with so many threads; searches use all."""
    # Not even a hook that is always called is called after an interrupt.
    with ExitStack() as passes, removed_hooks() as add:

        def begin(*_: Any) -> None:
            check_stopped()
            enter(passes, torch_threads, threads)

        def end(*_: Any) -> None:
            passes.close()

        add(model.register_forward_pre_hook, begin)
        add(model.register_forward_hook, end, always_call=True)
        yield
