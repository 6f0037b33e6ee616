"""What decisions amount to: corrected labels, and the right classes of a study.

Reads a log of events and what its verdicts say of a label. Knows nothing of files.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import pandas as pd
from sqlalchemy import Connection

from depthviz.annotations import folding, resolving
from depthviz.annotations.corrections import (
    CorrectedLabels,
    correct_labels,
    labels_by_id,
    right_classes,
)
from depthviz.annotations.decisions import Data, Decisions
from depthviz.annotations.events import Event
from depthviz.annotations.fingerprints import (
    are_numbers,
    by_id,
    check_data,
    check_inputs,
    check_told,
    of_data,
)
from depthviz.annotations.schema import USUAL, read_schema, roles_of
from depthviz.annotations.settling import RATED, rated, settle_decisions
from depthviz.annotations.storage.tables import read_note, write_note
from depthviz.errors import ArgumentError, DiskError

if TYPE_CHECKING:
    from depthviz.study import Study

__all__ = ["Outcomes"]

_ROLES = "roles"
_RIGHT = "confirms"
_OUT = ("out of place",)


class Outcomes(Decisions):
    """Decisions, and what they do to labels."""

    _own_roles: Mapping[str, str] = MappingProxyType({})

    @property
    def roles(self) -> dict[str, str]:
        """What each verdict says of the label: "confirms", "relabels" or "" (nothing).

        Of the four usual ones, and of those of a schema that this store was used with.
        """
        stored = self._database.read(_read_roles)
        return {**roles_of(USUAL), **stored, **self._own_roles}

    def use_schema(self, schema: object) -> None:
        """Say what verdicts of one's own mean; the store remembers it.

        Args:
            schema: As of `depthviz.explore`: a dict, or the path of a JSON or TOML
                file.

        Raises:
            ArgumentError: If it is none.
        """
        self.learn_roles(roles_of(read_schema(schema)))

    def learn_roles(self, roles: Mapping[str, str]) -> None:
        """Remember what verdicts say of the label, in the store if it may be written.

        Args:
            roles: "confirms", "relabels" or "" by verdict. Nothing said takes nothing
                back that was said before.

        Raises:
            ArgumentError: If one confirms labels here and says there that they are
                wrong.
        """
        known = self.roles
        for verdict, role in roles.items():
            if role and known.get(verdict) and known[verdict] != role:
                raise ArgumentError(
                    f"The verdict {verdict!r:.80} has the meaning {known[verdict]!r} "
                    f"in {self.place}, and not {role!r}: give it another value."
                )
        new = {verdict: role for verdict, role in roles.items() if role}
        new |= {verdict: "" for verdict in roles if verdict not in known | new}
        self._own_roles = {**self._own_roles, **new}
        if self._database.writable and any(
            known.get(verdict) != role for verdict, role in new.items()
        ):
            with suppress(DiskError):  # who may only read needs them for now alone
                self._database.write(
                    lambda connection: write_note(
                        connection,
                        _ROLES,
                        json.dumps({**_read_roles(connection), **new}),
                    )
                )

    def apply(
        self,
        labels: Any,
        ids: Sequence[Any] | None = None,
        *,
        classes: Sequence[str] | None = None,
        rule: str = "majority",
        adjudicator: str | None = None,
        exclude: Sequence[str] = ("out of place",),
        data: Data = None,
        inputs: Sequence[str] | None = None,
        others: str = "raise",
    ) -> CorrectedLabels:
        """Put what was decided into the labels of a data set.

        A label is changed where the annotators, by the rule, say that it is wrong and
        which class it should be. Classes count of those alone who say so; what is
        disputed stays as it is.

        Args:
            labels: One label an example: an array, with `ids`, or a Series by id.
            ids: The ids of the examples, in the order of the labels.
            classes: Names of the classes, where the labels are their numbers.
            rule: As of `resolve`.
            adjudicator: As of `resolve`.
            exclude: Verdicts whose examples are left out of training.
            data: Fingerprint of the data set, `data_sha256` of a study's provenance,
                or several of the same examples: decisions about other data are refused.
                Needed where ids are numbers, which every data set has.
            inputs: The `fingerprint` of each example's input, in the order of the
                labels: decisions about other inputs are refused.
            others: "raise" or "ignore": what happens with decisions of examples that
                these labels do not have; where ids are numbers, those of other data.

        Returns:
            The labels, a log of what was changed, and what is left out.

        Raises:
            ArgumentError: If there are no ids, if they are numbers and nobody told of
                which data, if a class is unknown, or labels are neither integers nor
                names.
            DataError: If decisions are of examples that are not there, of other data or
                of other inputs.
        """
        given = labels_by_id(labels, ids)
        events: Sequence[Event] = folding.effective(self.events()[0])
        check_told(events, given.index, data)
        if others == "ignore":
            events = _of_these(events, given.index, data)
        if data is None:
            of_data(events, None)  # refuses numbers that mean several examples
        else:
            words = f"these labels are of {_shortened(data)}."
            check_data(events, data, words=words)
        if inputs is not None:
            check_inputs(events, by_id([*given.index], inputs))
        verdicts, decided = settle_decisions(
            folding.current(events),
            rule,
            adjudicator=adjudicator,
            roles=self.roles,
            excluded=exclude,
        )
        return correct_labels(
            given,
            decided,
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
        data: Data = None,
        others: str = "raise",
    ) -> pd.Series[Any]:
        """Tell the right class of each example of a study, as far as it was decided.

        What nobody judged keeps its given label. Whoever takes a `truth`, such as
        `accuracy_by_group`, takes a store too, and asks it this.

        Args:
            study: The study; decisions find its examples by id.
            rule: As of `resolve`.
            adjudicator: As of `resolve`.
            data: Fingerprint of the data that was annotated, or several, where it is
                not the study's own: with corrected labels, data has another one.
            others: "raise" or "ignore": what happens with decisions of examples that
                the study does not have; where ids are numbers, those of other data.

        Returns:
            Positions among the classes, Int64, indexed by `example_id`; missing where
            examples were judged and their class is open: a wrong label without a right
            one, an ambiguous example, a dispute.

        Raises:
            ArgumentError: If ids are numbers, and nobody told of which data.
            DataError: If decisions are of examples that the study does not have, or of
                other data where ids are numbers, which every data set has.
        """
        events: Sequence[Event] = folding.effective(self.events()[0])
        given = study.frame()["label"]
        own = str(study.dataset.attrs.get("data_sha256", ""))
        if are_numbers(given.index):
            events = _of_numbers(events, given.index, own, data=data, others=others)
        decisions = folding.current(events)
        roles = self.roles
        verdicts, decided = settle_decisions(
            decisions, rule, adjudicator=adjudicator, roles=roles, excluded=_OUT
        )
        return right_classes(
            given,
            verdicts,
            decided,
            judged={each.example for each in decisions if {*RATED} & {*each.values}},
            confirming={each for each, role in roles.items() if role == _RIGHT},
            classes=study.classes,
            others=others,
        )

    def columns(
        self, ids: Sequence[Any] | pd.Index[Any], *, data: Data = None
    ) -> pd.DataFrame:
        """Give the decisions as columns of a study: `study.assign(**columns)`.

        Args:
            ids: The examples, as `study.frame().index` has them.
            data: As of `frame`.

        Returns:
            One row an example, in that order: `verdict` (the majority's, "" where there
            is none, "disputed" where there is no majority), `annotators` (how many gave
            a verdict), and `disagreement` (the share of pairs of them that differ, NaN
            below two). Its `attrs` name the verdicts that confirm the label, for
            `accuracy_by_group` and the like.

        Raises:
            ArgumentError: If ids are numbers, decisions are of some data, and nobody
                told of which data the ids are.
        """
        events = _of_these(folding.effective(self.events()[0]), ids, data)
        check_told(events, ids, data)
        ratings = rated(folding.current(events), "verdict")
        said = resolving.by_example(ratings)
        settled = resolving.settle(ratings, "majority")
        rows = []
        for example in map(str, ids):
            values = list(said.get(example, {}).values())
            word = settled.get(example, "disputed" if values else "")
            rows.append([word, len(values), resolving.disagreement(values)])
        names = ["verdict", "annotators", "disagreement"]
        table = pd.DataFrame(rows, columns=names, index=pd.Index(ids))
        roles = self.roles.items()
        table.attrs = {"confirming": [each for each, role in roles if role == _RIGHT]}
        return table


def _read_roles(connection: Connection) -> dict[str, str]:
    found: dict[str, str] = json.loads(read_note(connection, _ROLES) or "{}")
    return found


def _of_numbers(
    events: Sequence[Event],
    ids: pd.Index[Any],
    own: str,
    *,
    data: Data,
    others: str,
) -> Sequence[Event]:
    """Choose the events about a study whose ids are numbers, or refuse the others."""
    told = [data] if isinstance(data, str) else [*(data or ())]
    allowed = [each for each in (own, *told) if each]
    if not allowed:
        check_told(events, ids, data)
        return events
    if others == "ignore":
        return of_data(events, allowed)
    words = (
        f"the study is of {_shortened(allowed)}, and its ids are numbers. If they are "
        "of the same examples, say so: store.truth(study, data=...), with the "
        "fingerprint that the annotations bear. If they are of others, leave them out: "
        "others='ignore'."
    )
    check_data(events, allowed, words=words)
    return events


def _of_these(
    events: Sequence[Event], ids: Iterable[Any], data: Data
) -> Sequence[Event]:
    """Leave out what is of other examples, and of other data where ids are numbers."""
    there = {str(each) for each in ids}
    found = [
        event
        for event in events
        if event.example in there or event.field == "annotator"
    ]
    is_told = data is not None and are_numbers(ids)
    return of_data(found, data) if is_told else found


def _shortened(data: Data) -> str:
    every = [data] if isinstance(data, str) else sorted(data or ())
    return ", ".join(f"{each:.16}…" for each in every)
