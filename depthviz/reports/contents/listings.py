"""The tables of a report, and its list of the most suspicious labels."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from depthviz.reports.contents.asking import Ask
from depthviz.reports.contents.finding import (
    Finding,
    groups_of,
    suspected_labels,
)
from depthviz.reports.contents.pictures import pictures_of
from depthviz.reports.document import Table
from depthviz.reports.findings import describe_populations
from depthviz.reports.tables import group_table, member_table, probe_table
from depthviz.study import Study
from depthviz.study.members import is_ensemble

__all__ = ["list_tables"]

LISTED = 50  # of the most suspicious
ABOUT_GROUPS = (
    "Accuracy: share of the predictions of members that held an example out which "
    "equal its label. Depths are means over the examples of the group. Group "
    "confidence: share of resamples of the members in which an example falls into its "
    "group, averaged."
)
SHOWN = ("label_name", "label", "suggested_label", "prediction", "consensus_class")


def list_tables(study: Study, found: list[Finding], ask: Ask) -> Iterator[Table]:
    """List groups, probes, networks and suspected labels, as far as a study has them.

    Args:
        study: The study.
        found: Its findings.
        ask: What was asked for.

    Yields:
        Folded tables.
    """
    data = study.dataset
    if groups_of(study):
        groups = group_table(study)
        yield Table("Groups", _rows(groups), groups, words=(ABOUT_GROUPS,))
    if "depth" in data:
        probes = probe_table(study)
        words = (describe_populations(study),)
        yield Table("Probes", _rows(probes), probes, words=words)
    if is_ensemble(data) and "in_train" in data:
        members = member_table(study)
        yield Table("Networks", _rows(members), members)
    if len(rows := suspected_labels(study.frame())):
        yield _suspects(study, rows)


def _suspects(study: Study, rows: NDArray[np.intp]) -> Table:
    whole = _named(study, study.frame().iloc[rows])
    first = whole.iloc[:LISTED]
    columns = [
        "given",
        "suggested",
        *(name for name in ("predicted", "group", "suspicion") if name in whole),
    ]
    listed = first[columns].reset_index(names="example").astype({"example": str})
    if "suspicion" in listed:
        listed["suspicion"] = [f"{value:.2f}" for value in listed["suspicion"]]
    note = f"{_rows(whole)}, the first {len(first)} here" * (len(whole) > LISTED)
    return Table(
        "Most suspicious labels",
        note or _rows(whole),
        listed,
        pictures=pictures_of(study, rows[:LISTED]),
        file="suspicious_labels.csv",
        whole=whole,
    )


def _named(study: Study, frame: pd.DataFrame) -> pd.DataFrame:
    """Put classes by their names in front of a table's other columns."""
    names = np.array([*study.classes, ""], object)
    roles = {"given": "label", "suggested": "suggested_label"}
    of_many = is_ensemble(study.dataset) and "consensus_class" in frame
    held = "consensus_class" if of_many else "prediction"
    roles |= {"predicted": held} if held in frame else {}
    found = {
        role: names[frame[column].fillna(-1).to_numpy(int)]  # the last has no name
        for role, column in roles.items()
    }
    rest = frame.drop(columns=[name for name in SHOWN if name in frame])
    own = pd.DataFrame(found, index=frame.index)
    # The author may have columns of these names.
    return own.join(rest.rename(columns={name: f"{name}_" for name in found}))


def _rows(table: pd.DataFrame) -> str:
    return f"{len(table):,} row{'s' * (len(table) != 1)}"
