"""A log of events: they are only ever added, by as many writers as there are.

Whatever `record` has returned is on the disk. Times and ids of one annotator rise, also
where a clock goes backwards. Knows nothing of what events amount to, but who undoes
what.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, Self

from sqlalchemy import Connection, func, select

from depthviz.annotations import folding
from depthviz.annotations.events import Event, make_event
from depthviz.annotations.identifiers import new_identifier
from depthviz.annotations.storage.appending import append_events
from depthviz.annotations.storage.database import Database
from depthviz.annotations.storage.earlier import with_previous
from depthviz.annotations.storage.people import kinds_of, read_people
from depthviz.annotations.storage.rows import row_event
from depthviz.annotations.storage.tables import EVENTS
from depthviz.errors import ArgumentError

__all__ = ["EventLog"]

# What bears one of these has its place among the others already.
_PLACED = {"previous", "undoes", "time", "id"}


class EventLog:
    """Events in a database.

    Args:
        database: Where they are.
        annotator: Whose decisions are recorded where nobody else is named.
        kind: "human", "model" or "rule".
    """

    def __init__(
        self, database: Database, *, annotator: str, kind: str = "human"
    ) -> None:
        self._database = database
        self.annotator = annotator
        self.kind = kind

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __len__(self) -> int:
        return self._database.read(
            lambda connection: (
                connection.scalar(select(func.count()).select_from(EVENTS)) or 0
            )
        )

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.place}: {len(self):,} events>"

    @property
    def place(self) -> str:
        """The file, or the URL without its password."""
        return self._database.place

    def close(self) -> None:
        """Let go of the database; it opens again where it is used."""
        self._database.close()

    def record(
        self, example: object, field: str, value: str | None, **more: Any
    ) -> Event:
        """Record one decision; when this returns, it is on the disk.

        Args:
            example: The id of the example, as in `study.frame()`.
            field: "verdict", "label", "tag" or "note".
            value: What was decided; None takes an earlier value back, of a tag the one
                that is given as `previous`.
            **more: Other fields of an `Event`, such as `annotator`, `kind`, `time`,
                `latency`, `context`, `data` and `input`.

        Returns:
            The event, as it is kept.

        Raises:
            ArgumentError: If a field has no value that it may have.
            DiskError: If it could not be recorded; nothing of it was, then.
        """
        return self.record_many(
            [{"example": example, "field": field, "value": value, **more}]
        )[0]

    def record_many(
        self, decisions: Iterable[Mapping[str, Any] | Event]
    ) -> list[Event]:
        """Record many decisions in one step: all of them, or none.

        Args:
            decisions: Fields of an event each, or events; what bears an id that the
                store has already is left as it is.

        Returns:
            The events, as they are kept.

        Raises:
            ArgumentError: If one is none; nothing is recorded then.
            DiskError: If they could not be recorded; none of them was, then.
        """
        mine = {"annotator": self.annotator, "kind": self.kind}
        given = [
            (each, True, False)
            if isinstance(each, Event)
            else (
                make_event(**{**mine, **each}),
                "time" in each or "id" in each,
                not _PLACED & {*each},
            )
            for each in decisions
        ]

        def make(connection: Connection) -> list[tuple[Event, bool]]:
            asked = [(event, asks) for event, _, asks in given]
            if any(asks for _, asks in asked):
                events = with_previous(connection, asked)
            else:
                events = [event for event, _ in asked]
            return [
                (event, fixed)
                for event, (_, fixed, _) in zip(events, given, strict=True)
            ]

        return self._append(make)

    def events(
        self,
        *,
        after: int = 0,
        most: int | None = None,
        data: str | Collection[str] | None = None,
    ) -> tuple[list[Event], int]:
        """Read events in the order in which they were committed.

        Args:
            after: A number that an earlier call gave: only later events are read.
            most: At most so many, the first of them; by default all.
            data: Of this data set alone, by its fingerprint, or of several, and what
                does not say of which it is; by default of all.

        Returns:
            The events, and the number to go on from; numbers are given under a lock,
            so that none is missed.
        """

        def work(connection: Connection) -> tuple[list[Event], int]:
            query = (
                select(EVENTS)
                .where(EVENTS.c.number > after)
                .order_by(EVENTS.c.number)
                .limit(most)
            )
            if data is not None:
                told = [data] if isinstance(data, str) else [*data]
                query = query.where(EVENTS.c.data.in_(["", *told]))
            rows = connection.execute(query).mappings().all()
            last = rows[-1]["number"] if rows else after
            return [row_event(row) for row in rows], last

        return self._database.read(work)

    def undo(self, *, annotator: str | None = None) -> list[Event]:
        """Take back the last step of an annotator, a batch at once.

        Args:
            annotator: Whose, by any name that this person has had; by default this
                store's own.

        Returns:
            The events that were recorded for it; none where nothing is left.
        """
        return self._take_back(annotator or self.annotator, undone=False)

    def redo(self, *, annotator: str | None = None) -> list[Event]:
        """Do again what was undone last, unless something was decided since.

        Args:
            annotator: As of `undo`.

        Returns:
            The events that were recorded for it; none where nothing is left.
        """
        return self._take_back(annotator or self.annotator, undone=True)

    def rename(self, annotator: str, to: str) -> Event:
        """Give an annotator another name, in all that was and will be recorded.

        Args:
            annotator: The name so far, or an earlier one.
            to: The new one, which nobody else bears or bore.

        Returns:
            The event that says so; `undo` takes it back.

        Raises:
            ArgumentError: If another annotator bears or bore that name, or nobody the
                one so far.
        """
        make_event(example="-", field="note", annotator=to)  # refuses what is no name

        def make(connection: Connection) -> list[tuple[Event, bool]]:
            people = read_people(connection)
            kinds = {
                people.name_of(name): kind
                for name, kind in kinds_of(connection).items()
            }
            who = people.name_of(annotator)
            if to in kinds or people.name_of(to) not in (to, who):
                raise ArgumentError(
                    f"{to!r} is an annotator of this store already; what two people "
                    "decide is never put together under one name."
                )
            if who not in kinds:
                raise ArgumentError(
                    f"No annotator is named {annotator!r}. There are: "
                    f"{', '.join(map(repr, sorted(kinds))) or 'none'}."
                )
            given = {"annotator": who, "kind": kinds[who], "value": to}
            return [(make_event(example="-", field="annotator", **given), False)]

        return self._append(make)[0]

    def _take_back(self, annotator: str, *, undone: bool) -> list[Event]:
        def make(connection: Connection) -> list[tuple[Event, bool]]:
            names = read_people(connection).names_of(annotator)
            query = select(EVENTS).where(EVENTS.c.annotator.in_(names))
            own = [row_event(row) for row in connection.execute(query).mappings()]
            targets = folding.last_undone(own) if undone else folding.last_done(own)
            batch = new_identifier()
            return [
                (
                    make_event(
                        example=event.example,
                        field=event.field,
                        value=event.previous,
                        previous=event.value,
                        annotator=event.annotator,
                        kind=event.kind,
                        data=event.data,
                        undoes=event.id,
                        batch=batch,
                    ),
                    False,
                )
                for event in targets
            ]

        return self._append(make)

    def _append(
        self, make: Callable[[Connection], Sequence[tuple[Event, bool]]]
    ) -> list[Event]:
        """Add events once, also where the answer to the commit was lost.

        The second attempt adds the events of the first, which it finds if they came
        through.
        """
        made: list[Event] = []

        def work(connection: Connection) -> list[Event]:
            given = [(event, True) for event in made] or make(connection)
            made[:] = append_events(connection, given)
            return made

        return self._database.write(work)
