"""A document as Markdown, beside a folder of its pictures and tables.

Plain enough for GitHub, pandoc and Sphinx alike: headings, paragraphs, pictures and
pipe tables. Every text is escaped, so that it is read as it was written.
"""

from __future__ import annotations

import html
import io
import os
import re
from collections.abc import Iterable, Iterator
from functools import singledispatchmethod
from pathlib import Path

import pandas as pd
from PIL import Image

from depthviz.charts.output.saving import save
from depthviz.errors import DataError
from depthviz.machine.disk.failures import writing
from depthviz.machine.files import write_atomically
from depthviz.machine.folders import replacing
from depthviz.reports.document import (
    Caveat,
    Document,
    Figure,
    Gallery,
    Group,
    LiveView,
    Paragraph,
    Part,
    Statement,
    Table,
)
from depthviz.reports.table_text import format_table

__all__ = ["write_markdown"]

SIDE = 96  # pixels of a picture, where its own are fewer
ACTIVE = re.compile(r"([\\`*_{}\[\]()#+\-.!|~$^>])")
OURS = re.compile(r"(?:example|figure)-[\w-]+\.png|[\w-]+\.csv")


def write_markdown(document: Document, target: Path) -> Path:
    """Write a document as Markdown, and what it refers to into a folder beside it.

    Args:
        document: The document.
        target: The file; the folder has its name and ends in `_files`.

    Returns:
        The path of the file.

    Raises:
        DataError: If that folder holds anything that no report has written.
        DiskError: If it cannot be written; an earlier report is then unchanged.
    """
    folder = Path(os.path.abspath(target)).with_name(f"{target.stem}_files")
    with writing(target), replacing(folder, check=_check_ours) as place:
        place.mkdir(parents=True)
        text = _Writer(place, folder.name).write(document)
    with writing(target):
        write_atomically(target, text)
    return target


def _check_ours(folder: Path) -> None:
    """Lose nothing that is not of an earlier report."""
    if not folder.is_dir():
        raise DataError(f"Expected a folder for pictures, got the file {folder}.")
    for path in folder.iterdir():
        if path.is_symlink() or not OURS.fullmatch(path.name):
            raise DataError(
                f"{folder} holds {path.name}, which is no part of a report. Move it, "
                "or give the report another name."
            )


class _Writer:
    """Writes the parts of one document, and its files into a folder."""

    def __init__(self, place: Path, name: str) -> None:
        self._place = place
        self._name = name
        self._pictures = 0

    def write(self, document: Document) -> str:
        blocks = [f"# {_text(document.title)}", _text(document.about)]
        if document.introduction:
            blocks.append(_text(document.introduction))
        for section in document.sections:
            blocks.append(f"## {_text(section.heading)}")
            for part in section.parts:
                blocks += self._part(part)
        return "\n\n".join(filter(None, blocks)) + "\n"

    @singledispatchmethod
    def _part(self, part: Part) -> Iterable[str]:
        raise TypeError(f"No part of a document: {type(part)}.")

    @_part.register
    def _(self, part: Paragraph) -> Iterable[str]:
        return [_text(part.words)]

    @_part.register
    def _(self, part: Caveat) -> Iterable[str]:
        return [f"> {_text(part.words)}"]

    @_part.register
    def _(self, part: LiveView) -> Iterable[str]:
        return []

    @_part.register
    def _(self, part: Statement) -> Iterable[str]:
        return [f"### {_text(part.says)}", _text(part.more)]

    @_part.register
    def _(self, part: Gallery) -> Iterator[str]:
        """A table of pictures, their captions below."""
        columns = min(part.columns, 8)
        for start in range(0, len(part.pictures), columns):
            row = part.pictures[start : start + columns]
            seen = [
                f"![{_text(one.name)}]({self._picture(one.data)})"
                if one.data
                else _text(one.name)
                for one in row
            ]
            said = [
                " → ".join(filter(None, [_text(one.label), _text(one.other)]))
                for one in row
            ]
            yield _table([seen, ["---"] * len(row), said])

    def _picture(self, data: bytes) -> str:
        """Keep a picture, made larger where it is small; returns its address."""
        self._pictures += 1
        name = f"example-{self._pictures}.png"
        picture = Image.open(io.BytesIO(data))
        times = max(1, round(SIDE / max(picture.size)))
        size = (picture.width * times, picture.height * times)
        picture.resize(size, Image.Resampling.BICUBIC).save(self._place / name)
        return f"{self._name}/{name}"

    @_part.register
    def _(self, part: Figure) -> Iterator[str]:
        said = f"**{_text(part.says)}** {_text(part.more)}"
        if part.wide is not None:
            name = f"figure-{part.name.replace('_', '-')}.png"
            save(part.wide, self._place / name)
            # In one paragraph, else pandoc makes a caption of the words.
            said += f"\\\n![{_text(part.words)}]({self._name}/{name})"
        yield said

    @_part.register
    def _(self, part: Group) -> Iterator[str]:
        yield f"### {_text(part.name)}"
        yield f"{_text('; '.join(part.words))}\\."
        yield from self._part(part.gallery)

    @_part.register
    def _(self, part: Table) -> Iterator[str]:
        if part.name:
            yield f"### {_text(part.name)}"
        yield from map(_text, part.words)
        if len(part.rows.columns):
            yield _table(_cells(part.rows))
        if part.whole is not None:
            (self._place / part.file).write_text(part.whole.to_csv(), encoding="utf-8")
            yield (
                f"[{_text(part.file)}]({self._name}/{part.file}): "
                f"{len(part.whole):,} rows, all columns"
            )


def _cells(table: pd.DataFrame) -> list[list[str]]:
    heads = [_text(str(name).replace("_", " ")) for name in table.columns]
    marks = [
        "--:" if pd.api.types.is_numeric_dtype(table[name].dtype) else "---"
        for name in table.columns
    ]
    texts = format_table(table).itertuples(index=False)
    return [heads, marks, *([_text(text) for text in row] for row in texts)]


def _table(rows: Iterable[Iterable[str]]) -> str:
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _text(words: object) -> str:
    """Escape what Markdown or HTML would read as their own."""
    plain = " ".join(str(words).split())
    return ACTIVE.sub(r"\\\1", html.escape(plain, quote=False))
