"""What was built: every cell ran, every link leads somewhere, no other host."""

from collections.abc import Iterable, Iterator
from fnmatch import fnmatch
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import nbformat
from sphinx.errors import ExtensionError

__all__ = ["Page", "check_executed", "check_pages", "faults"]

_LOADING = {"script": "src", "link": "href", "img": "src", "iframe": "src"}
_NOT_LOADED = {"next", "prev", "index", "search", "canonical", "genindex"}


class Page(HTMLParser):
    """Links, anchors and loaded files of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.anchors: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, pairs: list[tuple[str, str | None]]) -> None:
        """Collect what a tag names."""
        attributes = {name: value or "" for name, value in pairs}
        self.anchors |= {
            attributes[name] for name in ("id", "name") if name in attributes
        }
        if tag == "a" and "href" in attributes:
            self.links.append(attributes["href"])
        if tag in _LOADING and attributes.get("rel") not in _NOT_LOADED:
            self.loaded += filter(None, [attributes.get(_LOADING[tag])])


def check_executed(source: Path, built: Path, excluded: Iterable[str]) -> None:
    """Fail unless every code cell of every notebook ran."""
    for path in sorted(source.glob("*.ipynb")):
        if any(fnmatch(path.name, pattern) for pattern in excluded):
            continue
        executed = built.parent / "jupyter_execute" / path.name
        cells = nbformat.read(executed, as_version=4).cells
        if not all(c.execution_count for c in cells if c.cell_type == "code"):
            raise ExtensionError(f"{path.name}: a cell did not run; see {executed}.")


def check_pages(built: Path) -> None:
    """Fail if a page has a broken link or loads a file of another host."""
    found = list(faults(built))
    if found:
        raise ExtensionError("\n".join(["The guide has faults:", *found]))


def faults(built: Path) -> Iterator[str]:
    """Find broken links and requests to other hosts, one line each."""
    pages = {path: Page(path.read_text(encoding="utf-8")) for path in _files(built)}
    for path, page in pages.items():
        where = path.relative_to(built)
        for url in page.loaded:
            if urlsplit(url).netloc:
                yield f"{where} loads {url}"
        for url in [*page.links, *page.loaded]:
            if not _leads(path, url, pages):
                yield f"{where} links to {url}, which is not there"


def _files(built: Path) -> list[Path]:
    """Return the guide's own pages, without the Explorers."""
    return [
        path
        for path in sorted(built.rglob("*.html"))
        if not path.relative_to(built).parts[0].startswith("_")
    ]


def _leads(path: Path, url: str, pages: dict[Path, Page]) -> bool:
    parts = urlsplit(url)
    if parts.scheme or parts.netloc:
        return True
    target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
    if target not in pages or not parts.fragment:
        return target.exists()
    return unquote(parts.fragment) in pages[target].anchors
