"""Adding events to a database: each id once, and the times of an annotator in order."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, RowMapping, select

from depthviz.annotations.events import Event, at, read_event, to_record
from depthviz.annotations.identifiers import new_identifier
from depthviz.annotations.storage.tables import EVENTS
from depthviz.errors import ArgumentError

__all__ = ["append_events", "known_events", "row_event"]

_AT_ONCE = 500  # identifiers in one query
_TICK = timedelta(microseconds=1)


def append_events(
    connection: Connection, given: Sequence[tuple[Event, bool]]
) -> list[Event]:
    """Add the events whose ids are not there; those of now are put in order.

    Args:
        connection: One that writes alone.
        given: Events, and whether their time and id are given and stay as they are.

    Returns:
        The events as they are kept.

    Raises:
        ArgumentError: If an annotator is of another kind so far.
    """
    known = known_events(connection, [event.id for event, _ in given])
    last = _last(connection, {event.annotator for event, _ in given})
    added: dict[str, Event] = {}
    kept = []
    for event, fixed in given:
        there = known.get(event.id) or added.get(event.id)
        if there is None:
            before = last.get(event.annotator)
            _check_kind(event, before)
            there = event if fixed or before is None else _later(event, before)
            last[event.annotator] = max(before or there, there, key=_moment)
            added[event.id] = there
        kept.append(there)
    if added:
        records = [to_record(event) for event in added.values()]
        connection.execute(EVENTS.insert(), records)
    return kept


def known_events(connection: Connection, ids: Sequence[str]) -> dict[str, Event]:
    """Read the events that are there, by id."""
    found: dict[str, Event] = {}
    for begin in range(0, len(ids), _AT_ONCE):
        some = ids[begin : begin + _AT_ONCE]
        rows = connection.execute(select(EVENTS).where(EVENTS.c.id.in_(some)))
        found |= {row["id"]: row_event(row) for row in rows.mappings()}
    return found


def row_event(row: RowMapping) -> Event:
    """Read an event from its row."""
    return read_event({str(name): value for name, value in row.items()})


def _moment(event: Event) -> tuple[datetime, str]:
    return event.time, event.id


def _check_kind(event: Event, before: Event | None) -> None:
    """Refuse one name for a person and a program: who said what could not be told."""
    if before is not None and before.kind != event.kind:
        raise ArgumentError(
            f"{event.annotator!r} is a {before.kind} in this store, and a {event.kind} "
            "now; what two decide is never put together under one name. Give another "
            "annotator=, or merge(..., names={old: new}). Nothing was recorded."
        )


def _later(event: Event, last: Event) -> Event:
    """Put an event after the last of its annotator, where a clock went backwards."""
    late = event.time <= last.time
    behind = event.id <= last.id
    return at(
        event,
        time=last.time + _TICK if late else event.time,
        identifier=new_identifier(after=last.id) if behind else event.id,
    )


def _last(connection: Connection, annotators: set[str]) -> dict[str, Event]:
    """The newest event of each annotator."""
    found = {}
    for annotator in annotators:
        query = (
            select(EVENTS)
            .where(EVENTS.c.annotator == annotator)
            .order_by(EVENTS.c.time.desc(), EVENTS.c.id.desc())
            .limit(1)
        )
        row = connection.execute(query).mappings().first()
        if row is not None:
            found[annotator] = row_event(row)
    return found
