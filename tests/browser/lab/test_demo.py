"""The demo's study in a real JupyterLab, and the page that it writes, without one."""

import json
from pathlib import Path

import nbformat
from playwright.sync_api import Page, expect

from tests.browser.driver.explorer import ExplorerView, find_explorers, tour
from tests.browser.driver.jupyter import Lab
from tests.paths import ROOT

NAME = "demo.ipynb"
EXPLORE = """
import sys
sys.path.insert(0, {root!r})
import depthviz as dv
study = dv.open_study({study!r})
explorer = dv.explore(study)
explorer
"""


def test_an_explorer_draws_and_shares_its_selection_with_python(
    demo: tuple[Path, str], lab: Lab, page: Page
) -> None:
    code = EXPLORE.format(root=str(ROOT), study=str(demo[0] / "study.zarr")).strip()
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    nbformat.write(notebook, lab.folder / NAME)
    lab.open(page, NAME)
    lab.run_all(page)
    view = ExplorerView(page, find_explorers(page).first).wait()
    ids = tour(view)
    selected = selected_in_python(lab, view)
    assert len(selected) == view.selected
    assert set(ids) <= set(selected)

    lab.ask("explorer.selection = study.frame().index[[5, 50, 500]]")
    expect(view.root).to_have_attribute("data-depthviz-selected", "3")


def selected_in_python(lab: Lab, view: ExplorerView) -> list[str]:
    """Ask until Python has heard of the last selection, which the browser debounces."""
    code = "import json; print(json.dumps([str(i) for i in explorer.selected.index]))"
    for _ in range(50):
        selected: list[str] = json.loads(lab.ask(code))
        if len(selected) == view.selected:
            break
    return selected


def test_the_report_does_the_same_without_kernel_or_network(
    demo: tuple[Path, str], page: Page
) -> None:
    requests, complaints = [], []
    page.on("request", lambda request: requests.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    address = (demo[0] / "report.html").as_uri()
    page.goto(address)
    view = ExplorerView(page, find_explorers(page)).wait()
    tour(view)
    outside = [url for url in requests if not url.startswith(("data:", "blob:"))]
    assert outside == [address]
    assert complaints == []
