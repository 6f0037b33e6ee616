"""The offline page: one file, closed against everything else."""

import base64
import hashlib
import html.parser
import json
import re
from pathlib import Path
from typing import Any

import pytest

import depthviz as dv
from depthviz.widgets.pages import page
from depthviz.widgets.pages.page import write_page
from depthviz.widgets.payload.pack import pack_study
from tests.studies import HOSTILE, tiny_study

Found = list[tuple[str, dict[str, str | None], str]]


class Elements(html.parser.HTMLParser):
    """Collects every element with its attributes and text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: Found = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs), ""))

    def handle_endtag(self, tag: str) -> None:
        self.found.append((f"/{tag}", {}, ""))

    def handle_data(self, data: str) -> None:
        if self.found:
            tag, attributes, text = self.found[-1]
            self.found[-1] = (tag, attributes, text + data)


@pytest.fixture
def elements(tmp_path: Path) -> Found:
    path = write_page(
        tiny_study(), pack_study(tiny_study(), title="<b>x"), tmp_path / "page.html"
    )
    return Elements(path.read_text(encoding="utf-8")).found


def test_policy_names_the_script_and_the_style_by_their_digests(
    elements: Found,
) -> None:
    [policy] = [
        attributes["content"]
        for _, attributes, _ in elements
        if attributes.get("http-equiv") == "Content-Security-Policy"
    ]
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy
    for tag, kind in (("script", "module"), ("style", None)):
        [text] = [t for e, a, t in elements if e == tag and a.get("type") == kind]
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy


def test_page_refers_to_nothing_outside(elements: Found) -> None:
    names = {name for _, attributes, _ in elements for name in attributes}
    assert not names & {"src", "href", "style", "onload", "onerror"}


def test_hostile_class_names_stay_data(elements: Found) -> None:
    assert [tag for tag, _, _ in elements].count("script") == 2
    assert not [tag for tag, _, _ in elements if tag in ("img", "b")]
    [text] = [t for e, a, t in elements if a.get("type") == "application/json"]
    assert json.loads(text)["manifest"]["classes"] == list(HOSTILE)


def test_a_failed_write_leaves_the_old_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "page.html"
    path.write_text("old")

    def fail(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(page.os, "replace", fail)
    with pytest.raises(OSError, match="disk full"):
        dv.explore(tiny_study()).to_html(path)
    assert path.read_text() == "old"
    assert [file.name for file in tmp_path.iterdir()] == ["page.html"]


def test_to_html_makes_the_folder_it_needs(tmp_path: Path) -> None:
    path = dv.explore(tiny_study()).to_html(tmp_path / "new" / "page.html")
    assert re.match("<!doctype html>", path.read_text(encoding="utf-8"))


def carried(path: Path) -> dict[str, Any]:
    elements = Elements(path.read_text(encoding="utf-8")).found
    [text] = [t for e, a, t in elements if a.get("type") == "application/json"]
    content: dict[str, Any] = json.loads(text)
    return content


def test_named_views_go_along_where_they_are_small(tmp_path: Path) -> None:
    explorer = dv.explore(dv.Study(tiny_study().dataset.copy()))
    explorer.selection = explorer.study.frame().index[[0, 3]]
    explorer.save_view("few")
    explorer.save_view("n" * 70_000)
    for path in (
        explorer.to_html(tmp_path / "page.html"),
        explorer.to_site(tmp_path / "site"),
    ):
        views = carried(path)["views"]
        assert list(views) == ["few"]
        assert views["few"]["selection"] == [0, 3]
        assert views["few"]["state"]["filters"] == {}


def test_the_name_of_a_study_in_a_page_is_that_of_its_examples(tmp_path: Path) -> None:
    study = tiny_study()
    other = study.dataset.assign_coords(
        example_id=("example", [f"other {i}" for i in range(len(study))])
    )
    names = [
        carried(dv.explore(each).to_html(tmp_path / "page.html"))["study"]
        for each in (study, tiny_study(), dv.Study(other))
    ]
    assert names[0] == names[1] != names[2]
