"""What is typed into a note is text: no cell changes, nothing is decided."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.driver.ensemble_notebook import cells_of, opened
from tests.browser.driver.jupyter import Lab
from tests.browser.driver.review import Review, find_review

TYPED = "aabbxdd 1"

_ANNOTATE = """
from functools import partial
dv.explore = partial(dv.explore, annotations={place!r}, annotator="jana")
"""

# What an input method sends while letters are put together.
_COMPOSE = """
(area, text) => {
  const send = (Kind, type, more) => area.dispatchEvent(
    new Kind(type, { bubbles: true, cancelable: true, ...more }));
  send(CompositionEvent, 'compositionstart', { data: '' });
  const refused = [];
  for (const key of [...text, 'Enter', 'Escape']) {
    const more = { key, code: `Key${key.toUpperCase()}`, isComposing: true };
    if (!send(KeyboardEvent, 'keydown', more)) refused.push(key);
    send(KeyboardEvent, 'keypress', more);
    if (key.length === 1) {
      area.setRangeText(key, area.selectionEnd, area.selectionEnd, 'end');
      send(InputEvent, 'input', { data: key, isComposing: true });
    }
    send(KeyboardEvent, 'keyup', more);
  }
  send(CompositionEvent, 'compositionend', { data: text });
  return refused;
}
"""


@pytest.fixture
def review(lab: Lab, page: Page, tmp_path: Path) -> Iterator[Review]:
    code = _ANNOTATE.format(place=str(tmp_path / "people.sqlite"))
    with opened(lab, page, code):
        yield find_review(page).open()


def note_of(review: Review) -> Locator:
    """Open the note of the example in focus, as its key does."""
    review.press("n")
    area = review.view.control("note-text")
    expect(area).to_be_focused()
    return area


def test_a_note_takes_all_keys_and_nothing_else_does(
    review: Review, page: Page
) -> None:
    before, name = cells_of(page), review.name
    area = note_of(review)
    page.keyboard.type(TYPED)
    page.keyboard.press("Enter")
    expect(area).to_have_value(f"{TYPED}\n")
    assert cells_of(page) == before
    page.keyboard.press("Escape")
    assert [event["value"] for event in review.events("note")] == [TYPED]
    assert review.events("verdict") == []
    assert (review.name, review.reviewed) == (name, 0)
    assert cells_of(page) == before


def test_letters_that_are_put_together_are_no_keys(review: Review, page: Page) -> None:
    before, name = cells_of(page), review.name
    area = note_of(review)
    assert area.evaluate(_COMPOSE, TYPED) == []
    expect(area).to_be_focused()
    expect(area).to_have_value(TYPED)
    page.keyboard.press("Control+Enter")
    assert [event["value"] for event in review.events("note")] == [TYPED]
    assert review.events("verdict") == []
    assert (review.name, cells_of(page)) == (name, before)


def test_undo_in_a_note_undoes_text_alone(review: Review, page: Page) -> None:
    review.press("2")
    assert review.reviewed == 1
    before = cells_of(page)
    area = note_of(review)
    page.keyboard.type("one")
    page.keyboard.press("Control+z")
    assert area.input_value() != "one"
    assert review.reviewed == 1
    assert cells_of(page) == before
    page.keyboard.press("Escape")
    review.press("Control+z")
    assert review.reviewed == 0
    assert cells_of(page) == before


def test_outside_the_keys_are_the_notebooks(review: Review, page: Page) -> None:
    before = cells_of(page)
    for key in ("2", "3", "t"):
        review.press(key)
    page.keyboard.type("a b")
    for _ in range(4):
        page.keyboard.press("Escape")
    assert cells_of(page) == before
    expect(review.panel).to_be_hidden()
    page.keyboard.press("b")
    page.wait_for_function(
        "count => window.jupyterapp.shell.currentWidget.content.model.cells.length"
        " === count",
        arg=len(before) + 1,
    )
    assert len(review.events("verdict")) == 2
