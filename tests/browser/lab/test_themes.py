"""JupyterLab takes its styles away while it changes its theme; the view outlasts it."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.driver.ensemble_notebook import opened
from tests.browser.driver.explorer import ExplorerView
from tests.browser.driver.jupyter import Lab

MEASURES = """
root => {
  const boxes = selector => [...root.querySelectorAll(selector)]
    .filter(part => part.checkVisibility())
    .map(part => part.getBoundingClientRect())
    .map(({ width, height }) => [Math.round(width), Math.round(height)]);
  return {
    cells: boxes('[role=gridcell]'),
    frames: boxes('[data-neighbor]'),
    probes: boxes('.film-name .name').length,
    canvas: boxes('[data-depthviz-canvas]'),
  };
}
"""


@pytest.fixture
def view(lab: Lab, page: Page) -> Iterator[ExplorerView]:
    with opened(lab, page) as view:
        yield view


def test_a_change_of_theme_leaves_everything_in_its_size(
    view: ExplorerView, page: Page
) -> None:
    view.root.locator("[data-depthviz-view=grid] [data-position='1']").click()
    expect(view.root.locator("[data-neighbor]").first).to_be_visible()
    view.wait()
    before = view.root.evaluate(MEASURES)
    assert min(map(len, (before["cells"], before["frames"], before["canvas"]))) > 0
    for theme in ("Dark", "Light") * 3:
        page.evaluate(
            "theme => window.jupyterapp.commands"
            ".execute('apputils:change-theme', { theme })",
            f"JupyterLab {theme}",
        )
        expect(view.root).to_have_attribute("data-depthviz-theme", theme.lower())
        for _ in range(50):
            after = view.root.evaluate(MEASURES)
            if after == before:
                break
            page.wait_for_timeout(100)
        assert after == before, theme
