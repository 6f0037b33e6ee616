"""Keys and wheel between Explorer and JupyterLab: neither takes the other's."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.driver.axe import faults
from tests.browser.driver.ensemble_notebook import cells_of, opened
from tests.browser.driver.explorer import ExplorerView
from tests.browser.driver.jupyter import Lab

KEYS = ("b", "d", "d", "Enter", "Escape", "a", "x", "m", "y", "z", "Shift+Enter", "0")
PLACES = {
    "frame": "",
    "filters": "[data-depthviz-filter=group] .chip[tabindex='0']",
    "plane": "[data-depthviz-control=train-low]",
    "quantile": "[data-depthviz-control=quantile]",
    "map": "[data-depthviz-canvas]",
    "lasso": "[data-depthviz-control=lasso]",
    "probe": "[data-depthviz-control=probe]",
    "grid": "[data-depthviz-view=grid] [data-example-id][tabindex='0']",
    "sort": "[data-depthviz-control=sort]",
    "inspector": ".inspector-body",
    "film": "[data-neighbor][tabindex='0']",
    "help": "[data-depthviz-control=help]",
    # Last, since what is typed there may leave no example to be seen.
    "search": "input[type=search]",
}
SCROLLED = """
() => Math.max(...Array.from(
  document.querySelectorAll('.jp-WindowedPanel-outer, .jp-Notebook'),
  part => part.scrollTop))
"""


@pytest.fixture
def view(lab: Lab, page: Page) -> Iterator[ExplorerView]:
    with opened(lab, page) as view:
        yield view


def test_no_key_pressed_inside_changes_a_cell(view: ExplorerView, page: Page) -> None:
    before = cells_of(page)
    add = view.root.locator("[data-depthviz-control=add-histogram]")
    add.select_option("example_id")
    for place, selector in PLACES.items():
        target = view.root.locator(selector).first if selector else view.root
        expect(target, f"the {place} is there").to_be_visible()
        for key in KEYS:
            target.focus()
            page.keyboard.press(key)
            assert cells_of(page) == before, f"{key} in the {place} changes the cells"
            if page.locator("[role=dialog]:visible").count():
                page.keyboard.press("Escape")


def test_axe_finds_no_serious_fault_in_the_labs_own_themes(
    view: ExplorerView, page: Page
) -> None:
    view.root.locator("[data-depthviz-filter=group] .chip").first.click()
    view.root.locator("[data-depthviz-view=grid] [data-position='1']").click()
    for theme in ("Light", "Dark"):
        page.evaluate(
            "theme => window.jupyterapp.commands"
            ".execute('apputils:change-theme', { theme })",
            f"JupyterLab {theme}",
        )
        expect(view.root).to_have_attribute("data-depthviz-theme", theme.lower())
        assert faults(page) == []


def test_keys_that_nothing_here_uses_are_the_notebooks(
    view: ExplorerView, page: Page
) -> None:
    page.evaluate("window.jupyterapp.shell.currentWidget.context.model.dirty = true")
    view.root.locator("[data-depthviz-view=grid] [data-example-id]").first.focus()
    page.keyboard.press("Control+s")
    page.wait_for_function(
        "() => !window.jupyterapp.shell.currentWidget.context.model.dirty"
    )


def test_escape_leads_out_to_the_notebooks_own_keys(
    view: ExplorerView, page: Page
) -> None:
    before = cells_of(page)
    view.root.locator("[data-depthviz-view=grid] [data-example-id]").first.focus()
    page.keyboard.press("s")
    for _ in range(3):
        page.keyboard.press("Escape")
    expect(view.root).to_have_attribute("data-depthviz-selected", "0")
    page.keyboard.press("b")
    page.wait_for_function(
        "count => window.jupyterapp.shell.currentWidget.content.model.cells.length"
        " === count",
        arg=len(before) + 1,
    )
    assert cells_of(page)[0] == before[0]


def test_undo_inside_is_of_the_selection_and_never_of_the_notebook(
    view: ExplorerView, page: Page
) -> None:
    before = cells_of(page)
    view.root.locator("[data-depthviz-view=grid] [data-example-id]").first.focus()
    page.keyboard.press("s")
    expect(view.root).to_have_attribute("data-depthviz-selected", "1")
    for _ in range(3):
        page.keyboard.press("Control+z")
    expect(view.root).to_have_attribute("data-depthviz-selected", "0")
    page.keyboard.press("Control+Shift+z")
    expect(view.root).to_have_attribute("data-depthviz-selected", "1")
    assert cells_of(page) == before


def test_the_wheel_scrolls_the_notebook_until_the_map_has_the_focus(
    view: ExplorerView, page: Page
) -> None:
    box = view.canvas.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    start = page.evaluate(SCROLLED)
    page.mouse.wheel(0, 60)
    page.wait_for_function(f"start => ({SCROLLED})() > start", arg=start)

    view.canvas.focus()
    box = view.canvas.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    resting = page.evaluate(SCROLLED)
    before = view.picture()
    page.mouse.wheel(0, -240)
    assert (view.picture() != before).any(), "the wheel does not zoom the focused map"
    assert page.evaluate(SCROLLED) == resting
