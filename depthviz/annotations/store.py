"""A store of annotations: what was decided, by whom, and what it amounts to.

Several people, notebooks and scripts may write to one store at once; each reads what
the others have committed.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd
from sqlalchemy import Connection

from depthviz.annotations import (
    agreement,
    folding,
    interchange,
    label_studio,
    resolving,
)
from depthviz.annotations.backups import copy_file
from depthviz.annotations.corrections import CorrectedLabels, correct_labels
from depthviz.annotations.event_log import EventLog
from depthviz.annotations.storage.appending import append_events, known_events
from depthviz.annotations.storage.database import open_database
from depthviz.errors import ArgumentError, DataError

__all__ = ["Annotations"]


class Annotations(EventLog):
    """Decisions about examples; `depthviz.annotations.open` makes one."""

    def history(self, example: object | None = None) -> pd.DataFrame:
        """Read every event, also those that were undone.

        Args:
            example: Of this example alone.

        Returns:
            One row an event, oldest first, with the fields of an `Event`, and `holds`.
        """
        events, _ = self.events()
        holding = {event.id for event in folding.effective(events)}
        wanted = [
            event
            for event in folding.in_order(events)
            if example is None or event.example == str(example)
        ]
        table = interchange.to_table(wanted)
        return table.assign(holds=[event.id in holding for event in wanted])

    def frame(self) -> pd.DataFrame:
        """Read what each annotator says now.

        Returns:
            One row for each example and annotator, with `verdict`, `label`, `note`
            (None where there is none), `tags` (a tuple), `kind`, `time` of the last
            event, `events` and `seconds`; indexed by `example` and `annotator`.
        """
        decisions = folding.current(self.events()[0])
        columns = ["example", "annotator", "verdict", "label", "note", "tags", "kind"]
        columns += ["time", "events", "seconds"]
        rows = [
            [
                *(each.example, each.annotator),
                *(each.values.get(name) for name in ("verdict", "label", "note")),
                *(tuple(each.tags), each.kind, each.last.time),
                *(each.events, each.seconds),
            ]
            for each in decisions
        ]
        table = pd.DataFrame(rows, columns=columns)
        table["time"] = pd.to_datetime(table["time"], utc=True)
        return table.set_index(["example", "annotator"])

    def ratings(self, form: str = "long", *, field: str = "verdict") -> pd.DataFrame:
        """Give every annotator's decisions as other tools take them.

        Args:
            form: "long": columns `task`, `worker` and `label`, as crowd-kit has them;
                or "wide": one row an example and one column an annotator, with NaN
                where there is none, as cleanlab has them.
            field: "verdict" or "label".

        Returns:
            The table.

        Raises:
            ArgumentError: If the form or the field is unknown.
        """
        return resolving.ratings(self._ratings(field), form)

    def agreement(
        self,
        *,
        field: str = "verdict",
        values: Sequence[str] | None = None,
        annotators: Sequence[str] | None = None,
        draws: int = 1000,
        seed: int = 0,
    ) -> agreement.Agreement:
        """Measure how far annotators agree, beyond what chance would give.

        Args:
            field: "verdict" or "label".
            values: All values that might have been given; by default those that were.
            annotators: Between whom; by default all.
            draws: Of the bootstrap over examples.
            seed: Of it.

        Returns:
            Each coefficient with its interval, or with the sentence why there is none.
        """
        table = resolving.ratings(self._ratings(field), "wide")
        if annotators is not None:
            table = table.reindex(columns=list(annotators))
        return agreement.measure_agreement(table, values=values, draws=draws, seed=seed)

    def resolve(
        self,
        rule: str = "majority",
        *,
        field: str = "verdict",
        adjudicator: str | None = None,
    ) -> pd.Series[Any]:
        """Settle what the annotators say together.

        Args:
            rule: "majority" (a tie settles nothing), "unanimous", "adjudicator", or
                "dawid-skene", which weighs annotators by their errors (crowd-kit).
            field: "verdict" or "label".
            adjudicator: Whose word holds, for that rule; where it is silent, the
                majority's.

        Returns:
            The value of each example where there is one, indexed by `example`.

        Raises:
            ArgumentError: If the rule is unknown, or its adjudicator is.
            DependencyError: If the rule needs a library that is missing.
        """
        return resolving.resolve(self._ratings(field), rule, adjudicator=adjudicator)

    def apply(
        self,
        labels: Any,
        ids: Sequence[Any] | None = None,
        *,
        classes: Sequence[str] | None = None,
        rule: str = "majority",
        adjudicator: str | None = None,
        exclude: Sequence[str] = ("out of place",),
        data: str | None = None,
        others: str = "raise",
    ) -> CorrectedLabels:
        """Put what was decided into the labels of a data set.

        A label is changed where the annotators, by the rule, say which class it should
        be, and do not say that the given one is correct.

        Args:
            labels: One label an example: an array, with `ids`, or a Series by id.
            ids: The ids of the examples, in the order of the labels.
            classes: Names of the classes, where the labels are their numbers.
            rule: As of `resolve`.
            adjudicator: As of `resolve`.
            exclude: Verdicts whose examples are left out of training.
            data: Fingerprint of the data set, `data_sha256` of a study's provenance:
                decisions about other data are refused.
            others: "raise" or "ignore": what happens with decisions of examples that
                these labels do not have.

        Returns:
            The labels, a log of what was changed, and what is left out.

        Raises:
            ArgumentError: If there are no ids, or a class is unknown.
            DataError: If decisions are of examples that are not there, or of other
                data.
        """
        events = self.events()[0]
        other = {event.data for event in events if event.data} - {data}
        if data is not None and other:
            raise DataError(
                "The annotations were made of other data, with the fingerprint "
                f"{sorted(other)[0]:.16}…; these labels are of {data:.16}…."
            )
        verdicts, decided = (
            resolving.settle(self._ratings(field), rule, adjudicator=adjudicator)
            for field in ("verdict", "label")
        )
        return correct_labels(
            labels,
            {
                example: value
                for example, value in decided.items()
                if verdicts.get(example) not in ("correct", *exclude)
            },
            ids=ids,
            classes=classes,
            excluded=[each for each, verdict in verdicts.items() if verdict in exclude],
            others=others,
        )

    def columns(self, ids: Sequence[Any]) -> pd.DataFrame:
        """Give the decisions as columns of a study: `study.assign(**columns)`.

        Args:
            ids: The examples, as `study.frame().index` has them.

        Returns:
            One row an example, in that order: `verdict` (the majority's, "" where there
            is none, "disputed" where there is no majority), `annotators` (how many gave
            a verdict), and `disagreement` (the share of pairs of them that differ, NaN
            below two).
        """
        said = resolving.by_example(self._ratings("verdict"))
        settled = resolving.resolve(self._ratings("verdict"), "majority")
        rows = []
        for example in map(str, ids):
            values = list(said.get(example, {}).values())
            word = settled.get(example, "disputed" if values else "")
            rows.append([word, len(values), resolving.disagreement(values)])
        names = ["verdict", "annotators", "disagreement"]
        return pd.DataFrame(rows, columns=names, index=pd.Index(ids))

    def merge(self, source: str | os.PathLike[str] | Annotations) -> int:
        """Take over the events of another store, or of a log that a page wrote.

        Args:
            source: The store; or the path of one, or of a JSON Lines or CSV file.

        Returns:
            How many events were new; merging twice changes nothing.

        Raises:
            DataError: If the file is none of these.
        """
        if isinstance(source, Annotations):
            events = source.events()[0]
        else:
            events = interchange.read_file(source, open_store=self._open)

        new: list[str] = []  # of the first attempt, where its answer was lost

        def work(connection: Connection) -> int:
            ids = {event.id for event in events}
            known = known_events(connection, [*ids])
            append_events(connection, [(event, True) for event in events])
            new[:] = new or [*(ids - set(known))]
            return len(new)

        return self._database.write(work)

    def backup(self, path: str | os.PathLike[str]) -> Path:
        """Copy everything into a new file of SQLite, while others go on writing.

        Args:
            path: The file; it must not exist.

        Returns:
            Its path.
        """
        return copy_file(self.events()[0], path, open_store=self._open)

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
        self, path: str | os.PathLike[str], *, frame: pd.DataFrame | None = None
    ) -> Path:
        """Write decisions as tasks that Label Studio imports.

        Args:
            path: The JSON file; an existing one is replaced.
            frame: `study.frame()`, whose examples all become tasks, with depth and
                suspicion as scores of predictions.

        Returns:
            The path.
        """
        tasks = label_studio.to_tasks(folding.current(self.events()[0]), frame)
        return interchange.write_text(json.dumps(tasks, indent=1), path)

    def _open(self, path: Path) -> Annotations:
        """Another store of the same annotator."""
        opened = open_database(path)
        return Annotations(opened, annotator=self.annotator, kind=self.kind)

    def _ratings(self, field: str) -> list[tuple[str, str, str]]:
        known = ("verdict", "label")
        if field not in known:
            raise ArgumentError(
                f"field must be one of {', '.join(map(repr, known))}, got {field!r}."
            )
        return [
            (each.example, each.annotator, each.values[field])
            for each in folding.current(self.events()[0])
            if field in each.values
        ]
