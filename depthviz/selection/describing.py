"""What is said of a selection: counts by class and group, and sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

if TYPE_CHECKING:
    from depthviz.selection.result import Selection

__all__ = ["count_kept", "describe"]

COUNTED = ("label_name", "group")
FEW = 0.5  # of what an even share would be


def count_kept(candidates: pd.DataFrame, mask: NDArray[np.bool_]) -> pd.DataFrame:
    """Count how many are kept of each class and group.

    Args:
        candidates: Those that might be kept.
        mask: Which are, shape `(N,)`.

    Returns:
        `kept`, `of` and `share`, indexed by `column` and `value`.
    """
    tables = []
    for name in COUNTED:
        if name not in candidates:
            continue
        grouped = pd.Series(mask).groupby(candidates[name].to_numpy())
        table = grouped.agg(["sum", "size"]).rename(
            columns={"sum": "kept", "size": "of"}
        )
        table.index = pd.MultiIndex.from_product(
            [[name], table.index], names=["column", "value"]
        )
        tables.append(table)
    empty = pd.MultiIndex.from_tuples([], names=["column", "value"])
    whole = pd.concat(tables) if tables else pd.DataFrame({"kept": [], "of": []}, empty)
    return whole.assign(share=whole["kept"] / whole["of"])


def describe(selection: Selection, suspected: float) -> str:
    """Say what a selection keeps.

    Args:
        selection: Any.
        suspected: Share of all candidates whose labels look wrong; NaN where unknown.

    Returns:
        A sentence a line.
    """
    count, every = len(selection), len(selection.candidates)
    by = f" by {selection.by}" if selection.by else ""
    order = "in order" if selection.is_ordered else "in no order"
    lines = [
        f"{count:,} of {every:,} examples ({selection.share:.0%}) are kept: "
        f"{selection.method}{by}, {order}."
    ]
    classes = selection.counts[selection.counts.index.get_level_values(0) == COUNTED[0]]
    few = classes[classes["share"] < FEW * selection.share]
    if len(few):
        name, row = few.index[0][1], few.iloc[0]
        lines.append(
            f"{len(few):,} of {len(classes):,} classes keep less than half of an even "
            f"share, {name!r} first: {row['kept']:.0f} of {row['of']:.0f}."
        )
    if not np.isnan(suspected):
        lines.append(
            f"Of the kept labels {selection.suspected:.1%} look wrong, of all "
            f"{suspected:.1%}."
        )
    return "\n".join([*lines, *selection.notes])
