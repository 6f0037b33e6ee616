"""State that is put back although a person presses Stop at any moment.

Python raises KeyboardInterrupt between any two instructions: in the `__exit__` that is
about to put something back, or between a context manager's yield and its block. So two
things go together here. What a context manager of `restoring` does after its yield runs
to its end, and so does every function that is `uninterrupted`: a signal that comes
meanwhile is held back, and its handler is called right after. And an interrupt that
comes as the block is about to begin ends the context manager, too. What may take long
after a yield, such as waiting for a lock, is `interruptible`.

While one is open in the main thread, a handler of our own stands before those that
Python code has set for the signals that end a program or a wait; other threads get no
signals. Signals that Python leaves to the system, and exceptions that a debugger raises
in a thread, cannot be held back.
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

__all__ = [
    "Guard",
    "closing",
    "enter",
    "interruptible",
    "restoring",
    "uninterrupted",
]

P = ParamSpec("P")
T = TypeVar("T")
Handler = Callable[[int, FrameType | None], Any]

# SIGINT last: when its own handler stands again, so do all others.
_NAMES = ("SIGTERM", "SIGALRM", "SIGBREAK", "SIGINT")
_SIGNALS = [getattr(signal, name) for name in _NAMES if hasattr(signal, name)]
_protected: set[CodeType] = set()
_interruptible: set[CodeType] = set()


class _Watch:
    """Our handler before those of others: who set it, and what it holds back."""

    def __init__(self) -> None:
        """Watch nothing yet."""
        self._owners: set[int] = set()
        self._handlers: dict[int, Handler] = {}
        self._held: dict[int, None] = {}  # each once, as the system keeps them

    def begin(self, owner: object) -> None:
        """Stand before the handlers of others, unless it is done already."""
        if current_thread() is not main_thread():
            return
        first = not self._owners
        self._owners.add(id(owner))
        for number in _SIGNALS if first else ():
            handler = signal.getsignal(number)
            if callable(handler) and handler is not _receive:
                self._handlers[number] = handler
                _set_handler(number, _receive)

    def end(self, owner: object) -> None:
        """Put the handlers back if this is the last owner."""
        if id(owner) not in self._owners:
            return
        self._owners.discard(id(owner))
        if self._owners or current_thread() is not main_thread():
            return
        for number in _SIGNALS:
            if signal.getsignal(number) is _receive:
                _set_handler(number, self._handler(number))

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
        if not self._held or _is_protected(frame):
            return
        try:
            self._handle(next(iter(self._held)), frame)
        finally:  # the handler of one does not spare the program the next
            self._catch_up(frame)

    def _handle(self, number: int, frame: FrameType | None) -> None:
        self._held.pop(number, None)
        self._handler(number)(number, frame)

    def _handler(self, number: int) -> Handler:
        """The handler that ours stands before."""
        handler = self._handlers.get(number, signal.default_int_handler)
        return signal.default_int_handler if _is_over(handler) else handler


_watch = _Watch()


def _receive(number: int, frame: FrameType | None) -> None:
    _watch.receive(number, frame)


def _set_handler(number: int, handler: Handler) -> None:
    """Set a handler, where the interpreter takes handlers from this thread."""
    with suppress(ValueError):  # `threading` takes another thread for the main one
        signal.signal(number, handler)


def _is_over(handler: Handler) -> bool:
    """Whether it is the handler of an `asyncio.run` that has ended."""
    task = getattr(handler, "keywords", {}).get("main_task")
    return task is not None and bool(task.done())


def _is_protected(frame: FrameType | None) -> bool:
    """Whether a frame, or one that called it, must run to its end.

    Each `interruptible` call takes that from the nearest of its callers.
    """
    exempt = 0
    while frame is not None:
        if frame.f_code in _interruptible:
            exempt += 1
        elif frame.f_code in _protected:
            if not exempt:
                return True
            exempt -= 1
        frame = frame.f_back
    return False


def _leave(owner: object, caller: FrameType | None) -> None:
    """Put the handlers back, and handle what was held back meanwhile."""
    try:
        _watch.end(owner)
    finally:
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


def interruptible(function: Callable[P, T]) -> Callable[P, T]:
    """Let an interrupt end a function that a context manager calls after its yield.

    What is open around it must be put back by a `finally`, as before a yield.

    Example:
        >>> interruptible(max)(2, 3)
        3
    """

    @wraps(function)
    def call(*args: P.args, **keywords: P.kwargs) -> T:
        _watch.catch_up(sys._getframe())
        return function(*args, **keywords)

    _interruptible.add(call.__code__)  # type: ignore[attr-defined]
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
