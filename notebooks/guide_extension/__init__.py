"""What the guide's build adds to Sphinx: generated tables, live Explorers, checks.

A page asks for generated text by a comment of Markdown, `<!-- generated: measures -->`,
so that a host that shows the pages as files shows no directive in its place.
"""

import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

from guide_extension.checks import check_executed, check_pages
from guide_extension.explorers import FOLDER, explorer_html, write_startup
from guide_extension.reference import face_text, faces_table
from guide_extension.rooms import rooms_table
from guide_extension.studies import write_digits_page
from guide_extension.tables import (
    columns_table,
    definitions_table,
    measures_table,
    methods_table,
)

__all__ = ["setup"]

# What these find depends on the size of the run: their own, by what conf.py cuts down.
_SIZES = {
    "02_the_paper": {"EXAMPLES": 1500, "MEMBERS": 10, "EPOCHS": 60},
    "05_text": {"SENTENCES": 3000, "MEMBERS": 4, "EPOCHS": 5},
    "06_tables": {"EXAMPLES": 1800, "MEMBERS": 6},
    "07_select": {"EXAMPLES": 3000},
}
_WORDS = {"MEMBERS": "networks"}
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
        "methods": methods_table,
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
    if page not in _SIZES:
        return
    own = _SIZES[page]
    size = [
        f"{os.environ[f'DEPTHVIZ_{name}']} {_WORDS.get(name, name.lower())}"
        for name in own
    ]
    note = (
        '<div class="admonition note"><p class="admonition-title">Note</p><p>'
        f"On this page the tutorial ran with {_listed(size)} "
        f"(the notebook's own size is {_listed(own.values())}). Figures from a smaller "
        "run show the form of the answer, not the answer.</p></div>"
    )
    context["body"] = context["body"].replace("</h1>", f"</h1>{note}", 1)


def _listed(parts: Iterable[object]) -> str:
    *most, last = map(str, parts)
    return f"{', '.join(most)} and {last}"


def _check(app: Sphinx, error: Exception | None) -> None:
    """Look at what was built, unless the build failed already."""
    if error is not None or app.builder.format != "html":
        return
    if app.config.nb_execution_mode != "off":
        excluded = app.config.nb_execution_excludepatterns
        check_executed(Path(app.srcdir), Path(app.outdir), excluded)
    check_pages(Path(app.outdir))
