"""A document as HTML: the blocks of one page, around its Explorer.

Every text is escaped. Pictures are in the page itself, drawings follow its theme.
"""

from __future__ import annotations

import base64
import html
from collections.abc import Callable, Iterable, Sequence
from functools import cache, singledispatch
from importlib import resources
from typing import NamedTuple

import pandas as pd

from depthviz.charts.look.palette import FIXED
from depthviz.reports.document import (
    Caveat,
    Document,
    Figure,
    Gallery,
    Group,
    LiveView,
    Paragraph,
    Part,
    Picture,
    Section,
    Statement,
    Table,
    View,
)
from depthviz.reports.table_text import format_table
from depthviz.reports.writers.drawings import color_rules, inline_drawing
from depthviz.widgets.pages.bundle import read_script
from depthviz.widgets.pages.page import PAGE_SIZE, Surroundings

__all__ = ["surroundings_of"]

Link = Callable[[View], str]
ONWARD = "\u203a"
SIGNS = {
    "looks like a different class": "▲",
    "ambiguous": "■",
    "ambiguous unless the label is given": "◆",
    "easy": "●",
}


class _Ink(NamedTuple):
    """What parts need of the whole: where links lead."""

    link: Link | None


def surroundings_of(document: Document, link: Link | None) -> Surroundings:
    """Write a document as what stands above and below its Explorer.

    Args:
        document: The document.
        link: Gives the address of a view of the Explorer; None where the page has none.

    Returns:
        The blocks, their style and their script.
    """
    ink = _Ink(link)
    above: list[str] = [_contents(document), '<div class="doc">', _head(document)]
    below: list[str] = []
    current = above
    for section in document.sections:
        blocks = list(_section(section, ink))
        if any(isinstance(part, LiveView) for part in section.parts):
            current += blocks[:-1]
            current = below
            current.append(blocks[-1])
        else:
            current += blocks
    current.append(f"<footer>Page of {PAGE_SIZE}.</footer></div>")
    return Surroundings(above, below, _style(), read_script("report"), "report")


def _head(document: Document) -> str:
    said = f'<p class="lead">{_text(document.introduction)}</p>'
    return (
        f'<header><h1>{_text(document.title)}</h1><p class="about">'
        f"{_text(document.about)}</p>{said if document.introduction else ''}</header>"
    )


def _contents(document: Document) -> str:
    """The contents at the side."""
    listed = "".join(
        f'<a href="#{section.key}">{_text(section.heading)}</a>'
        for section in document.sections
    )
    return f'<nav aria-label="Contents">{listed}</nav>'


def _section(section: Section, ink: _Ink) -> Iterable[str]:
    yield f'<section id="{section.key}"><h2>{_text(section.heading)}</h2>'
    half: list[str] = []
    for part in section.parts:
        if isinstance(part, LiveView):
            continue
        block = _block(part, ink)
        if isinstance(part, Figure) and part.half:
            half.append(block)
            continue
        yield from _in_twos(half)
        half = []
        yield block
    yield from _in_twos(half)
    yield "</section>"


def _in_twos(blocks: Sequence[str]) -> Iterable[str]:
    if blocks:
        yield f'<div class="two">{"".join(blocks)}</div>'


@singledispatch
def _block(part: Part, ink: _Ink) -> str:
    raise TypeError(f"No part of a document: {type(part)}.")


@_block.register
def _(part: Paragraph, ink: _Ink) -> str:
    return f"<p>{_text(part.words)}</p>"


@_block.register
def _(part: Caveat, ink: _Ink) -> str:
    return f'<p class="caveat">{_text(part.words)}</p>'


@_block.register
def _(part: Statement, ink: _Ink) -> str:
    more = " ".join(filter(None, [_text(part.more), _go(part.view, ink)]))
    below = f'<p class="more">{more}</p>' if more else ""
    return f"<h3>{_sign(part.group)}{_text(part.says)}</h3>{below}"


@_block.register
def _(part: Gallery, ink: _Ink) -> str:
    shown = [_figure_of(picture) for picture in part.pictures]
    if part.pairs:
        shown = [
            f'<div class="pair">{first}{second}</div>'
            for first, second in zip(shown[::2], shown[1::2], strict=False)
        ]
    seen = any(picture.data for picture in part.pictures)
    kind = "gallery" if seen else "gallery names"
    return f'<div class="{kind} of{part.columns}">{"".join(shown)}</div>'


def _figure_of(picture: Picture) -> str:
    label = (
        f'<span class="given">{_text(picture.label)}</span>' if picture.label else ""
    )
    other = f"<b>→ {_text(picture.other)}</b>" if picture.other else ""
    name = "" if picture.data else f"<i>{_text(picture.name)}</i>"
    return f"<div>{_image(picture)}{name}{label}{other}</div>"


def _image(picture: Picture) -> str:
    if picture.data is None:
        return ""
    kind = "png" if picture.data.startswith(b"\x89PNG") else "jpeg"
    encoded = base64.b64encode(picture.data).decode()
    name = _text(f"Example {picture.name}, {picture.label}".rstrip(", "))
    return f'<img src="data:image/{kind};base64,{encoded}" alt="{name}">'


@_block.register
def _(part: Figure, ink: _Ink) -> str:
    drawn = "".join(
        inline_drawing(chart, kind=kind)
        for chart, kind in ((part.wide, "wide"), (part.narrow, "narrow"))
        if chart is not None
    )
    more = " ".join(filter(None, [_text(part.more), _go(part.view, ink)]))
    return (
        f'<figure data-depthviz-figure="{part.name}"><figcaption><b>{_text(part.says)}'
        f"</b> {more}</figcaption>{drawn}</figure>"
    )


@_block.register
def _(part: Group, ink: _Ink) -> str:
    words = "<br>".join(map(_text, part.words))
    go = _go(part.view, ink)
    return (
        f'<div class="group"><div><h3>{_sign(part.name)}{_text(part.name)}</h3>'
        f"<p>{words}{'<br>' if go else ''}{go}</p></div>"
        f"{_block(part.gallery, ink)}</div>"
    )


@_block.register
def _(part: Table, ink: _Ink) -> str:
    words = "".join(f"<p>{_text(one)}</p>" for one in part.words)
    rows = _rows(part)
    if not part.name:
        return rows
    note = f' <span class="note">{_text(part.note)}</span>' if part.note else ""
    is_open = " open" if part.open else ""
    head = f"<summary><b>{_text(part.name)}</b>{note}</summary>"
    inside = f"{head}{words}{rows}{_download(part)}"
    return f'<details class="table"{is_open}>{inside}</details>'


def _rows(part: Table) -> str:
    table = part.rows
    numbers = [pd.api.types.is_numeric_dtype(table[name].dtype) for name in table]
    pictures = [_image(one) for one in part.pictures]
    heads = [_title(name) for name in table.columns]
    head = _row("th", heads, numbers, ["Picture"] if pictures else [])
    texts = format_table(table).itertuples(index=False)
    rows = [
        _row("td", values, numbers, pictures[at : at + 1])
        for at, values in enumerate(texts)
    ]
    return (
        f'<div class="rows" tabindex="0"><table><thead>{head}</thead><tbody>'
        f"{''.join(rows)}</tbody></table></div>"
    )


def _row(
    tag: str, texts: Iterable[str], numbers: Iterable[bool], before: Iterable[str]
) -> str:
    cells = [f"<{tag}>{block}</{tag}>" for block in before]
    cells += [
        f"<{tag}{' class=number' if is_number else ''}>{_text(text)}</{tag}>"
        for text, is_number in zip(texts, numbers, strict=True)
    ]
    return f"<tr>{''.join(cells)}</tr>"


def _download(part: Table) -> str:
    if part.whole is None:
        return ""
    encoded = base64.b64encode(part.whole.to_csv().encode()).decode()
    return (
        f'<p class="download"><a download="{_text(part.file)}" '
        f'href="data:text/csv;base64,{encoded}">Download as CSV</a> '
        f"({len(part.whole):,} rows, all columns)</p>"
    )


def _go(view: View | None, ink: _Ink) -> str:
    if view is None or ink.link is None:
        return ""
    address = _text(ink.link(view))
    return f'<a class="go" href="{address}">Open in the Explorer {ONWARD}</a>'


def _sign(group: str | None) -> str:
    """The mark of a group, in its color."""
    if group not in SIGNS:
        return ""
    color = FIXED[group][0]
    return f'<span class="sign s{color[1:]}" aria-hidden="true">{SIGNS[group]}</span> '


def _title(name: object) -> str:
    text = str(name).replace("_", " ")
    return text[:1].upper() + text[1:]


def _text(words: object) -> str:
    return html.escape(str(words))


@cache
def _style() -> str:
    """The style of the page, with the colors of its drawings."""
    folder = resources.files("depthviz.reports.writers")
    signs = "".join(
        f".s{FIXED[group][0][1:]}{{color:var(--c{FIXED[group][0][1:]})}}"
        for group in SIGNS
    )
    rules = (folder / "report.css").read_text(encoding="utf-8")
    return "\n".join([color_rules(), signs, rules])
