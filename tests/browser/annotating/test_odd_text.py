"""Odd text that is written in a page is shown as it is, and kept as Python keeps it.

What is decided in the panel of an offline page, downloaded and merged, equals the same
decisions recorded in Python; nothing of it is ever run.
"""

import json
from pathlib import Path
from typing import Any

import pytest
from pandas.testing import assert_frame_equal
from playwright.sync_api import Locator, Page, expect

import depthviz as dv
from depthviz.annotations import Annotations
from depthviz.annotations.events import LONGEST_VALUE
from tests.browser.driver.odd_text import ODD_IDS, ODD_TEXTS, kept_text, with_odd_ids
from tests.browser.driver.review import Review, find_review
from tests.studies import tiny_study

# A note has lines; a tag and the name of a class have one.
NAMES = (*ODD_TEXTS[:-1], "<b>plain</b>")
VERDICT = "<b onclick=hit()>bad</b>"
SCHEMA = {
    "verdicts": [{"value": VERDICT, "relabels": True}, "fine"],
    "tags": ["<i onclick=hit()>of the schema</i>"],
}
_COUNT_HITS = "globalThis.hits = 0; hit = alert = () => { hits++ }"


@pytest.fixture(scope="module")
def study() -> dv.Study:
    """Six examples with odd ids, of classes whose names are scripts."""
    few = tiny_study().subset(tiny_study().frame().index[: len(ODD_IDS)])
    return dv.Study(with_odd_ids(few.dataset))


def opened(page: Page, path: Path) -> Review:
    page.add_init_script(_COUNT_HITS)
    page.goto(path.as_uri())
    return find_review(page)


def write(review: Review, control: str, text: str, key: str) -> None:
    """Put text into a field, as if it were pasted, and press a key in it."""
    field = review.view.control(control)
    expect(field).to_be_focused()
    # As a literal of ASCII: half a pair would not come through otherwise.
    field.evaluate(
        f"field => {{ field.value = {json.dumps(text)};"
        "field.dispatchEvent(new Event('input', { bubbles: true })) }"
    )
    review.page.keyboard.press(key)


def text_of(part: Locator) -> str:
    return str(json.loads(part.evaluate("part => JSON.stringify(part.textContent)")))


def id_in_focus(review: Review) -> str:
    return str(review.panel.locator(".bench-name").get_attribute("title"))


def decide_by_hand(review: Review) -> list[tuple[str, str, str]]:
    """Write a note, a tag and a class on each example; example, field and value."""
    told = []
    for _ in ODD_IDS:
        review.wait()
        example = id_in_focus(review)
        place = ODD_IDS.index(example)
        note, name = ODD_TEXTS[place], NAMES[place]
        review.press("n")
        write(review, "note-text", note, "Control+Enter")
        review.press("t")
        write(review, "tag-name", name, "Enter")
        review.page.keyboard.press("Escape")
        review.press("r")
        write(review, "class-name", name, "Enter")
        values = {"note": note, "tag": name, "verdict": VERDICT, "label": name}
        told += [(example, field, value) for field, value in values.items()]
    return told


def assert_literal(review: Review, kept: bool) -> None:
    """What was written on the example in focus stands in the panel as it is."""
    review.wait()
    place = ODD_IDS.index(id_in_focus(review))
    note, name = ODD_TEXTS[place], NAMES[place]
    if kept:
        note, name = kept_text(note), kept_text(name)
    said = review.panel.locator(".said")
    assert text_of(said.locator(".note-words")) == note
    assert text_of(said.locator("strong")) == name
    assert text_of(said.locator("p", has_text="Tags:")) == f"Tags: {name}"
    review.press("t")
    pressed = review.panel.locator(".tags [aria-pressed=true]")
    assert text_of(pressed) == name
    review.page.keyboard.press("Escape")


def assert_nothing_ran(page: Page) -> None:
    page.wait_for_timeout(300)  # a picture that is none would say so by then
    assert page.evaluate("globalThis.hits") == 0
    assert page.locator("[onerror], [onclick], .depthviz script").count() == 0


def download(review: Review, log: Path) -> Path:
    review.desk.settle()
    with review.page.expect_download() as download:
        review.view.control("download-log").click()
    download.value.save_as(log)
    return log


def record(store: Annotations, told: list[tuple[str, str, str]], log: Path) -> None:
    """The same decisions in Python, at the same instants and in the same places."""
    given = ("id", "time", "context", "latency", "batch", "data")
    lines = log.read_text("utf-8").split("\n")  # and no other character ends one
    events: list[dict[str, Any]] = [json.loads(line) for line in lines if line]
    for (example, field, value), event in zip(told, events, strict=True):
        store.record(example, field, value, **{name: event[name] for name in given})


def assert_equal(store: Annotations, other: Annotations) -> None:
    assert_frame_equal(store.frame(), other.frame())
    assert_frame_equal(store.history(), other.history())


def test_odd_text_of_a_page_is_what_python_would_have_recorded(
    study: dv.Study, page: Page, tmp_path: Path
) -> None:
    explorer = dv.explore(
        study, annotations=tmp_path / "s.sqlite", annotator="jana", schema=SCHEMA
    )
    review = opened(page, explorer.to_html(tmp_path / "odd.html")).open()
    told = decide_by_hand(review)
    assert {example for example, _, _ in told} == {*ODD_IDS}
    longest = review.view.control("note-text").get_attribute("maxlength")
    assert max(map(len, ODD_TEXTS)) < int(longest or 0) <= LONGEST_VALUE
    log = download(review, tmp_path / "log.jsonl")
    for key in ("ArrowLeft", "ArrowLeft", *["ArrowRight"] * 6):
        assert_literal(review, kept=False)
        review.press(key)
    assert_nothing_ran(page)
    page.reload()
    assert_literal(find_review(page).open(), kept=False)
    assert_nothing_ran(page)

    store = explorer.annotations
    assert store is not None
    assert store.merge(log) == len(told)
    with dv.annotations.open(tmp_path / "python.sqlite", annotator="jana") as python:
        record(python, told, log)
        assert_equal(store, python)
        notes = store.frame()["note"].droplevel("annotator")
        assert notes.to_dict() == dict(
            zip(ODD_IDS, map(kept_text, ODD_TEXTS), strict=True)
        )

        again = opened(page, explorer.to_html(tmp_path / "again.html")).open()
        assert again.reviewed == len(ODD_IDS)
        for _ in ODD_IDS:
            assert_literal(again, kept=True)
            again.press("ArrowRight")
        assert_nothing_ran(page)
        with dv.annotations.open(tmp_path / "again.sqlite") as merged:
            merged.merge(download(again, tmp_path / "again.jsonl"))
            assert_equal(merged, python)
