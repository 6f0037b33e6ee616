"""Corrected labels: what was decided, put into the labels of a data set, with a log.

Decisions find their examples by id, never by position, and are refused where they were
made of other data. Knows decisions that are settled, and nothing of annotators.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from depthviz.errors import ArgumentError, DataError

if TYPE_CHECKING:
    from depthviz.annotations.corrected_dataset import CorrectedDataset

__all__ = [
    "CorrectedLabels",
    "correct_labels",
    "labels_by_id",
    "right_classes",
]

_SHOWN = 5


@dataclass(frozen=True)
class CorrectedLabels:
    """Labels after the decisions.

    Attributes:
        labels: The labels, indexed by example; the same type as those given.
        changes: One row a changed label, indexed by example, with `given` and `label`.
        excluded: Whether each example is left out of training, indexed by example.
    """

    labels: pd.Series[Any]
    changes: pd.DataFrame
    excluded: pd.Series[Any]

    def __repr__(self) -> str:
        return (
            f"<CorrectedLabels: {len(self.changes):,} of {len(self.labels):,} labels "
            f"changed, {int(self.excluded.sum()):,} examples excluded>"
        )

    def dataset(self, dataset: Any) -> CorrectedDataset:
        """Serve a map-style data set with these labels.

        Args:
            dataset: Items (input, label), in the order of `labels`.

        Returns:
            The data set without the excluded examples.

        Raises:
            DataError: If its length is another; when an item is read whose own label
                is not the one that was given here.
        """
        from depthviz.annotations.corrected_dataset import CorrectedDataset

        return CorrectedDataset(dataset, self)


def correct_labels(
    given: pd.Series[Any],
    decided: Mapping[str, str],
    *,
    classes: Sequence[str] | None,
    excluded: Sequence[str],
    others: str,
) -> CorrectedLabels:
    """Put decided classes into labels.

    Args:
        given: One label an example, by id.
        decided: The class that each example should have, by id as text.
        classes: Names of the classes, where the labels are their numbers.
        excluded: Ids, as text, of the examples to leave out.
        others: "raise" or "ignore": what happens with decisions of other examples.

    Returns:
        The labels, what was changed, and what is left out.

    Raises:
        ArgumentError: If a class is none of the names, or labels are neither names nor
            integers.
        DataError: If ids are not unique, or decisions are of examples that are not
            there.
    """
    rows = _rows(given, (*decided, *excluded), others=others)
    named = {rows[each]: name for each, name in decided.items() if each in rows}
    after, changed = _put(given, named, classes)
    changes = pd.DataFrame({"given": given.iloc[changed], "label": after.iloc[changed]})
    left_out = np.zeros(len(given), bool)
    left_out[[rows[example] for example in excluded if example in rows]] = True
    return CorrectedLabels(after, changes, pd.Series(left_out, index=given.index))


def right_classes(
    given: pd.Series[Any],
    verdicts: Mapping[str, str],
    decided: Mapping[str, str],
    *,
    judged: Collection[str],
    confirming: Collection[str],
    classes: Sequence[str],
    others: str,
) -> pd.Series[Any]:
    """Tell the right class of each example, missing where it is open.

    Args:
        given: The labels, positions among the classes, by id.
        verdicts: What was settled, by id as text.
        decided: The class that each example should have, by id as text.
        judged: Of whom anybody said something.
        confirming: Verdicts that say that the label is right.
        classes: Names of the classes.
        others: "raise" or "ignore": what happens with decisions of other examples.

    Returns:
        Positions among the classes, by id.

    Raises:
        DataError: If ids are not unique, or decisions are of examples that are not
            there.
    """
    rows = _rows(given, sorted(judged), others=others)
    number = {name: place for place, name in enumerate(classes)}
    right: list[Any] = given.tolist()
    for example in judged:
        if example in rows and verdicts.get(example) not in confirming:
            right[rows[example]] = number.get(decided.get(example, ""))
    return pd.Series(right, given.index, "Int64", "truth")


def _rows(
    given: pd.Series[Any], wanted: Sequence[str], *, others: str
) -> dict[str, int]:
    """Find the row of each id, as text; refuse decisions of others."""
    rows = {str(example): row for row, example in enumerate(given.index)}
    if len(rows) < len(given):
        raise DataError("The ids of the labels must be unique, also as text.")
    missing = [each for each in wanted if each not in rows]
    if missing and others != "ignore":
        raise DataError(
            f"{len(missing):,} decisions are of examples that these labels do not "
            f"have, such as {', '.join(map(repr, missing[:_SHOWN]))}. Give all labels "
            "of the data set that was annotated, with its ids; or others='ignore'."
        )
    return rows


def labels_by_id(labels: Any, ids: Sequence[Any] | None) -> pd.Series[Any]:
    """Put labels under the ids of their examples, which position alone never gives.

    Args:
        labels: One label an example: an array, with `ids`, or a Series by id.
        ids: The ids of the examples, in the order of the labels.

    Returns:
        The labels.

    Raises:
        ArgumentError: If there are no ids, or not one a label.
    """
    if isinstance(labels, pd.Series) and ids is None:
        return labels
    if ids is None:
        raise ArgumentError(
            "Labels are found by id, never by position: give ids=, in the order of the "
            "labels, or a Series of labels that is indexed by id, such as "
            "study.frame()['label']."
        )
    values = np.asarray(labels)
    if values.ndim != 1 or len(values) != len(ids):
        raise ArgumentError(
            f"There are {len(ids):,} ids, but labels of shape {values.shape}."
        )
    return pd.Series(values, index=pd.Index(ids, name="example_id"))


def _put(
    given: pd.Series[Any], named: Mapping[int, str], classes: Sequence[str] | None
) -> tuple[pd.Series[Any], list[int]]:
    """Put classes into rows of the labels; tell which rows have another one now."""
    if not named:
        return given.copy(), []
    values = given.astype(object).tolist()
    is_whole = pd.api.types.is_integer_dtype(given.dtype)
    kind = "integer" if is_whole else pd.api.types.infer_dtype(values, skipna=True)
    changed = []
    for row, name in sorted(named.items()):
        label = _class_of(name, kind, classes)
        if pd.isna(values[row]) or values[row] != label:
            changed.append(row)
        values[row] = label
    dtype = given.dtype
    if isinstance(dtype, pd.CategoricalDtype):
        known = dtype.categories
        new = [name for name in dict.fromkeys(values) if not pd.isna(name)]
        every = known.append(pd.Index([each for each in new if each not in known]))
        dtype = pd.CategoricalDtype(every, dtype.ordered)
    after = pd.Series(values, given.index, object, given.name).astype(dtype)
    return after, changed


def _class_of(name: str, kind: str, classes: Sequence[str] | None) -> Any:
    """The label of a class, of the kind that the labels are."""
    if kind in ("string", "empty"):
        return name
    if kind != "integer":
        raise ArgumentError(
            f"Labels of the kind {kind!r} take no class: give integers (of type Int64 "
            "where some are missing), or names."
        )
    if classes is not None and name in classes:
        return list(classes).index(name)
    if classes is None and name.lstrip("-").isdecimal():
        return int(name)
    known = "Give classes=, their names in the order of their numbers."
    if classes is not None:
        known = f"The classes are: {', '.join(map(repr, list(classes)[:20]))}."
    raise ArgumentError(f"{name!r:.80} is no class of these labels. {known}")
