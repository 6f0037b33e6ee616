"""The rows of an offline page: of all examples as many fields as fit, or of the first.

What differs most from the neighbors comes first, so that what is left out says least.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from depthviz.widgets.pages.size_budget import SizeBudget, deflate, size_in_page
from depthviz.widgets.payload.rows import MOST_FIELDS, PER_ROWS, ROW_FAMILY, Rows

__all__ = ["add_rows"]

_FIELDS = (MOST_FIELDS, 30, 12, 6)
_SHARE, _MARGIN = 0.6, 0.95


def add_rows(
    rows: Rows | None, budget: SizeBudget, order: NDArray[np.intp]
) -> list[str]:
    """Add rows; describe what was left out.

    Args:
        rows: Those of the study; None where there are none.
        budget: Where they are added.
        order: Positions of the examples, the most wanted first, shape `(N,)`.

    Returns:
        Parts of a sentence; none where nothing was left out.
    """
    if rows is None:
        return []
    columns = len(rows.columns)
    levels = [most for most in _FIELDS if most < columns]
    most = next(
        (most for most in (columns, *levels) if _fits(rows, most, budget)),
        levels[-1] if levels else columns,
    )
    taken = budget.fill(order, _Maker(rows, most), share=_SHARE)
    fields = f"the {most} fields that differ most of {columns}"
    left_out = [f"the rows of {taken:,} of {len(order):,} examples"]
    return left_out * (taken < len(order)) + [fields] * (most < columns)


def _fits(rows: Rows, most: int, budget: SizeBudget) -> bool:
    """Whether all are likely to fit, by some that stand evenly among them."""
    count = len(rows.neighbors)
    sample = np.arange(0, count, max(1, count // PER_ROWS))[:PER_ROWS]
    packed = deflate(ROW_FAMILY, rows.pack(sample, most))
    size = size_in_page(f"{ROW_FAMILY}/0", packed)
    return size * count / len(sample) < budget.left * _SHARE * _MARGIN


class _Maker:
    def __init__(self, rows: Rows, most: int) -> None:
        self.rows, self.most = rows, most

    def __call__(self, chosen: NDArray[np.intp]) -> dict[str, Any]:
        carried, count = set(chosen.tolist()), len(self.rows.neighbors)
        chunks = {}
        for number in np.unique(chosen // PER_ROWS).tolist():
            span = np.arange(number * PER_ROWS, min((number + 1) * PER_ROWS, count))
            packed = self.rows.pack(span, self.most, carried.__contains__)
            chunks[f"{ROW_FAMILY}/{number}"] = packed
        return chunks
