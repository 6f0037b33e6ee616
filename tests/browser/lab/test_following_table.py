"""A table under an Explorer follows what a person selects, in a real JupyterLab."""

from pathlib import Path

import nbformat
from playwright.sync_api import Page, expect

from tests.browser.driver.explorer import ExplorerView, find_explorers
from tests.browser.driver.jupyter import Lab
from tests.paths import ROOT

NAME = "following.ipynb"
EXPLORE = """
import sys
sys.path.insert(0, {root!r})
import depthviz as dv
explorer = dv.explore(dv.open_study({study!r}))
explorer
"""
FOLLOW = """
def table():
    return explorer.selected[["label"]].head(10)

explorer.selection = explorer.study.frame().index[:3]
shown = display(table(), display_id=True)
following = explorer.on_selection(lambda ids: shown.update(table()))
"""


def test_a_click_in_the_grid_changes_the_table(
    ensemble_folder: Path, lab: Lab, page: Page
) -> None:
    code = EXPLORE.format(root=str(ROOT), study=str(ensemble_folder)).strip()
    cells = [nbformat.v4.new_code_cell(one.strip()) for one in (code, FOLLOW)]
    notebook = nbformat.v4.new_notebook(cells=cells)
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    nbformat.write(notebook, lab.folder / NAME)
    lab.open(page, NAME)
    lab.run_all(page)
    view = ExplorerView(page, find_explorers(page).first).wait()
    rows = page.locator(".jp-OutputArea table.dataframe tbody tr")
    expect(rows).to_have_count(3)
    grid = view.root.locator("[data-depthviz-view=grid]")
    grid.locator("[data-example-id][aria-selected=false]").first.click(
        modifiers=["Control"]
    )
    expect(rows).to_have_count(4)
