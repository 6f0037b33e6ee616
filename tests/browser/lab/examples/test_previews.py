"""Texts, rows of a table and sounds in JupyterLab, by keys and by pointer."""

from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.driver.axe import faults
from tests.browser.driver.explorer import ExplorerView, find_explorers
from tests.browser.driver.jupyter import Lab
from tests.paths import ROOT

BEGINNING = f"""
import sys; sys.path.insert(0, {str(ROOT)!r})
import numpy as np, pandas as pd, depthviz as dv
from tests.studies import vector_study
study = vector_study(40, projection="pca")
"""
# Each with what its neighbors show, and what the example in view does.
KINDS = {
    "texts": (
        "dv.explore(study.assign(text=[f'film {one} <b>' * 9 for one in range(40)]))",
        ".excerpt",
        ".full-text",
    ),
    "rows": (
        "dv.explore(study.with_preview("
        "pd.DataFrame({'a': np.arange(40) / 7, 'kind': list('uvwx') * 10})))",
        ".excerpt",
        ".full-text tbody tr",
    ),
    "sounds": (
        "dv.explore(study.with_preview("
        "[(np.sin(np.arange(2_000 + one) / 9), 8_000) for one in range(40)]))",
        "canvas",
        ".player",
    ),
}


@pytest.mark.parametrize("kind", KINDS)
def test_each_is_read_heard_and_walked(lab: Lab, page: Page, kind: str) -> None:
    cell, excerpt, whole = KINDS[kind]
    page.set_viewport_size({"width": 1440, "height": 1400})
    said: list[str] = []
    page.on("pageerror", lambda error: said.append(str(error)))
    write_notebook(lab.folder, cell)
    lab.open(page, "previews.ipynb")
    lab.run_all(page)
    view = ExplorerView(page, find_explorers(page).first).wait()
    walk_by_keys(view)
    expect(view.root.locator(whole).first).to_be_visible()
    frame = view.root.locator("[data-depthviz-film] [data-neighbor]").first
    expect(frame.locator(excerpt)).to_be_visible()
    follow(view, frame)
    expect(view.root.locator(whole).first).to_be_visible()
    if kind == "sounds":
        assert duration(view) == pytest.approx(0.25, abs=0.01)
    for theme in ("Light", "Dark"):
        change_theme(view, theme)
        assert faults(page) == []
    assert said == []


def write_notebook(folder: Path, cell: str) -> None:
    sources = [BEGINNING, cell]
    notebook = nbformat.v4.new_notebook(
        cells=list(map(nbformat.v4.new_code_cell, sources))
    )
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    nbformat.write(notebook, folder / "previews.ipynb")


def walk_by_keys(view: ExplorerView) -> None:
    view.root.locator("[data-depthviz-view=grid] [tabindex='0']").focus()
    view.page.keyboard.press("ArrowRight")
    view.page.keyboard.press("Enter")
    second = view.root.locator("[data-depthviz-view=grid] [data-position='1']")
    name = second.get_attribute("data-example-id") or ""
    expect(view.root.locator(".specimen-id")).to_have_text(name)


def follow(view: ExplorerView, frame: Locator) -> None:
    name = frame.get_attribute("data-neighbor") or ""
    frame.click()
    expect(view.root.locator(".specimen-id")).to_have_text(name)


def duration(view: ExplorerView) -> float:
    return float(
        view.root.locator(".player").evaluate(
            "async player => { player.muted = true; await player.play();"
            " return player.duration; }"
        )
    )


def change_theme(view: ExplorerView, theme: str) -> None:
    view.page.evaluate(
        "theme => window.jupyterapp.commands"
        ".execute('apputils:change-theme', { theme })",
        f"JupyterLab {theme}",
    )
    expect(view.root).to_have_attribute("data-depthviz-theme", theme.lower())
