"""Filters of the offline page, by mouse and keys: shown is what Python counts."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

import depthviz as dv
from tests.browser.driver.explorer import ExplorerView, find_explorers
from tests.studies import ensemble_study, tiny_study

ENDS = ("train-low", "train-high", "validation-low", "validation-high")


@pytest.fixture
def view(report: Path, page: Page) -> ExplorerView:
    page.goto(report.as_uri())
    return ExplorerView(page, find_explorers(page)).wait()


def boundaries(view: ExplorerView) -> tuple[float, float, float, float]:
    train_low, train_high, validation_low, validation_high = (
        float(view.control(end).get_attribute("aria-valuenow") or "nan") for end in ENDS
    )
    return train_low, train_high, validation_low, validation_high


def chip_counts(view: ExplorerView) -> list[int]:
    counts = view.root.locator("[data-depthviz-filter=group] .chip .count")
    return [int(text) for text in counts.all_text_contents()]


def group_counts(ends: tuple[float, float, float, float]) -> list[int]:
    groups = ensemble_study().groups(boundaries=ends)
    return [int((groups.codes == code).sum()) for code in range(len(groups.names))]


def drag(page: Page, handle: Locator, x: float, y: float) -> None:
    """Drag a boundary near its end, where no other crosses it."""
    handle.scroll_into_view_if_needed()
    box = handle.bounding_box()
    assert box is not None
    upright = box["height"] > box["width"]
    across = box["x"] + box["width"] * (0.5 if upright else 0.9)
    down = box["y"] + box["height"] * (0.1 if upright else 0.5)
    page.mouse.move(across, down)
    page.mouse.down()
    page.mouse.move(across + x / 2, down + y / 2)
    page.mouse.move(across + x, down + y)
    page.mouse.up()


def test_a_dragged_boundary_gives_the_groups_that_python_gives(
    view: ExplorerView, page: Page
) -> None:
    easy = view.root.locator("[data-depthviz-filter=group] .chip").first
    easy.click()
    before = boundaries(view)
    shown = view.shown
    drag(page, view.control("train-low"), 22, 0)
    drag(page, view.control("validation-low"), 0, -14)
    ends = boundaries(view)
    assert ends[0] > before[0]
    assert ends[2] > before[2]
    assert chip_counts(view) == group_counts(ends)
    assert view.shown == group_counts(ends)[0] > shown
    view.control("reset-groups").click()
    assert view.shown == shown
    assert chip_counts(view) == group_counts(before)


def test_keys_move_boundaries_as_well(view: ExplorerView, page: Page) -> None:
    view.control("validation-high").focus()
    for key in ("ArrowDown", "Shift+ArrowDown", "ArrowLeft"):
        page.keyboard.press(key)
    view.control("train-high").focus()
    page.keyboard.press("End")
    ends = boundaries(view)
    assert ends[1] == len(ensemble_study().probes)
    assert chip_counts(view) == group_counts(ends)


def test_the_quantile_moves_all_four_as_python_does(
    view: ExplorerView, page: Page
) -> None:
    view.control("quantile").focus()
    for _ in range(12):
        page.keyboard.press("ArrowRight")
    groups = ensemble_study().groups(q=0.42)
    assert boundaries(view) == pytest.approx(tuple(groups.boundaries), abs=1e-5)
    assert chip_counts(view) == [
        int((groups.codes == code).sum()) for code in range(len(groups.names))
    ]


def test_a_rectangle_in_the_plane_keeps_both_depths(
    view: ExplorerView, page: Page
) -> None:
    field = view.root.locator(".density")
    box = field.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 3, box["y"] + box["height"] - 3)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + box["height"] * 0.5)
    page.mouse.up()
    expect(view.root.locator(".kept-area")).to_be_visible()
    assert 0 < view.shown < len(ensemble_study())


def test_a_brushed_histogram_shows_what_pandas_counts(
    view: ExplorerView, page: Page
) -> None:
    view.control("add-histogram").select_option("entropy")
    panel = view.root.locator("[data-depthviz-histogram=entropy]")
    plot = panel.locator(".plot")
    plot.scroll_into_view_if_needed()
    box = plot.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 40, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + 80, box["y"] + 20)
    page.mouse.move(box["x"] + 120, box["y"] + 20)
    page.mouse.up()
    assert view.shown == entropy_between(panel) > 0
    panel.locator(".end.to").focus()
    page.keyboard.press("Shift+ArrowLeft")
    page.keyboard.press("ArrowLeft")
    assert view.shown == entropy_between(panel) > 0
    panel.locator("[data-depthviz-control=remove]").click()
    assert view.shown == len(ensemble_study())


def test_one_network_shows_depth_against_confidence(page: Page, tmp_path: Path) -> None:
    page.goto(dv.report(tiny_study(), tmp_path / "one.html").as_uri())
    view = ExplorerView(page, find_explorers(page)).wait()
    plane = view.root.locator("[data-depthviz-lone-plane]")
    expect(plane).to_contain_text("dv.Ensemble")
    box = plane.locator(".density").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 2, box["y"] + box["height"] - 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.up()
    words = view.root.locator(".in-words")
    expect(words).to_contain_text("depth: at most")
    expect(words).to_contain_text(re.compile(r"Confidence: \S+ to \S+"))
    view.control("clear-filters").click()
    assert view.shown == len(tiny_study())


def entropy_between(panel: Locator) -> int:
    low, high = (
        float(panel.locator(f".end.{end}").get_attribute("aria-valuenow") or "nan")
        for end in ("from", "to")
    )
    return int(ensemble_study().frame()["entropy"].between(low, high).sum())
