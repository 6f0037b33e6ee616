"""Who is blind finds nothing of what is hidden, wherever in the page it could stand."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

import depthviz as dv
from depthviz.study import Study
from tests.browser.driver.review import Review, find_review
from tests.studies import ensemble_study, tiny_study

CLASSES = ("zeppelin", "yurt", "xylophone")

# Names of classes may stand in lists of all of them; nothing else may hold any.
_HELD = """
names => {
  const general = '.verdicts, .class-names, .help, script, style';
  const found = [];
  const look = (text, where) => {
    for (const name of names)
      if (text.toLowerCase().includes(name)) found.push(`${name} in ${where}`);
  };
  const walk = part => {
    if (part.nodeType === Node.TEXT_NODE || part.nodeType === Node.COMMENT_NODE)
      look(part.data, `text of ${part.parentElement?.className}`);
    if (part.nodeType !== Node.ELEMENT_NODE || part.matches(general)) return;
    for (const { name, value } of part.attributes)
      look(value, `${name} of ${part.className}`);
    if (part instanceof HTMLInputElement) look(part.value, 'a field');
    for (const child of part.childNodes) walk(child);
    if (part.shadowRoot) for (const child of part.shadowRoot.childNodes) walk(child);
  };
  walk(document.body);
  look(document.title, 'the title');
  look(location.href, 'the address');
  return found;
}
"""

HIDDEN = (
    "[data-depthviz-view=grid]",
    "[data-depthviz-view=map]",
    "[data-depthviz-view=groups]",
    "[data-depthviz-view=inspector]",
    "[data-depthviz-view=histogram]",
    "[data-depthviz-control=find]",
    "[data-example-id]",
    "[data-depthviz-film]",
    ".findings",
    ".status",
    ".in-words",
)


def with_odd_ids() -> Study:
    """A study whose ids and paths name the label, as files in folders do."""
    data = tiny_study(CLASSES).dataset
    names = [CLASSES[label] for label in data["label"].values]
    ids = [f"{name}/{row}.png" for row, name in enumerate(names)]
    return Study(data.assign_coords(example_id=("example", ids)))


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("blind")
    explorer = dv.explore(
        with_odd_ids(),
        annotations=folder / "blind.sqlite",
        annotator="ada",
        blind=True,
    )
    return explorer.to_html(folder / "blind.html")


def held(page: Page) -> Any:
    return page.evaluate(_HELD, list(CLASSES))


def assert_hidden(review: Review) -> None:
    assert held(review.page) == []
    for selector in HIDDEN:
        found = review.page.locator(selector)
        assert found.count() == 0, selector


def test_nothing_in_the_page_tells_of_the_example_in_focus(
    written: Path, page: Page
) -> None:
    page.goto(written.as_uri())
    review = find_review(page).wait()
    expect(review.view.root).to_have_attribute("data-reviewing", "blind")
    assert_hidden(review)
    for key in ("1", "2", "3", "Enter", "ArrowRight", "Shift+Digit3"):
        review.press(key)
        assert_hidden(review.wait())
    assert review.reviewed == 4
    events = review.events("verdict")
    assert all(event["context"]["blind"] for event in events)


def test_no_key_of_the_other_views_brings_them_back(written: Path, page: Page) -> None:
    page.goto(written.as_uri())
    review = find_review(page).wait()
    review.view.root.focus()
    for key in (
        "/",
        "f",
        "w",
        "o",
        "s",
        "c",
        "[",
        "]",
        ",",
        "v",
        "Escape",
        "Control+z",
    ):
        page.keyboard.press(key)
        assert_hidden(review)
    review.view.root.focus()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    assert held(page) == []
    page.keyboard.press("Escape")
    assert_hidden(review)


def test_the_search_would_find_what_leaks(written: Path, page: Page) -> None:
    page.goto(written.as_uri())
    review = find_review(page).wait()
    review.press("b")
    expect(review.view.root).to_have_attribute("data-reviewing", "open")
    assert len(held(page)) > 0


def test_what_was_answered_is_told_and_nothing_of_the_next(
    written: Path, page: Page
) -> None:
    page.goto(written.as_uri())
    review = find_review(page).wait()
    review.press("1", "ArrowLeft")
    expect(review.panel.locator("[data-depthviz-film]")).to_be_visible()
    expect(review.panel.locator(".bench-words")).to_contain_text("Labeled")
    review.press("ArrowRight")
    assert_hidden(review.wait())


def test_the_neighbors_of_what_was_answered_tell_nothing_that_was_not(
    written: Path, page: Page
) -> None:
    page.goto(written.as_uri())
    review = find_review(page).wait()
    ids = [str(each) for each in with_odd_ids().dataset["example_id"].values]
    for key, back in (("1", 1), ("2", 2), ("3", 1)):
        review.press(key, *["ArrowLeft"] * back)
        film = review.panel.locator("[data-depthviz-film]")
        expect(film.locator("[data-neighbor]:visible").first).to_be_visible()
        answered = {event["example"] for event in review.events("verdict")}
        left = [each for each in ids if each not in answered]
        assert page.evaluate(_HELD, left) == []
        hidden = film.locator("[data-neighbor][aria-label*='not answered']")
        assert hidden.count() > 0
        assert hidden.and_(film.locator("[data-role]")).count() == 0
        review.press(*["ArrowRight"] * back)
        assert_hidden(review.wait())
    review.press("ArrowLeft", "c")
    expect(review.panel.locator("[data-depthviz-compare]")).to_be_hidden()


def test_the_order_tells_nothing(written: Path, page: Page) -> None:
    page.goto(written.as_uri())
    review = find_review(page).wait()
    review.press(*["2"] * 12)
    first = [event["example"] for event in review.events("verdict")]
    rows = [int(example.split("/")[1].split(".")[0]) for example in first]
    assert len(rows) == 12
    assert rows != sorted(rows)
    assert max(rows) - min(rows) > 30


def test_groups_and_findings_of_many_networks_are_hidden_too(
    page: Page, tmp_path: Path
) -> None:
    explorer = dv.explore(
        ensemble_study(), annotations=tmp_path / "e.sqlite", annotator="ada", blind=True
    )
    page.goto(explorer.to_html(tmp_path / "e.html").as_uri())
    review = find_review(page).wait()
    for selector in HIDDEN:
        assert review.page.locator(selector).count() == 0, selector
    text = review.view.root.inner_text()
    for word in ("looks like a different class", "ambiguous unless", "uspicion"):
        assert word not in text
