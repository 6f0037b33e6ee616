"""The plainest training loop that serves.

The order of the examples, the augmentation and whatever the network draws (dropout)
come from the seed alone, and the caller's random state is left as it was; on one kind
of processor the same seed and number of threads give the same weights. Inputs are held
in memory, on the device that trains.

It keeps no checkpoints: whoever wants to see the training is called at each step.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

from depthviz.datasets.examples import Examples, check_labels
from depthviz.datasets.forms import as_examples
from depthviz.embeddings.outputs import read_logits
from depthviz.embeddings.state import forward, in_type_of
from depthviz.errors import DivergenceError
from depthviz.machine.ambient import default_device_of_caller, neutral_state
from depthviz.machine.console import progress_bar
from depthviz.machine.devices import resolve_device
from depthviz.machine.exhaustion import explained_memory
from depthviz.machine.interrupts import enter, restoring
from depthviz.machine.stopping import check_stopped
from depthviz.machine.switches.randomness import (
    check_undrawn,
    draw_from,
    drawing_turn,
    is_shared,
)
from depthviz.machine.switches.threads import torch_threads
from depthviz.training.augmentation import AUGMENTATIONS
from depthviz.training.recipe import Augment, Recipe

__all__ = [
    "SMALL",
    "Watch",
    "augmentation_of",
    "few_threads",
    "fit",
    "is_small",
    "load",
    "own_randomness",
    "predict",
    "train_by",
]

SMALL = 1_000_000


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
    data: tuple[Tensor, Tensor],
    *,
    seed: int,
    watch: Watch,
    rows: Tensor | None = None,
) -> nn.Module:
    """Train a network in place, by a recipe.

    What the network itself draws comes from torch's global generator: see
    `own_randomness`.

    Args:
        recipe: How.
        model: The network, on the device of the data.
        data: Inputs `(N, …)` and labels `(N,)`.
        seed: Decides the order of the examples and the augmentation.
        watch: Who is called meanwhile.
        rows: Positions of the examples that are trained on, shape `(S,)`; all when
            absent.

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
    optimizer = recipe.make_optimizer(model)
    schedule = recipe.make_schedule(optimizer, total)
    watch.step(0)
    while done < total:
        drawn = torch.randperm(len(chosen), generator=generator)
        order, losses = chosen[drawn].to(labels.device), []
        for each in _batches(order, recipe.batch_size)[: total - done]:
            check_stopped()
            model.train()
            with drawing_turn():
                logits = predict(model, augment(inputs[each], generator))
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


def load(examples: Examples, device: torch.device) -> tuple[Tensor, Tensor]:
    """Read examples into memory.

    Args:
        examples: The examples.
        device: Where they go.

    Returns:
        Inputs `(N, …)` and labels `(N,)`.
    """
    batches = list(examples.batches(1024))
    inputs = torch.cat([inputs for inputs, _ in batches])
    labels = torch.cat([labels for _, labels in batches])
    return inputs.to(device), labels.to(device)


@restoring
def own_randomness(seed: int, device: torch.device) -> Iterator[None]:
    """Seed torch's global generators, and give them back as they were.

    A thread that shares the processor's generator seeds its own turns.

    Args:
        seed: The seed.
        device: Where the network draws, in addition to the CPU.

    Yields:
        Nothing.
    """
    if is_shared():
        draw_from(seed)
        yield
        return
    with ExitStack() as held:
        enter(held, torch.random.fork_rng, [device] if device.type == "cuda" else [])
        torch.default_generator.manual_seed(seed)  # torch.manual_seed seeds all GPUs
        if device.type == "cuda":
            with torch.cuda.device(device):
                torch.cuda.manual_seed(seed)
        yield


@restoring
def few_threads(model: nn.Module, threads: int | None = None) -> Iterator[None]:
    """One thread for a small network: more win nothing and wait for each other.

    Where other processes share the cores, that waiting costs many times the work.

    Args:
        model: The network.
        threads: Number of threads whatever its size.

    Yields:
        Nothing.
    """
    number = threads or (1 if is_small(model) else torch.get_num_threads())
    with torch_threads(number):
        yield


def is_small(model: nn.Module) -> bool:
    """Whether a network is so small that one thread runs it as fast as several."""
    return sum(weights.numel() for weights in model.parameters()) < SMALL


def _check_classes(model: nn.Module, data: tuple[Tensor, Tensor]) -> None:
    inputs, labels = data
    model.eval()
    logits = read_logits(forward(model, inputs[:1]), 1)
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

    def augment(inputs: Tensor, generator: torch.Generator) -> Tensor:
        for change in changes:
            inputs = change(inputs, generator)
        return inputs

    return augment


def predict(model: nn.Module, inputs: Tensor) -> Tensor:
    """Return the logits of a batch, `(B, C)`, for a step."""
    with default_device_of_caller():
        output = model(in_type_of(model, inputs))
    return read_logits(output, len(inputs), training=True)


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
