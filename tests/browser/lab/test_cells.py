"""In JupyterLab a view lives as long as the output that shows it."""

import json
from typing import Any

import nbformat
from playwright.sync_api import Page, expect

from tests.browser.driver.ensemble_notebook import STUDY
from tests.browser.driver.jupyter import Lab
from tests.paths import ROOT

NAME = "cells.ipynb"
FIRST = f"""
import gc, sys
sys.path.insert(0, {str(ROOT)!r})
import depthviz as dv
dv.explore(dv.open_study({STUDY!r}))
"""
SECOND = f"explorer = dv.ExampleGrid(dv.open_study({STUDY!r})); explorer"
COUNT = """
import gc, json
gc.collect()
names = [type(each).__name__ for each in gc.get_objects()]
print(json.dumps([names.count(name) for name in ("Explorer", "ExampleGrid")]))
"""
VIEWS = ".depthviz[data-depthviz]"


def write_notebook(lab: Lab) -> None:
    cells = [nbformat.v4.new_code_cell(code.strip()) for code in (FIRST, SECOND)]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})
    nbformat.write(notebook, lab.folder / NAME)


def command(page: Page, name: str) -> None:
    page.evaluate("name => window.jupyterapp.commands.execute(name)", name)


def ask_until(lab: Lab, code: str, wanted: Any) -> Any:
    """Ask the kernel until the page's report has arrived."""
    found = None
    for _ in range(40):
        found = json.loads(lab.ask(code))
        if found == wanted:
            break
    return found


def test_a_view_ends_with_its_output_and_not_with_its_tab(lab: Lab, page: Page) -> None:
    write_notebook(lab)
    lab.open(page, NAME)
    for _ in range(3):
        lab.run_all(page)
        expect(page.locator(VIEWS)).to_have_count(2)
    assert json.loads(lab.ask(COUNT)) == [1, 1]

    command(page, "docmanager:save")
    command(page, "application:close")
    page.wait_for_function("() => !document.querySelector('.jp-Notebook')")
    lab.open(page, NAME)
    expect(page.locator(VIEWS)).to_have_count(2)
    expect(page.locator(VIEWS).first).to_have_attribute("data-depthviz-ready", "true")
    assert json.loads(lab.ask(COUNT)) == [1, 1]

    command(page, "notebook:clear-all-cell-outputs")
    expect(page.locator(VIEWS)).to_have_count(0)
    assert ask_until(lab, COUNT, [0, 1]) == [0, 1]
