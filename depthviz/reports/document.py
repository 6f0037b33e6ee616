"""A report before it is written: sections, each a list of parts.

Writers turn it into HTML, Markdown or PDF. Knows neither studies nor files.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import altair as alt
import pandas as pd

__all__ = [
    "Caveat",
    "Document",
    "Figure",
    "Gallery",
    "Group",
    "LiveView",
    "Paragraph",
    "Part",
    "Picture",
    "Section",
    "Statement",
    "Table",
    "View",
]


@dataclass(frozen=True)
class View:
    """What the Explorer shows when a link is followed.

    Attributes:
        state: Filters, sort, color and probe, as the page keeps them.
        selection: Positions of selected examples.
    """

    state: Mapping[str, Any]
    selection: tuple[int, ...] = ()


@dataclass(frozen=True)
class Picture:
    """One example to look at.

    Attributes:
        data: Its picture as PNG or JPEG; None where it has none.
        name: Its id.
        label: The given label; empty where none is known.
        other: The suggested label, where the report is about that.
    """

    data: bytes | None
    name: str
    label: str
    other: str = ""


@dataclass(frozen=True)
class Gallery:
    """Examples in rows of so many; two by two where each is one of a pair."""

    pictures: tuple[Picture, ...]
    columns: int = 10
    pairs: bool = False


@dataclass(frozen=True)
class Statement:
    """A sentence that a person shall remember, and what is to be said of it.

    Attributes:
        says: The sentence.
        more: What that rests on.
        group: The group that it is about; its mark is drawn.
        view: Where to see it.
    """

    says: str
    more: str = ""
    group: str | None = None
    view: View | None = None


@dataclass(frozen=True)
class Figure:
    """A chart under the sentence that it shows.

    Attributes:
        name: Of the chart, as `depthviz.charts` has it.
        says: The sentence.
        more: How to read the chart.
        wide: The chart for a screen and for paper; None where none could be drawn.
        narrow: The same for a phone.
        words: What it shows, for those who do not see it.
        half: Whether two of its kind stand side by side.
        view: Where to see it in the Explorer.
    """

    name: str
    says: str
    more: str
    wide: alt.TopLevelMixin | None
    narrow: alt.TopLevelMixin | None = None
    words: str = ""
    half: bool = True
    view: View | None = None


@dataclass(frozen=True)
class Group:
    """A group of examples: its numbers beside a few of it."""

    name: str
    words: tuple[str, ...]
    gallery: Gallery
    view: View | None = None


@dataclass(frozen=True)
class Table:
    """A table that is folded.

    Attributes:
        name: What it lists.
        note: A few words after the name.
        rows: Its cells; numbers are written as people read them.
        words: Paragraphs above it.
        pictures: One for each row, or none at all.
        file: Name of the file that it can be downloaded as, all of `whole` in it.
        whole: What that file holds.
        open: Whether it is unfolded at first.
    """

    name: str
    note: str
    rows: pd.DataFrame
    words: tuple[str, ...] = ()
    pictures: tuple[Picture, ...] = ()
    file: str = ""
    whole: pd.DataFrame | None = None
    open: bool = False


@dataclass(frozen=True)
class Paragraph:
    """Plain text."""

    words: str


@dataclass(frozen=True)
class Caveat:
    """Why something in this study says less than it seems to."""

    words: str


@dataclass(frozen=True)
class LiveView:
    """The Explorer itself, where the form of the document has one."""


Part = Paragraph | Caveat | Statement | Gallery | Figure | Group | Table | LiveView


@dataclass(frozen=True)
class Section:
    """Parts under a heading."""

    key: str
    heading: str
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Document:
    """A whole report.

    Attributes:
        title: The finding.
        about: Of what, measured how, in a line.
        sections: In their order.
        introduction: What the author says, in a paragraph.
    """

    title: str
    about: str
    sections: tuple[Section, ...]
    introduction: str = ""
