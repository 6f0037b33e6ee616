"""A study of texts in an offline page: read, searched and walked, none of it markup."""

from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, expect

import depthviz as dv
from depthviz.study import Study
from tests.browser.driver.axe import faults
from tests.browser.driver.explorer import ExplorerView, find_explorers
from tests.studies import vector_study

MARKUP = "</script><script>window.x=1</script><img src=x onerror=window.x=2>"
ARABIC, EMOJI = "هذا فيلم رائع", "👩‍👩‍👧‍👦 family"


def texts() -> list[str]:
    draw = np.random.default_rng(0)
    words = ["a", "film", "of", "long", "silence", "small", "joy", "and", "nobody"]
    made = [" ".join(draw.choice(words, draw.integers(2, 60))) for _ in range(300)]
    return [MARKUP, ARABIC, EMOJI, "", "long " * 10_000, *made[5:]]


@pytest.fixture(scope="module")
def study() -> Study:
    study = vector_study(300, projection="pca", title="Sentences")
    return study.assign(text=texts(), text_read=[np.nan] * 5 + [9] * 295)


@pytest.fixture(scope="module")
def path(study: Study, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return dv.explore(study).to_html(tmp_path_factory.mktemp("texts") / "page.html")


def opened(page: Page, path: Path) -> ExplorerView:
    page.goto(path.as_uri())
    return ExplorerView(page, find_explorers(page)).wait()


def find(view: ExplorerView, words: str) -> None:
    view.control("find").fill(words)
    view.control("find").press("Enter")


def test_texts_are_read_in_cells_inspector_and_film_strip(
    path: Path, page: Page
) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    view = opened(page, path)
    known = dict(enumerate(texts()))
    for shown in view.root.locator("[data-depthviz-view=grid] .cell:visible").all():
        index = int(shown.get_attribute("data-example-id") or -1)
        expected = known[index][:20].strip() or "empty text"
        assert expected in (shown.locator(".excerpt").text_content() or "")
    first = view.root.locator("[data-depthviz-view=grid] [data-position='0']")
    index = int(first.get_attribute("data-example-id") or -1)
    first.click()
    expect(view.root.locator(".full-text")).to_have_text(known[index])
    frame = view.root.locator("[data-depthviz-film] [data-neighbor]").first
    neighbor = int(frame.get_attribute("data-neighbor") or -1)
    expect(frame).to_contain_text(known[neighbor][:30])
    frame.click()
    expect(view.root.locator(".specimen-id")).to_have_text(str(neighbor))
    expect(view.root.locator(".full-text")).to_have_text(known[neighbor])
    assert said == []


@pytest.mark.parametrize(
    ("index", "text", "said"),
    [
        (0, MARKUP, f"{len(MARKUP)} characters"),
        (1, ARABIC, "13 characters"),
        (2, EMOJI, f"{len(EMOJI)} characters"),
        (3, "", "Its text is empty"),
        (4, "long long", "The first 20,000 of 50,000 characters"),
    ],
)
def test_odd_texts_are_shown_as_they_are(
    path: Path, page: Page, index: int, text: str, said: str
) -> None:
    view = opened(page, path)
    find(view, str(index))
    expect(view.root.locator(".specimen-id")).to_have_text(str(index))
    expect(view.root.locator(".of-text .note")).to_have_text(said)
    body = view.root.locator(".full-text")
    assert (body.text_content() or "").startswith(text)
    assert page.evaluate("window.x") is None
    if index == 1:
        direction = body.evaluate("body => getComputedStyle(body).direction")
        assert direction == "rtl"


def test_what_the_network_never_saw_is_struck_out(path: Path, page: Page) -> None:
    view = opened(page, path)
    find(view, "7")
    expect(view.root.locator(".full-text .unread")).to_have_text(texts()[7][9:])
    cells = view.root.locator("[data-depthviz-view=grid] .cell:visible .unread")
    expect(cells.nth(2)).to_have_css("text-decoration-line", "line-through")


def test_words_in_the_search_box_keep_the_texts_with_them(
    path: Path, page: Page
) -> None:
    view = opened(page, path)
    find(view, "Small JOY")
    count = sum("small joy" in text for text in texts())
    assert 0 < count < 300
    expect(view.root).to_have_attribute("data-depthviz-shown", str(count))
    field = view.root.locator("[data-depthviz-histogram=text] input")
    field.fill("")
    expect(view.root).to_have_attribute("data-depthviz-shown", "300")


def test_cells_are_walked_by_keys_as_pictures_are(path: Path, page: Page) -> None:
    view = opened(page, path)
    view.root.locator("[data-depthviz-view=grid] [tabindex='0']").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(view.root.locator(".full-text")).to_be_visible()
    page.keyboard.press("End")
    last = view.root.locator("[data-depthviz-view=grid] [data-position='299']")
    expect(last).to_be_focused()


def test_a_page_too_small_for_all_texts_says_what_it_left_out(
    study: Study, page: Page, tmp_path: Path
) -> None:
    draw = np.random.default_rng(0)
    noise = ["".join(map(chr, draw.integers(97, 123, 4_000))) for _ in range(300)]
    noisy = study.assign(text=noise)
    small = dv.explore(noisy).to_html(tmp_path / "small.html", max_bytes=500_000)
    view = opened(page, small)
    assert view.shown == 300
    left_out = page.locator("[data-depthviz-left-out]")
    expect(left_out).to_contain_text("longer texts")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1500, 500])
def test_axe_finds_no_serious_fault_in_texts(
    path: Path, page: Page, theme: str, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 1000})
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")  # type: ignore[arg-type]
    view = opened(page, path)
    assert faults(page) == []
    view.root.locator("[data-depthviz-view=grid] [data-position='1']").click()
    assert faults(page) == []
