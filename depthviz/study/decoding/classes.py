"""A column of a study as classes that neighbors can vote for.

Text, truth values and few whole numbers are classes as they are. Other numbers are none
until a person says into how many bins they go. What is missing has no class: NaN, empty
text, and -1 where a measured column says "none" so.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from depthviz.checks import whole_number
from depthviz.difficulty.class_columns import CLASS_COLUMNS
from depthviz.errors import ArgumentError, StudyError
from depthviz.study.container import Study

__all__ = ["MISSING", "Classes", "classes_of"]

MISSING = -1
MOST_NUMBERS = 100  # whole numbers that are taken for classes
MOST_SHOWN = 100


class Classes(NamedTuple):
    """A column as classes.

    Attributes:
        codes: Place of each example's value among `values`, -1 where it is missing,
            shape `(N,)`.
        values: The different values, in their order: sorted, of categories as they are.
    """

    codes: NDArray[np.int64]
    values: pd.Index[Any]

    def take(self, codes: NDArray[np.integer]) -> Any:
        """Turn codes into values; missing where a code is -1."""
        if isinstance(self.values, pd.CategoricalIndex):
            return pd.Categorical.from_codes(
                codes, self.values.categories, ordered=self.values.ordered
            )
        missing = codes == MISSING
        found = self.values.take(np.where(missing, 0, codes))
        return found.where(~missing) if missing.any() else found


def classes_of(study: Study, column: str, *, bins: int | None = None) -> Classes:
    """Read a column as classes.

    Args:
        study: The study.
        column: Name of a column of `study.frame()`.
        bins: Into how many parts of about as many examples numbers go; None for none.

    Returns:
        Code of each example, and the values.

    Raises:
        ArgumentError: If there is no such column; lists those that there are.
        StudyError: If its values are no classes, or not two of them.

    Example:
        >>> from depthviz.measurement import measure
        >>> data = np.eye(3, dtype="f4"), np.arange(3)
        >>> import torch
        >>> net = torch.nn.Linear(3, 3)
        >>> study = measure(net, data, k=1, projection=None, progress=False)
        >>> classes_of(study.assign(ink=["red", "", "blue"]), "ink").codes.tolist()
        [1, -1, 0]
    """
    if bins is not None:
        whole_number("bins", bins, least=2)
    values = _column(study, column)
    found = _as_classes(column, values, bins)
    seen = np.unique(found.codes[found.codes != MISSING])
    if not len(seen):
        raise StudyError(f"Column {column!r} has no value of any example.")
    if len(seen) == 1:
        raise StudyError(
            f"Column {column!r} has one value, {found.take(seen)[0]!s}, of all "
            f"{np.sum(found.codes != MISSING):,} examples that have any: there is "
            "nothing to tell apart."
        )
    return found


def _column(study: Study, column: Any) -> pd.Series[Any]:
    frame = study.frame()
    if isinstance(column, str) and column in frame:
        return frame[column]
    listed = ", ".join(map(repr, frame.columns[:MOST_SHOWN]))
    more = ", …" if len(frame.columns) > MOST_SHOWN else ""
    raise ArgumentError(
        f"Unknown column {column!r}. This study has: {listed}{more}. Add one with "
        "study.assign."
    )


def _as_classes(column: str, values: pd.Series[Any], bins: int | None) -> Classes:
    if isinstance(values.dtype, pd.CategoricalDtype):
        codes = np.asarray(values.cat.codes, np.int64)
        return Classes(
            codes, pd.CategoricalIndex(values.cat.categories, dtype=values.dtype)
        )
    if not pd.api.types.is_numeric_dtype(values.dtype):
        return _factorized(values.mask(values.isna() | (values == "")))
    if values.dtype.kind == "b":
        return _factorized(values)
    if column in CLASS_COLUMNS:
        return _factorized(values.where(values >= 0), whole=True)
    return _binned(values, bins) if bins else _few(column, values)


def _factorized(values: pd.Series[Any], *, whole: bool = False) -> Classes:
    codes, found = pd.factorize(values, sort=True)
    index = pd.Index(found).astype(np.int64) if whole else pd.Index(found)
    return Classes(np.asarray(codes, np.int64), index)


def _few(column: str, values: pd.Series[Any]) -> Classes:
    """Take whole numbers for classes, if they are few; NaN among them is missing."""
    known = values[np.isfinite(values.to_numpy(float))]
    found = known.unique()
    whole = bool(np.all(found == np.floor(found)))
    if whole and len(found) <= MOST_NUMBERS:
        return _factorized(values.where(np.isfinite(values.to_numpy(float))))
    kind = "whole numbers" if whole else "numbers"
    raise StudyError(
        f"Column {column!r} holds {len(found):,} different {kind}, and neighbors vote "
        "for classes. Say bins=4 for four parts of as many examples each, or add text "
        "that stands for classes with study.assign."
    )


def _binned(values: pd.Series[Any], bins: int) -> Classes:
    """Cut numbers at their quantiles; equal ones stay together."""
    numbers = values.to_numpy(float)
    known = np.where(np.isfinite(numbers), numbers, np.nan)
    if np.isnan(known).all():
        return Classes(np.full(len(known), MISSING), pd.Index([], dtype=object))
    if np.nanmin(known) == np.nanmax(known):  # no quantile lies between them
        return _factorized(values.where(np.isfinite(numbers)))
    cut = pd.Categorical(pd.qcut(known, bins, duplicates="drop"))
    names = pd.Index([str(one) for one in cut.categories])
    return Classes(np.asarray(cut.codes, np.int64), names)
