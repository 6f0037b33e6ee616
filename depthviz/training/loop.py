"""The plainest training loop that serves.

The order of the examples, the augmentation and whatever the network draws (dropout)
come from the seed alone, and the caller's random state is left as it was; on one kind
of processor the same seed and number of threads give the same weights. Inputs are held
in memory, on the device that trains.

It keeps no checkpoints: whoever wants to see the training is called at each step.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

from depthviz.datasets.examples import check_labels
from depthviz.datasets.forms import as_examples
from depthviz.datasets.nested import Nest, length
from depthviz.datasets.nested import rows as take
from depthviz.embeddings.outputs import read_logits
from depthviz.embeddings.running.calling import Forward, call_network
from depthviz.embeddings.state import forward, in_type_of
from depthviz.errors import DivergenceError
from depthviz.machine.ambient import default_device_of_caller, neutral_state
from depthviz.machine.console import progress_bar
from depthviz.machine.devices import resolve_device
from depthviz.machine.exhaustion import explained_memory
from depthviz.machine.switches.randomness import check_undrawn, drawing_turn
from depthviz.machine.switches.stopping import check_stopped
from depthviz.training.augmentation import AUGMENTATIONS
from depthviz.training.recipe import Augment, Recipe
from depthviz.training.setting import few_threads, load, own_randomness

__all__ = [
    "Watch",
    "augmentation_of",
    "fit",
    "predict",
    "train_by",
]


def _ignore(*_: Any) -> None:
    """Look at nothing."""


class Watch(NamedTuple):
    """Who is called while a network trains.

    Attributes:
        batch: With the positions `(B,)`, logits `(B, C)` and labels `(B,)` of each
            training batch, as they were before its step.
        step: With the number of steps done, from 0.
        epoch: With the loss of the last step, after each epoch.
    """

    batch: Callable[[Tensor, Tensor, Tensor], object] = _ignore
    step: Callable[[int], object] = _ignore
    epoch: Callable[[float], object] = _ignore


@explained_memory()
@neutral_state(gradients=True)
def fit(
    model: nn.Module,
    train: Any,
    *,
    epochs: int,
    batch_size: int = 64,
    learning_rate: float,
    seed: int,
    device: str | torch.device = "auto",
    progress: bool = True,
) -> nn.Module:
    """Train a network in place, by AdamW under a one-cycle schedule.

    Args:
        model: The network, from inputs to logits `(B, C)`.
        train: A pair of arrays or a map-style dataset of (input, label); held in
            memory.
        epochs: Times that each example is seen.
        batch_size: Examples in a step.
        learning_rate: Peak of the one-cycle schedule.
        seed: Decides the order of the examples and what the network draws.
        device: Where to train; "auto" takes a GPU if there is one.
        progress: Whether to show a bar.

    Returns:
        The same network, on that device, in evaluation mode.

    Raises:
        DivergenceError: If the loss becomes NaN or infinite.
        LabelError: If a label lies outside the network's classes.
        ModelError: If the network returns no logits.
    """
    where = resolve_device(device)
    recipe = Recipe(epochs=epochs, batch_size=batch_size, learning_rate=learning_rate)
    data = load(as_examples(train), where)
    _check_classes(model.to(where), data)
    bar = progress_bar(total=epochs, desc="Training", unit="epoch", show=progress)

    def after_epoch(loss: float) -> None:
        bar.set_postfix(loss=f"{loss:.3f}")
        bar.update()

    watch = Watch(epoch=after_epoch)
    with bar, own_randomness(seed, where), few_threads(model):
        return train_by(recipe, model, data, seed=seed, watch=watch)


def train_by(
    recipe: Recipe,
    model: nn.Module,
    data: tuple[Nest, Tensor],
    *,
    seed: int,
    watch: Watch,
    rows: Tensor | None = None,
    fused: bool = True,
    call: Forward | None = None,
) -> nn.Module:
    """Train a network in place, by a recipe.

    What the network itself draws comes from torch's global generator: see
    `own_randomness`.

    Args:
        recipe: How.
        model: The network, on the device of the data.
        data: Inputs `(N, …)`, or a nest of such, and labels `(N,)`.
        seed: Decides the order of the examples and the augmentation.
        watch: Who is called meanwhile.
        rows: Positions of the examples that are trained on, shape `(S,)`; all when
            absent.
        fused: As for `Recipe.make_optimizer`.
        call: Calls the network with a batch, in place of the usual way.

    Returns:
        The same network, in evaluation mode.

    Raises:
        DivergenceError: If the loss becomes NaN or infinite; it knows the step.
        ModelError: If the network returns no logits, as it may in training mode alone.
    """
    inputs, labels = data
    generator = torch.Generator().manual_seed(seed)
    augment = augmentation_of(recipe)
    chosen = torch.arange(len(labels)) if rows is None else rows.cpu()
    total, done = recipe.total_steps(len(chosen)), 0
    optimizer = recipe.make_optimizer(model, fused=fused)
    schedule = recipe.make_schedule(optimizer, total)
    watch.step(0)
    while done < total:
        drawn = torch.randperm(len(chosen), generator=generator)
        order, losses = chosen[drawn].to(labels.device), []
        for each in _batches(order, recipe.batch_size)[: total - done]:
            check_stopped()
            model.train()
            with drawing_turn():
                logits = predict(model, augment(take(inputs, each), generator), call)
            loss = _step(optimizer, logits, labels[each])
            check_undrawn()
            schedule.step()
            losses.append(loss)
            watch.batch(each, logits.detach(), labels[each])
            watch.step(done + len(losses))
        _check_losses(torch.stack(losses), done, recipe.learning_rate)
        done += len(losses)
        watch.epoch(float(losses[-1]))
    return model.eval()


def _check_classes(model: nn.Module, data: tuple[Nest, Tensor]) -> None:
    inputs, labels = data
    model.eval()
    logits = read_logits(forward(model, take(inputs, slice(1))), 1)
    check_labels(labels, logits.shape[1])


def _batches(order: Tensor, size: int) -> list[Tensor]:
    """Cut an epoch into batches; one alone, of which no norm can be taken, is none."""
    batches = list(torch.split(order, size))
    if len(batches) > 1 and size > 1 and len(batches[-1]) == 1:
        batches[-2:] = [torch.cat(batches[-2:])]
    return batches


def augmentation_of(recipe: Recipe) -> Augment:
    """Return what changes a batch before the network sees it."""
    if callable(recipe.augmentation):
        return recipe.augmentation
    changes = [AUGMENTATIONS[name] for name in recipe.augmentation]

    def augment(inputs: Any, generator: torch.Generator) -> Any:
        for change in changes:
            inputs = change(inputs, generator)
        return inputs

    return augment


def predict(model: nn.Module, inputs: Nest, call: Forward | None = None) -> Tensor:
    """Return the logits of a batch, `(B, C)`, for a step."""
    with default_device_of_caller():
        output = (call or call_network)(model, in_type_of(model, inputs))
    return read_logits(output, length(inputs), training=True)


def _step(optimizer: torch.optim.Optimizer, logits: Tensor, labels: Tensor) -> Tensor:
    """Make a step, and return its loss."""
    loss = nn.functional.cross_entropy(logits, labels)
    optimizer.zero_grad(set_to_none=True)
    loss.backward()  # type: ignore[no-untyped-call]
    optimizer.step()
    return loss.detach()


def _check_losses(losses: Tensor, done: int, learning_rate: float) -> None:
    """Look once an epoch: a GPU would wait for each look."""
    lost = (~losses.isfinite()).nonzero().flatten()
    if len(lost):
        step = done + int(lost[0]) + 1
        raise DivergenceError(
            f"The loss became {float(losses[lost[0]])} at step {step}; try a "
            f"learning_rate below {learning_rate}.",
            step=step,
        )
