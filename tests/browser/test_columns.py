"""The points by two columns: a lasso catches them, and both themes can be read."""

from pathlib import Path
from typing import Literal

import numpy as np
import pytest
from playwright.sync_api import Page, expect

import depthviz as dv
from depthviz.study import Study
from tests.browser.driver.axe import faults
from tests.browser.driver.explorer import ExplorerView, find_explorers
from tests.studies import repeated, tiny_study

COUNT = 200


@pytest.fixture(scope="module")
def mapped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page of examples along a line of two columns, of which some have no value."""
    some = repeated(tiny_study().dataset, COUNT)
    line = np.linspace(0, 1, COUNT)
    known = np.where(np.arange(COUNT) % 20, line, np.nan)
    data = some.assign(
        data_map_variability=("example", line), data_map_confidence=("example", known)
    ).assign_coords(example_id=("example", np.arange(COUNT)))
    path = tmp_path_factory.mktemp("columns") / "page.html"
    return dv.explore(Study(data)).to_html(path)


def opened(page: Page, path: Path) -> ExplorerView:
    page.goto(path.as_uri())
    view = ExplorerView(page, find_explorers(page)).wait()
    view.show("map")
    view.control("axis-x").select_option("data_map_variability")
    expect(view.control("axis-y")).to_have_value("data_map_confidence")
    return view


def test_a_lasso_selects_by_two_columns(mapped: Path, page: Page) -> None:
    view = opened(page, mapped)
    expect(view.map.locator(".kept")).to_have_text("10 not placed")
    expect(view.map.locator(".axis-lines .axis-name")).to_have_count(2)
    view.canvas.focus()
    page.keyboard.press("Enter")
    expect(view.root).to_have_attribute("data-depthviz-selected", "190")
    page.keyboard.press("Control+z")
    expect(view.root).to_have_attribute("data-depthviz-selected", "0")
    box = view.canvas.bounding_box()
    numbers = view.map.locator(".axis-lines text[text-anchor=middle]")
    half = numbers.get_by_text("0.6", exact=True).bounding_box()
    assert box is not None
    assert half is not None
    left, right = half["x"] + half["width"] / 2, box["x"] + box["width"] - 2
    top, bottom = box["y"] + 2, box["y"] + box["height"] - 2
    corners = [(left, top), (right, top), (right, bottom), (left, bottom)]
    page.mouse.move(*corners[0])
    page.mouse.down()
    for corner in [*corners[1:], corners[0]]:
        page.mouse.move(*corner, steps=6)
    page.mouse.up()
    expect(view.root).not_to_have_attribute("data-depthviz-selected", "0")
    beyond = sum(i / (COUNT - 1) > 0.6 for i in range(COUNT) if i % 20)
    assert abs(view.selected - beyond) <= 1


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_axe_finds_no_serious_fault(
    mapped: Path, page: Page, theme: Literal["light", "dark"], width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    view = opened(page, mapped)
    view.root.locator(".axis-lines .axis-name").first.wait_for()
    assert faults(page) == []
