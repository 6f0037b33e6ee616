"""Who is behind which name: annotators of a database, by all names that they have had.

Renamings are events like others, so that what a name means is read in the transaction
that relies on it. Two people never come under one name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, literal, select

from depthviz.annotations import folding
from depthviz.annotations.events import Event
from depthviz.annotations.storage.rows import row_event
from depthviz.annotations.storage.tables import EVENTS
from depthviz.errors import ArgumentError

__all__ = ["People", "check_apart", "kinds_of", "people_in", "read_people"]


@dataclass(frozen=True)
class People:
    """What annotators are named now.

    Attributes:
        renamed: The newest name by every earlier one.
    """

    renamed: Mapping[str, str]

    def name_of(self, name: str) -> str:
        """The newest name of who bears or bore this one."""
        return self.renamed.get(name, name)

    def names_of(self, name: str) -> list[str]:
        """All names of who bears or bore this one."""
        newest = self.name_of(name)
        earlier = [old for old, new in self.renamed.items() if new == newest]
        return [newest, *earlier]


def people_in(events: Iterable[Event]) -> People:
    """Find what annotators are named now, by events."""
    renamings = [event for event in events if event.field == "annotator"]
    return People(folding.names(folding.effective(renamings)))


def read_people(connection: Connection) -> People:
    """Find what annotators of a database are named now."""
    # Written out, so that a database sees that its index of renamings is enough.
    field = literal("annotator", literal_execute=True)
    query = select(EVENTS).where(EVENTS.c.field == field)
    return people_in(map(row_event, connection.execute(query).mappings()))


def kinds_of(connection: Connection) -> dict[str, str]:
    """The kind of each annotator who decided something, by the name of each event."""
    query = select(EVENTS.c.annotator, EVENTS.c.kind).distinct()
    query = query.where(EVENTS.c.field != "annotator")
    return {annotator: kind for annotator, kind in connection.execute(query)}


def check_apart(
    together: Mapping[str, str], sides: Iterable[Mapping[str, str]]
) -> None:
    """Refuse renamings by which two people would come under one name.

    Args:
        together: The name that everybody would have, by the name of each event.
        sides: Each a store or a file by itself: the name that everybody has there. Who
            decides in both under one name is one person.

    Raises:
        ArgumentError: If one name would be of several.
    """
    person = {name: name for name in together}

    def find(name: str) -> str:
        while person[name] != name:
            name = person[name]
        return name

    for side in sides:
        first: dict[str, str] = {}
        for name, newest in side.items():
            person[find(name)] = find(first.setdefault(newest, name))
    bearers: dict[str, str] = {}
    for name, newest in together.items():
        other = bearers.setdefault(newest, name)
        if find(other) != find(name):
            raise ArgumentError(
                f"{other!r:.80} and {name!r:.80} would both be named {newest!r:.80}; "
                "what two people decide is never put together under one name. Nothing "
                f"was recorded. Give another name: merge(..., names={{{newest!r:.80}: "
                f"'another'}}); or, if they are one person, {other!r:.80}."
            )
