"""The README and the guide's pages, as text and by their parts."""

import re
from collections.abc import Iterator
from pathlib import Path

import nbformat

from tests.paths import ROOT

GUIDE = ROOT / "notebooks"
README = ROOT / "README.md"
PAGES = [README, *sorted(GUIDE.glob("*.md")), *sorted(GUIDE.glob("api/*.md"))]
NOTEBOOKS = sorted(GUIDE.glob("*.ipynb"))

_FENCE = re.compile(r"^```(\S*)[^\n]*\n(.*?)^```", re.M | re.S)


def text_of(path: Path) -> str:
    """Return the Markdown of a page, of a notebook that of its cells of text."""
    if path.suffix != ".ipynb":
        return path.read_text(encoding="utf-8")
    cells = nbformat.read(path, as_version=4).cells
    return "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")


def blocks(path: Path, language: str) -> list[str]:
    """Return the fenced blocks of a language."""
    return [body for name, body in _FENCE.findall(text_of(path)) if name == language]


def prose(path: Path) -> str:
    """Return a page without its fenced blocks."""
    return _FENCE.sub("", text_of(path))


def commands(path: Path) -> Iterator[str]:
    """Return every shell command of a page: in blocks of `sh`, and as inline code."""
    for block in blocks(path, "sh"):
        for line in block.splitlines():
            yield from (part.strip() for part in line.split("&&"))
    for code in re.findall(r"`([^`\n]+)`", prose(path)):
        if re.match(r"(depthviz|python -m|jupyter|npm|pip) ", code):
            yield from (part.strip() for part in code.split("&&"))
