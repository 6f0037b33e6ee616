"""A selection: which examples are kept, in which order, and how they were chosen.

It stands on its own: ids, not a study, so that it outlives the session and meets the
data wherever they are.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from depthviz.errors import ArgumentError, StudyError
from depthviz.selection.describing import count_kept, describe
from depthviz.selection.listing import candidates_of
from depthviz.selection.storage import read_selection, write_selection
from depthviz.selection.subsets import take
from depthviz.study import Study
from depthviz.study.examples import rows_of

if TYPE_CHECKING:
    from depthviz.selection.curriculum import Curriculum

__all__ = ["Selection"]


@dataclass(frozen=True, eq=False, repr=False)
class Selection:
    """The examples that are kept, among those that might be.

    Attributes:
        candidates: One row for each example that might be kept, indexed by
            `example_id`: where they are known, `position` in the training data,
            `label_name`, `group` and `suspected`.
        rows: Positions of the kept ones among these, shape `(S,)`.
        weights: How many examples each kept one stands for, shape `(S,)`; ones where
            the method does not say.
        score: What each kept one was chosen by, shape `(S,)`; None without one.
        method: Name of the method, or "ids", "union" and the like.
        by: Column that was chosen by; None without one.
        options: The method's options, the seed among them.
        facts: Numbers that the method found on the way.
        notes: Sentences about the choice.
        is_ordered: Whether the order is the method's: then the first examples are those
            of a smaller number.
        of: How many examples the training data have.
    """

    candidates: pd.DataFrame
    rows: NDArray[np.intp]
    weights: NDArray[np.float64]
    score: NDArray[np.float64] | None = None
    method: str = "ids"
    by: str | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    is_ordered: bool = False
    of: int | None = None

    @classmethod
    def from_ids(cls, study: Study, examples: Any) -> Selection:
        """Make a selection of examples that a person chose, as in the Explorer.

        Args:
            study: What they are of.
            examples: Their ids, as `explorer.selection` has them; a mask; or rows of
                `study.frame()`, as `explorer.selected` has them. In the order given.

        Returns:
            The selection, of the study's training examples.

        Raises:
            DataError: If examples are none of these, or one is unknown or no training
                example.
            ArgumentError: If there are none.
        """
        whole = study.dataset["example_id"].values
        ids = study.frame().index[rows_of(whole, examples)]
        table, count = candidates_of(study)
        rows = rows_of(table.index.to_numpy(), ids)
        if not len(rows):
            raise ArgumentError("No example is selected, so there is nothing to keep.")
        return cls(table, rows, np.ones(len(rows)), of=count)

    @classmethod
    def open(cls, path: str | os.PathLike[str]) -> Selection:
        """Open a saved selection.

        Args:
            path: The file that `save` wrote.

        Returns:
            The selection.

        Raises:
            ArgumentError: If the path is none of a local disk.
            DiskError: If it cannot be read.
            FormatError: If it is no selection, or damaged.
        """
        return cls(**read_selection(path))

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the selection to a JSON file, whole or not at all.

        Args:
            path: The file; an earlier one is replaced.

        Returns:
            The path.

        Raises:
            ArgumentError: If the path is none of a local disk.
            DataError: If a folder is there, or an id is neither text nor a number.
            DiskError: If it cannot be written.
        """
        return write_selection(self, path)

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def ids(self) -> list[Any]:
        """Ids of the kept examples, in order; `explorer.selection` takes them."""
        return list(self.candidates.index[self.rows].tolist())

    @property
    def mask(self) -> NDArray[np.bool_]:
        """Which candidates are kept, shape `(N,)`, in the order of `candidates`."""
        found = np.zeros(len(self.candidates), bool)
        found[self.rows] = True
        return found

    @property
    def positions(self) -> NDArray[np.intp]:
        """Positions of the kept examples in the training data, in order.

        StudyError where the study joins several measurements.
        """
        if "position" not in self.candidates:
            raise StudyError(
                "This selection is of a study that joins several measurements, whose "
                "data are in no one order. Take the examples by their ids."
            )
        found: NDArray[np.intp] = self.candidates["position"].to_numpy(np.intp)[
            self.rows
        ]
        return found

    @property
    def share(self) -> float:
        """Share of the candidates that is kept."""
        return len(self.rows) / len(self.candidates)

    @cached_property
    def counts(self) -> pd.DataFrame:
        """How many are kept of each class and group: `kept`, `of` and `share`.

        Indexed by `column`, "label_name" or "group", and `value`.
        """
        return count_kept(self.candidates, self.mask)

    @property
    def suspected(self) -> float:
        """Share of the kept whose label looks wrong; NaN where nothing is known.

        That is, for whose label there is less evidence than for another.
        """
        return self._share_suspected(self.mask)

    def describe(self) -> str:
        """Say in words what is kept, and what the method noted.

        Returns:
            A sentence a line.
        """
        whole = self._share_suspected(np.ones(len(self.candidates), bool))
        return describe(self, whole)

    def frame(self) -> pd.DataFrame:
        """Build a table with one row a kept example, indexed by `example_id`.

        Returns:
            `rank` from 0 on, `weight`, `score` where there is one, and the columns of
            `candidates`.
        """
        kept = self.candidates.iloc[self.rows]
        first = {"rank": np.arange(len(kept)), "weight": self.weights}
        if self.score is not None:
            first["score"] = self.score
        return pd.concat([pd.DataFrame(first, index=kept.index), kept], axis=1)

    def subset(self, dataset: Any) -> Any:
        """Take the kept examples of the training data, in order.

        Args:
            dataset: The data that the study was measured on: a map-style torch dataset,
                a data set of Hugging Face, or `(inputs, labels)` of arrays.

        Returns:
            A torch `Subset`, a data set of Hugging Face, or a pair of arrays.

        Raises:
            DataError: If it is none of these.
            ShapeError: If it has another number of examples.
            StudyError: If the study joins several measurements.
        """
        return take(dataset, self.positions, self.of)

    def sampler(
        self,
        *,
        pace: str | Callable[[float], float] | None = None,
        epochs: int = 1,
        seed: int = 0,
    ) -> Curriculum:
        """Make a sampler of `subset(dataset)` that follows the order: a curriculum.

        Args:
            pace: None for all in order, each epoch; "linear", "root" or a function from
                the part of the training that is done, in [0, 1], to the share of the
                selection that is drawn from, in a random order. "linear" goes from a
                tenth to all, "root" likewise by the square root.
            epochs: How many epochs the training has.
            seed: Decides the order within an epoch.

        Returns:
            A sampler for a torch `DataLoader`; each pass over it is the next epoch.

        Raises:
            ArgumentError: If the method gives no order, or something is out of range.
        """
        from depthviz.selection.curriculum import Curriculum

        if not self.is_ordered:
            raise ArgumentError(
                f"A selection by {self.method!r} has no order to follow; take one by "
                "'easiest', or a DataLoader with shuffle=True."
            )
        return Curriculum(len(self), pace=pace, epochs=epochs, seed=seed)

    def overlap(self, other: Selection) -> float:
        """Measure how alike two selections are.

        Args:
            other: A selection among the same examples.

        Returns:
            Number in both over number in either, in [0, 1].

        Raises:
            ArgumentError: If it is among other examples.
        """
        self._check_same(other)
        both, either = self.mask & other.mask, self.mask | other.mask
        return float(both.sum() / either.sum())

    def __and__(self, other: Selection) -> Selection:
        self._check_same(other)
        return self._with(other.mask[self.rows], "intersection", other)

    def __sub__(self, other: Selection) -> Selection:
        self._check_same(other)
        return self._with(~other.mask[self.rows], "difference", other)

    def __or__(self, other: Selection) -> Selection:
        self._check_same(other)
        rows = np.concatenate([self.rows, other.rows[~self.mask[other.rows]]])
        return self._made(rows, "union", other)

    def _with(
        self, kept: NDArray[np.bool_], method: str, other: Selection
    ) -> Selection:
        if not kept.any():
            raise ArgumentError(f"The {method} of these selections has no examples.")
        return self._made(self.rows[kept], method, other)

    def _made(self, rows: NDArray[np.intp], method: str, other: Selection) -> Selection:
        return Selection(
            self.candidates,
            rows,
            np.ones(len(rows)),
            method=method,
            options={"of": [self.method, other.method]},
            of=self.of,
        )

    def _check_same(self, other: object) -> None:
        if not isinstance(other, Selection):
            raise ArgumentError(
                f"A selection goes together with another, got {type(other).__name__}."
            )
        if not self.candidates.index.equals(other.candidates.index):
            raise ArgumentError(
                f"These selections are among other examples, {len(self.candidates):,} "
                f"and {len(other.candidates):,}; make both from one study."
            )

    def _share_suspected(self, mask: NDArray[np.bool_]) -> float:
        if "suspected" not in self.candidates:
            return float("nan")
        return float(self.candidates["suspected"].to_numpy(bool)[mask].mean())

    def __repr__(self) -> str:
        by = f" by {self.by}" if self.by else ""
        return (
            f"<depthviz.Selection: {len(self):,} of {len(self.candidates):,} examples, "
            f"{self.method}{by}>"
        )
