"""What a training by recipe happens in: data in memory, a random state, few threads."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import torch
from torch import Tensor, nn

from depthviz.datasets.examples import Examples
from depthviz.datasets.nested import Nest, join, to_device
from depthviz.machine.interrupts import enter, restoring
from depthviz.machine.switches.randomness import draw_from, is_shared
from depthviz.machine.switches.threads import torch_threads

__all__ = ["few_threads", "is_small", "load", "own_randomness"]

SMALL = 1_000_000  # weights


def load(examples: Examples, device: torch.device) -> tuple[Nest, Tensor]:
    """Read examples into memory.

    Args:
        examples: The examples; those that are padded by the batch are padded to the
            longest of all.
        device: Where they go.

    Returns:
        Inputs `(N, …)`, or a nest of such, and labels `(N,)`.
    """
    size = len(examples) if examples.ragged else 1024
    batches = list(examples.batches(size))
    inputs = join([inputs for inputs, _ in batches])
    labels = torch.cat([labels for _, labels in batches])
    return to_device(inputs, device), labels.to(device)


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
