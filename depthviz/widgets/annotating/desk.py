"""The desk of a study: whose decisions are kept where, and by which schema.

What a page records comes here, and what others have recorded goes from here to a page.
Knows the store and the study, and nothing of widgets.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from functools import cached_property
from hashlib import sha256
from typing import Any

import numpy as np
import pandas as pd

from depthviz.annotations import Annotations, Event, folding
from depthviz.annotations.events import make_event
from depthviz.annotations.fingerprints import are_numbers
from depthviz.study import Study
from depthviz.widgets.annotating.columns import (
    verdict_names,
    with_decisions,
    with_places,
)
from depthviz.widgets.annotating.inputs import InputFingerprints
from depthviz.widgets.annotating.requests import Clerk, to_page
from depthviz.widgets.payload.pack import Pack

__all__ = ["Desk"]

_LISTED = 5


class Desk:
    """Where decisions about one study are made and kept.

    Args:
        study: The study.
        store: Where they are kept.
        schema: What may be decided.
        annotator: Whose they are; empty where the page asks.
        blind: Whether what could influence a decision is hidden until it is made.

    Attributes:
        store: Where decisions are kept.
        schema: What may be decided.
        annotator: Whose decisions the page recorded last.
        blind: Whether what could influence a decision is hidden until it is made.
        data: Fingerprint of the data set; empty where the study has none.
    """

    def __init__(
        self,
        study: Study,
        store: Annotations,
        *,
        schema: Mapping[str, Any],
        annotator: str = "",
        blind: bool = False,
    ) -> None:
        self.store = store
        self.schema = schema
        self.annotator = annotator
        self.blind = blind
        self.data = str(study.dataset.attrs.get("data_sha256", ""))
        self._dataset = study.dataset
        # Every data set has numbers, so that they find what was said of its own alone.
        numbers = are_numbers(study.dataset["example_id"].values)
        self._same = self._same_examples() if numbers else []
        own = [self.data, *self._same] if self._same else self.data
        self._only = own if numbers else None
        self._settings = {
            "schema": dict(schema),
            "annotator": annotator,
            "blind": blind,
            "data": self.data,
            "same": self._same,
        }

    def _same_examples(self) -> list[str]:
        """Find other data sets of the same examples, such as those with other labels.

        Wherever the store knows what an example of theirs looked like, this study's
        example of that id looks the same; it may have others, or fewer.
        """
        alike: dict[str, bool] = {}
        for event in folding.effective(self.store.events()[0]):
            own = self._inputs.of(event.example)
            if event.input and own and event.data not in ("", self.data):
                equal = own == event.input
                alike[event.data] = alike.get(event.data, True) and equal
        return sorted(data for data, equal in alike.items() if equal)

    @property
    def key(self) -> str:
        """What distinguishes this desk from others of the same study."""
        given = [self.store.place, self._settings]
        return json.dumps(given, sort_keys=True)

    @property
    def settings(self) -> dict[str, Any]:
        """What a page is told: the schema, who annotates, and what is its place."""
        place = json.dumps([self.store.place, self.data, self._digest])
        return {**self._settings, "place": sha256(place.encode()).hexdigest()[:32]}

    def differences(self) -> str:
        """Say in words where decisions are of other data than this study's.

        Returns:
            A sentence or two; empty where all are of the same data, or nobody knows.
        """
        events = folding.effective(self.store.events()[0])
        other = sorted({each.data for each in events} - {"", self.data, *self._same})
        if not other or (not self.data and self._only is None):
            return ""
        words = (
            f"{self.store.place} has decisions about other data, with the fingerprint "
            f"{other[0]:.16}…; "
        )
        if self._only is not None:
            return (
                f"{words}the ids of this study's examples are numbers, which every "
                "data set has, so that those decisions are not shown here."
            )
        words += f"this study is of {self.data:.16}…. "
        inputs = {each.example: each.input for each in events if each.input}
        found = {name: self._inputs.of(name) for name in inputs}
        changed = [name for name, now in found.items() if now not in ("", inputs[name])]
        words += "They are found again by the ids of their examples"
        if not changed:
            return f"{words}."
        listed = ", ".join(map(repr, sorted(changed)[:_LISTED]))
        return (
            f"{words}, but {len(changed):,} of {len(found):,} look different now, such "
            f"as {listed}: see whether the ids still mean the same examples."
        )

    def page(self, target: str | os.PathLike[str], study: str) -> dict[str, Any]:
        """Write what an offline page is told: the settings, and what is decided so far.

        Args:
            target: Where the page is written: its name in the browser's storage is made
                of it, so that a page that is written anew finds what was decided in it.
            study: What distinguishes the study from others.

        Returns:
            The settings, and all events of the store that may be of this study.
        """
        events, _ = self.read(0)
        place = json.dumps([study, self.data, os.path.abspath(target)])
        return {
            **self._settings,
            "place": sha256(place.encode()).hexdigest()[:32],
            "events": [to_page(each) for each in events],
        }

    @property
    def code(self) -> str:
        """Python that gives the columns of decisions for a table named `frame`."""
        place = f"depthviz.annotations.open({self.store.place!r})"
        data = "" if self._only is None else f", data={self._only!r}"
        return f"{place}.columns(frame.index{data})"

    @cached_property
    def clerk(self) -> Clerk:
        """What does what pages ask for."""
        return Clerk(self)

    @cached_property
    def names(self) -> list[str]:
        """What the column of verdicts may hold, as of the first time."""
        events, _ = self.read(0)
        known = (each.value or "" for each in events if each.field == "verdict")
        return verdict_names(self.schema, filter(None, known))

    def pack(self, pack: Pack) -> Pack:
        """Give a pack of the study the columns of decisions, which the page fills."""
        return with_places(pack, self.names)

    def frame(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Put what is decided now into `study.frame()`, as the page shows it.

        Args:
            frame: The table.

        Returns:
            The table with `verdict`, `annotators` and `disagreement`; while blind, of
            one's own verdicts alone.
        """
        decided = (
            self._own(frame.index)
            if self.blind
            else self.store.columns(frame.index, data=self._only)
        )
        return with_decisions(frame, decided, self.names)

    def keep(self, records: Sequence[Mapping[str, Any]]) -> None:
        """Keep events that a page has made; those that are there already stay.

        Args:
            records: Fields of the events; anything may be in them.

        Raises:
            ArgumentError: If one is no event; none is kept then.
            DiskError: If they could not be kept.
        """
        events = [self._read(each) for each in records]
        self.store.record_many(events)
        if events:
            self.annotator = events[-1].annotator

    def read(self, after: int, *, most: int | None = None) -> tuple[list[Event], int]:
        """Read what was committed since, as far as it may be of this study.

        Where ids are numbers, which every data set has, that is what was decided about
        its own data, or does not say about which.

        Args:
            after: A number that an earlier call gave.
            most: At most so many events; by default all.

        Returns:
            The events, and the number to go on from.
        """
        return self.store.events(after=after, most=most, data=self._only)

    def _read(self, record: Mapping[str, Any]) -> Event:
        given = {name: value for name, value in record.items() if value is not None}
        if not given.get("input") and given.get("data", "") == self.data:
            given["input"] = self._inputs.of(str(given.get("example")))
        return make_event(**given)

    def _own(self, ids: pd.Index[Any]) -> pd.DataFrame:
        events, _ = self.read(0)
        renamed = folding.names(folding.effective(events))
        me = renamed.get(self.annotator, self.annotator)
        said = {
            each.example: each.values.get("verdict")
            for each in folding.current(events)
            if each.annotator == me
        }
        verdicts = pd.Series([said.get(str(each)) for each in ids], ids, object)
        given = verdicts.notna().to_numpy()
        return pd.DataFrame(
            {
                "verdict": verdicts.where(given, "").to_numpy(object),
                "annotators": given.astype(int),
                "disagreement": np.nan,
            },
            index=ids,
        )

    @cached_property
    def _inputs(self) -> InputFingerprints:
        return InputFingerprints(self._dataset)

    @cached_property
    def _digest(self) -> str:
        ids = json.dumps([str(each) for each in self._dataset["example_id"].values])
        return sha256(ids.encode()).hexdigest()
