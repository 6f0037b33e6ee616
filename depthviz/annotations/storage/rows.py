"""Events as rows of a database, read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import ColumnElement, Connection, RowMapping, select

from depthviz.annotations.events import Event, read_event
from depthviz.annotations.storage.tables import EVENTS

__all__ = ["known_events", "read_where", "row_event"]

_AT_ONCE = 500  # values in one query


def row_event(row: RowMapping) -> Event:
    """Read an event from its row."""
    return read_event({str(name): value for name, value in row.items()})


def known_events(connection: Connection, ids: Sequence[str]) -> dict[str, Event]:
    """Read the events that are there, by id."""
    found = read_where(connection, EVENTS.c.id, ids)
    return {event.id: event for event in found}


def read_where(
    connection: Connection, column: ColumnElement[str], values: Sequence[str]
) -> Iterator[Event]:
    """Read the events whose column has one of these values."""
    for begin in range(0, len(values), _AT_ONCE):
        some = values[begin : begin + _AT_ONCE]
        rows = connection.execute(select(EVENTS).where(column.in_(some)))
        yield from (row_event(row) for row in rows.mappings())
