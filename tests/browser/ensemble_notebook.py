"""A notebook that shows the small ensemble, with room to scroll, and what it holds."""

from pathlib import Path
from typing import Any

import nbformat
from playwright.sync_api import Page

ROOT = Path(__file__).parents[2]
NAME = "people.ipynb"
EXPLORE = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
import depthviz as dv
from tests.studies import ensemble_study
study = ensemble_study()
explorer = dv.explore(study)
explorer
"""
_CELLS = """
() => Array.from(window.jupyterapp.shell.currentWidget.content.model.cells)
  .map(cell => [cell.type, cell.sharedModel.source, cell.executionCount ?? null])
"""


def write_notebook(folder: Path) -> None:
    below = [nbformat.v4.new_markdown_cell(f"# Below {i}\n\ntext\n") for i in range(12)]
    cells = [nbformat.v4.new_code_cell(EXPLORE.strip()), *below]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})
    nbformat.write(notebook, folder / NAME)


def cells_of(page: Page) -> list[Any]:
    """Return type, source and execution count of every cell."""
    cells: list[Any] = page.evaluate(_CELLS)
    return cells
