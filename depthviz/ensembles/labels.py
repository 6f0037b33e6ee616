"""The labels that the members of an ensemble train with and are measured by.

By default those of the data. A person may give others in their place, such as those
that `depthviz.relabel` corrected, and a share of them may be changed on purpose
(`planting`). A study keeps what stood there before, so that no label of the data is
lost.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from depthviz.datasets.labels import KnownNames, find_values, read_classes, renumber
from depthviz.datasets.labels.remedies import NAMES
from depthviz.ensembles.planting import Planting
from depthviz.errors import DataError, LabelError, ShapeError
from depthviz.study.measures.reading import VALUES

__all__ = ["TrainingLabels"]


@dataclass(frozen=True)
class TrainingLabels:
    """The labels of a run, and what they stand in for.

    Attributes:
        used: What members train with, int64, shape `(N,)`.
        name: What errors call the examples: "labels" where these were given, else
            "data".
        replaced: The data's own labels, where others were given in their place.
        planting: Which of them were changed on purpose, if any.
        values: The numbers that stand for the classes, where they are no positions.
        note: How the data's labels were read, where they are no whole numbers.
    """

    used: Tensor
    name: str = "data"
    replaced: Tensor | None = None
    planting: Planting | None = None
    values: tuple[int, ...] | None = None
    note: str | None = None

    @classmethod
    def choose(
        cls,
        given: Any,
        own: Tensor,
        *,
        data: Any,
        names: tuple[str, ...] | None = None,
    ) -> TrainingLabels:
        """Take the labels that were given, or the data's own.

        Args:
            given: One whole number an example, in any form of an array; None for none.
            own: The data's labels, shape `(N,)`.
            data: The data, as it was given.
            names: Names of the classes, by which labels that are words are read.

        Returns:
            The labels; whether they are classes of the network is checked later.

        Raises:
            ShapeError: If there are more or fewer than examples.
            LabelError: If they are no integers.
            DataError: If some are masked, or stand in another order than the data.
        """
        if given is None:
            return cls(own)
        known = None if names is None else KnownNames(names)
        found = read_classes(given, "labels", what="labels", known=known)
        if found.names is not None and known is None:
            raise LabelError(
                "labels must be integers, got words; labels[0] has "
                f"{next(iter(given))!r:.60}{NAMES}."
            )
        labels = found.labels
        if len(labels) != len(own):
            raise ShapeError(
                f"labels must have one entry for each of the {len(own)} examples of "
                f"the data, in their order, got {len(labels)}."
            )
        _check_order(given, data, len(own))
        return cls(labels, "labels", own)

    def numbered(self, classes: int) -> TrainingLabels:
        """Take labels that are no positions among C classes as these, in their order.

        Nothing is changed where labels are positions, or could mean another thing.
        """
        both = [self.used] if self.replaced is None else [self.used, self.replaced]
        values = find_values(both, classes)
        if values is None:
            return self
        before = None if self.replaced is None else renumber(self.replaced, values)
        used = renumber(self.used, values)
        return replace(self, used=used, replaced=before, values=values)

    def noted(self, note: str | None) -> TrainingLabels:
        """Keep how the data's labels were read."""
        return replace(self, note=note)

    def plant(self, planting: Planting) -> TrainingLabels:
        """Change some of the labels."""
        return replace(self, used=planting.after, planting=planting)

    def describe(self) -> dict[str, Any]:
        """Describe in JSON's types what a run must share with an earlier one.

        Empty for the data's own labels, which the digest of the data covers.
        """
        facts: dict[str, Any] = {}
        if self.replaced is not None:
            given = self.used if self.planting is None else self.planting.before
            facts["labels"] = {"sha256": sha256(given.numpy().data).hexdigest()}
        if self.planting is not None:
            after = sha256(self.used.numpy().data).hexdigest()
            facts["planted"] = {"share": self.planting.share, "sha256": after}
        return facts

    def columns(self) -> dict[str, NDArray[Any]]:
        """Give the columns of a study that keep what the labels stand in for."""
        columns: dict[str, NDArray[Any]] = {}
        if self.replaced is not None:
            columns["data_label"] = self.replaced.numpy()
        if self.planting is not None:
            columns["given_label"] = self.planting.before.numpy()
            columns["planted"] = self.planting.mask.numpy()
        return columns

    def attributes(self) -> dict[str, Any]:
        """Give the attributes of a study that say so in words."""
        facts: dict[str, Any] = {} if self.note is None else {"labels_read": self.note}
        if self.values is not None:
            facts[VALUES] = list(self.values)
        if self.replaced is not None:
            before = self.used if self.planting is None else self.planting.before
            changed = int((before != self.replaced).sum())
            facts["labels"] = (
                f"given; {changed:,} of {len(before):,} are not the data's"
            )
        if self.planting is not None:
            facts["labels_planted"] = int(self.planting.mask.sum())
        return facts


def _check_order(given: Any, data: Any, count: int) -> None:
    """Refuse a Series whose rows stand in another order than the examples."""
    pair = isinstance(data, (tuple, list)) and len(data) == 2
    found, expected = (_index(each) for each in (given, data[0] if pair else None))
    if found is None:
        return
    expected = np.arange(count) if expected is None else expected
    if np.array_equal(found, expected) or set(found) != set(expected):
        return
    row = int((found != expected).argmax())
    raise DataError(
        "labels is a Series in another order than the data: its row "
        f"{row} is of example {found[row]}, the data's of {expected[row]}. Bring it "
        "into the data's order, such as labels.sort_index(), or give an array, which "
        "goes by position."
    )


def _index(table: Any) -> NDArray[Any] | None:
    """Read the index of a table or Series of pandas; None of anything else."""
    index = getattr(table, "index", None)
    return np.asarray(index) if hasattr(index, "equals") else None
