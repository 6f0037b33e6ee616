"""Where the initial weights of a network are drawn from, and random states kept.

A network alone takes a seed and leaves the global random state as it was. In an
ensemble the builder has no seed: each member's is set globally before it is called.
Weights from a seed are drawn on the CPU, so that they are the same on every machine.
"""

import random
from collections.abc import Iterator
from contextlib import ExitStack

import numpy as np
import torch

from depthviz.machine.interrupts import enter, restoring
from depthviz.machine.switches.randomness import is_shared, lone_turn

__all__ = ["drawing", "kept_random_state"]


@restoring
def drawing(seed: int | None) -> Iterator[None]:
    """Draw what is drawn inside from a seed, or from torch's global random state.

    Args:
        seed: Decides what is drawn, as float32, and the global state is left alone;
            None draws from the global state, which moves on.

    Yields:
        Nothing.

    Example:
        >>> with drawing(0):
        ...     one = torch.rand(3)
        >>> with drawing(0):
        ...     torch.equal(torch.rand(3), one)
        True
    """
    if seed is None:
        yield
        return
    with ExitStack() as held:
        enter(held, lone_turn)
        enter(held, torch.random.fork_rng, devices=[])
        enter(held, torch.device, "cpu")
        held.callback(torch.set_default_dtype, torch.get_default_dtype())
        torch.set_default_dtype(torch.float32)
        torch.default_generator.manual_seed(seed)  # torch.manual_seed seeds GPUs too
        yield


@restoring
def kept_random_state(device: torch.device) -> Iterator[None]:
    """Leave the global random states of Python, NumPy and torch as they were.

    A thread that shares torch's generator leaves that to whoever shares it out.

    Args:
        device: Where a network draws, in addition to the CPU.

    Example:
        >>> before = torch.random.get_rng_state()
        >>> with kept_random_state(torch.device("cpu")):
        ...     _ = torch.rand(3)
        >>> torch.equal(before, torch.random.get_rng_state())
        True
    """
    if is_shared():
        yield
        return
    python, numpy = random.getstate(), np.random.get_state()
    devices = [] if device.type == "cpu" else [device]
    try:
        with torch.random.fork_rng(devices, device_type=_kind(device)):
            yield
    finally:
        random.setstate(python)
        np.random.set_state(numpy)


def _kind(device: torch.device) -> str:
    return "cuda" if device.type == "cpu" else device.type
