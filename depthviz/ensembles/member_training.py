"""The training of one member, and what it tells of the examples.

By a recipe, or by a loop of the user's own. The training record is reduced to a number
an example as soon as the training ends; it waits on the disk meanwhile. All that is
drawn comes from the member's own seed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from depthviz.difficulty import iteration_learned
from depthviz.ensembles.data import Material
from depthviz.ensembles.plan import Plan, Train, build
from depthviz.errors import DivergenceError, FeatureError, ModelError
from depthviz.training.loop import Watch, few_threads, own_randomness, train_by
from depthviz.training.recipe import Recipe, checkpoint_steps
from depthviz.training.record.record import TrainingRecord
from depthviz.training.record.recorder import Recorder

__all__ = ["OF_TRAINING", "Tell", "Trained", "train_member"]

Tell = Callable[[int], object]
Probe = Callable[[nn.Module], NDArray[np.float32]]
LEARNED, FORGETTING, AUM = OF_TRAINING = (
    "member_iteration_learned",
    "member_forgetting",
    "member_aum",
)


class Trained(NamedTuple):
    """A trained member.

    Attributes:
        model: The network.
        step: The one to name if the network gives no numbers: the last that was made;
            of a loop of the user's own the first that was recorded with a logit that is
            no number, else the last recorded; 0 where nothing was.
        recorded: What the training tells of the examples, by name in `OF_TRAINING`,
            each of shape `(N,)`, NaN where it tells nothing.
        probed: Accuracy of the probes, shape `(P,)`, by step, where that was asked for.
    """

    model: nn.Module
    step: int
    recorded: dict[str, NDArray[np.float32]]
    probed: dict[int, NDArray[np.float32]]


def train_member(
    plan: Plan,
    material: Material,
    rows: NDArray[np.intp],
    *,
    member: int,
    device: torch.device,
    tell: Tell,
    probe: Probe | None,
) -> Trained:
    """Train a member on its part of the examples.

    Args:
        plan: How.
        material: The data.
        rows: Positions of the examples that it trains on, shape `(S,)`.
        member: Its number.
        device: Where.
        tell: Called with the number of epochs done.
        probe: Called with the network at some steps, where its probes are watched.

    Returns:
        The network, and what its training tells.

    Raises:
        DivergenceError: If the loss becomes NaN or infinite.
        ModelError: If the user's loop returns no network.
    """
    first, second = plan.seeds(member)
    model = build(plan.network, first).to(device)
    with (
        Recorder() as recorder,
        own_randomness(second, device),
        few_threads(model, plan.threads),
    ):
        if not isinstance(plan.recipe, Recipe):
            dataset = material.dataset(rows)
            model = _by_loop(model, plan.recipe, dataset, recorder, member=member)
            tell(1)
            record = recorder.read(plan.count)
            return Trained(model, _step_to_blame(record), _reduce(record), {})
        seen = _Seen(plan, plan.recipe, len(rows), probe)
        inputs, labels = (each.to(device) for each in material.tensors)
        train_by(
            plan.recipe,
            model,
            (inputs, labels),
            seed=second,
            rows=torch.from_numpy(rows),
            watch=Watch(
                batch=recorder.record,
                step=lambda step: seen.after_step(step, model, inputs),
                epoch=lambda _: seen.after_epoch(tell),
            ),
        )
        recorded = _reduce(recorder.read(plan.count)) | seen.learned()
    return Trained(model, seen.steps, recorded, seen.probed)


class _Seen:
    """What is seen of a network while a recipe trains it."""

    def __init__(
        self, plan: Plan, recipe: Recipe, examples: int, probe: Probe | None
    ) -> None:
        total = recipe.total_steps(examples)
        self._predicted = checkpoint_steps(total, recipe.checkpoints)
        self._probed = checkpoint_steps(total, plan.probe_checkpoints if probe else 0)
        self._probe, self._height = probe, int(plan.measuring["batch_size"])
        self._count = plan.count
        self._predictions: dict[int, Tensor] = {}
        self._epochs = self.steps = 0
        self.probed: dict[int, NDArray[np.float32]] = {}

    def after_step(self, step: int, model: nn.Module, inputs: Tensor) -> None:
        self.steps = step
        if step in self._predicted:
            self._predictions[step] = _predict(model, inputs, self._height)
        if self._probe is not None and step in self._probed:
            self.probed[step] = self._accuracy(step, model)

    def _accuracy(self, step: int, model: nn.Module) -> NDArray[np.float32]:
        try:
            return self._probe(model) if self._probe else np.empty(0, np.float32)
        except FeatureError as error:
            raise DivergenceError(str(error), step=step) from error

    def after_epoch(self, tell: Tell) -> None:
        self._epochs += 1
        tell(self._epochs)

    def learned(self) -> dict[str, NDArray[np.float32]]:
        """Find the step from which each prediction is the last one; NaN if unasked."""
        if not self._predictions:
            return {LEARNED: np.full(self._count, np.nan, np.float32)}
        predictions = torch.stack(list(self._predictions.values()))
        steps = torch.tensor(list(self._predictions))
        found = iteration_learned(predictions, predictions[-1], steps=steps)
        return {LEARNED: found.float().numpy()}


def _predict(model: nn.Module, inputs: Tensor, height: int) -> Tensor:
    model.eval()
    with torch.no_grad():
        classes = [
            model(batch).argmax(dim=1).int() for batch in torch.split(inputs, height)
        ]
    return torch.cat(classes).cpu()


def _by_loop(
    model: nn.Module, train: Train, dataset: Any, recorder: Recorder, *, member: int
) -> nn.Module:
    try:
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


def _step_to_blame(record: TrainingRecord) -> int:
    """Find the first step that recorded no numbers, else the last; 0 for none."""
    finite = record.margin.isfinite() & record.probability.isfinite()
    broken = record.steps[(record.recorded & ~finite).any(1)]
    broken = broken[broken > 0]
    steps = broken[:1] if len(broken) else record.steps[-1:]
    return int(steps[0]) if len(steps) else 0


def _reduce(record: TrainingRecord) -> dict[str, NDArray[np.float32]]:
    """Reduce the training record to a number an example."""
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
