"""Examples are decided on one after another, by the keyboard alone."""

import json
from pathlib import Path
from sys import stdout

import pytest
from playwright.sync_api import Page, expect

import depthviz as dv
from tests.browser.driver.axe import faults
from tests.browser.driver.review import Review, find_review
from tests.studies import repeated, tiny_study

CLASSES = ("zeppelin", "yurt", "xylophone")
MOMENT_MS = 50
ROUNDS = 20
WIDTHS = {"wide": 1500, "medium": 1000, "narrow": 390}

# Keys reach the view; the page says how long the next example took to be drawn.
_TIMED = """
async keys => {
  const root = document.querySelector('[data-depthviz=explorer]');
  const name = root.querySelector('.bench-name');
  const frame = () => new Promise(requestAnimationFrame);
  const times = [];
  for (const key of keys) {
    const before = name.textContent;
    const start = performance.now();
    root.dispatchEvent(new KeyboardEvent(
      'keydown', { key, code: `Digit${key}`, bubbles: true, cancelable: true }));
    while (name.textContent === before
        || root.querySelector('.bench-picture > .picture[data-empty]'))
      await Promise.race([frame(), new Promise(next => setTimeout(next, 1))]);
    times.push(performance.now() - start);
    for (let i = 0; i < 30; i++) await frame();
  }
  return times;
}
"""

# Pictures are decoded when the test says so.
_GATED = """
() => {
  const decode = globalThis.createImageBitmap;
  const waiting = [];
  let open = false;
  globalThis.createImageBitmap = async (...given) => {
    if (!open) await new Promise(next => waiting.push(next));
    return decode(...given);
  };
  globalThis.letOne = () => waiting.shift()?.();
  globalThis.letAll = () => { open = true; for (const next of waiting) next(); };
}
"""


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The offline page of an annotated study of three tiles of pictures."""
    folder = tmp_path_factory.mktemp("review")
    study = dv.Study(repeated(tiny_study(CLASSES).dataset, 2100))
    explorer = dv.explore(study, annotations=folder / "review.sqlite")
    return explorer.to_html(folder / "review.html")


def opened(page: Page, path: Path, name: str = "ada") -> Review:
    """Open a page for somebody who has given a name before."""
    page.add_init_script(f"localStorage.setItem('depthviz/annotator', '{name}')")
    page.goto(path.as_uri())
    return find_review(page)


def test_a_person_with_a_keyboard_decides_undoes_and_tells_another_class(
    written: Path, page: Page
) -> None:
    page.goto(written.as_uri())
    review = find_review(page).open()
    page.keyboard.press("2")
    expect(review.view.control("annotator-name")).to_be_focused()
    page.keyboard.type("ada 2")
    page.keyboard.press("Enter")
    expect(review.view.control("annotator")).to_have_text("ada 2")
    review.press("2", "3", "4", "1")
    assert review.reviewed == 4
    review.press("Control+z")
    assert review.reviewed == 3
    review.press("r")
    page.keyboard.type("yak")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    review.press("t")
    page.keyboard.type("dark")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    review.press("n")
    page.keyboard.type("b 1\n2 a")
    page.keyboard.press("Control+Enter")
    assert review.reviewed == 4
    labels = [event["value"] for event in review.events("label")]
    assert labels[-1] == "yak"
    assert [event["value"] for event in review.events("tag")] == ["dark"]
    assert [event["value"] for event in review.events("note")] == ["b 1\n2 a"]
    verdicts = review.events("verdict")
    assert {event["annotator"] for event in verdicts} == {"ada 2"}
    assert all(event["latency"] > 0 for event in verdicts if not event["undoes"])
    review.press("Escape")
    expect(review.panel).to_be_hidden()
    assert review.view.root.evaluate("root => root.contains(document.activeElement)")


def test_what_is_downloaded_is_what_a_store_merges(
    written: Path, page: Page, tmp_path: Path
) -> None:
    review = opened(page, written, "ben").open()
    review.press("2", "3", "1")
    with page.expect_download() as download:
        review.view.control("download-log").click()
    log = tmp_path / "log.jsonl"
    download.value.save_as(log)
    with dv.annotations.open(tmp_path / "merged.sqlite") as store:
        store.merge(log)
        frame = store.frame()
    assert sorted(frame["verdict"]) == ["ambiguous", "correct", "wrong label"]


def test_a_key_that_is_held_decides_once(written: Path, page: Page) -> None:
    review = opened(page, written, "cleo").open()
    page.keyboard.down("2")
    for _ in range(25):
        page.wait_for_timeout(40)
        page.keyboard.down("2")
    page.keyboard.up("2")
    page.wait_for_timeout(500)
    assert len(review.events("verdict")) == review.reviewed == 1


def test_of_two_presses_none_is_about_an_example_that_was_not_seen(
    written: Path, page: Page
) -> None:
    review = opened(page, written, "dora").open()
    for _ in range(ROUNDS):
        page.keyboard.press("3")
        page.keyboard.press("3")
        review.wait()
    events = review.events("verdict")
    examples = {event["example"] for event in events}
    stdout.write(f"{2 * ROUNDS} presses in pairs: {len(events)} verdicts\n")
    assert len(events) == len(examples) == review.reviewed
    assert ROUNDS <= len(events) <= 2 * ROUNDS
    assert all(event["latency"] > 0 for event in events)


def test_nothing_is_decided_while_a_picture_is_on_its_way(
    written: Path, page: Page
) -> None:
    page.add_init_script(f"({_GATED})()")
    page.add_init_script("localStorage.setItem('depthviz/annotator', 'emil')")
    page.goto(written.as_uri())
    root = page.locator("[data-depthviz=explorer]")
    expect(root.locator("[data-depthviz-control=annotate]")).to_be_visible()
    root.focus()
    page.keyboard.press("a")
    canvas = root.locator(".bench-picture > .picture")
    heading = root.locator(".review-who h3")
    for released in range(3):
        for _ in range(40):
            if canvas.get_attribute("data-empty") is not None:
                break
            page.keyboard.press("2")
            page.wait_for_timeout(150)
        done = int(heading.inner_text().split(" of ")[0])
        for _ in range(3):
            page.keyboard.press("2")
            page.wait_for_timeout(170)
        assert int(heading.inner_text().split(" of ")[0]) == done
        page.evaluate("letOne()")
        page.wait_for_timeout(500)
        if released > 0 and canvas.get_attribute("data-empty") is None:
            break
    page.evaluate("letAll()")
    review = find_review(page).wait()
    review.press("2")
    events = review.events("verdict")
    assert len(events) == len({event["example"] for event in events}) == done + 1


def test_the_next_example_is_there_in_a_moment(written: Path, page: Page) -> None:
    opened(page, written, "fay").open()
    times = sorted(page.evaluate(_TIMED, list("234" * 7)))
    middle = times[len(times) // 2]
    span = f"{times[0]:.0f} to {times[-1]:.0f} ms"
    stdout.write(f"next example after {span}, median {middle:.0f}\n")
    assert times[len(times) // 4] <= MOMENT_MS


def test_a_selection_is_decided_on_in_one_step(written: Path, page: Page) -> None:
    review = opened(page, written, "gil")
    cells = review.view.root.locator("[data-depthviz-view=grid] [data-example-id]")
    for place in range(3):
        cells.nth(place).click(modifiers=["Control"])
    page.keyboard.press("v")
    page.keyboard.press("3")
    marked = review.view.root.locator("[data-depthviz-annotated='ambiguous']")
    expect(marked).to_have_count(3)
    batches = {event["batch"] for event in review.events("verdict")}
    assert len(batches) == 1
    assert None not in batches
    review.view.control("undo-selection").click()
    expect(marked).to_have_count(0)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_no_serious_fault_in_a_review(
    written: Path, page: Page, theme: str, width: str
) -> None:
    page.set_viewport_size({"width": WIDTHS[width], "height": 900})
    page.emulate_media(
        color_scheme="dark" if theme == "dark" else "light", reduced_motion="reduce"
    )
    review = opened(page, written, "hal").open()
    expect(review.view.root).to_have_attribute("data-layout", width)
    assert faults(page) == []
    for tool in ("r", "t", "n"):
        review.press(tool)
        assert faults(page) == []
        page.keyboard.press("Escape")
    review.press("2", "ArrowLeft")
    assert faults(page) == []
    review.press("b")
    assert faults(page) == []


def test_a_narrow_view_leads_to_it_from_its_bar(written: Path, page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    review = opened(page, written, "ida")
    review.view.root.locator("[data-depthviz-show=review]").click()
    expect(review.panel).to_be_visible()
    review.wait()
    review.panel.locator("[data-depthviz-verdict=correct]").click()
    expect(review.panel.locator(".review-who h3")).to_have_text("1 of 2,100 reviewed")
    review.view.root.locator("[data-depthviz-show=grid]").click()
    expect(review.panel).to_be_hidden()


def test_a_schema_of_ones_own_has_its_keys_and_names(
    page: Page, tmp_path: Path
) -> None:
    schema = {
        "verdicts": [
            {"value": "keep", "title": "Keep it", "key": "k"},
            {"value": "drop", "title": "Drop it", "key": "x", "color": "#aa3300"},
        ],
        "tags": ["blurred"],
    }
    path = tmp_path / "schema.json"
    path.write_text(json.dumps(schema))
    explorer = dv.explore(
        tiny_study(CLASSES),
        annotations=tmp_path / "own.sqlite",
        annotator="jo",
        schema=path,
    )
    page.goto(explorer.to_html(tmp_path / "own.html").as_uri())
    review = find_review(page).open()
    review.press("k", "x")
    assert [event["value"] for event in review.events("verdict")] == ["keep", "drop"]
    expect(review.view.control("another-class")).to_be_hidden()
