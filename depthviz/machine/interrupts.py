"""State that is put back although a person presses Stop at any moment.

Python raises KeyboardInterrupt between any two instructions: in the `__exit__` that is
about to put something back, or between a context manager's yield and its block. So two
things go together here. What a context manager of `restoring` does after its yield runs
to its end, and so does every function that is `uninterrupted`: a signal that comes
meanwhile is held back, and its handler is called right after. And an interrupt that
comes as the block is about to begin ends the context manager, too.

While one is open in the main thread, a handler of our own stands before those that
Python code has set; other threads get no signals. Signals that Python leaves to the
system, and exceptions that a debugger raises in a thread, cannot be held back.
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, _GeneratorContextManager, suppress
from functools import wraps
from threading import current_thread, main_thread
from types import CodeType, FrameType, TracebackType
from typing import Any, ParamSpec, Self, TypeVar

__all__ = ["Guard", "closing", "enter", "restoring", "uninterrupted"]

P = ParamSpec("P")
T = TypeVar("T")
Handler = Callable[[int, FrameType | None], Any]

_NAMES = ("SIGINT", "SIGTERM", "SIGALRM", "SIGHUP", "SIGUSR1", "SIGUSR2", "SIGBREAK")
_SIGNALS = [getattr(signal, name) for name in _NAMES if hasattr(signal, name)]
_protected: set[CodeType] = set()


class _Watch:
    """Our handler before those of others: who set it, and what it holds back."""

    def __init__(self) -> None:
        """Watch nothing yet."""
        self._owner: object = None
        self._handlers: dict[int, Handler] = {}
        self._held: dict[int, None] = {}  # each once, as the system keeps them

    def begin(self, owner: object) -> None:
        """Stand before the handlers of others, unless it is done already."""
        if self._owner is not None or current_thread() is not main_thread():
            return
        self._owner = owner
        for number in _SIGNALS:
            handler = signal.getsignal(number)
            if callable(handler) and handler is not _receive:
                self._handlers[number] = handler
                signal.signal(number, _receive)

    def end(self, owner: object) -> None:
        """Put the handlers back if this owner has set ours."""
        if self._owner is not owner:
            return
        self._owner = None
        if current_thread() is main_thread():
            for number, handler in self._handlers.items():
                if signal.getsignal(number) is _receive:
                    signal.signal(number, handler)

    def receive(self, number: int, frame: FrameType | None) -> None:
        """Hold a signal back if what it would interrupt must not be cut."""
        if _is_protected(frame):
            self._held[number] = None
        else:
            self._handle(number, frame)

    def catch_up(self, frame: FrameType | None) -> None:
        """Handle what was held back, unless a caller must not be cut either."""
        if self._held and current_thread() is main_thread():
            self._catch_up(frame)

    def _catch_up(self, frame: FrameType | None) -> None:
        if _is_protected(frame):
            return
        while self._held:
            self._handle(next(iter(self._held)), frame)

    def _handle(self, number: int, frame: FrameType | None) -> None:
        self._held.pop(number, None)
        self._handlers.get(number, signal.default_int_handler)(number, frame)


_watch = _Watch()


def _receive(number: int, frame: FrameType | None) -> None:
    _watch.receive(number, frame)


def _is_protected(frame: FrameType | None) -> bool:
    """Whether a frame, or one that called it, must run to its end."""
    while frame is not None:
        if frame.f_code in _protected:
            return True
        frame = frame.f_back
    return False


def _leave(owner: object, caller: FrameType | None) -> None:
    """Put the handlers back, and handle what was held back meanwhile."""
    _watch.end(owner)
    _watch.catch_up(caller)


class Guard:
    """A context manager of a class: what `_end` puts back no interrupt leaves changed.

    A class says what `_begin` and `_end` do; by default the latter closes the object.
    """

    def close(self) -> None:
        """Put everything back, whatever `_begin` came to; may be called twice."""

    def _begin(self) -> None:
        """Change what `_end` puts back; may fail half-way."""

    def _end(self, error: BaseException | None) -> None:
        """Put everything back after the block, or after what it raised."""
        self.close()

    def __enter__(self) -> Self:
        try:
            _watch.begin(self)
            self._begin()
            _watch.catch_up(sys._getframe())
            return self
        except BaseException as error:
            self._give_up(error)
            raise

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            self._end(error)
        finally:
            _leave(self, sys._getframe().f_back)

    def _give_up(self, error: BaseException) -> None:
        try:
            self._end(error)
        finally:
            _leave(self, sys._getframe().f_back)


class _Restoring(_GeneratorContextManager[T]):
    """A context manager of a generator, which an interrupt cannot leave open."""

    def __enter__(self) -> T:
        try:
            _watch.begin(self)
            value = super().__enter__()
            _watch.catch_up(sys._getframe())
            return value
        except BaseException as error:
            self._give_up(error)
            raise

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool | None:
        try:
            return super().__exit__(kind, error, trace)
        finally:
            _leave(self, sys._getframe().f_back)

    def _give_up(self, error: BaseException) -> None:
        """Undo what the generator did, if the interrupt came after its yield."""
        try:
            with suppress(type(error), StopIteration):
                self.gen.throw(error)
        finally:
            _leave(self, sys._getframe().f_back)


def restoring(function: Callable[P, Iterator[T]]) -> Callable[P, _Restoring[T]]:
    """Make a context manager of a generator function, as `contextmanager` does.

    What stands after the yield is not cut by an interrupt. Before it, whatever is
    changed must be put back by a `finally` that was entered before the change.

    Example:
        >>> @restoring
        ... def noted(notes):
        ...     try:
        ...         notes.append("begun")
        ...         yield
        ...     finally:
        ...         notes.append("ended")
        >>> notes = []
        >>> with noted(notes):
        ...     notes.append("inside")
        >>> notes
        ['begun', 'inside', 'ended']
    """

    @wraps(function)
    def make(*args: P.args, **keywords: P.kwargs) -> _Restoring[T]:
        return _Restoring(function, args, keywords)  # type: ignore[arg-type]

    return make


def uninterrupted(function: Callable[P, T]) -> Callable[P, T]:
    """Let a function run to its end; a signal that comes meanwhile is handled then.

    Example:
        >>> uninterrupted(max)(2, 3)
        3
    """

    @wraps(function)
    def call(*args: P.args, **keywords: P.kwargs) -> T:
        owner = object()
        try:
            _watch.begin(owner)
            return function(*args, **keywords)
        finally:
            _leave(owner, sys._getframe().f_back)

    _protected.add(call.__code__)  # type: ignore[attr-defined]
    return call


@uninterrupted
def enter(stack: ExitStack, make: Callable[..., Any], *args: Any, **named: Any) -> Any:
    """Make a context manager, enter it and register its exit, all or nothing."""
    return stack.enter_context(make(*args, **named))


@restoring
def closing(thing: T) -> Iterator[T]:
    """Close something at the end, as `contextlib.closing` does."""
    try:
        yield thing
    finally:
        thing.close()  # type: ignore[attr-defined]


_protected |= {
    function.__code__
    for guard in (Guard, _Restoring)
    for function in (_leave, guard.__exit__, guard._give_up)
}
