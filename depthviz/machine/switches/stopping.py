"""Work of a thread that is stopped from another one.

Only the main thread learns of an interrupt. Threads that it waits for look now and
then, between two batches or two parts of a search, whether they are to stop.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextvars import ContextVar
from threading import Event

from depthviz.machine.interrupts import restoring

__all__ = ["check_stopped", "stopped_by"]

_stop: ContextVar[Event | None] = ContextVar("stop", default=None)


@restoring
def stopped_by(event: Event) -> Iterator[None]:
    """Let this thread stop when an event is set.

    Args:
        event: Set by another thread.

    Example:
        >>> with stopped_by(Event()):
        ...     check_stopped()
    """
    before = _stop.get()
    try:
        _stop.set(event)
        yield
    finally:
        _stop.set(before)


def check_stopped() -> None:
    """Raise KeyboardInterrupt if this thread is to stop."""
    event = _stop.get()
    if event is not None and event.is_set():
        raise KeyboardInterrupt
