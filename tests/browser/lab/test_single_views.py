"""Single views in cells of their own, linked in a real JupyterLab, and in boxes."""

import json
from pathlib import Path

import nbformat
from playwright.sync_api import Page, expect

from tests.browser.driver.explorer import ExplorerView
from tests.browser.driver.jupyter import Lab
from tests.paths import ROOT

CELLS = (
    "import sys; sys.path.insert(0, {root!r})\n"
    "import depthviz as dv\n"
    "study = dv.open_study('ensemble.zarr')",
    "import ipywidgets\n"
    "grid = dv.ExampleGrid(study, height=300)\n"
    "ipywidgets.HBox([dv.GroupFilter(study, height=300), grid])",
    "probe_map = dv.ProbeMap(study, height=360)\n"
    "ipywidgets.VBox([probe_map, dv.Histogram(study, column='entropy')])",
    "inspector = dv.Inspector(study, height=500)\ninspector",
)


def write_notebook(folder: Path) -> None:
    sources = [cell.replace("{root!r}", repr(str(ROOT))) for cell in CELLS]
    notebook = nbformat.v4.new_notebook(
        cells=list(map(nbformat.v4.new_code_cell, sources))
    )
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    nbformat.write(notebook, folder / "single.ipynb")


def root_of(page: Page, view: str) -> ExplorerView:
    return ExplorerView(page, page.locator(f"[data-depthviz={view}]")).wait()


def test_single_views_are_linked_with_each_other_and_with_python(
    lab: Lab, page: Page
) -> None:
    page.set_viewport_size({"width": 1440, "height": 2400})
    write_notebook(lab.folder)
    lab.open(page, "single.ipynb")
    lab.run_all(page)
    views = ("groups", "grid", "map", "histogram", "inspector")
    groups, grid, probe_map, histogram, inspector = (
        root_of(page, one) for one in views
    )
    assert probe_map.ink() > 0.001
    everything = grid.shown

    groups.root.locator("[data-depthviz-filter=group] [data-depthviz-code='3']").click()
    shown = groups.shown
    assert 0 < shown < everything
    for view in (grid, probe_map, histogram, inspector):
        expect(view.root).to_have_attribute("data-depthviz-shown", str(shown))

    cell = grid.root.locator("[data-example-id]:visible").nth(1)
    example = cell.get_attribute("data-example-id")
    cell.click()
    expect(inspector.root.locator(".specimen-id")).to_have_text(str(example))
    assert asked(lab, "[str(i) for i in inspector.selection]", [example]) == [example]
    assert asked(lab, "grid.filters", {"group": ["ambiguous"]})

    lab.ask("probe_map.selection = study.frame().index[[3, 4, 5]]; grid.filters = {}")
    for view in (grid, inspector):
        expect(view.root).to_have_attribute("data-depthviz-selected", "3")
        expect(view.root).to_have_attribute("data-depthviz-shown", str(everything))


def asked(lab: Lab, expression: str, wanted: object) -> object:
    """Ask until Python has heard of what the browser debounces."""
    for _ in range(50):
        found = json.loads(lab.ask(f"import json; print(json.dumps({expression}))"))
        if found == wanted:
            break
    return found
