"""One finding: what it says, which examples it is about, and how they are ordered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from depthviz.reports.contents.numbers import count_words
from depthviz.study import Study
from depthviz.study.members import is_ensemble

__all__ = [
    "Finding",
    "filter_of_suspected",
    "first_column",
    "groups_of",
    "in_number",
    "ordered",
    "share_words",
    "suspected_labels",
]


@dataclass(frozen=True)
class Finding:
    """One thing that is worth a look.

    Attributes:
        key: What kind it is of.
        says: The sentence.
        more: What it means, with its interval.
        rows: Positions of its examples, what shows it best first, shape `(n,)`.
        filters: By which the Explorer shows them.
        sort: By which it sorts them.
        color: By which it colors them.
        group: The group that it is about.
        probe: The probe that shows it best.
        caveat: Why it says less than it seems to; empty where nothing speaks against.
        suggests: Whether a suggested label belongs beside the given one.
        pairs: Whether the examples come two by two.
    """

    key: str
    says: str
    more: str
    rows: NDArray[np.intp]
    filters: Mapping[str, Any] = field(default_factory=dict)
    sort: str = ""
    color: str = "label"
    group: str | None = None
    probe: int | None = None
    caveat: str = ""
    suggests: bool = False
    pairs: bool = False


def suspected_labels(frame: pd.DataFrame) -> NDArray[np.intp]:
    """Find the examples whose neighbors have more evidence for another class.

    Args:
        frame: `study.frame()`.

    Returns:
        Their positions, the most suspicious first; none where nothing is known.
    """
    if not {"suspicion", "suggested_label", "label"} <= set(frame):
        return np.zeros(0, np.intp)
    other = frame["suggested_label"].to_numpy()
    doubted = (frame["suspicion"] > 0).to_numpy() & (other >= 0)
    label = frame["label"].to_numpy()
    doubted &= (label >= 0) & (other != label)
    return ordered(frame, doubted, "suspicion_rank", "suspicion")


def groups_of(study: Study) -> list[str]:
    """Name the groups of a study; none where `group` is a column of the author's."""
    data = study.dataset
    if "group" not in data or not is_ensemble(data):
        return []
    return [str(name) for name in data["group"].attrs.get("names", ())]


def filter_of_suspected(frame: pd.DataFrame) -> dict[str, Any]:
    """The Explorer's filter that shows just the suspected labels, if there are any."""
    least = frame["suspicion"].to_numpy(float)[suspected_labels(frame)].min()
    return {"suspicion": {"from": float(np.nan_to_num(least))}}  # no infinity in JSON


def ordered(
    frame: pd.DataFrame, chosen: NDArray[np.bool_], *names: str
) -> NDArray[np.intp]:
    """Positions of the chosen, those with the largest value first."""
    rows = np.flatnonzero(chosen)
    name = first_column(frame, *names)
    if not name:
        return rows
    sign = 1 if name == "confidence" else -1
    values = sign * frame[name].to_numpy(float)[rows]
    return rows[np.argsort(values, kind="stable")]


def first_column(frame: pd.DataFrame, *names: str) -> str:
    """The first column that the study has."""
    return next(_present(frame, names), "")


def _present(frame: pd.DataFrame, names: tuple[str, ...]) -> Iterator[str]:
    return (name for name in names if name in frame)


def share_words(rows: NDArray[np.intp], frame: pd.DataFrame) -> str:
    """Count examples among all, as "12 of 300 examples"."""
    return f"{count_words(len(rows))} of {len(frame):,} examples"


def in_number(rows: Any, plural: str) -> str:
    """Put a verb into the number of the examples."""
    if len(rows) != 1:
        return plural
    return {"are": "is"}.get(plural, f"{plural}s")
