"""Answers to a page that annotates: keep these events, read those that are new.

A page may send anything, so that what is no request gets no answer, and what cannot be
kept is answered with the reason, and whether it ever can be. A store may be slow,
locked or on another machine: the work is done in a thread, so that the kernel goes on.
What a page sends again while its first message is still worked on is not done twice.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Lock
from typing import Any, Protocol

from depthviz.annotations import Event
from depthviz.errors import ArgumentError, DepthvizError

__all__ = ["Clerk", "to_page"]

TYPE = "annotate"
MOST_EVENTS = 2000  # of one answer, and of one request
MOST_TEXT = 2 * 2**20  # of one answer, but for its last event
_LONGEST_ID = 64
_LARGEST_NUMBER = 2**53

Send = Callable[[dict[str, Any]], object]


class Log(Protocol):
    """Where events are kept, as far as it is known here."""

    def keep(self, records: Sequence[Mapping[str, Any]]) -> None:
        """Keep events that a page has made."""

    def read(self, after: int, *, most: int | None = None) -> tuple[list[Event], int]:
        """Read what was committed since."""


class Clerk:
    """Does what pages ask of a desk, one after the other.

    Args:
        desk: Where events are kept.
    """

    def __init__(self, desk: Log) -> None:
        self._desk = desk
        self._lock = Lock()
        self._in_work: set[str] = set()
        self._thread: ThreadPoolExecutor | None = None

    def take(self, message: object, send: Send) -> bool:
        """Take a message of a page.

        Args:
            message: What the page sent: `type` "annotate", `id`, `act` ("keep" or
                "read"), and `events` or `after`.
            send: Called with the answer from another thread: `type`, `id`, `act`; of
                "read" `events`, `number` to go on from and whether there are `more`; or
                the `reason` why it was not done, and whether that is `lasting`.

        Returns:
            Whether it was such a message, whatever else is wrong with it.
        """
        if not isinstance(message, Mapping) or message.get("type") != TYPE:
            return False
        name = message.get("id")
        if not isinstance(name, str) or not 0 < len(name) <= _LONGEST_ID:
            return True
        with self._lock:
            if name in self._in_work:
                return True
            self._in_work.add(name)
            if self._thread is None:
                self._thread = ThreadPoolExecutor(1, thread_name_prefix="annotations")
            done = self._thread.submit(self._answer, message)
        done.add_done_callback(lambda future: self._finish(name, future, send))
        return True

    def _finish(self, name: str, future: Future[dict[str, Any]], send: Send) -> None:
        with self._lock:
            self._in_work.discard(name)
        if not future.cancelled():
            send(future.result())

    def _answer(self, message: Mapping[str, Any]) -> dict[str, Any]:
        act = message.get("act")
        answer = {"type": TYPE, "id": message["id"], "act": str(act)[:_LONGEST_ID]}
        try:
            if act == "keep":
                self._desk.keep(_read_events(message.get("events")))
                return answer
            if act == "read":
                return answer | self._read(_read_number(message.get("after")))
            raise ArgumentError(f"Unknown request {answer['act']!r}.")
        except ArgumentError as error:
            return answer | {"reason": str(error), "lasting": True}
        except (DepthvizError, OSError) as error:
            return answer | {"reason": str(error), "lasting": False}
        except Exception as error:  # a page must never wait for ever
            reason = f"{type(error).__name__}: {error}"
            return answer | {"reason": reason[:1000], "lasting": False}

    def _read(self, after: int) -> dict[str, Any]:
        events, number = self._desk.read(after, most=MOST_EVENTS)
        kept, size = [], 0
        for event in events:
            record = to_page(event)
            kept.append(record)
            size += len(json.dumps(record))
            if size > MOST_TEXT:
                break
        if len(kept) < len(events):
            _, number = self._desk.read(after, most=len(kept))
        more = len(kept) < len(events) or len(events) == MOST_EVENTS
        return {"events": kept, "number": number, "more": more}


def _read_events(events: object) -> list[Mapping[str, Any]]:
    if not isinstance(events, list) or len(events) > MOST_EVENTS:
        raise ArgumentError(f"events must be a list of at most {MOST_EVENTS:,}.")
    for each in events:
        if not isinstance(each, Mapping) or not each.get("id"):
            raise ArgumentError("An event of a page must be a dict with an id.")
    return events


def _read_number(after: object) -> int:
    whole = isinstance(after, int) and not isinstance(after, bool)
    if not isinstance(after, int) or not whole or not 0 <= after <= _LARGEST_NUMBER:
        raise ArgumentError(f"after must be a number of an event, got {after!r:.80}.")
    return after


def to_page(event: Event) -> dict[str, Any]:
    """Write an event as a page takes it: plain values, the instant in ISO 8601."""
    record = {name: getattr(event, name) for name in Event.__dataclass_fields__}
    time = event.time.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return {**record, "time": time.rjust(27, "0"), "context": dict(event.context)}
