"""Where the initial weights of a network are drawn from.

A network alone takes a seed and leaves the global random state as it was. In an
ensemble the builder has no seed: each member's is set globally before it is called.
Weights from a seed are drawn on the CPU, so that they are the same on every machine.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import torch

__all__ = ["drawing"]


@contextmanager
def drawing(seed: int | None) -> Iterator[None]:
    """Draw what is drawn inside from a seed, or from torch's global random state.

    Args:
        seed: Decides what is drawn, and the global state is left alone; None draws
            from the global state, which moves on.

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
    with torch.random.fork_rng(devices=[]), torch.device("cpu"):
        torch.default_generator.manual_seed(seed)  # torch.manual_seed seeds GPUs too
        yield
