"""An Explorer in a page as a person uses it: by pointer, slider and chip."""

import io
import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import Locator, Page, expect

READY_LIMIT = 120_000


@dataclass(frozen=True)
class ExplorerView:
    """One Explorer, named by its root element."""

    page: Page
    root: Locator

    def wait(self) -> "ExplorerView":
        expect(self.root).to_have_attribute(
            "data-depthviz-ready", "true", timeout=READY_LIMIT
        )
        self.root.scroll_into_view_if_needed()
        self.open_filters()
        self.show("grid")
        return self

    def open_filters(self) -> None:
        """Open the rail to the panel of filters, where it is closed."""
        rail = self.root.locator(".rail-list")
        if rail.is_visible():
            self.control("filters").click()
            expect(rail).to_be_hidden()

    @property
    def shown(self) -> int:
        return int(self.root.get_attribute("data-depthviz-shown") or -1)

    @property
    def selected(self) -> int:
        return int(self.root.get_attribute("data-depthviz-selected") or 0)

    @property
    def map(self) -> Locator:
        return self.root.locator("[data-depthviz-view=map]")

    @property
    def canvas(self) -> Locator:
        return self.root.locator("[data-depthviz-canvas]")

    def control(self, name: str) -> Locator:
        return self.root.locator(f"[data-depthviz-control={name}]")

    def close_example(self) -> None:
        """Close the panel of the example, which covers the grid in a narrow view."""
        if self.root.get_attribute("data-layout") == "narrow":
            self.control("panel-close").click()

    def show(self, name: str) -> None:
        """Choose a view where there is room for one at a time."""
        button = self.root.locator(f"[data-depthviz-show={name}]")
        if button.is_visible():
            button.click()

    def grid_ids(self) -> list[str]:
        cells = self.root.locator("[data-depthviz-view=grid] [data-example-id]:visible")
        ids: list[str] = cells.evaluate_all(
            "cells => cells.map(cell => cell.dataset.exampleId)"
        )
        return ids

    @property
    def listed(self) -> int:
        """Count the examples in the grid, as its head says."""
        words = self.root.locator("[data-depthviz-view=grid] .listed").inner_text()
        return int(words.split()[0].replace(",", ""))

    def picture(self) -> NDArray[np.int16]:
        """Return the pixels of the map, shape `(H, W, 3)`, when they have settled."""
        pixels = self._shoot()
        while not np.array_equal(pixels, again := self._shoot()):
            pixels = again
        return pixels

    def ink(self) -> float:
        """Return the share of the map's pixels that are colored."""
        pixels = self.picture()
        spread = pixels.max(axis=2) - pixels.min(axis=2)
        return float((spread > 40).mean())

    def set_probe(self, probe: float) -> None:
        self.control("probe").evaluate(
            "(slider, value) => { slider.value = value; "
            "slider.dispatchEvent(new Event('input', { bubbles: true })); "
            "slider.dispatchEvent(new Event('change', { bubbles: true })); }",
            str(probe),
        )
        expect(self.map).to_have_attribute("data-depthviz-probe", f"{probe:g}")

    def clear_selection(self) -> None:
        self.control("clear-selection").click()
        expect(self.root).to_have_attribute("data-depthviz-selected", "0")

    def lasso(self, radius: float = 0.3) -> None:
        """Draw a circle around the middle of the map; radius as a share of its side."""
        self.control("lasso").click()
        box = self.canvas.bounding_box()
        assert box is not None
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        reach = radius * min(box["width"], box["height"])
        corners = [
            (x + reach * math.cos(turn), y + reach * math.sin(turn))
            for turn in np.linspace(0, 2 * math.pi, 40)
        ]
        self.page.mouse.move(*corners[0])
        self.page.mouse.down()
        for corner in corners:
            self.page.mouse.move(*corner)
        self.page.mouse.up()

    def _shoot(self) -> NDArray[np.int16]:
        shot = Image.open(io.BytesIO(self.canvas.screenshot()))
        return np.asarray(shot.convert("RGB"), dtype=np.int16)


def find_explorers(page: Page) -> Locator:
    """Return the roots of all Explorers of a page."""
    return page.locator("[data-depthviz=explorer]")


def tour(view: ExplorerView) -> list[str]:
    """Use every linked part once and check that the others follow.

    Ends with a lasso selection and no filter; returns the ids in the grid then.
    """
    everything = view.shown
    view.control("color").select_option("label")
    if view.selected:
        view.clear_selection()
    first = view.picture()
    assert view.ink() > 0.005, "the map shows no points"

    last = float(view.control("probe").get_attribute("max") or 0)
    view.set_probe(last)
    moved = (np.abs(view.picture() - first).max(axis=2) > 40).mean()
    assert moved > 0.01, "the slider moves no points"

    before = view.grid_ids()
    assert before
    view.lasso()
    expect(view.root).not_to_have_attribute("data-depthviz-selected", "0")
    # Not the first page: those that lead it may all lie within the lasso.
    assert 0 < view.selected < everything
    assert view.listed == view.selected, "the lasso does not change the grid"

    view.clear_selection()
    ink = view.ink()
    chip = view.root.locator("button[data-depthviz-class='3']")
    chip.click()
    expect(chip).to_have_attribute("aria-pressed", "true")
    assert 0 < view.shown < everything
    assert view.grid_ids() != before, "the class filter does not change the grid"
    assert view.ink() < ink / 2, "the class filter does not change the map"
    view.control("clear-filters").click()
    expect(view.root).to_have_attribute("data-depthviz-shown", str(everything))

    bar = view.root.locator("[data-depthviz-depth='1']")
    bar.click()
    assert 0 < view.shown < everything
    view.control("clear-filters").click()
    expect(view.root).to_have_attribute("data-depthviz-shown", str(everything))

    view.lasso()
    expect(view.root).not_to_have_attribute("data-depthviz-selected", "0")
    return view.grid_ids()
