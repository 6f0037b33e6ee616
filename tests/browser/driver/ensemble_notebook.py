"""A notebook that shows the small ensemble, with room to scroll, and what it holds."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import nbformat
from playwright.sync_api import Page

from tests.browser.driver.explorer import ExplorerView, find_explorers
from tests.browser.driver.jupyter import Lab
from tests.paths import ROOT

NAME = "people.ipynb"
EXPLORE = """
import sys
sys.path.insert(0, {root!r})
import depthviz as dv
from tests.studies import ensemble_study
{before}
study = ensemble_study()
explorer = dv.explore(study)
explorer
"""
_END = "() => window.jupyterapp.serviceManager.sessions.shutdownAll()"
_CELLS = """
() => Array.from(window.jupyterapp.shell.currentWidget.content.model.cells)
  .map(cell => [cell.type, cell.sharedModel.source, cell.executionCount ?? null])
"""


@contextmanager
def opened(lab: Lab, page: Page, before: str = "") -> Iterator[ExplorerView]:
    """Open it as it is written, run it, and end its kernel afterwards.

    Otherwise the next to open it would find the outputs, the kernel and the filters.
    A line of code may come before the study is made.
    """
    write_notebook(lab.folder, before)
    lab.open(page, NAME)
    lab.run_all(page)
    yield ExplorerView(page, find_explorers(page).first).wait()
    page.evaluate(_END)


def write_notebook(folder: Path, before: str = "") -> None:
    below = [nbformat.v4.new_markdown_cell(f"# Below {i}\n\ntext\n") for i in range(12)]
    explore = EXPLORE.format(root=str(ROOT), before=before).strip()
    cells = [nbformat.v4.new_code_cell(explore), *below]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})
    nbformat.write(notebook, folder / NAME)


def cells_of(page: Page) -> list[Any]:
    """Return type, source and execution count of every cell."""
    cells: list[Any] = page.evaluate(_CELLS)
    return cells
