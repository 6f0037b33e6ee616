"""The report: what a study found, the Explorer, and where it all came from.

One HTML file without kernel or network. Every text that comes from the study is
escaped. Computes nothing.
"""

import html
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import pandas as pd

from depthviz.reports.findings import (
    describe_findings,
    describe_populations,
    how_to_read,
)
from depthviz.reports.table_text import format_table
from depthviz.reports.tables import (
    group_table,
    member_table,
    probe_table,
    provenance_table,
)
from depthviz.study import Study
from depthviz.study.members import is_ensemble
from depthviz.widgets.pages.page import write_page
from depthviz.widgets.payload.pack import pack_study

__all__ = ["report"]

_HEIGHT = 760
_LONG = 20
_GROUPS = (
    "Accuracy: share of the predictions of members that held an example out which "
    "equal its label. Depths are means over the examples of the group. Group "
    "confidence: share of resamples of the members in which an example falls into its "
    "group, averaged."
)


def report(
    study: Study,
    path: str | os.PathLike[str],
    *,
    title: str | None = None,
    introduction: str | None = None,
    notes: Mapping[str, Sequence[str | pd.DataFrame]] | None = None,
    max_bytes: int | None = None,
) -> Path:
    """Write a study as one offline HTML file: findings, Explorer, provenance.

    Args:
        study: What to report.
        path: The HTML file to write; an existing one is replaced.
        title: Heading; by default the study's own title.
        introduction: What you found yourself, in a paragraph under the heading.
        notes: Sections of your own below the Explorer: by heading, paragraphs and
            tables. Numbers of a table are written as those of the report: shares as
            percentages.
        max_bytes: Size of the file; by default 6,000,000, and more where the columns
            and maps of a large study leave too little of that for pictures. What does
            not fit is left out, and the page says so.

    Returns:
        The path of the file.

    Raises:
        ArgumentError: If the path is none of a local disk.
        DataError: If the path is a folder, or `max_bytes` is too few for the columns.
        DependencyError: If the widget's bundle was never built.
        DiskError: If it cannot be written; an earlier file is then unchanged.
        StudyError: If the study has no examples.
    """
    pack = pack_study(study, title=title)
    before = [
        f"<h1>{html.escape(pack.manifest['title'])}</h1>",
        *([_paragraph(introduction)] if introduction else []),
        _paragraph(describe_findings(study)),
    ]
    after = [
        *_notes(notes or {}),
        "<h2>How to read this</h2>",
        _paragraph(how_to_read(study)),
        *_ensemble_blocks(study),
        "<h2>Probes</h2>",
        _paragraph(describe_populations(study)),
        _html_table(probe_table(study)),
        "<h2>Provenance</h2>",
        _html_table(provenance_table(study)),
    ]
    return write_page(
        study,
        pack,
        path,
        height=_HEIGHT,
        before=before,
        after=after,
        max_bytes=max_bytes,
    )


def _notes(notes: Mapping[str, Sequence[str | pd.DataFrame]]) -> list[str]:
    blocks = []
    for heading, parts in notes.items():
        blocks.append(f"<h2>{html.escape(heading)}</h2>")
        blocks += [
            _paragraph(part) if isinstance(part, str) else _html_table(part)
            for part in parts
        ]
    return blocks


def _paragraph(text: str) -> str:
    return f"<p>{html.escape(text)}</p>"


def _ensemble_blocks(study: Study) -> list[str]:
    if not is_ensemble(study.dataset):
        return []
    blocks = []
    if "group" in study.dataset:
        table = _html_table(group_table(study))
        blocks += ["<h2>Groups</h2>", _paragraph(_GROUPS), table]
    if "in_train" in study.dataset:
        blocks += ["<h2>Members</h2>", *_folded(member_table(study))]
    return blocks


def _folded(table: pd.DataFrame) -> list[str]:
    """Fold a long table."""
    if len(table) <= _LONG:
        return [_html_table(table)]
    summary = f"<summary>{len(table):,} members</summary>"
    return ["<details>", summary, _html_table(table), "</details>"]


def _html_table(table: pd.DataFrame) -> str:
    head = _row("th", [_title(name) for name in table.columns], table)
    texts = format_table(table).itertuples(index=False)
    rows = [_row("td", values, table) for values in texts]
    return f'<div class="wide"><table>{head}{"".join(rows)}</table></div>'


def _row(tag: str, texts: Iterable[str], table: pd.DataFrame) -> str:
    cells = [
        f"<{tag}{_class(table[name])}>{html.escape(text)}</{tag}>"
        for name, text in zip(table.columns, texts, strict=True)
    ]
    return f"<tr>{''.join(cells)}</tr>"


def _class(column: "pd.Series[float] | pd.Series[str]") -> str:
    return ' class="number"' if pd.api.types.is_numeric_dtype(column.dtype) else ""


def _title(name: object) -> str:
    text = str(name).replace("_", " ")
    return text[:1].upper() + text[1:]
