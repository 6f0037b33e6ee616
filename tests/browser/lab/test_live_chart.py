"""A chart beside an Explorer in JupyterLab follows its lasso, from no other host."""

import json
from pathlib import Path

import nbformat
from playwright.sync_api import Page, expect

from tests.browser.driver.explorer import ExplorerView, find_explorers
from tests.browser.driver.jupyter import Lab
from tests.paths import ROOT

CELLS = (
    "import sys; sys.path.insert(0, {root!r})\n"
    "import depthviz as dv\n"
    "study = dv.open_study('ensemble.zarr')\n"
    "explorer = dv.explore(study)",
    "explorer.chart('depth_histogram')",
    "explorer",
    "dv.charts.confusion_by_group(study)",
    "explorer.to_iframe(height=500)",
)


def write_notebook(folder: Path) -> None:
    sources = [cell.replace("{root!r}", repr(str(ROOT))) for cell in CELLS]
    notebook = nbformat.v4.new_notebook(
        cells=list(map(nbformat.v4.new_code_cell, sources))
    )
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    nbformat.write(notebook, folder / "chart.ipynb")


def test_a_chart_follows_the_lasso_and_asks_no_other_host(lab: Lab, page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.set_viewport_size({"width": 1440, "height": 1800})
    write_notebook(lab.folder)
    lab.open(page, "chart.ipynb")
    lab.run_all(page)
    explorer = ExplorerView(page, find_explorers(page).first).wait()
    chart = page.locator(".vega-embed")
    expect(chart).to_have_count(1)
    expect(chart).to_contain_text("80 examples")
    explorer.lasso()
    expect(explorer.root).not_to_have_attribute("data-depthviz-selected", "0")
    expect(chart).to_contain_text(f"{explorer.selected} examples")
    expect(chart).to_have_count(1)
    explorer.clear_selection()
    expect(chart).to_contain_text("80 examples")
    said = lab.ask("print(len(explorer._session.followers))")
    assert json.loads(said) == 1
    picture = page.locator(".jp-OutputArea-output img").last
    picture.scroll_into_view_if_needed()
    assert picture.evaluate("one => one.naturalWidth > 300")
    assert page.locator(".jp-OutputArea-output embed, object").count() == 0
    frame = page.locator("iframe[srcdoc]")
    frame.scroll_into_view_if_needed()
    inner = frame.content_frame.locator("[data-depthviz=explorer]")
    expect(inner).to_have_attribute("data-depthviz-ready", "true", timeout=60_000)
    own = page.url.split("/lab")[0]
    foreign = [one for one in asked if not one.startswith((own, "blob:", "data:"))]
    assert foreign == []
