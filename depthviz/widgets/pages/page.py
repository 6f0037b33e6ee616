"""One offline HTML page that holds the Explorer, its data and nothing else.

The page runs the notebook's own module on data written into the page: no kernel, no
network, from `file://`. Its content policy forbids everything but this one script, this
one style and pictures made in the page, so a label with markup in it stays a label.
"""

import base64
import hashlib
import html
import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from depthviz.errors import DataError
from depthviz.machine.disk.failures import writing
from depthviz.machine.files import write_atomically
from depthviz.machine.paths import local_path
from depthviz.study import Study
from depthviz.widgets.pages.bundle import read_bundle
from depthviz.widgets.pages.page_payload import PagePayload, fit_payload
from depthviz.widgets.pages.page_state import carried_views, study_digest
from depthviz.widgets.payload.pack import Pack
from depthviz.widgets.selection import unpack_mask

if TYPE_CHECKING:
    from depthviz.widgets.annotating.desk import Desk

__all__ = ["fill_page", "page_text", "write_page"]

_STYLE = """
:root { color-scheme: light dark; }
body { margin: 0; font: 15px/1.5 system-ui, sans-serif; background: Canvas; color: CanvasText; }
main { max-width: 1680px; margin: 0 auto; padding: 16px 20px; }
main.alone { max-width: none; padding: 0; }
main.alone > [data-depthviz-mount] > * { height: max(100dvh, 420px) !important; border: 0; }
main.alone > p { margin: 12px 16px; }
h1 { font-size: 22px; margin: 0 0 4px; }
h2 { font-size: 16px; margin: 20px 0 6px; }
p { max-width: 78ch; margin: 0 0 12px; }
table { border-collapse: collapse; margin: 4px 0 12px; font-variant-numeric: tabular-nums; }
th, td { padding: 3px 14px 3px 0; text-align: left; border-bottom: 1px solid color-mix(in srgb, CanvasText 18%, Canvas); }
th { font-weight: 600; }
td.number, th.number { text-align: right; }
.wide { overflow-x: auto; }
footer { margin: 16px 0; font-size: 13px; }
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
<main{alone}>
{before}
<div data-depthviz-mount></div>
<script type="application/json" data-depthviz-page>{data}</script>
{after}
</main>
<script type="module">{script}</script>
</body>
</html>
"""


def write_page(
    study: Study,
    pack: Pack,
    path: str | os.PathLike[str],
    *,
    height: int = 720,
    before: Sequence[str] = (),
    after: Sequence[str] = (),
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
        before: Blocks of HTML above the Explorer, already escaped.
        after: Blocks of HTML below it, already escaped.
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
        before=before,
        after=after,
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
    before: Sequence[str] = (),
    after: Sequence[str] = (),
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
        before: Blocks of HTML above the Explorer.
        after: Blocks of HTML below it.
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
    script = read_bundle(annotating=annotations is not None)
    views = carried_views(study, pack.manifest)
    state = json.dumps([ui_state, views, annotations])
    blocks = [script, *before, *after, json.dumps(pack.manifest), state]
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
    return fill_page(
        content,
        script,
        before=before,
        after=[left_out, *after] if payload.left_out else after,
    )


def fill_page(
    content: Mapping[str, Any],
    script: str,
    *,
    before: Sequence[str] = (),
    after: Sequence[str] = (),
    sources: str = "",
) -> str:
    """Write the HTML of a page around its content.

    Args:
        content: What the page's host reads.
        script: The widget's bundle.
        before: Blocks of HTML above the Explorer, already escaped.
        after: Blocks of HTML below it, already escaped.
        sources: Where else scripts may come from, in the words of the policy.

    Returns:
        The page.
    """
    return _PAGE.format(
        policy=_policy(script, sources),
        title=html.escape(content["manifest"]["title"]),
        style=_STYLE,
        alone="" if before else ' class="alone"',
        before="\n".join(before),
        data=_inline_json(content),
        after="\n".join(after),
        script=script,
    )


def _encoded(payload: PagePayload) -> dict[str, Any]:
    return {
        "manifest": payload.manifest,
        "chunks": {
            name: base64.b64encode(data).decode()
            for name, data in payload.chunks.items()
        },
        "deflated": payload.deflated,
    }


def _policy(script: str, sources: str) -> str:
    scripts = f"'{_digest(script)}' {sources}".strip()
    return (
        "default-src 'none'; "
        f"script-src {scripts}; style-src '{_digest(_STYLE)}'; "
        "img-src blob: data:; base-uri 'none'; form-action 'none'"
    )


def _digest(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _inline_json(content: object) -> str:
    """Write JSON that can neither close its script element nor open a comment."""
    return json.dumps(content, allow_nan=False).replace("<", "\\u003c")
