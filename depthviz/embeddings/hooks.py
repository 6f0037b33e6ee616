"""Hooks at the modules of a network, none of which stays.

An interrupt may come right after a hook was set. So setting it and noting how to remove
it are one step, which no interrupt cuts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from torch.utils.hooks import RemovableHandle

from depthviz.machine.interrupts import restoring, uninterrupted

__all__ = ["AddHook", "removed_hooks"]

AddHook = Callable[..., None]
"""Takes a module's own method that registers a hook, and the arguments for it."""


@restoring
def removed_hooks() -> Iterator[AddHook]:
    """Hand out what sets hooks; all are removed at the end.

    Example:
        >>> from torch import nn
        >>> layer = nn.Linear(2, 2)
        >>> with removed_hooks() as add:
        ...     add(layer.register_forward_hook, print)
        ...     len(layer._forward_hooks)
        1
        >>> len(layer._forward_hooks)
        0
    """
    handles: list[RemovableHandle] = []
    try:
        yield partial(_add, handles)
    finally:
        for handle in handles:
            handle.remove()


@uninterrupted
def _add(
    handles: list[RemovableHandle],
    register: Callable[..., RemovableHandle],
    *args: Any,
    **named: Any,
) -> None:
    handles.append(register(*args, **named))
