"""One offline HTML page that holds the Explorer, its data and nothing else.

The page runs the notebook's own module on data written into the page: no kernel, no
network, from `file://`. Its content policy forbids everything but this one script, this
one style, and pictures and sounds made in the page, so a label with markup in it stays
a label.
"""

import base64
import hashlib
import html
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from depthviz.errors import DataError
from depthviz.machine.disk.failures import writing
from depthviz.machine.files import write_atomically
from depthviz.machine.paths import local_path
from depthviz.study import Study
from depthviz.widgets.pages.bundle import bundle_for
from depthviz.widgets.pages.page_payload import PagePayload, fit_payload
from depthviz.widgets.pages.page_state import carried_views, study_digest
from depthviz.widgets.payload.pack import Pack
from depthviz.widgets.selection import unpack_mask

if TYPE_CHECKING:
    from depthviz.widgets.annotating.desk import Desk

__all__ = [
    "ALONE",
    "PAGE_SIZE",
    "Surroundings",
    "fill_document",
    "fill_page",
    "page_text",
    "write_page",
]

PAGE_SIZE = "\u2066size of this page\u2069"
_STYLE = """
:root { color-scheme: light dark; }
body { margin: 0; font: 15px/1.5 system-ui, sans-serif; background: Canvas; color: CanvasText; }
main.alone > [data-depthviz-mount] > * { height: max(100dvh, 420px) !important; border: 0; }
main.alone > p { max-width: 78ch; margin: 12px 16px; }
"""  # noqa: E501
_FRAME_BYTES = 16_000
_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<main class="{name}">
{body}
</main>
<script type="module">{script}</script>
</body>
</html>
"""
_EXPLORER = """<div data-depthviz-mount></div>
<script type="application/json" data-depthviz-page>{data}</script>"""


@dataclass(frozen=True)
class Surroundings:
    """What stands round the Explorer in a page.

    Attributes:
        before: Blocks of HTML above it, already escaped.
        after: Blocks of HTML below it, already escaped; `PAGE_SIZE` in one becomes the
            size of the page.
        style: Of these blocks.
        script: What the page does besides the Explorer; a script that exports nothing.
        name: Class of the element around all.
    """

    before: Sequence[str] = ()
    after: Sequence[str] = ()
    style: str = ""
    script: str = ""
    name: str = "alone"


ALONE = Surroundings()


def write_page(
    study: Study,
    pack: Pack,
    path: str | os.PathLike[str],
    *,
    height: int = 720,
    around: Surroundings = ALONE,
    max_bytes: int | None = None,
    selection: bytes = b"",
    ui_state: Mapping[str, Any] | None = None,
    desk: "Desk | None" = None,
) -> Path:
    """Write a study as one offline page, whole or not at all.

    Args:
        study: The study.
        pack: The study, packed.
        path: The HTML file to write; an existing one is replaced.
        height: Height of the Explorer in pixels.
        around: What stands above and below the Explorer.
        max_bytes: Size of the page; see `fit_payload`.
        selection: One bit an example, the first lowest: what the page starts with.
        ui_state: Filters, probe, color and sort that it starts with.
        desk: Where decisions about the study are kept, for a page in which they can be
            made; they stay in the browser, and go into a log that the store can merge.

    Returns:
        The path of the page.

    Raises:
        ArgumentError: If the path is none of a local disk.
        DataError: If the path is a folder, or `max_bytes` is too few for the columns.
        DependencyError: If the widget's bundle was never built.
        DiskError: If it cannot be written; an earlier page is then unchanged.
    """
    target = local_path(path)
    with writing(target):
        is_folder = target.is_dir()
    if is_folder:
        raise DataError(f"Expected the path of an HTML file, got the folder {target}.")
    page = page_text(
        study,
        pack,
        height=height,
        around=around,
        max_bytes=max_bytes,
        selection=selection,
        ui_state=ui_state,
        annotations=None if desk is None else desk.page(target, study_digest(pack)),
    )
    with writing(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(target, page)
    return target


def page_text(
    study: Study,
    pack: Pack,
    *,
    height: int = 720,
    around: Surroundings = ALONE,
    max_bytes: int | None = None,
    selection: bytes = b"",
    ui_state: Mapping[str, Any] | None = None,
    annotations: Mapping[str, Any] | None = None,
) -> str:
    """Make the text of an offline page.

    Args:
        study: The study.
        pack: The study, packed.
        height: As for `write_page`, like all that follow.
        around: What stands above and below the Explorer.
        max_bytes: Size of the page.
        selection: What it starts with.
        ui_state: What it starts with.
        annotations: What a page in which decisions can be made is told of them.

    Returns:
        The HTML.

    Raises:
        DataError: If `max_bytes` is too few for the columns.
        DependencyError: If the widget's bundle was never built.
    """
    script = bundle_for(pack.manifest, annotating=annotations is not None)
    views = carried_views(study, pack.manifest)
    state = json.dumps([ui_state, views, annotations])
    own = [*around.before, *around.after, around.style, around.script]
    blocks = [script, *own, json.dumps(pack.manifest), state]
    payload = fit_payload(
        study,
        pack,
        other_bytes=sum(len(block.encode()) for block in blocks) + _FRAME_BYTES,
        max_bytes=max_bytes,
        first=np.flatnonzero(unpack_mask(selection, len(study))),
    )
    content = {
        **_encoded(payload),
        "session_id": "page",
        "height": height,
        "selection": base64.b64encode(selection).decode(),
        "ui_state": dict(ui_state or {}),
        "study": study_digest(pack),
        "views": views,
        **({"annotations": annotations} if annotations else {}),
    }
    left_out = f"<p data-depthviz-left-out>{html.escape(payload.left_out)}</p>"
    told = [left_out, *around.after] if payload.left_out else around.after
    return fill_page(content, script, around=replace(around, after=told))


def fill_page(
    content: Mapping[str, Any],
    script: str,
    *,
    around: Surroundings = ALONE,
    sources: str = "",
) -> str:
    """Write the HTML of a page around its content.

    Args:
        content: What the page's host reads.
        script: The widget's bundle.
        around: What stands above and below the Explorer.
        sources: Where else scripts may come from, in the words of the policy.

    Returns:
        The page.
    """
    explorer = _EXPLORER.format(data=_inline_json(content))
    body = "\n".join([*around.before, explorer, *around.after])
    title = content["manifest"]["title"]
    whole = replace(around, script="\n".join(filter(None, [script, around.script])))
    return _fill(title, body, whole, sources)


def fill_document(title: str, around: Surroundings) -> str:
    """Write the HTML of a page without an Explorer.

    Args:
        title: Of the page.
        around: What stands in it.

    Returns:
        The page.
    """
    return _fill(title, "\n".join([*around.before, *around.after]), around, "")


def _fill(title: str, body: str, around: Surroundings, sources: str) -> str:
    style = _STYLE + around.style
    page = _PAGE.format(
        policy=_policy(around.script, style, sources),
        title=html.escape(title),
        style=style,
        name=around.name,
        body=body,
        script=around.script,
    )
    size = len(page.encode())
    return page.replace(PAGE_SIZE, f"{size / 1e6:.1f} MB")


def _encoded(payload: PagePayload) -> dict[str, Any]:
    return {
        "manifest": payload.manifest,
        "chunks": {
            name: base64.b64encode(data).decode()
            for name, data in payload.chunks.items()
        },
        "deflated": payload.deflated,
    }


def _policy(script: str, style: str, sources: str) -> str:
    scripts = f"'{_digest(script)}' {sources}".strip()
    return (
        "default-src 'none'; "
        f"script-src {scripts}; style-src '{_digest(style)}'; "
        "img-src blob: data:; media-src blob: data:; "
        "base-uri 'none'; form-action 'none'"
    )


def _digest(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _inline_json(content: object) -> str:
    """Write JSON that can neither close its script element nor open a comment."""
    return json.dumps(content, allow_nan=False).replace("<", "\\u003c")
