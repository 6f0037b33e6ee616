"""An executed notebook, opened where no kernel is: the picture stands for the view."""

import os
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from tests.paths import ROOT
from tests.studies import tiny_study

CODE = """
import depthviz as dv
dv.explore(dv.open_study({path!r}))
"""


def test_an_executed_notebook_carries_the_widget_and_its_picture(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    exporters = pytest.importorskip("nbconvert.exporters")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT)]))
    code = CODE.format(path=str(tiny_study().save(tmp_path / "study.zarr")))
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)])
    NotebookClient(notebook, timeout=300, kernel_name="python3").execute()
    [output] = notebook.cells[0].outputs
    assert "application/vnd.jupyter.widget-view+json" in output.data
    picture = output.data["image/png"].replace("\n", "")
    assert len(picture) < 200_000
    notebook.metadata.pop("widgets", None)  # as JupyterLab saves it
    page, _ = exporters.HTMLExporter().from_notebook_node(notebook)
    assert f"data:image/png;base64,{picture[:200]}" in page.replace("\n", "")
