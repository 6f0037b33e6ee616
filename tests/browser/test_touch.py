"""The offline page under fingers: tap, long press, pinch and drag."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, CDPSession, Page, expect

from tests.browser.driver.explorer import ExplorerView, find_explorers

REST = 800
Finger = tuple[float, float]


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(
        viewport={"width": 1440, "height": 1000}, has_touch=True
    )
    yield context.new_page()
    context.close()


@pytest.fixture
def view(report: Path, page: Page) -> ExplorerView:
    page.goto(report.as_uri())
    view = ExplorerView(page, find_explorers(page)).wait()
    view.control("color").select_option("label")
    return view


class Hand:
    """Fingers on the screen, by the protocol of the browser's own tools."""

    def __init__(self, page: Page) -> None:
        self._session: CDPSession = page.context.new_cdp_session(page)

    def touch(self, kind: str, *fingers: Finger) -> None:
        points = [{"x": x, "y": y, "id": n} for n, (x, y) in enumerate(fingers)]
        self._session.send(
            "Input.dispatchTouchEvent", {"type": f"touch{kind}", "touchPoints": points}
        )

    def drag(self, start: Finger, end: Finger) -> None:
        self.touch("Start", start)
        for step in range(1, 9):
            self.touch("Move", _between(start, end, step / 8))
        self.touch("End")


def _between(start: Finger, end: Finger, share: float) -> Finger:
    return (
        start[0] + (end[0] - start[0]) * share,
        start[1] + (end[1] - start[1]) * share,
    )


def place_of_a_point(view: ExplorerView) -> Finger:
    """Find a place in the map where the card of an example comes up."""
    box = view.canvas.bounding_box()
    assert box is not None
    card = view.map.locator(".card")
    for step in range(1, 400):
        x = box["x"] + box["width"] * (0.2 + 0.6 * (step * 0.618 % 1))
        y = box["y"] + box["height"] * (0.2 + 0.6 * step / 400)
        view.page.mouse.move(x, y)
        view.page.wait_for_timeout(20)
        if card.is_visible():
            view.page.mouse.move(0, 0)
            return x, y
    raise AssertionError("no point is found")


def test_fingers_tap_rest_pinch_and_drag_on_the_map(view: ExplorerView) -> None:
    page, hand = view.page, Hand(view.page)
    inspector = view.root.locator("[data-depthviz-view=inspector]")

    hand.touch("Start", place_of_a_point(view))
    page.wait_for_timeout(REST)
    hand.touch("End")
    expect(inspector).to_be_visible()
    assert view.selected == 0
    view.control("panel-close").click()

    # The findings have given their room to the stage.
    page.touchscreen.tap(*place_of_a_point(view))
    expect(view.root).to_have_attribute("data-depthviz-selected", "1")
    view.control("panel-close").click()
    view.clear_selection()

    names = view.map.locator(".names")
    page.wait_for_timeout(REST)  # the bar of the selection has gone
    box = view.canvas.bounding_box()
    assert box is not None
    before = names.inner_html()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    hand.touch("Start", (x - 40, y), (x + 40, y))
    for reach in range(40, 130, 10):
        hand.touch("Move", (x - reach, y), (x + reach, y))
    hand.touch("End")
    expect(inspector).to_be_hidden()
    assert names.inner_html() != before
    assert view.selected == 0
    view.control("reset-view").click()
    expect(names).to_have_js_property("innerHTML", before)

    view.control("box").tap()
    right, bottom = box["x"] + box["width"], box["y"] + box["height"]
    hand.drag((right - 5, bottom - 5), (box["x"] + 5, box["y"] + 5))
    shown = str(view.shown)
    expect(view.root).to_have_attribute("data-depthviz-selected", shown)
    view.clear_selection()
    page.wait_for_timeout(REST)  # two taps close together are one gesture
    view.control("box").tap()
    expect(view.canvas).to_have_css("touch-action", "pan-y")
    hand.drag((x - 100, y), (x + 100, y + 20))
    assert view.selected == 0


def test_the_tap_after_a_finger_that_left_in_a_hurry_counts(view: ExplorerView) -> None:
    hand, box = Hand(view.page), view.canvas.bounding_box()
    assert box is not None
    tool = view.control("box")
    start = (box["x"] + box["width"] - 5, box["y"] + box["height"] - 5)
    for _ in range(8):
        tool.click()
        hand.drag(start, (box["x"] + 5, box["y"] + 5))
        view.clear_selection()
        view.page.wait_for_timeout(REST)
        tool.tap()
        expect(tool).to_have_attribute("aria-pressed", "false")


def test_a_finger_that_rests_on_a_cell_opens_it(view: ExplorerView) -> None:
    hand = Hand(view.page)
    cell = view.root.locator("[data-depthviz-view=grid] [data-example-id]").nth(1)
    box = cell.bounding_box()
    assert box is not None
    inspector = view.root.locator("[data-depthviz-view=inspector]")
    hand.touch("Start", (box["x"] + 20, box["y"] + 20))
    view.page.wait_for_timeout(REST)
    hand.touch("End")
    expect(inspector).to_contain_text(cell.get_attribute("data-example-id") or "")
    assert view.selected == 0


def test_no_name_of_a_class_stands_on_another(view: ExplorerView) -> None:
    names = view.map.locator(".names")
    expect(names.locator("span:not([hidden])").first).to_be_visible()
    boxes: list[list[float]] = names.evaluate(
        "names => [...names.children].filter(one => !one.hidden).map(one => {"
        " const { x, y, width, height } = one.getBoundingClientRect();"
        " return [x, y, x + width, y + height]; })"
    )
    for number, (left, top, right, bottom) in enumerate(boxes):
        for other in boxes[:number]:
            beside = left >= other[2] - 1 or other[0] >= right - 1
            assert beside or top >= other[3] - 1 or other[1] >= bottom - 1
