"""Every link within the README and the guide leads to a file and a heading of it."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from guide_extension.checks import faults
from guide_extension.reference import faces

from tests.guide.pages import GUIDE, NOTEBOOKS, PAGES, README, prose, text_of
from tests.paths import ROOT

LINK = re.compile(r"\]\(([^)\s]+)\)")
SOURCES = [*PAGES, *NOTEBOOKS]


def anchors(path: Path) -> set[str]:
    titles = re.findall(r"^#+ (.+)$", prose(path), re.M)
    words = (re.sub(r"[^\w\- ]", "", title.lower()) for title in titles)
    return {word.replace(" ", "-") for word in words}


def internal_links() -> Iterator[tuple[Path, str]]:
    for path in SOURCES:
        for url in LINK.findall(prose(path)):
            if "://" not in url:
                yield path, url


def entries(path: Path) -> Iterator[Path]:
    for block in re.findall(r"```\{toctree\}\n(.*?)```", text_of(path), re.S):
        for line in block.splitlines():
            if line and not line.startswith(":"):
                yield path.parent / line


@pytest.mark.parametrize(
    ("path", "url"), list(internal_links()), ids=lambda one: getattr(one, "name", one)
)
def test_link_leads_to_a_file_and_a_heading(path: Path, url: str) -> None:
    name, _, fragment = url.partition("#")
    target = (path.parent / name).resolve() if name else path
    assert target.exists()
    assert target.is_relative_to(ROOT)
    if fragment:
        assert fragment in anchors(target)


def test_readme_fits_one_sitting_and_links_every_page_of_the_guide() -> None:
    assert len(text_of(README).splitlines()) <= 160
    linked = {(ROOT / url).resolve() for url in LINK.findall(text_of(README))}
    wanted = {path for path in SOURCES if path.parent == GUIDE} - {GUIDE / "api.md"}
    assert wanted <= linked


def test_every_page_stands_in_the_table_of_contents_once() -> None:
    listed = [entry for path in PAGES for entry in entries(path)]
    pages = [path.with_suffix("") for path in SOURCES if path != README]
    names = [path.parent / path.name.removesuffix(".md") for path in listed]
    reference = GUIDE / "api"
    top = [path for path in pages if path.parent != reference]
    assert sorted(path for path in names if path.parent != reference) == sorted(
        set(top) - {GUIDE / "index"}
    )
    modules = sorted(path.name for path in names if path.parent == reference)
    assert modules == sorted(faces())
    files = sorted(path.name.removesuffix(".md") for path in reference.glob("*.md"))
    assert files == modules


def test_broken_links_and_other_hosts_in_built_pages_are_found(tmp_path: Path) -> None:
    head = '<script src="https://cdn.example/a.js"></script>'
    links = (
        '<a href="b.html#there">1</a><a href="b.html#not">2</a><a href="c.html">3</a>'
    )
    (tmp_path / "a.html").write_text(head + links, encoding="utf-8")
    (tmp_path / "b.html").write_text('<p id="there"></p>', encoding="utf-8")
    assert list(faults(tmp_path)) == [
        "a.html loads https://cdn.example/a.js",
        "a.html links to b.html#not, which is not there",
        "a.html links to c.html, which is not there",
    ]
