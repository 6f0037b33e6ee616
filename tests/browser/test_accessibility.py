"""Nobody is left out: axe-core, forced colors, less motion, a focus that is seen."""

from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Page, expect

from tests.browser.driver.axe import faults
from tests.browser.driver.explorer import ExplorerView, find_explorers

Theme = Literal["light", "dark"]
WIDTHS = {"wide": 1500, "medium": 1000, "narrow": 500}


def opened(page: Page, path: Path) -> ExplorerView:
    page.goto(path.as_uri())
    return ExplorerView(page, find_explorers(page)).wait()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_no_serious_fault_in_the_page(
    report: Path, page: Page, theme: Theme, width: str
) -> None:
    page.set_viewport_size({"width": WIDTHS[width], "height": 1000})
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    view = opened(page, report)
    expect(view.root).to_have_attribute("data-layout", width)
    view.show("filters")
    view.root.locator("[data-depthviz-filter=group] .chip").first.click()
    view.control("add-histogram").select_option("entropy")
    assert faults(page) == []
    view.show("grid")
    view.root.locator("[data-depthviz-view=grid] [data-position='1']").click()
    assert faults(page) == []
    view.control("help").click()
    assert faults(page) == []


def test_axe_would_find_a_fault(report: Path, page: Page) -> None:
    opened(page, report)
    page.evaluate(
        "document.querySelector('.depthviz .title').style.color = 'rgb(200, 200, 200)';"
        "const sort = document.querySelector('[data-depthviz-control=sort]');"
        "for (const name of ['aria-label', 'title']) sort.removeAttribute(name);"
    )
    found = faults(page)
    assert any("color-contrast" in fault for fault in found)
    assert any("select-name" in fault for fault in found)


def test_the_list_of_keys_holds_the_focus_and_gives_it_back(
    report: Path, page: Page
) -> None:
    view = opened(page, report)
    cell = view.root.locator("[data-depthviz-view=grid] [tabindex='0']")
    cell.focus()
    page.keyboard.press("?")
    dialog = view.root.get_by_role("dialog", name="Keys")
    expect(dialog).to_be_visible()
    for _ in range(5):
        page.keyboard.press("Tab")
        expect(dialog.locator(":focus")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(cell).to_be_focused()


def test_with_less_motion_a_step_is_there_at_once(report: Path, page: Page) -> None:
    page.emulate_media(reduced_motion="reduce")
    view = opened(page, report)
    view.set_probe(0)
    page.evaluate(
        """() => {
          window.places = [];
          new MutationObserver(([{ target }]) => window.places.push(target.dataset.depthvizProbe))
            .observe(document.querySelector("[data-depthviz-view=map]"),
              { attributeFilter: ["data-depthviz-probe"] });
        }"""  # noqa: E501
    )
    view.root.focus()
    page.keyboard.press("]")
    expect(view.map).to_have_attribute("data-depthviz-probe", "1")
    assert page.evaluate("window.places") == ["1"]


def test_every_stop_of_tab_shows_its_focus(report: Path, page: Page) -> None:
    view = opened(page, report)
    view.root.focus()
    unseen = []
    for _ in range(70):
        page.keyboard.press("Tab")
        unseen += page.evaluate(
            """() => {
              const at = document.activeElement;
              if (!at?.closest(".depthviz")) return [];
              const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(at);
              const seen = (outlineStyle !== "none" && outlineWidth !== "0px")
                || boxShadow !== "none";
              return seen ? [] : [at.outerHTML.slice(0, 120)];
            }"""
        )
    assert unseen == []


def test_in_forced_colors_selection_and_focus_are_seen(
    report: Path, page: Page
) -> None:
    page.emulate_media(forced_colors="active")
    view = opened(page, report)
    cell = view.root.locator("[data-depthviz-view=grid] [data-position='0']")
    before = cell.screenshot()
    cell.click()
    page.mouse.move(0, 0)
    expect(cell).to_have_attribute("aria-selected", "true")
    assert cell.screenshot() != before
    chip = view.root.locator("[data-depthviz-filter=group] .chip").first
    plain = chip.evaluate("chip => getComputedStyle(chip).outlineStyle")
    chip.click()
    pressed = chip.evaluate("chip => getComputedStyle(chip).outlineStyle")
    assert (plain, pressed) == ("none", "solid")
