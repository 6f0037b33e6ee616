"""A store of annotations: what was decided, by whom, and how it comes and goes.

Several people, notebooks and scripts may write to one store at once; each reads what
the others have committed.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd
from sqlalchemy import Connection

from depthviz.annotations import folding
from depthviz.annotations.events import Event, make_event
from depthviz.annotations.exchange import interchange, label_studio
from depthviz.annotations.exchange.backups import copy_file
from depthviz.annotations.fingerprints import check_told, of_data
from depthviz.annotations.outcomes import Outcomes
from depthviz.annotations.schema import read_schema
from depthviz.annotations.storage.appending import append_events
from depthviz.annotations.storage.database import open_database
from depthviz.annotations.storage.people import people_in
from depthviz.annotations.storage.rows import known_events
from depthviz.errors import ArgumentError

__all__ = ["Annotations"]


class Annotations(Outcomes):
    """Decisions about examples; `depthviz.annotations.open` makes one."""

    def merge(
        self,
        source: str | os.PathLike[str] | Annotations,
        *,
        names: Mapping[str, str] | None = None,
    ) -> int:
        """Take over the events of another store, or of a log that a page wrote.

        Args:
            source: The store; or the path of one, or of a JSON Lines or CSV file.
            names: New names of annotators of the source, where somebody else here bears
                theirs: what two people decide under one name cannot be told apart.

        Returns:
            How many events were new; merging twice changes nothing.

        Raises:
            ArgumentError: If `names` has a name that the source does not have, or a
                program there bears a person's name.
            DataError: If the file is none of these.
        """
        roles: dict[str, str] = {}

        def open_store(path: Path) -> Annotations:
            opened = self._open(path)
            roles.update(opened.roles)
            return opened

        if isinstance(source, Annotations):
            events = source.events()[0]
            roles.update(source.roles)
        else:
            events = interchange.read_file(source, open_store=open_store)
        events = _renamed(events, names or {})
        new: list[str] = []  # of the first attempt, where its answer was lost

        def work(connection: Connection) -> int:
            ids = {event.id for event in events}
            known = known_events(connection, [*ids])
            append_events(connection, [(event, True) for event in events], merges=True)
            new[:] = new or [*(ids - set(known))]
            return len(new)

        count = self._database.write(work)
        self.learn_roles({**roles, **self.roles})
        return count

    def backup(self, path: str | os.PathLike[str]) -> Path:
        """Copy everything into a new file of SQLite, while others go on writing.

        Args:
            path: The file; it must not exist.

        Returns:
            Its path.
        """
        copied = copy_file(self.events()[0], path, open_store=self._open)
        with self._open(copied) as store:
            store.learn_roles(self.roles)
        return copied

    def export(self, path: str | os.PathLike[str]) -> Path:
        """Write all events to a file that `merge` reads.

        Args:
            path: Ends in `.jsonl`, `.csv` or `.parquet`; an existing file is replaced.

        Returns:
            Its path.

        Raises:
            ArgumentError: If it ends in something else.
            DependencyError: If Parquet needs a library that is missing.
        """
        return interchange.write_file(folding.in_order(self.events()[0]), path)

    def to_label_studio(
        self,
        path: str | os.PathLike[str],
        *,
        frame: pd.DataFrame | None = None,
        data: str | None = None,
    ) -> Path:
        """Write decisions as tasks that Label Studio imports.

        Args:
            path: The JSON file; an existing one is replaced.
            frame: `study.frame()`, whose examples all become tasks, with depth and
                suspicion as scores of predictions.
            data: Fingerprint of the data set, `data_sha256` of a study's provenance,
                needed where ids are numbers; what is decided there bears it, too.

        Returns:
            The path. Its project needs the configuration of `label_studio_config`.

        Raises:
            ArgumentError: If ids are numbers, decisions are of some data, and nobody
                told of which data the frame is.
            DataError: If one number means examples of several data sets.
        """
        events = self.events()[0]
        if frame is not None:
            check_told(folding.effective(events), frame.index, data)
        decisions = folding.current(of_data(events, data))
        tasks = label_studio.to_tasks(decisions, frame, data=data)
        return interchange.write_text(json.dumps(tasks, indent=1), path)

    def label_studio_config(
        self,
        classes: Sequence[str] = (),
        *,
        schema: object = None,
        shows: tuple[str, str] = ("text", "example_id"),
    ) -> str:
        """Give the labeling configuration of a project for `to_label_studio`'s tasks.

        Args:
            classes: Names of the classes, such as `study.classes`.
            schema: What may be decided, as of `depthviz.explore`.
            shows: What is shown of an example, "text", "image" or "html", and the
                column of the tasks that has it; of pictures their address, as Label
                Studio reaches it.

        Returns:
            XML, for the project's settings, under Labeling Interface, Code.

        Raises:
            ArgumentError: If the schema is none, or what is shown neither of these.
        """
        return label_studio.to_config(read_schema(schema), classes, shows=shows)

    def _open(self, path: Path) -> Annotations:
        """Another store of the same annotator."""
        opened = open_database(path)
        return Annotations(opened, annotator=self.annotator, kind=self.kind)


def _renamed(events: Sequence[Event], names: Mapping[str, str]) -> list[Event]:
    """Give annotators other names, in the place of all that they have had."""
    people = people_in(events)
    known = {event.annotator for event in events}
    known |= {people.name_of(name) for name in known}
    if unknown := [name for name in names if name not in known]:
        raise ArgumentError(
            f"No annotator of the source is named {unknown[0]!r}. There are: "
            f"{', '.join(map(repr, sorted(known))) or 'none'}."
        )
    for name in names.values():
        make_event(example="-", field="note", annotator=name)  # refuses what is no name
    new = {each: to for name, to in names.items() for each in people.names_of(name)}

    def renamed(event: Event) -> Event:
        given = replace(event, annotator=new.get(event.annotator, event.annotator))
        if event.field != "annotator":
            return given
        value, previous = (
            None if each is None else new.get(each, each)
            for each in (event.value, event.previous)
        )
        return replace(given, value=value, previous=previous)

    return [renamed(event) for event in events]
