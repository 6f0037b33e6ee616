"""The report: what a study found, the Explorer, and where it all came from.

One file: HTML without kernel or network, a PDF, or Markdown beside a folder of its
pictures.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from depthviz.charts.output.conversion import check_drawing
from depthviz.errors import ArgumentError, DependencyError, TaskError
from depthviz.machine.disk.failures import writing
from depthviz.machine.files import check_writable, write_atomically
from depthviz.machine.paths import local_path
from depthviz.reports.contents.asking import Ask
from depthviz.reports.contents.assembling import assemble, choose_sections
from depthviz.reports.document import Document, View
from depthviz.reports.writers.html import surroundings_of
from depthviz.reports.writers.markdown import write_markdown
from depthviz.reports.writers.pdf import find_browser, write_pdf
from depthviz.study import Study
from depthviz.widgets.later_maps import complete
from depthviz.widgets.pages.page import fill_document, write_page
from depthviz.widgets.pages.page_state import link_to, study_digest
from depthviz.widgets.payload.pack import Pack, pack_study

if TYPE_CHECKING:
    from depthviz.annotations import Annotations

__all__ = ["report"]

_HEIGHT = 760
_KINDS = (".html", ".htm", ".md", ".pdf")


def report(
    study: Study,
    path: str | os.PathLike[str],
    *,
    title: str | None = None,
    introduction: str | None = None,
    notes: Mapping[str, Sequence[str | pd.DataFrame]] | None = None,
    sections: Sequence[str] | None = None,
    annotations: Annotations | None = None,
    max_bytes: int | None = None,
) -> Path:
    """Write a study as a document: findings, figures, Explorer, tables, provenance.

    A path that ends in .html, or in nothing, becomes one offline page; .pdf is
    printed from that page by Chromium or Chrome; .md is Markdown with a folder of its
    pictures beside it. Only a page has the Explorer.

    Args:
        study: What to report.
        path: The file to write; an existing one is replaced.
        title: Heading; by default the first finding, in a sentence.
        introduction: What you found yourself, in a paragraph under the heading.
        notes: Sections of your own below the Explorer: by heading, paragraphs and
            tables. Numbers of a table are written as those of the report: shares as
            percentages.
        sections: Which sections, in their order: "findings", "figures", "groups",
            "annotations", "caveats", "explorer", "notes", "tables" and "provenance". By
            default all that the study has something for.
        annotations: An open store, of which the report tells what was decided.
        max_bytes: Size of a page; by default 6,000,000, and more where the columns
            and maps of a large study leave too little of that for pictures. What does
            not fit is left out, and the page says so.

    Returns:
        The path of the file.

    Raises:
        ArgumentError: If a section is unknown, stands twice or lacks what it tells of;
            if the path is none of a local disk, or ends in something else.
        DataError: If the path is a folder, or `max_bytes` is too few for the columns.
        DependencyError: If the widget's bundle was never built, or a PDF is asked for
            where no browser is found.
        DiskError: If it cannot be written; an earlier file is then unchanged.
        StudyError: If the study has no examples.
    """
    target = _target(path)
    kind = target.suffix.lower()
    wanted = choose_sections(sections, has_store=annotations is not None)
    if kind in (".md", ".pdf"):
        wanted = _without_explorer(wanted, kind)
    if kind == ".pdf":
        find_browser()
    study, pack = complete(study), None
    if "explorer" in wanted:
        pack = pack_study(study, title=title)  # says what no Explorer can do without
    ask = Ask(title, introduction, notes or {}, wanted, annotations, _undrawn())
    document = assemble(study, ask)
    if kind == ".md":
        return write_markdown(document, target)
    if pack is not None:
        return _write_with_explorer(study, pack, document, target, max_bytes)
    page = fill_document(document.title, surroundings_of(document, None))
    if kind == ".pdf":
        return write_pdf(page, target)
    with writing(target):
        write_atomically(target, page)
    return target


def _write_with_explorer(
    study: Study, pack: Pack, document: Document, target: Path, max_bytes: int | None
) -> Path:
    digest = study_digest(pack)

    def link(view: View) -> str:
        return link_to(digest, view.state, view.selection)

    return write_page(
        study,
        pack,
        target,
        height=_HEIGHT,
        around=surroundings_of(document, link),
        max_bytes=max_bytes,
    )


def _without_explorer(names: list[str], kind: str) -> list[str]:
    """Leave out what only a page can have."""
    left = [name for name in names if name != "explorer"]
    if not left:
        raise ArgumentError(
            f"Only a page has an Explorer, not {kind}, and no other section is asked "
            "for. Write it as .html, or ask for other sections."
        )
    return left


def _target(path: str | os.PathLike[str]) -> Path:
    """Check a path before the work."""
    target = local_path(path)
    if target.suffix.lower() not in ("", *_KINDS):
        raise ArgumentError(
            f"A report is written to a file that ends in {', '.join(_KINDS)}; got "
            f"{target.name!r}."
        )
    with writing(target):
        target.parent.mkdir(parents=True, exist_ok=True)
    check_writable(target)
    return target


def _undrawn() -> str:
    """Why no chart can be drawn here, in a sentence; empty where they can."""
    try:
        check_drawing()
    except (DependencyError, TaskError) as error:
        return f"The figures are not drawn, only told. {error}"
    return ""
