"""The training of one member, by a recipe or by a loop of the user's own.

The training record lies on the disk while the network trains, and is then reduced to
three numbers for each example. All random numbers come from the member's own seed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from depthviz.datasets.nested import Nest, length, to_device
from depthviz.datasets.nested import rows as take
from depthviz.difficulty import iteration_learned
from depthviz.embeddings.outputs import read_logits
from depthviz.embeddings.state import forward
from depthviz.ensembles.data import EnsembleData
from depthviz.ensembles.plan import Plan, TrainLoop, build_network
from depthviz.errors import DivergenceError, FeatureError, ModelError
from depthviz.machine.ambient import default_device_of_caller
from depthviz.training.loop import Watch, train_by
from depthviz.training.recipe import Recipe, checkpoint_steps
from depthviz.training.record.record import TrainingRecord
from depthviz.training.record.recorder import Recorder
from depthviz.training.setting import few_threads, own_randomness

__all__ = ["TRAINING_COLUMNS", "ReportEpochs", "TrainedMember", "train_member"]

ReportEpochs = Callable[[int], object]
Probe = Callable[[nn.Module], NDArray[np.float32]]
QUEUED = 2048  # examples that are recorded at once
LEARNED, FORGETTING, AUM = TRAINING_COLUMNS = (
    "member_iteration_learned",
    "member_forgetting",
    "member_aum",
)


class TrainedMember(NamedTuple):
    """A trained member.

    Attributes:
        model: The network.
        step: The step to name if the network gives no numbers: the last that was made;
            of a loop of the user's own the first that recorded a logit that is no
            number, else the last recorded; 0 if nothing was recorded.
        recorded: Measures of the training by name in `TRAINING_COLUMNS`, each of shape
            `(N,)`, NaN where an example was not recorded.
        probed: Accuracy of the probes by step, each of shape `(P,)`, if asked for.
    """

    model: nn.Module
    step: int
    recorded: dict[str, NDArray[np.float32]]
    probed: dict[int, NDArray[np.float32]]


def train_member(
    plan: Plan,
    data: EnsembleData,
    rows: NDArray[np.intp],
    *,
    member: int,
    device: torch.device,
    report: ReportEpochs,
    probe: Probe | None,
) -> TrainedMember:
    """TrainLoop a member on its part of the examples.

    Args:
        plan: How the members are made.
        data: The examples of the ensemble.
        rows: Positions of the examples that it trains on, shape `(S,)`.
        member: Number of the member.
        device: Where it is trained.
        report: Called with the number of epochs done.
        probe: Measures the accuracy of the probes, called at some steps.

    Returns:
        The network, and the measures of its training.

    Raises:
        DivergenceError: If the loss becomes NaN or infinite.
        ModelError: If the user's loop returns no network.
    """
    first, second = plan.seeds(member)
    model = build_network(plan.network, first).to(device)
    with (
        Recorder() as recorder,
        own_randomness(second, device),
        few_threads(model, plan.threads),
    ):
        if not isinstance(plan.recipe, Recipe):
            dataset = data.dataset(rows)
            model = _train_with_loop(
                model, plan.recipe, dataset, recorder, member=member
            )
            report(1)
            record = recorder.read(plan.count)
            return TrainedMember(model, _diverged_step(record), _reduce(record), {})
        monitor = _TrainingMonitor(plan, plan.recipe, rows, probe)
        inputs, labels = data.tensors
        inputs, labels = to_device(inputs, device), labels.to(device)
        queue = _RecordQueue(recorder)
        train_by(
            plan.recipe,
            model,
            (inputs, labels),
            seed=second,
            rows=torch.from_numpy(rows),
            fused=plan.fused,
            call=plan.functions.forward,
            watch=Watch(
                batch=queue.record,
                step=lambda step: monitor.after_step(step, model, inputs),
                epoch=lambda _: monitor.after_epoch(report),
            ),
        )
        queue.flush()
        recorded = _reduce(recorder.read(plan.count)) | monitor.learned()
    return TrainedMember(model, monitor.steps, recorded, monitor.probed)


class _RecordQueue:
    """Batches on their way to a recorder, which takes many as quickly as one.

    They may be kept as they are: no step changes its logits afterwards.
    """

    def __init__(self, recorder: Recorder) -> None:
        self._recorder, self._count = recorder, 0
        self._batches: list[tuple[Tensor, Tensor, Tensor]] = []

    def record(self, index: Tensor, logits: Tensor, labels: Tensor) -> None:
        """Take a batch: positions `(B,)`, logits `(B, C)` and labels `(B,)`."""
        self._batches.append((index, logits, labels))
        self._count += len(index)
        if self._count >= QUEUED:
            self.flush()

    def flush(self) -> None:
        """Hand over what is left."""
        if self._batches:
            self._recorder.record(*map(torch.cat, zip(*self._batches, strict=True)))
        self._batches, self._count = [], 0


class _TrainingMonitor:
    """Predictions and probe accuracy at some steps of a training by recipe.

    Only the examples that are trained on, at `(S,)` rows, are predicted.
    """

    def __init__(
        self, plan: Plan, recipe: Recipe, rows: NDArray[np.intp], probe: Probe | None
    ) -> None:
        total = recipe.total_steps(len(rows))
        self._predicted = checkpoint_steps(total, recipe.checkpoints)
        self._probed = checkpoint_steps(total, plan.probe_checkpoints if probe else 0)
        self._probe, self._height = probe, int(plan.measure_options["batch_size"])
        self._call = plan.functions.forward
        self._count, self._rows = plan.count, torch.from_numpy(rows)
        self._predictions: dict[int, Tensor] = {}
        self._epochs = self.steps = 0
        self.probed: dict[int, NDArray[np.float32]] = {}

    def after_step(self, step: int, model: nn.Module, inputs: Nest) -> None:
        self.steps = step
        if step in self._predicted:
            model.eval()
            batches = torch.split(self._rows, self._height)
            found = [self._predict(model, take(inputs, each)) for each in batches]
            self._predictions[step] = torch.cat(found).cpu()
        if self._probe is not None and step in self._probed:
            self.probed[step] = self._accuracy(step, model)

    def _predict(self, model: nn.Module, inputs: Nest) -> Tensor:
        """Predict a batch, classes int32, shape `(B,)`."""
        output = forward(model, inputs, self._call)
        return read_logits(output, length(inputs)).argmax(dim=1).int()

    def _accuracy(self, step: int, model: nn.Module) -> NDArray[np.float32]:
        try:
            return self._probe(model) if self._probe else np.empty(0, np.float32)
        except FeatureError as error:
            raise DivergenceError(str(error), step=step) from error

    def after_epoch(self, report: ReportEpochs) -> None:
        self._epochs += 1
        report(self._epochs)

    def learned(self) -> dict[str, NDArray[np.float32]]:
        """Find the step from which each prediction stays; NaN without checkpoints."""
        learned = torch.full((self._count,), torch.nan, dtype=torch.float32)
        if not self._predictions:
            return {LEARNED: learned.numpy()}
        predictions = torch.stack(list(self._predictions.values()))
        steps = torch.tensor(list(self._predictions))
        found = iteration_learned(predictions, predictions[-1], steps=steps)
        learned[self._rows] = found.float()
        return {LEARNED: learned.numpy()}


def _train_with_loop(
    model: nn.Module, train: TrainLoop, dataset: Any, recorder: Recorder, *, member: int
) -> nn.Module:
    """Call the user's loop; its errors get a note with the number of the member."""
    try:
        with default_device_of_caller():
            trained = train(model, dataset, recorder)
    except Exception as error:
        error.add_note(f"in member {member}")
        raise
    if not isinstance(trained, nn.Module):
        raise ModelError(
            "train(module, dataset, recorder) must return the trained module, "
            f"got {type(trained).__name__}."
        )
    return trained


def _diverged_step(record: TrainingRecord) -> int:
    """Find the first step that recorded a NaN or infinity, else the last; 0 if none."""
    finite = record.margin.isfinite() & record.probability.isfinite()
    broken = record.steps[(record.recorded & ~finite).any(1)]
    broken = broken[broken > 0]
    steps = broken[:1] if len(broken) else record.steps[-1:]
    return int(steps[0]) if len(steps) else 0


def _reduce(record: TrainingRecord) -> dict[str, NDArray[np.float32]]:
    """Reduce the record to a number an example for each measure, shape `(N,)`."""
    if not len(record.steps):
        return {}
    never = ~record.recorded.any(0)
    found = {
        LEARNED: record.iteration_learned(),
        FORGETTING: record.forgetting(),
        AUM: record.aum(),
    }
    return {
        name: values.float().masked_fill(never, torch.nan).numpy()
        for name, values in found.items()
    }
