"""What annotators decided, as tables: of each event, of each person, of all together.

Reads a log of events, and writes nothing. Knows nothing of files.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, TypeAlias

import pandas as pd

from depthviz.annotations import agreement, folding, resolving
from depthviz.annotations.event_log import EventLog
from depthviz.annotations.exchange import interchange
from depthviz.annotations.fingerprints import of_data
from depthviz.annotations.folding import Decision
from depthviz.annotations.settling import RATED, rated
from depthviz.errors import ArgumentError

__all__ = ["Data", "Decisions"]

Data: TypeAlias = str | Collection[str] | None


class Decisions(EventLog):
    """A log of events, and what it amounts to."""

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

    def frame(self, *, data: Data = None) -> pd.DataFrame:
        """Read what each annotator says now.

        Args:
            data: Fingerprint of a data set, `data_sha256` of a study's provenance, or
                several of the same examples: of these alone, and of what does not say
                of which it is. Needed where ids are numbers and several data sets are
                annotated in one store.

        Returns:
            One row for each example and annotator, with `verdict`, `label`, `note`
            (None where there is none), `tags` (a tuple), `kind`, `time` of the last
            event, `events` and `seconds`; indexed by `example` and `annotator`.

        Raises:
            DataError: If one number means examples of several data sets.
        """
        decisions = self._current(data)
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

    def ratings(
        self, form: str = "long", *, field: str = "verdict", data: Data = None
    ) -> pd.DataFrame:
        """Give every annotator's decisions as other tools take them.

        Args:
            form: "long": columns `task`, `worker` and `label`, as crowd-kit has them;
                or "wide": one row an example and one column an annotator, with NaN
                where there is none, as cleanlab has them.
            field: "verdict" or "label".
            data: As of `frame`.

        Returns:
            The table.

        Raises:
            ArgumentError: If the form or the field is unknown.
            DataError: As of `frame`.
        """
        return resolving.ratings(self._ratings(field, data), form)

    def agreement(
        self,
        *,
        field: str = "verdict",
        values: Sequence[str] | None = None,
        annotators: Sequence[str] | None = None,
        data: Data = None,
        draws: int = 1000,
        seed: int = 0,
    ) -> agreement.Agreement:
        """Measure how far annotators agree, beyond what chance would give.

        Args:
            field: "verdict" or "label".
            values: All values that might have been given; by default those that were.
            annotators: Between whom; by default all.
            data: As of `frame`.
            draws: Of the bootstrap over examples.
            seed: Of it.

        Returns:
            Each coefficient with its interval, or with the sentence why there is none.

        Raises:
            ArgumentError: If nobody bears one of these names.
            DataError: As of `frame`.
        """
        decisions = self._current(data)
        table = resolving.ratings(rated(decisions, _checked(field)), "wide")
        if annotators is not None:
            known = sorted({each.annotator for each in decisions})
            _check_known(annotators, known)
            table = table.reindex(columns=list(annotators))
        return agreement.measure_agreement(table, values=values, draws=draws, seed=seed)

    def resolve(
        self,
        rule: str = "majority",
        *,
        field: str = "verdict",
        adjudicator: str | None = None,
        data: Data = None,
    ) -> pd.Series[Any]:
        """Settle what the annotators say together.

        Args:
            rule: "majority" (a tie settles nothing), "unanimous", "adjudicator", or
                "dawid-skene", which weighs annotators by their errors (crowd-kit; what
                stays equally likely settles nothing).
            field: "verdict" or "label".
            adjudicator: Whose word holds, for that rule; where it is silent, the
                majority's.
            data: As of `frame`.

        Returns:
            The value of each example where there is one, indexed by `example`.

        Raises:
            ArgumentError: If the rule is unknown, or its adjudicator is.
            DataError: As of `frame`.
            DependencyError: If the rule needs a library that is missing.
        """
        ratings = self._ratings(field, data)
        return resolving.resolve(ratings, rule, adjudicator=adjudicator)

    def _current(self, data: Data) -> list[Decision]:
        return folding.current(of_data(self.events()[0], data))

    def _ratings(self, field: str, data: Data) -> list[tuple[str, str, str]]:
        return rated(self._current(data), _checked(field))


def _checked(field: str) -> str:
    if field not in RATED:
        raise ArgumentError(
            f"field must be one of {', '.join(map(repr, RATED))}, got {field!r}."
        )
    return field


def _check_known(wanted: Sequence[str], known: Sequence[str]) -> None:
    unknown = [name for name in wanted if name not in known]
    if unknown:
        raise ArgumentError(
            f"No annotator is named {unknown[0]!r:.80}. There are: "
            f"{', '.join(map(repr, known)) or 'none'}."
        )
