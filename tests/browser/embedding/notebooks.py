"""Notebooks of an Explorer and charts, and the programs that turn them into pages."""

import os
import subprocess
import sys
from pathlib import Path

import nbformat
import numpy as np
from playwright.sync_api import Page, expect

from tests.browser.driver.explorer import ExplorerView
from tests.paths import ROOT

CELLS = (
    "import depthviz as dv\n"
    "study = dv.open_study({study!r})\n"
    "explorer = dv.explore(study)\n"
    "explorer",
    "dv.charts.confusion_by_group(study)",
    "explorer.chart('depth_histogram', by='class')",
    "explorer.to_iframe(height=640)",
)
# What nbconvert would load for widgets, formulas and its own scripts.
OFFLINE = (
    "--ExecutePreprocessor.store_widget_state=False",
    "--HTMLExporter.require_js_url=",
    "--HTMLExporter.mathjax_url=",
)


def write_notebook(
    folder: Path, study: Path, *, slides: bool = False
) -> nbformat.NotebookNode:
    """Write `one.ipynb`, each cell a slide where it is a talk."""
    sources = [cell.replace("{study!r}", repr(str(study))) for cell in CELLS]
    cells = list(map(nbformat.v4.new_code_cell, sources))
    for cell in cells if slides else []:
        cell.metadata["slideshow"] = {"slide_type": "slide"}
    notebook = nbformat.v4.new_notebook(cells=cells)
    nbformat.write(notebook, folder / "one.ipynb")
    return notebook


def convert(folder: Path, kind: str, *options: str) -> None:
    """Execute `one.ipynb` and turn it into something else."""
    run("nbconvert", "--execute", "--to", kind, *options, "one.ipynb", folder=folder)


def run(program: str, *words: str, folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", program, *words],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]


def framed(page: Page, number: int = 0) -> ExplorerView:
    """Return the Explorer in one of the frames of a page, once it is ready."""
    element = page.locator("iframe[srcdoc]").nth(number)
    element.scroll_into_view_if_needed()
    root = element.content_frame.locator("[data-depthviz=explorer]")
    return ExplorerView(page, root).wait()


def use(view: ExplorerView) -> int:
    """Move the slider and draw a lasso; return how many examples are selected."""
    view.show("map")
    first = view.picture()
    last = float(view.control("probe").get_attribute("max") or 0)
    view.set_probe(last)
    moved = (np.abs(view.picture() - first).max(axis=2) > 40).mean()
    assert moved > 0.005, "the slider moves no points"
    view.lasso()
    expect(view.root).not_to_have_attribute("data-depthviz-selected", "0")
    return view.selected
