"""What annotators decided, as tables: of each event, of each person, of all together.

Reads a log of events, and writes nothing. Knows nothing of files.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from depthviz.annotations import agreement, folding, resolving
from depthviz.annotations.corrections import (
    CorrectedLabels,
    correct_labels,
    labels_by_id,
    right_classes,
)
from depthviz.annotations.event_log import EventLog
from depthviz.annotations.exchange import interchange
from depthviz.annotations.fingerprints import by_id, check_data, check_inputs
from depthviz.annotations.folding import Decision
from depthviz.errors import ArgumentError

if TYPE_CHECKING:
    from depthviz.study import Study

__all__ = ["Decisions"]

_RATED = ("verdict", "label")


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
        inputs: Sequence[str] | None = None,
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
            inputs: The `fingerprint` of each example's input, in the order of the
                labels: decisions about other inputs are refused.
            others: "raise" or "ignore": what happens with decisions of examples that
                these labels do not have.

        Returns:
            The labels, a log of what was changed, and what is left out.

        Raises:
            ArgumentError: If there are no ids, or a class is unknown.
            DataError: If decisions are of examples that are not there, of other data or
                of other inputs.
        """
        events = folding.effective(self.events()[0])
        given = labels_by_id(labels, ids)
        if data is not None:
            check_data(events, [data], words=f"these labels are of {data:.16}….")
        if inputs is not None:
            check_inputs(events, by_id([*given.index], inputs))
        verdicts, decided = _settled(folding.current(events), rule, adjudicator)
        return correct_labels(
            given,
            {
                example: value
                for example, value in decided.items()
                if verdicts.get(example) not in ("correct", *exclude)
            },
            classes=classes,
            excluded=[each for each, verdict in verdicts.items() if verdict in exclude],
            others=others,
        )

    def truth(
        self,
        study: Study,
        *,
        rule: str = "majority",
        adjudicator: str | None = None,
        data: str | None = None,
        others: str = "raise",
    ) -> pd.Series[Any]:
        """Tell the right class of each example of a study, as far as it was decided.

        What nobody judged keeps its given label. Whoever takes a `truth`, such as
        `accuracy_by_group`, takes a store too, and asks it this.

        Args:
            study: The study; decisions find its examples by id.
            rule: As of `resolve`.
            adjudicator: As of `resolve`.
            data: Fingerprint of the data that was annotated, where it is not the
                study's own: with corrected labels, data has another one.
            others: "raise" or "ignore": what happens with decisions of examples that
                the study does not have.

        Returns:
            Positions among the classes, Int64, indexed by `example_id`; missing where
            examples were judged and their class is open: a wrong label without a right
            one, an ambiguous example, a dispute.

        Raises:
            DataError: If decisions are of examples that the study does not have, or of
                other data where ids are numbers, which every data set has.
        """
        events = folding.effective(self.events()[0])
        given = study.frame()["label"]
        own = str(study.dataset.attrs.get("data_sha256", ""))
        if given.index.dtype.kind in "iu" and own:
            words = (
                f"the study is of {own:.16}…, and its ids are numbers. If they are of "
                "the same examples, say so: store.truth(study, data=...), with the "
                "fingerprint that the annotations bear."
            )
            check_data(events, [own, *([] if data is None else [data])], words=words)
        decisions = folding.current(events)
        verdicts, decided = _settled(decisions, rule, adjudicator)
        return right_classes(
            given,
            verdicts,
            decided,
            judged={each.example for each in decisions if {*_RATED} & {*each.values}},
            classes=study.classes,
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
        ratings = self._ratings("verdict")
        said = resolving.by_example(ratings)
        settled = resolving.settle(ratings, "majority")
        rows = []
        for example in map(str, ids):
            values = list(said.get(example, {}).values())
            word = settled.get(example, "disputed" if values else "")
            rows.append([word, len(values), resolving.disagreement(values)])
        names = ["verdict", "annotators", "disagreement"]
        return pd.DataFrame(rows, columns=names, index=pd.Index(ids))

    def _ratings(self, field: str) -> list[tuple[str, str, str]]:
        if field not in _RATED:
            raise ArgumentError(
                f"field must be one of {', '.join(map(repr, _RATED))}, got {field!r}."
            )
        return _rated(folding.current(self.events()[0]), field)


def _rated(decisions: Sequence[Decision], field: str) -> list[tuple[str, str, str]]:
    return [
        (each.example, each.annotator, each.values[field])
        for each in decisions
        if field in each.values
    ]


def _settled(
    decisions: Sequence[Decision], rule: str, adjudicator: str | None
) -> tuple[dict[str, str], dict[str, str]]:
    """Settle verdicts and labels; an adjudicator may have given one of them alone."""
    everyone = sorted({each.annotator for each in decisions})
    verdicts, labels = (
        resolving.settle(
            _rated(decisions, field),
            rule,
            adjudicator=adjudicator,
            annotators=everyone,
        )
        for field in _RATED
    )
    return verdicts, labels
