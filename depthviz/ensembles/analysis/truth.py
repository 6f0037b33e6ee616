"""The right classes that readings are counted against, and of whom they are known.

Without a truth these are the given labels. Somebody may know better: as classes, as the
verdicts of people, or as a store of annotations, which is asked. Knows nothing of what
is counted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, TypeAlias, Union, runtime_checkable

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from depthviz.errors import LabelError, ShapeError
from depthviz.study.user_columns import align_series

if TYPE_CHECKING:
    from depthviz.study import Study

__all__ = ["KnowsTruth", "Truth", "find_truth"]

KEPT = ("correct", "")  # verdicts that leave the given label as it is
CONFIRMING = "confirming"  # an attribute of a column: others that do
VERDICT = "verdict"


@runtime_checkable
class KnowsTruth(Protocol):
    """A store of annotations, or what else can be asked."""

    def truth(self, study: Study, /) -> pd.Series[Any]:
        """Tell the right classes by id, missing where they are open."""


Truth: TypeAlias = Union[ArrayLike, pd.DataFrame, KnowsTruth]  # noqa: UP007


def find_truth(
    study: Study, truth: Truth | None
) -> tuple[NDArray[Any], NDArray[np.bool_]]:
    """Find the right class of each example.

    Args:
        study: The study.
        truth: Classes, shape `(N,)`, a Series by its index of ids; a Series or a
            table's column of the name "verdict"; a store of annotations; None for the
            given labels.

    Returns:
        Positions among the classes, and of which examples they are known, both of shape
        `(N,)`.

    Raises:
        StudyError: If a Series lacks an id of the study.
        ShapeError: If truth does not cover the examples.
        LabelError: If truth holds something other than classes, or none.
    """
    labels = np.asarray(study.dataset["label"].values)
    known = np.ones(len(study), bool)
    if truth is None:
        return labels, known
    if isinstance(truth, KnowsTruth):
        truth = truth.truth(study)
    if isinstance(truth, pd.DataFrame):
        truth = _verdicts(truth)
    if isinstance(truth, pd.Series):
        kept = {*KEPT, *truth.attrs.get(CONFIRMING, ())}
        truth = align_series(study.dataset, "truth", truth)
        if truth.name == VERDICT and not pd.api.types.is_numeric_dtype(truth):
            return _settled(labels, truth.fillna("").isin(kept).to_numpy())
        known = truth.notna().to_numpy()
        if not known.all():
            return _settled(_fill(study, truth, known, labels), known)
    return _check(study, np.asarray(truth)), known


def _verdicts(table: pd.DataFrame) -> pd.Series[Any]:
    if VERDICT not in table:
        raise LabelError(
            f"A table of truth needs a column {VERDICT!r}, as store.columns(ids) has; "
            f"this one has: {', '.join(map(repr, table.columns))}."
        )
    return table[VERDICT]


def _settled(
    classes: NDArray[Any], known: NDArray[np.bool_]
) -> tuple[NDArray[Any], NDArray[np.bool_]]:
    if not known.any():
        raise LabelError(
            "truth leaves the class of every example open, so that there is nothing to "
            "count."
        )
    return classes, known


def _fill(
    study: Study, truth: pd.Series[Any], known: NDArray[np.bool_], labels: NDArray[Any]
) -> NDArray[Any]:
    """Put the given labels where classes are missing; those count nowhere."""
    found = truth[known].to_numpy()
    if found.dtype.kind in "fO":  # what is missing made floats or objects of them
        numbers = pd.to_numeric(pd.Series(found), errors="coerce").to_numpy(float)
        found = numbers.astype(int) if (numbers == np.floor(numbers)).all() else found
    classes = labels.astype(np.int64)
    classes[known] = _check(study, found, count=len(found)) if len(found) else found
    return classes


def _check(
    study: Study, found: NDArray[Any], *, count: int | None = None
) -> NDArray[Any]:
    if found.shape != (len(study) if count is None else count,):
        raise ShapeError(
            f"truth must have one class for each of the {len(study)} examples, got "
            f"shape {found.shape}."
        )
    last = len(study.classes) - 1
    if found.dtype.kind not in "iu" or found.min() < 0 or found.max() > last:
        numbers = found.dtype.kind in "iuf"
        range_ = f" in {found.min()}..{found.max()}" if numbers else ""
        raise LabelError(
            f"truth must hold positions among the classes, integers in 0..{last}, got "
            f"{found.dtype}{range_}. study.classes names them in order."
        )
    return found
