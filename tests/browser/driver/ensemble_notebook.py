"""A notebook that shows the small ensemble, with room to scroll, and what it holds."""

import shutil
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
STUDY = "ensemble.zarr"
EXPLORE = """
import sys
sys.path.insert(0, {root!r})
import depthviz as dv
{before}
study = dv.open_study({study!r})
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
    The study lies in the folder of the server; code may come before it is opened.
    """
    write_notebook(lab.folder, before)
    lab.open(page, NAME)
    lab.run_all(page)
    yield ExplorerView(page, find_explorers(page).first).wait()
    page.evaluate(_END)


def put_study(saved: Path, folder: Path) -> None:
    """Copy the saved ensemble into the folder where the notebook looks for it."""
    shutil.copytree(saved, folder / STUDY)


def write_notebook(folder: Path, before: str = "") -> None:
    below = [nbformat.v4.new_markdown_cell(f"# Below {i}\n\ntext\n") for i in range(12)]
    explore = EXPLORE.format(root=str(ROOT), study=STUDY, before=before).strip()
    cells = [nbformat.v4.new_code_cell(explore), *below]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})
    nbformat.write(notebook, folder / NAME)


def cells_of(page: Page) -> list[Any]:
    """Return type, source and execution count of every cell."""
    cells: list[Any] = page.evaluate(_CELLS)
    return cells
