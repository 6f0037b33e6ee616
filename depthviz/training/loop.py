"""The plainest training loop that serves.

AdamW under a one-cycle schedule trains small networks well without tuning. The order of
the examples and whatever the network draws (dropout) come from the seed alone, and the
caller's random state is left as it was; on one processor the same seed gives the same
weights.

Knows nothing of checkpoints, augmentation or records of the training.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn

from depthviz.datasets import Examples, as_examples, check_labels
from depthviz.embeddings import resolve_device
from depthviz.errors import ModelError

__all__ = ["fit"]

SMALL = 1_000_000


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
    """Train a network in place.

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
        ModelError: If the loss becomes NaN or infinite.
        LabelError: If a label lies outside the network's classes.
    """
    from tqdm.auto import tqdm

    where = resolve_device(device)
    inputs, labels = _load(as_examples(train), where)
    model.to(where).eval()
    with torch.no_grad():
        check_labels(labels, model(inputs[:1]).shape[1])
    model.train()
    steps = epochs * -(-len(labels) // batch_size)
    optimizer = torch.optim.AdamW(model.parameters(), lr=learning_rate)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, max_lr=learning_rate, total_steps=steps
    )
    generator = torch.Generator().manual_seed(seed)
    bar = tqdm(total=epochs, desc="Training", unit="epoch", disable=not progress)
    with bar, _own_randomness(seed, where), _few_threads(model):
        for epoch in range(epochs):
            order = torch.randperm(len(labels), generator=generator).to(where)
            for rows in torch.split(order, batch_size):
                loss = _step(model, optimizer, inputs[rows], labels[rows])
                schedule.step()
            _check_loss(loss, epoch, learning_rate)
            bar.set_postfix(loss=f"{float(loss):.3f}")
            bar.update()
    return model.eval()


@contextmanager
def _own_randomness(seed: int, device: torch.device) -> Iterator[None]:
    with torch.random.fork_rng([device] if device.type == "cuda" else []):
        torch.manual_seed(seed)
        yield


@contextmanager
def _few_threads(model: nn.Module) -> Iterator[None]:
    """One thread for a small network: more win nothing and wait for each other.

    Where other processes share the cores, that waiting costs many times the work.
    """
    before = torch.get_num_threads()
    small = sum(weights.numel() for weights in model.parameters()) < SMALL
    torch.set_num_threads(1 if small else before)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def _load(examples: Examples, device: torch.device) -> tuple[Tensor, Tensor]:
    batches = list(examples.batches(1024))
    inputs = torch.cat([inputs for inputs, _ in batches])
    labels = torch.cat([labels for _, labels in batches])
    return inputs.to(device), labels.to(device)


def _step(
    model: nn.Module, optimizer: torch.optim.Optimizer, inputs: Tensor, labels: Tensor
) -> Tensor:
    loss = nn.functional.cross_entropy(model(inputs), labels)
    optimizer.zero_grad(set_to_none=True)
    loss.backward()  # type: ignore[no-untyped-call]
    optimizer.step()
    return loss.detach()


def _check_loss(loss: Tensor, epoch: int, learning_rate: float) -> None:
    if not torch.isfinite(loss):
        raise ModelError(
            f"The loss became {float(loss)} in epoch {epoch + 1}; "
            f"try a learning_rate below {learning_rate}."
        )
