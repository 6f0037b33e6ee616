"""What an annotator said before of what is decided now, for the event that says so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import Connection

from depthviz.annotations import folding
from depthviz.annotations.events import Event
from depthviz.annotations.fingerprints import is_number, of_data
from depthviz.annotations.storage.people import People, read_people
from depthviz.annotations.storage.rows import read_where
from depthviz.annotations.storage.tables import EVENTS

__all__ = ["with_previous"]

_VALUES = ("verdict", "label", "note")  # a tag bears itself, where it is taken off


def with_previous(
    connection: Connection, given: Sequence[tuple[Event, bool]]
) -> list[Event]:
    """Give events the value before, within the transaction that adds them.

    Args:
        connection: One that writes alone.
        given: Events, and whether each is to have it.

    Returns:
        The events, in their order.
    """
    wanted = {event.example for event, asks in given if asks and event.field in _VALUES}
    people = read_people(connection)
    told: dict[tuple[str, str], list[Event]] = {}
    for event in read_where(connection, EVENTS.c.example, sorted(wanted)):
        told.setdefault(_key(event, people), []).append(event)
    values: dict[tuple[str, str, str], dict[str, str | None]] = {}
    done = []
    for event, asks in given:
        who = _key(event, people)
        data = event.data if is_number(event.example) else ""
        if (*who, data) not in values:
            values[*who, data] = _said(told.get(who, []), data)
        said = values[*who, data]
        is_value = event.field in _VALUES
        before = said.get(event.field) if asks and is_value else event.previous
        done.append(replace(event, previous=before))
        if is_value:
            said[event.field] = event.value
    return done


def _key(event: Event, people: People) -> tuple[str, str]:
    return event.example, people.name_of(event.annotator)


def _said(events: Sequence[Event], data: str) -> dict[str, str | None]:
    """What one annotator says of one example, of some data where that is told."""
    own = [replace(event, annotator="-") for event in events]
    decisions = folding.current(of_data(own, data) if data else own)
    return dict(decisions[0].values) if decisions else {}
