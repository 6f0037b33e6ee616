"""An executed notebook, opened where no kernel is: the picture stands for the view."""

import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from depthviz.widgets.conversion import names_converter, show_picture
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


@pytest.mark.parametrize(
    ("view", "shown"),
    [
        ("explore", 'sandbox="allow-scripts allow-downloads"'),
        ("ProbeMap", "Run this cell in Jupyter to explore it"),
    ],
)
def test_what_nbconvert_executes_shows_an_explorer_and_of_single_views_the_picture(
    view: str, shown: str, tmp_path: Path
) -> None:
    pytest.importorskip("nbconvert")
    code = CODE.format(path=str(tiny_study().save(tmp_path / "study.zarr")))
    code = code.replace("explore(", f"{view}(")
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)])
    nbformat.write(notebook, tmp_path / "one.ipynb")
    command = [sys.executable, "-m", "nbconvert", "--execute", "--to", "html"]
    done = subprocess.run(
        [*command, str(tmp_path / "one.ipynb")],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    page = (tmp_path / "one.html").read_text("utf-8")
    assert "data:image/png;base64," in page
    assert shown in page
    assert '<script type="application/vnd.jupyter.widget-view+json">' not in page


def test_a_title_stays_text_in_what_is_converted() -> None:
    shown = show_picture("aaaa", '<b> & "c"')
    assert shown.count("&lt;b&gt; &amp; &quot;c&quot;") == 2
    assert "<b>" not in shown


@pytest.mark.parametrize(
    ("command", "converts"),
    [
        (("python", "-m", "nbconvert", "--execute"), True),
        (("python3", "/opt/bin/jupyter-nbconvert", "one.ipynb"), True),
        (("C:\\Scripts\\jupyter-nbconvert.exe", "one.ipynb"), True),
        (("python", "/opt/bin/papermill", "one.ipynb"), True),
        (("python", "-m", "sphinx", "-b", "html", "pages", "built"), True),
        (("python", "/opt/bin/jupyter-book", "build", "pages"), True),
        (("python", "/opt/bin/jupyter-lab"), False),
        (("python", "/opt/bin/voila", "one.ipynb"), False),
        (("python", "-m", "pytest", "test_nbconvert.py"), False),
        ((), False),
    ],
)
def test_only_programs_that_convert_are_told(
    command: tuple[str, ...], converts: bool
) -> None:
    assert names_converter(command) is converts
