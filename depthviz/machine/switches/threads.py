"""How many threads torch uses, for a while.

Torch has one number for the process and one for each thread that has used it. Several
threads may ask for few at a time, and the last one to end must not put back what
another had set for a while.

A process that was forked has none of the threads that torch had started, and a product
on several of them would wait for these forever: there one thread has to do.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from threading import Lock, get_ident
from typing import NamedTuple

import torch

from depthviz.machine.interrupts import restoring

__all__ = ["is_forked", "torch_threads", "usual_threads"]


class _Use(NamedTuple):
    """A request: its thread, the number asked for, and the one to put back."""

    thread: int
    number: int
    before: int


class _Uses:
    """The requests that last."""

    def __init__(self) -> None:
        """Nobody has asked for anything yet."""
        self._lock, self._usual = Lock(), 0
        self._uses: dict[object, _Use] = {}
        self.forked = False

    def begin(self, token: object, number: int) -> None:
        """Use so many threads from now on."""
        with self._lock:
            if not self._uses:
                self._usual = torch.get_num_threads()
            self._uses[token] = _Use(get_ident(), number, self.now())
            torch.set_num_threads(number)

    def now(self) -> int:
        """Number of this thread, unless it is what another had set for a while."""
        now, thread, uses = torch.get_num_threads(), get_ident(), self._uses.values()
        own = any(use.thread == thread for use in uses)
        borrowed = not own and any(use.number == now for use in uses)
        return self._usual if borrowed else now

    def end(self, token: object) -> None:
        """Use as many as before, if this request was ever made."""
        with self._lock:
            use = self._uses.pop(token, None)
            if use is not None:
                torch.set_num_threads(use.before)

    def after_fork(self) -> None:
        """Forget the threads that a child does not have."""
        thread = get_ident()
        self._lock, self.forked = Lock(), True
        self._uses = {
            token: use for token, use in self._uses.items() if use.thread == thread
        }


_uses = _Uses()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_uses.after_fork)


@restoring
def torch_threads(number: int) -> Iterator[None]:
    """Let torch use so many threads in this thread.

    Example:
        >>> with torch_threads(1):
        ...     torch.get_num_threads()
        1
    """
    token = object()
    try:
        _uses.begin(token, number)
        yield
    finally:
        _uses.end(token)


def usual_threads() -> int:
    """Count the threads that torch uses in this thread, whatever others have set."""
    return _uses.now()


def is_forked() -> bool:
    """Whether this process was forked off one that had loaded this module."""
    return _uses.forked
