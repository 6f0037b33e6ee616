"""One thread at a time has a network's modules.

Measuring sets hooks and modes at modules, so two threads that measure one network, or
two networks with a module or a parameter in common, would read each other's
activations. A thread waits here until nobody else has what it needs. Threads with
separate networks do not wait for each other.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain
from threading import Condition, get_ident

from torch import nn

__all__ = ["borrowed"]


class _Borrowings:
    """What each borrower has, as ids of modules and tensors, and in which thread."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._held: dict[object, tuple[int, set[int]]] = {}

    def take(self, borrower: object, wanted: set[int]) -> None:
        """Wait until no other thread has anything of what is wanted, and take it."""
        thread = get_ident()
        with self._changed:
            self._changed.wait_for(
                lambda: all(
                    owner == thread or wanted.isdisjoint(held)
                    for owner, held in self._held.values()
                )
            )
            self._held[borrower] = (thread, wanted)

    def give_back(self, borrower: object) -> None:
        """Give back what a borrower has, if anything, and wake those that wait."""
        with self._changed:
            self._held.pop(borrower, None)
            self._changed.notify_all()


_borrowings = _Borrowings()


@contextmanager
def borrowed(model: nn.Module) -> Iterator[None]:
    """Keep other threads away from a network's modules, parameters and buffers.

    Args:
        model: Any network. The same thread may borrow it again meanwhile.
    """
    parts = chain(model.modules(), model.parameters(), model.buffers())
    borrower = object()
    try:  # an interrupt between taking and guarding would keep others out forever
        _borrowings.take(borrower, set(map(id, parts)))
        yield
    finally:
        _borrowings.give_back(borrower)
