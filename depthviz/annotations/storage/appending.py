"""Adding events to a database: each id once, and the times of an annotator in order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from depthviz.annotations.events import (
    LATEST,
    Event,
    at,
    check_new,
    microseconds,
    to_record,
)
from depthviz.annotations.identifiers import can_follow, new_identifier
from depthviz.annotations.storage.people import (
    People,
    check_apart,
    kinds_of,
    people_in,
    read_people,
)
from depthviz.annotations.storage.rows import known_events, row_event
from depthviz.annotations.storage.tables import EVENTS
from depthviz.errors import ArgumentError

__all__ = ["append_events"]

_TICK = timedelta(microseconds=1)


def append_events(
    connection: Connection, given: Sequence[tuple[Event, bool]], *, merges: bool = False
) -> list[Event]:
    """Add the events whose ids are not there; those of now are put in order.

    Args:
        connection: One that writes alone.
        given: Events, and whether their time and id are given and stay as they are.
        merges: Whether they are of another store, whose people have names of their own.

    Returns:
        The events as they are kept.

    Raises:
        ArgumentError: If an annotator is of another kind so far, two would come under
            one name, or an event is none that can be kept for good.
    """
    known = known_events(connection, [event.id for event, _ in given])
    people = read_people(connection)
    here = kinds_of(connection) if merges or _rename(given) else {}
    last = _last(connection, people, {event.annotator for event, _ in given})
    added: dict[str, Event] = {}
    kept = []
    for event, fixed in given:
        there = known.get(event.id) or added.get(event.id)
        if there is None:
            check_new(event)
            who = people.name_of(event.annotator)
            before = last.get(who)
            _check_kind(event, before)
            there = event if fixed or before is None else _later(event, before)
            last[who] = max(before or there, there, key=_moment)
            added[event.id] = there
        kept.append(there)
    if added:
        records = [to_record(event) for event in added.values()]
        connection.execute(EVENTS.insert(), records)
    if merges or _rename(given):
        now = read_people(connection)
        _check_names(people, here, now, [event for event, _ in given])
    return kept


def _rename(given: Iterable[tuple[Event, bool]]) -> bool:
    return any(event.field == "annotator" for event, _ in given)


def _check_names(
    people: People, here: Iterable[str], now: People, given: Sequence[Event]
) -> None:
    """Refuse what puts two people under one name, each side by itself being right."""
    there = {event.annotator for event in given if event.field != "annotator"}
    theirs = people_in(given)
    sides = [
        {name: people.name_of(name) for name in here},
        {name: theirs.name_of(name) for name in sorted(there)},
    ]
    every = dict.fromkeys([*here, *sorted(there)])
    check_apart({name: now.name_of(name) for name in every}, sides)


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
    behind = can_follow(last.id) and event.id <= last.id
    return at(
        event,
        time=last.time + _TICK if late else event.time,
        identifier=new_identifier(after=last.id) if behind else event.id,
    )


def _last(
    connection: Connection, people: People, annotators: Iterable[str]
) -> dict[str, Event]:
    """The newest event of each annotator, by the newest name."""
    found = {}
    for who in {people.name_of(annotator) for annotator in annotators}:
        query = (
            select(EVENTS)
            .where(EVENTS.c.annotator.in_(people.names_of(who)))
            .where(EVENTS.c.time < microseconds(LATEST))
            .order_by(EVENTS.c.time.desc(), EVENTS.c.id.desc())
            .limit(1)
        )
        row = connection.execute(query).mappings().first()
        if row is not None:
            found[who] = row_event(row)
    return found
