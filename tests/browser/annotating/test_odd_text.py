"""Odd text that a person writes in a page is shown as it is, and kept as Python keeps it.

What is decided in the panel of an offline page, downloaded and merged, equals the same
decisions recorded in Python; nothing of it is ever run.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from pandas.testing import assert_frame_equal
from playwright.sync_api import Locator, Page, expect

import depthviz as dv
from depthviz.annotations import Annotations
from tests.browser.driver.odd_text import (
    ODD_IDS,
    ODD_TEXTS,
    kept_text,
    with_odd_ids,
)
from tests.browser.driver.review import Review, find_review
from tests.studies import HOSTILE, tiny_study

# Notes keep their lines; a name or a tag has one.
TAGS = (*ODD_TEXTS[:-1], "plain")
CLASSES = (*HOSTILE[1:], *ODD_TEXTS[:3], "<b>new</b>")
_COUNT_HITS = "globalThis.hits = 0; globalThis.hit = globalThis.alert = () => { hits++ }"
_WRITTEN = "(field, text) => { field.value = text }"


@pytest.fixture
def study() -> dv.Study:
    few = tiny_study().subset(tiny_study().frame().index[: len(ODD_IDS)])
    return dv.Study(with_odd_ids(few.dataset))


@pytest.fixture
def written(study: dv.Study, tmp_path: Path) -> Path:
    schema = {"verdicts": [{"value": "bad", "relabels": True}, "fine"], "tags": TAGS[3:]}
    explorer = dv.explore(
        study, annotations=tmp_path / "s.sqlite", annotator="jana", schema=schema
    )
    return explorer.to_html(tmp_path / "odd.html")


def opened(page: Page, path: Path) -> Review:
    page.add_init_script(_COUNT_HITS)
    page.goto(path.as_uri())
    return find_review(page)


def write(review: Review, control: str, text: str, key: str) -> None:
    """Put text into a field, as if it were pasted, and press a key in it."""
    field = review.view.control(control)
    expect(field).to_be_focused()
    # As a literal of ASCII: halves of a pair would not come through otherwise.
    field.evaluate(
        f"field => {{ field.value = {json.dumps(text)};"
        "field.dispatchEvent(new Event('input', { bubbles: true })) }"
    )
    review.page.keyboard.press(key)
