"""What of a study is worth a look: at most three findings, those of the Explorer.

Each counts examples, says what that rests on with an interval, and keeps which examples
they are, so that the Explorer can show just these. What holds for no example, or for
all of them, is none.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from depthviz.reports.contents.finding import (
    Finding,
    filter_of_suspected,
    first_column,
    groups_of,
    in_number,
    ordered,
    share_words,
    suspected_labels,
)
from depthviz.reports.contents.numbers import (
    count_words,
    held_out_right,
    percent,
    with_interval,
)
from depthviz.reports.contents.twins import find_twins
from depthviz.study import Study
from depthviz.study.members import is_ensemble, train_axis

__all__ = ["find_findings", "held_by_few"]

FEW_NETWORKS = 3
MOST = 3
FIRST = 50  # of the most suspicious, where some labels are known to be wrong
MOST_LATE = 0.25
SURE = 0.9


def find_findings(study: Study, *, most: int = MOST) -> list[Finding]:
    """Find what is worth a look, in the order of what helps most.

    Args:
        study: What to look at.
        most: How many findings at most.

    Returns:
        Those that hold for some examples and not for all.
    """
    frame = study.frame()
    found: list[Finding] = []
    for candidate in _CANDIDATES:
        finding = candidate(study, frame)
        if finding is not None and 0 < len(finding.rows) < len(frame):
            found.append(finding)
        if len(found) == most:
            break
    return found


def _different(study: Study, frame: pd.DataFrame) -> Finding | None:
    name = "looks like a different class"
    rows = _of_group(study, frame, name, "suspicion_rank", "suspicion")
    if rows is None:
        return None
    right = held_out_right(frame.iloc[rows])
    about = (
        f"Networks that did not train on them give the given label in "
        f"{with_interval(right)} of cases. "
        if np.isfinite(right.value)
        else ""
    )
    return Finding(
        key=f"group:{name}",
        says=f"{share_words(rows, frame)} {in_number(rows, 'look')} like a different "
        f"class than {'its' if len(rows) == 1 else 'their'} label",
        more=f"{about}{_known_wrong(frame)}".strip(),
        rows=rows,
        suggests="suggested_label" in frame,
        **_of_groups(study, frame, name, ("suspicion_rank", "suspicion")),
    )


def _suspected(study: Study, frame: pd.DataFrame) -> Finding | None:
    """One network has no groups, but may doubt a label."""
    rows = suspected_labels(frame)
    if groups_of(study) or not len(rows):
        return None
    return Finding(
        key="suspected",
        says=f"The neighbors of {share_words(rows, frame)} have another class",
        more=f"All probes weighed, more speaks for it than for the given label. "
        f"{_known_wrong(frame)}".strip(),
        rows=rows,
        filters=filter_of_suspected(frame),
        sort=first_column(frame, "suspicion_rank", "suspicion"),
        caveat="One network alone cannot tell a wrong label from a hard example as "
        "well as several can.",
        suggests=True,
    )


def _ambiguous(study: Study, frame: pd.DataFrame) -> Finding | None:
    order = ("soft_entropy", "entropy", "validation_depth")
    rows = _of_group(study, frame, "ambiguous", *order)
    if rows is None:
        return None
    right = held_out_right(frame.iloc[rows])
    known = (
        f", and then right for {percent(right.value)}"
        if np.isfinite(right.value)
        else ""
    )
    spread = (
        f"The share has the interval {with_interval(right, value=False)}. "
        if known and np.isfinite(right.low)
        else ""
    )
    return Finding(
        key="group:ambiguous",
        says=f"{count_words(len(rows))} {in_number(rows, 'are')} ambiguous: late when "
        f"trained on, late when held out{known}",
        more=f"{spread}Looking at more of the network does not help; a second label, "
        "or a better picture, might.",
        rows=rows,
        **_of_groups(study, frame, "ambiguous", order),
    )


def _twins(study: Study, frame: pd.DataFrame) -> Finding | None:
    """The same picture twice, under two labels."""
    pairs = find_twins(study)
    if not pairs:
        return None
    return Finding(
        key="twins",
        says=f"{count_words(len(pairs))} picture{'s' * (len(pairs) != 1)} "
        f"{'stands' if len(pairs) == 1 else 'stand'} in the data twice, under two "
        "labels",
        more="Equal pixel by pixel. At least one label of each pair is wrong.",
        rows=np.array(pairs, np.intp).ravel(),
        pairs=True,
    )


def _sure(study: Study, frame: pd.DataFrame) -> Finding | None:
    if is_ensemble(study.dataset) or not {"correct", "confidence"} <= set(frame):
        return None
    wrong = ~frame["correct"].fillna(value=True).to_numpy(bool)
    sure = frame["confidence"].to_numpy(float) >= SURE
    rows = ordered(frame, wrong & sure, "suspicion_rank", "depth")
    return Finding(
        key="sure",
        says=f"{count_words(len(rows))} {in_number(rows, 'are')} wrong with confidence",
        more=f"The network gives another class than the label {percent(SURE)} or more.",
        rows=rows,
        filters={"correct": [0], "confidence": {"from": SURE}},
        sort=first_column(frame, "suspicion_rank", "depth"),
        color="prediction",
    )


def _late(study: Study, frame: pd.DataFrame) -> Finding | None:
    """The last probes at which a part of the examples settles, not most of them."""
    of_many = is_ensemble(study.dataset)
    name = train_axis(study.dataset) if of_many else "depth"
    probes = list(study.probes)
    if name not in frame or len(probes) < MOST:
        return None
    depth = np.floor(frame[name].to_numpy(float))
    settled = [int((depth == probe).sum()) for probe in range(len(probes))]
    start, total = len(probes) - 1, settled[-1]
    while start > 1 and total + settled[start - 1] <= MOST_LATE * len(frame):
        start -= 1
        total += settled[start]
    if total > 2 * MOST_LATE * len(frame):
        return None
    never = int((depth >= len(probes)).sum())
    more = "When trained on." if of_many else "Their neighbors change late."
    late = (depth >= start) & (depth < len(probes))
    return Finding(
        key="late",
        says=f"{count_words(total)} {in_number([0] * total, 'settle')} only from "
        f"{probes[start]} on",
        more=more + (f" {count_words(never)} more never do." if never else ""),
        rows=ordered(frame, late, name),
        filters={name: list(range(start, len(probes)))},
        sort=name,
        probe=start,
    )


def _unless(study: Study, frame: pd.DataFrame) -> Finding | None:
    name = "ambiguous unless the label is given"
    order = ("memorization", "validation_depth")
    rows = _of_group(study, frame, name, *order)
    if rows is None:
        return None
    right = held_out_right(frame.iloc[rows])
    known = (
        f"Right for {with_interval(right)} when held out. "
        if np.isfinite(right.value)
        else ""
    )
    return Finding(
        key=f"group:{name}",
        says=f"{count_words(len(rows))} {in_number(rows, 'are')} clear only once the "
        "label is given",
        more=f"{known}Early when trained on, late when held out.",
        rows=rows,
        **_of_groups(study, frame, name, order),
    )


def _undecided(study: Study, frame: pd.DataFrame) -> Finding | None:
    if is_ensemble(study.dataset) or "depth" not in frame:
        return None
    last = len(study.probes)
    rows = ordered(
        frame, frame["depth"].to_numpy() >= last, "suspicion_rank", "confidence"
    )
    return Finding(
        key="undecided",
        says=f"{count_words(len(rows))} never {in_number(rows, 'settle')}",
        more="Even the vote of the last probe differs from the network's prediction.",
        rows=rows,
        filters={"depth": [last]},
        sort=first_column(frame, "suspicion_rank", "confidence"),
        probe=last - 1,
    )


_CANDIDATES: tuple[Callable[[Study, pd.DataFrame], Finding | None], ...] = (
    _different,
    _suspected,
    _ambiguous,
    _twins,
    _sure,
    _late,
    _unless,
    _undecided,
)


def _of_groups(
    study: Study, frame: pd.DataFrame, name: str, order: tuple[str, ...]
) -> dict[str, Any]:
    """What findings about a group have in common."""
    return {
        "filters": {"group": [groups_of(study).index(name)]},
        "sort": first_column(frame, *order),
        "color": "group",
        "group": name,
        "caveat": _few_networks(frame),
    }


def _few_networks(frame: pd.DataFrame) -> str:
    held = held_by_few(frame)
    return held and (
        f"{held}. That is enough to rank labels, not to settle the group of a single "
        "example."
    )


def held_by_few(frame: pd.DataFrame) -> str:
    """How many networks held an example out, in words; empty where they are many."""
    if "held_out" not in frame:
        return ""
    counts = frame["held_out"].dropna()
    usual = int(counts.median())
    if usual > FEW_NETWORKS:
        return ""
    networks = f"{usual} network{'s' * (usual != 1)}"
    if counts.nunique() == 1:
        return f"Each example was held out by {networks} only"
    return f"Half of the examples were held out by at most {networks}"


def _known_wrong(frame: pd.DataFrame) -> str:
    """How many of the most suspicious labels are known to be wrong, if any are."""
    ranked = suspected_labels(frame)[:FIRST]
    if "planted" not in frame or not len(ranked):
        return ""
    marks = frame["planted"]
    if not set(marks.dropna()) <= {False, True}:  # a column that means something else
        return ""
    planted = (marks == 1).to_numpy(bool)
    if not planted.any():
        return ""
    found = int(planted[ranked].sum())
    return (
        f"Of the {len(ranked)} most suspicious labels {found} were planted wrong; of "
        f"all labels {percent(float(planted.mean()))}."
    )


def _of_group(
    study: Study, frame: pd.DataFrame, name: str, *order: str
) -> NDArray[np.intp] | None:
    if name not in groups_of(study):
        return None
    rows = ordered(frame, (frame["group"] == name).to_numpy(bool), *order)
    return rows if len(rows) else None
