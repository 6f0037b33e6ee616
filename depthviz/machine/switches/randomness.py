"""Torch's global generator, for threads that draw from it at the same time.

Torch has one generator for the processor. Each thread that shares it has a state of its
own, which is the generator's while that thread draws; the others wait meanwhile. Apart
from such turns nothing draws, so the state that the generator has then never moves. If
it moved all the same, a thread drew where nobody expected it: all that share the
generator give up, and their work is to be done by one thread at a time.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextvars import ContextVar
from threading import RLock

import torch
from torch import Tensor

from depthviz.machine.interrupts import restoring

__all__ = [
    "UnexpectedDrawError",
    "check_undrawn",
    "draw_from",
    "drawing_turn",
    "is_shared",
    "lone_turn",
    "shared_generator",
]


class UnexpectedDrawError(Exception):
    """A thread drew from the generator outside its turns; which one is not known."""


class _Rest:
    """The state of the generator while it is nobody's turn, and who counts on it."""

    def __init__(self) -> None:
        """Nobody shares the generator."""
        self.lock, self.turns = RLock(), 0
        self._sharers: set[object] = set()
        self._state = torch.empty(0, dtype=torch.uint8)
        self._moved = False

    def join(self, sharer: object) -> None:
        """Count on the state from now on."""
        with self.lock:
            if not self._sharers:
                self._state, self._moved = torch.default_generator.get_state(), False
            self._sharers.add(sharer)

    def leave(self, sharer: object) -> None:
        """Put the state back after the last one, whoever moved it."""
        with self.lock:
            self._sharers.discard(sharer)
            if not self._sharers:
                torch.default_generator.set_state(self._state)

    def check(self) -> None:
        """Raise UnexpectedDrawError if the state moved while it was nobody's turn."""
        with self.lock:
            if not self.turns:
                now = torch.default_generator.get_state()
                self._moved = self._moved or not torch.equal(now, self._state)
            if self._moved:
                raise UnexpectedDrawError

    def put_back(self) -> None:
        """End a turn."""
        if self._sharers:
            torch.default_generator.set_state(self._state)

    def after_fork(self) -> None:
        """Forget the threads that a child does not have."""
        self.lock, self.turns, self._sharers = RLock(), 0, set()


class _Share:
    """What one thread draws from in its turns, and whether its network draws."""

    def __init__(self, *, draws: bool) -> None:
        """Draw from nothing yet."""
        self.draws, self.state = draws, torch.default_generator.get_state()


_rest = _Rest()
_share: ContextVar[_Share | None] = ContextVar("share", default=None)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_rest.after_fork)


@restoring
def shared_generator(*, draws: bool) -> Iterator[None]:
    """Share the generator with other threads that do.

    Args:
        draws: Whether the network draws as it trains, so that it must take turns.

    Raises:
        UnexpectedDrawError: If something was drawn outside the turns.
    """
    share = _Share(draws=draws)
    before = _share.get()
    try:
        _rest.join(share)
        _share.set(share)
        yield
        _rest.check()
    finally:
        _share.set(before)
        _rest.leave(share)


def is_shared() -> bool:
    """Whether this thread shares the generator."""
    return _share.get() is not None


def draw_from(seed: int) -> None:
    """Let the turns of this thread draw from a seed; it must share the generator."""
    share = _share.get()
    if share is not None:
        share.state = torch.Generator().manual_seed(seed).get_state()


def check_undrawn() -> None:
    """Raise UnexpectedDrawError if a thread that shares the generator must give up.

    A thread that takes turns looks at the beginning of each.
    """
    share = _share.get()
    if share is not None and not share.draws:
        _rest.check()


@restoring
def drawing_turn() -> Iterator[None]:
    """Draw what is drawn inside from this thread's own state, if it shares."""
    share = _share.get()
    if share is None or not share.draws:
        yield
        return
    with _turn(share.state):
        try:
            yield
        finally:
            share.state = torch.default_generator.get_state()


@restoring
def lone_turn() -> Iterator[None]:
    """Keep others waiting that share the generator or take such a turn."""
    with _turn(None):
        yield


@restoring
def _turn(state: Tensor | None) -> Iterator[None]:
    """Have the generator for a while, in some state; a turn may be taken within one."""
    with _rest.lock:
        if is_shared():
            _rest.check()
        try:
            _rest.turns += 1
            if state is not None:
                torch.default_generator.set_state(state)
            yield
        finally:
            _rest.turns -= 1
            if not _rest.turns:
                _rest.put_back()
