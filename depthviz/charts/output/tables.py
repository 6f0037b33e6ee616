"""A table as a file: LaTeX for papers, HTML for pages, Markdown, and CSV for programs.

Every text is escaped, so that a name of a class is shown and never run. Written here,
as pandas' Styler leaves `<`, `>` and `|` to LaTeX, which prints other letters for them,
fails where a cell that begins with `[` follows the end of a row, cuts tables as the
person's settings say, and gives an HTML table without a page; and great-tables brings
some 50 MB.
"""

from __future__ import annotations

import html
import os
import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from depthviz.charts.output.table_cells import (
    Column,
    read_columns,
    to_csv,
    to_latex,
    to_markdown,
)
from depthviz.errors import ArgumentError
from depthviz.machine.disk.failures import writing
from depthviz.machine.files import check_writable, write_atomically
from depthviz.machine.paths import local_path

__all__ = ["TABLE_ENDINGS", "save_table"]

MOST_ROWS = 10_000  # of what people read
LABEL = re.compile(r"[\w:.+/ -]+")
PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<div class="wide">
{table}
</div>
</body>
</html>
"""
POLICY = "default-src 'none'; style-src 'unsafe-inline'"
STYLE = """
:root { color-scheme: light dark; }
body { margin: 16px; font: 15px/1.5 system-ui, sans-serif; background: Canvas; color: CanvasText; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
caption { text-align: left; font-weight: 600; padding-bottom: 6px; }
th, td { padding: 3px 14px 3px 0; text-align: left; vertical-align: top; border-bottom: 1px solid color-mix(in srgb, CanvasText 18%, Canvas); }
th { font-weight: 600; }
.number { text-align: right; white-space: nowrap; }
"""  # noqa: E501


class _Words(NamedTuple):
    """What stands around a table."""

    caption: str
    label: str


def save_table(
    table: pd.DataFrame,
    path: str | os.PathLike[str],
    *,
    caption: str | None = None,
    label: str | None = None,
    percents: Iterable[str] | None = None,
) -> Path:
    r"""Write a table as LaTeX, HTML, Markdown or CSV.

    All but CSV, which holds the numbers as they are, are for people: shares as
    percentages, what is unknown as a dash, numbers at the right. LaTeX needs the
    package booktabs, and for letters of other scripts LuaLaTeX or XeLaTeX.

    Args:
        table: One of depthviz, or any other; an index with a name becomes columns.
        path: A file that ends in .tex, .html, .md or .csv; an existing one is replaced.
        caption: Words above the table. With a caption or a label LaTeX gets a `table`
            that floats, else a `tabular` alone. A CSV has none.
        label: What `\ref` calls the table, and its `id` in HTML.
        percents: Columns of shares; by default those that depthviz names so, such as
            `share` and `accuracy`.

    Returns:
        The path.

    Raises:
        ArgumentError: If the name ends in something else, a column or the label is none
            that can be used, or more than 10,000 rows are to be read by people.
        DataError: If the path is a folder.
        DiskError: If it cannot be written; an earlier file is then unchanged.

    Example:
        >>> import tempfile
        >>> table = pd.DataFrame({"group": ["easy"], "share": [0.25]})
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     print(save_table(table, f"{folder}/groups.md").read_text())
        | Group | Share |
        |---|---:|
        | easy | 25.0% |
        <BLANKLINE>
    """
    target = local_path(path)
    write = WRITERS.get(target.suffix.lower())
    if write is None:
        raise ArgumentError(
            f"A table is written to a file that ends in {', '.join(WRITERS)}; got "
            f"{target.name!r}."
        )
    check_writable(target)
    if not isinstance(table, pd.DataFrame):
        raise ArgumentError(f"save_table writes a DataFrame, got {type(table)}.")
    if len(table) > MOST_ROWS and target.suffix.lower() != ".csv":
        raise ArgumentError(
            f"Nobody reads a table of {len(table):,} rows; {target.suffix} takes "
            f"{MOST_ROWS:,} at most. Write it as .csv, or choose some examples."
        )
    words = _Words(caption or "", _checked(label))
    written = write(read_columns(table, percents), words)
    with writing(target):
        write_atomically(target, written)
    return target


def _checked(label: str | None) -> str:
    if label is None or LABEL.fullmatch(label):
        return label or ""
    raise ArgumentError(
        "label must be of letters, numbers, spaces and any of : . + / _ -, got "
        f"{label!r}."
    )


def _latex(columns: Sequence[Column], words: _Words) -> str:
    form = "".join("r" if column.is_number else "l" for column in columns)
    rows = [
        _latex_row(texts) for texts in zip(*(one.texts for one in columns), strict=True)
    ]
    lines = [
        f"\\begin{{tabular}}{{{form}}}",
        "\\toprule",
        _latex_row([column.title for column in columns]),
        "\\midrule",
        *rows,
        "\\bottomrule",
        "\\end{tabular}",
    ]
    if words.caption or words.label:
        above = ["\\begin{table}", "\\centering"]
        if words.caption:
            above.append(f"\\caption{{{to_latex(words.caption)}}}")
        if words.label:
            above.append(f"\\label{{{words.label}}}")
        lines = [*above, *lines, "\\end{table}"]
    return "\n".join(["% Needs \\usepackage{booktabs}", *lines, ""])


def _latex_row(texts: Iterable[str]) -> str:
    cells = [to_latex(text) for text in texts]
    # After the end of a row these would be taken for its options.
    if cells and cells[0].startswith(("[", "*")):
        cells[0] = f"{{{cells[0][0]}}}{cells[0][1:]}"
    return " & ".join(cells) + " \\\\"


def _html(columns: Sequence[Column], words: _Words) -> str:
    caption = html.escape(words.caption)
    head = [
        f'<th scope="col"{_class(one)}>{html.escape(one.title)}</th>' for one in columns
    ]
    cells = [
        [f"<td{_class(one)}>{html.escape(text)}</td>" for text in one.texts]
        for one in columns
    ]
    rows = [f"<tr>{''.join(row)}</tr>" for row in zip(*cells, strict=True)]
    lines = [
        f'<table id="{html.escape(words.label)}">' if words.label else "<table>",
        *([f"<caption>{caption}</caption>"] if caption else []),
        f"<thead><tr>{''.join(head)}</tr></thead>",
        *(["<tbody>", *rows, "</tbody>"]),
        "</table>",
    ]
    title = caption or "Table"
    table = "\n".join(lines)
    policy = html.escape(POLICY)
    return PAGE.format(policy=policy, title=title, style=STYLE, table=table)


def _class(column: Column) -> str:
    return ' class="number"' if column.is_number else ""


def _markdown(columns: Sequence[Column], words: _Words) -> str:
    rows = [
        [to_markdown(column.title) for column in columns],
        *(
            map(to_markdown, texts)
            for texts in zip(*(one.texts for one in columns), strict=True)
        ),
    ]
    head, *body = [f"| {' | '.join(row)} |" for row in rows]
    rule = "|".join("---:" if column.is_number else "---" for column in columns)
    above = [to_markdown(words.caption), ""] if words.caption else []
    return "\n".join([*above, head, f"|{rule}|", *body, ""])


def _csv(columns: Sequence[Column], words: _Words) -> str:
    return to_csv(columns)


WRITERS: dict[str, Callable[[Sequence[Column], _Words], str]] = {
    ".csv": _csv,
    ".tex": _latex,
    ".html": _html,
    ".md": _markdown,
}
TABLE_ENDINGS = tuple(WRITERS)
