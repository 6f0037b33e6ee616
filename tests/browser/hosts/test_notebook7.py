"""The Explorer in Notebook 7: it draws, tells Python, and keeps its keys to itself."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.driver.ensemble_notebook import (
    NAME,
    cells_of,
    put_study,
    write_notebook,
)
from tests.browser.driver.explorer import ExplorerView, find_explorers
from tests.browser.driver.jupyter import Lab, serve


@pytest.fixture(scope="module")
def lab(
    ensemble_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Lab]:
    folder = tmp_path_factory.mktemp("notebook")
    put_study(ensemble_folder, folder)
    write_notebook(folder)
    with serve(sys.executable, folder, app="notebook", path="notebooks") as lab:
        yield lab


def test_it_draws_tells_python_and_leaks_no_key(lab: Lab, page: Page) -> None:
    lab.open(page, NAME)
    lab.run_all(page)
    view = ExplorerView(page, find_explorers(page).first).wait()
    before = cells_of(page)
    cell = view.root.locator("[data-depthviz-view=grid] [data-position='2']")
    cell.click()
    wanted = cell.get_attribute("data-example-id")
    for key in ("b", "d", "d", "a", "x", "m", "Shift+Enter", "Enter"):
        page.keyboard.press(key)
        assert cells_of(page) == before, f"{key} changes the cells"
    code = "import json; print(json.dumps(list(map(str, explorer.selection))))"
    heard: list[str] = []
    for _ in range(50):
        heard = json.loads(lab.ask(code))
        if heard:
            break
    assert heard == [wanted]
    for _ in range(3):
        page.keyboard.press("Escape")
    expect(view.root).to_have_attribute("data-depthviz-selected", "0")
    page.keyboard.press("b")
    page.wait_for_function(
        "count => window.jupyterapp.shell.currentWidget.content.model.cells.length"
        " === count",
        arg=len(before) + 1,
    )
