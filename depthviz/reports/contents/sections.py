"""The sections of a report, each made of a study, its findings and what was asked."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from depthviz.reports.contents.annotated import annotated_parts
from depthviz.reports.contents.asking import Ask
from depthviz.reports.contents.caveats import caveats_of
from depthviz.reports.contents.figures import figures_of
from depthviz.reports.contents.finding import (
    Finding,
    groups_of,
    suspected_labels,
)
from depthviz.reports.contents.numbers import count_words, held_out_right, percent
from depthviz.reports.contents.pictures import pictures_of
from depthviz.reports.document import (
    Caveat,
    Gallery,
    Group,
    LiveView,
    Paragraph,
    Part,
    Statement,
    Table,
    View,
)
from depthviz.reports.findings import describe_findings, how_to_read
from depthviz.reports.tables import group_table, provenance_table
from depthviz.study import Study

__all__ = [
    "add_notes",
    "list_caveats",
    "show_explorer",
    "show_figures",
    "show_groups",
    "tell_annotations",
    "tell_findings",
    "tell_provenance",
]

MANY, SOME, OF_GROUP = 20, 10, 8  # examples
HARDEST_FIRST = (
    "looks like a different class",
    "ambiguous",
    "ambiguous unless the label is given",
    "easy",
)


def tell_findings(study: Study, found: list[Finding], ask: Ask) -> Iterable[Part]:
    """Tell what is worth a look, each with examples."""
    shown: set[int] = set()
    told: set[str] = set()
    for at, finding in enumerate(found):
        yield Statement(
            # The first one is the title, unless the author has another.
            finding.says if at or ask.title else _again(finding, study),
            finding.more,
            finding.group,
            _view(finding),
        )
        most = MANY if finding.suggests and not finding.pairs else SOME
        rows = [row for row in finding.rows.tolist() if row not in shown][:most]
        shown.update(rows)
        yield Gallery(
            pictures_of(study, rows, suggest=finding.suggests), 10, finding.pairs
        )
        if finding.caveat and finding.caveat not in told:
            told.add(finding.caveat)
            yield Caveat(f"Weak: {finding.caveat[:1].lower()}{finding.caveat[1:]}")
    if not found:
        yield Paragraph(describe_findings(study))


def _again(finding: Finding, study: Study) -> str:
    """The first finding under its own title: what its examples are."""
    if finding.key == "suspected":
        return "Labels to check"
    if finding.group != HARDEST_FIRST[0]:
        return finding.says
    count = int(np.isin(finding.rows, suspected_labels(study.frame())).sum())
    if not count:
        return "Labels to check"
    whose = "of all" if count == len(finding.rows) else f"of {count_words(count)}"
    return f"The neighbors {whose} of them name another class"


def _view(finding: Finding) -> View:
    state: dict[str, Any] = {
        "filters": dict(finding.filters),
        "color": finding.color,
    }
    if finding.sort:
        state["sort"] = finding.sort
    if finding.probe is not None:
        state["probe"] = finding.probe
    rows = tuple(finding.rows.tolist()) if not finding.filters else ()
    return View(state, rows)


def show_figures(study: Study, found: list[Finding], ask: Ask) -> Iterable[Part]:
    """Show the figures, or only what they say where none can be drawn."""
    if ask.no_drawings:
        yield Caveat(ask.no_drawings)
    yield from figures_of(study, draw=not ask.no_drawings)


def show_groups(study: Study, found: list[Finding], ask: Ask) -> Iterable[Part]:
    """Show a few examples of each group beside its numbers."""
    frame, names = study.frame(), groups_of(study)
    if not names:
        return
    table = group_table(study).set_index("group")
    for name in HARDEST_FIRST:
        if name not in names or not len(rows := _typical(frame, name)):
            continue
        yield Group(
            name,
            _group_words(table.loc[name], frame.iloc[_all_of(frame, name)]),
            Gallery(
                pictures_of(study, rows[:OF_GROUP], suggest=name == HARDEST_FIRST[0]),
                OF_GROUP,
            ),
            View({"filters": {"group": [names.index(name)]}, "color": "group"}),
        )


def _all_of(frame: pd.DataFrame, name: str) -> NDArray[np.intp]:
    return np.flatnonzero((frame["group"] == name).to_numpy(bool))


def _typical(frame: pd.DataFrame, name: str) -> NDArray[np.intp]:
    """Examples of a group, those first that are surest to be in it."""
    rows = _all_of(frame, name)
    if "group_confidence" not in frame:
        return rows
    sure = frame["group_confidence"].to_numpy(float)[rows]
    rank = np.zeros(len(rows))
    if name == HARDEST_FIRST[0] and "suspicion" in frame:
        rank = -np.nan_to_num(frame["suspicion"].to_numpy(float)[rows])
    return rows[np.lexsort((rank, -np.nan_to_num(sure)))]


def _group_words(row: Any, rows: pd.DataFrame) -> tuple[str, ...]:
    right = held_out_right(rows).value
    known = (
        f", {percent(float(right))} right when held out" if np.isfinite(right) else ""
    )
    depths = {"trained on": row["train_depth"], "held out": row["validation_depth"]}
    said = [
        f"{depth:.1f} {when}" for when, depth in depths.items() if np.isfinite(depth)
    ]
    counted = f"{count_words(int(row['examples']))}{known}"
    return (counted, f"depth {', '.join(said)}") if said else (counted,)


def tell_annotations(study: Study, found: list[Finding], ask: Ask) -> Iterable[Part]:
    """Tell what people decided, where a store was given."""
    return [] if ask.annotations is None else annotated_parts(study, ask.annotations)


def list_caveats(study: Study, found: list[Finding], ask: Ask) -> Iterable[Part]:
    """List what speaks against this very study."""
    return [Caveat(words) for words in caveats_of(study)]


def show_explorer(study: Study, found: list[Finding], ask: Ask) -> Iterable[Part]:
    """Leave a place for the Explorer."""
    return [LiveView()]


def add_notes(study: Study, found: list[Finding], ask: Ask) -> Iterable[Part]:
    """Add the author's own sections."""
    for heading, parts in ask.notes.items():
        yield Statement(heading)
        for part in parts:
            yield (
                Paragraph(part)
                if isinstance(part, str)
                else Table("", "", part, open=True)
            )


def tell_provenance(study: Study, found: list[Finding], ask: Ask) -> Iterable[Part]:
    """Tell how a study was measured, and how to read it."""
    words = (how_to_read(study), describe_findings(study))
    facts = provenance_table(study)
    yield Table(
        "How this was measured",
        "versions, seeds, boundaries, fingerprint of the data",
        facts[facts["what"] != "views"],  # saved views are nothing to read
        words=words,
    )
