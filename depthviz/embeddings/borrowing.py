"""One thread at a time has a network's modules.

Measuring sets hooks and modes at modules, so two threads that measure one network, or
two networks with a module or a parameter in common, would read each other's
activations. A thread waits here until nobody else has what it needs. Threads with
separate networks do not wait for each other.

A thread that has one network may ask for another, from inside a data set's items, say.
Where two threads would then wait for each other forever, the one that comes last is
refused.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from itertools import chain
from threading import Lock, get_ident
from typing import NamedTuple

from torch import nn

from depthviz.errors import ModelError
from depthviz.machine.interrupts import restoring

__all__ = ["borrowed", "one_at_a_time"]


class _Loan(NamedTuple):
    """What a borrower has, as ids of modules and tensors, and in which thread."""

    thread: int
    parts: frozenset[int]
    shared: bool = False

    def excludes(self, other: _Loan) -> bool:
        """Whether another thread must wait for what this one has."""
        apart = self.thread == other.thread or (self.shared and other.shared)
        return not apart and not self.parts.isdisjoint(other.parts)


class _Borrowings:
    """What each borrower has, and what each waiting thread wants."""

    def __init__(self) -> None:
        """Nothing is lent yet."""
        # A plain lock: it is taken and let go in one instruction of the interpreter.
        self._lock = Lock()
        self._held: dict[object, _Loan] = {}
        self._waiting: dict[object, tuple[_Loan, Lock]] = {}

    def take(self, borrower: object, loan: _Loan) -> None:
        """Wait until no other thread has anything of what is wanted, and take it."""
        while True:
            with self._lock:
                owners = self._owners(loan)
                if not owners:
                    self._waiting.pop(borrower, None)
                    self._held[borrower] = loan
                    return
                if loan.thread in self._waited_for(owners):
                    self._waiting.pop(borrower, None)
                    raise ModelError(_WOULD_WAIT_FOREVER)
                bell = Lock()
                bell.acquire()
                self._waiting[borrower] = loan, bell
            bell.acquire()

    def give_back(self, borrower: object) -> None:
        """Give back what a borrower has, if anything, and wake those that wait."""
        with self._lock:
            self._held.pop(borrower, None)
            self._waiting.pop(borrower, None)
            for _, bell in self._waiting.values():
                if bell.locked():
                    bell.release()

    def after_fork(self) -> None:
        """Forget the threads that a child does not have."""
        thread, self._lock = get_ident(), Lock()
        kept = {one: loan for one, loan in self._held.items() if loan.thread == thread}
        self._held, self._waiting = kept, {}

    def _owners(self, wanted: _Loan) -> set[int]:
        """Other threads that have something of what is wanted."""
        held = self._held.values()
        return {loan.thread for loan in held if loan.excludes(wanted)}

    def _waited_for(self, threads: Iterable[int]) -> set[int]:
        """These threads, those that they wait for, and so on."""
        seen, left = set[int](), list(threads)
        while left:
            thread = left.pop()
            if thread not in seen:
                seen.add(thread)
                for loan, _ in self._waiting.values():
                    if loan.thread == thread:
                        left.extend(self._owners(loan))
        return seen


_WOULD_WAIT_FOREVER = (
    "This thread has lent one network and needs a second one that another thread has, "
    "while that thread waits for the first: both would wait forever. Networks that are "
    "used inside a data set or a training loop must not be measured by another thread "
    "meanwhile: compute what the data set needs before, or measure in one thread."
)

_borrowings = _Borrowings()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_borrowings.after_fork)


@restoring
def borrowed(model: nn.Module) -> Iterator[None]:
    """Keep other threads away from a network's modules, parameters and buffers.

    Args:
        model: Any network. The same thread may borrow it again meanwhile.

    Raises:
        ModelError: If this thread and another would wait for each other forever.
    """
    with _taken(chain(model.modules(), model.parameters(), model.buffers())):
        yield


@restoring
def one_at_a_time(what: object, *, shared: bool = False) -> Iterator[None]:
    """Keep other threads out of what only one may do; this thread may do it within.

    Args:
        what: An object that lasts as long as the process.
        shared: Whether several threads may do it in this way, at the same time.
    """
    with _taken([what], shared=shared):
        yield


@restoring
def _taken(parts: Iterable[object], *, shared: bool = False) -> Iterator[None]:
    borrower = object()
    loan = _Loan(get_ident(), frozenset(map(id, parts)), shared)
    try:
        _borrowings.take(borrower, loan)
        yield
    finally:
        _borrowings.give_back(borrower)
