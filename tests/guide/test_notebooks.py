"""The guide's build runs every tutorial, and each is kept without outputs."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from guide_extension.checks import check_executed
from nbclient import NotebookClient
from sphinx.errors import ExtensionError

from tests.conftest import DATA
from tests.paths import ROOT

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
NEEDED = {
    "02_the_paper.ipynb": "fashion_mnist",
    "05_text.ipynb": "sst2",
    "07_select.ipynb": "fashion_mnist",
}
SETTINGS = """
import conf, json
names = [name for name in vars(conf) if name.startswith("nb_")]
print(json.dumps({name: getattr(conf, name) for name in names}))
"""


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_is_kept_without_outputs(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    codes = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert not [cell for cell in codes if cell.outputs or cell.execution_count]


def test_build_runs_every_notebook_whose_data_is_there_and_fails_on_an_error() -> None:
    done = subprocess.run(
        [sys.executable, "-c", SETTINGS],
        cwd=ROOT / "notebooks",
        env={**os.environ, "DEPTHVIZ_DATA": str(DATA)},
        capture_output=True,
        text=True,
        check=True,
    )
    settings = json.loads(done.stdout)
    assert settings["nb_execution_mode"] == "force"
    assert settings["nb_execution_raise_on_error"] is True
    missing = [name for name, data in NEEDED.items() if not (DATA / data).is_dir()]
    assert settings["nb_execution_excludepatterns"] == missing


def test_build_fails_when_a_cell_did_not_run(tmp_path: Path) -> None:
    source, built = tmp_path / "source", tmp_path / "build" / "guide"
    executed = built.parent / "jupyter_execute"
    for folder in (source, built, executed):
        folder.mkdir(parents=True)
    cell = nbformat.v4.new_code_cell("1 + 1", execution_count=1)
    notebook = nbformat.v4.new_notebook(cells=[cell])
    nbformat.write(notebook, source / "one.ipynb")
    nbformat.write(notebook, executed / "one.ipynb")
    check_executed(source, built, [])
    cell.execution_count = None
    nbformat.write(notebook, executed / "one.ipynb")
    check_executed(source, built, ["one.ipynb"])
    with pytest.raises(ExtensionError, match=r"one\.ipynb: a cell did not run"):
        check_executed(source, built, [])


FOLLOWED = """
import sys
sys.path.insert(0, {root!r})
import depthviz as dv
from tests.studies import tiny_study
data = tiny_study().dataset
study = dv.Study(data).assign(true_label=data["label"].values)
explorer = dv.explore(study)
"""
SELECTED = "explorer.selection = study.frame().index[[7, 9]]"


def test_the_table_of_the_first_notebook_follows_the_selection() -> None:
    notebook = nbformat.read(ROOT / "notebooks" / "01_first_look.ipynb", as_version=4)
    sources = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    first = next(i for i, one in enumerate(sources) if one.startswith("explorer.sel"))
    begin, select, table = FOLLOWED.format(root=str(ROOT)), *sources[first : first + 2]
    cells = [nbformat.v4.new_code_cell(one) for one in (begin, select, table)]
    client = NotebookClient(
        nbformat.v4.new_notebook(cells=cells), timeout=300, kernel_name="python3"
    )
    with client.setup_kernel():
        for number, cell in enumerate(cells):
            client.execute_cell(cell, number)
        before = shown_rows(cells[2])
        after = nbformat.v4.new_code_cell(SELECTED)
        client.nb.cells.append(after)
        client.execute_cell(after, 3)
    assert len(before) == 3
    assert shown_rows(cells[2]) == ["7", "9"]


def shown_rows(cell: nbformat.NotebookNode) -> list[str]:
    """The ids in the table that a cell shows."""
    [output] = [one for one in cell.outputs if "text/html" in one.get("data", {})]
    return re.findall(r"<tr>\s*<th>(\d+)</th>", output.data["text/html"])
