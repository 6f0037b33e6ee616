"""What the guide's build adds to Sphinx: generated tables, live Explorers, checks.

A page asks for generated text by a comment of Markdown, `<!-- generated: measures -->`,
so that a host that shows the pages as files shows no directive in its place.
"""

import os
import re
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

from guide_extension.checks import check_executed, check_pages
from guide_extension.explorers import FOLDER, explorer_html, write_startup
from guide_extension.reference import face_text, faces_table
from guide_extension.rooms import rooms_table
from guide_extension.studies import write_digits_page
from guide_extension.tables import columns_table, definitions_table, measures_table

__all__ = ["setup"]

_SIZED = "02_the_paper"  # what it finds depends on the size of the run
_MARKER = re.compile(r"<!-- generated: ([\w ]+) -->")


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the steps with Sphinx."""
    app.connect("builder-inited", _prepare)
    app.connect("source-read", _fill)
    # After the theme, which makes the tree.
    app.connect("html-page-context", _level_captions, priority=900)
    app.connect("html-page-context", _say_size)
    app.connect("build-finished", _check)
    return {"parallel_read_safe": False, "parallel_write_safe": True}


def _prepare(app: Sphinx) -> None:
    """Write the digits' page, and have kernels show Explorers as pages."""
    pages = Path(app.outdir, FOLDER)
    pages.mkdir(parents=True, exist_ok=True)
    write_startup(Path(app.doctreedir, "ipython"), pages)
    write_digits_page(pages / "digits.html")


def _fill(app: Sphinx, name: str, source: list[str]) -> None:
    """Put generated text in the place of a page's markers."""
    writers = {
        "api": faces_table,
        "columns": columns_table,
        "definitions": definitions_table,
        "digits explorer": lambda: _raw(explorer_html("digits.html", "digits")),
        "face": lambda: face_text(name),
        "measures": measures_table,
        "rooms": rooms_table,
    }
    source[0] = _MARKER.sub(lambda found: writers[found[1]](), source[0])


def _raw(html: str) -> str:
    return f"```{{raw}} html\n{html}\n```"


def _level_captions(
    app: Sphinx, page: str, template: str, context: dict[str, Any], tree: object
) -> None:
    """Give the captions of the table of contents the level that a heading needs."""
    text = context.get("furo_navigation_tree", "")
    level = 'role="heading" aria-level="2"'
    context["furo_navigation_tree"] = text.replace('role="heading"', level)


def _say_size(
    app: Sphinx, page: str, template: str, context: dict[str, Any], tree: object
) -> None:
    """Say above a tutorial's text at which size this page ran it."""
    if page != _SIZED:
        return
    size = [
        os.environ[f"DEPTHVIZ_{name}"] for name in ("EXAMPLES", "MEMBERS", "EPOCHS")
    ]
    note = (
        '<div class="admonition note"><p class="admonition-title">Note</p><p>'
        "On this page the tutorial ran with {} examples, {} networks and {} epochs "
        "(the notebook's own size is 1500, 10 and 60). Figures from a smaller run show "
        "the form of the answer, not the answer.</p></div>"
    ).format(*size)
    context["body"] = context["body"].replace("</h1>", f"</h1>{note}", 1)


def _check(app: Sphinx, error: Exception | None) -> None:
    """Look at what was built, unless the build failed already."""
    if error is not None or app.builder.format != "html":
        return
    if app.config.nb_execution_mode != "off":
        excluded = app.config.nb_execution_excludepatterns
        check_executed(Path(app.srcdir), Path(app.outdir), excluded)
    check_pages(Path(app.outdir))
