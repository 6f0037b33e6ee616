"""A notebook that nbconvert executes and writes as a page shows the view's picture."""

import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import Page, expect

from tests.paths import ROOT
from tests.studies import tiny_study

CODE = """
import depthviz as dv
dv.explore(dv.open_study({path!r}))
"""


def test_the_picture_stands_in_the_page_without_a_network(
    tmp_path: Path, page: Page
) -> None:
    pytest.importorskip("nbconvert")
    code = CODE.format(path=str(tiny_study().save(tmp_path / "study.zarr")))
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)])
    nbformat.write(notebook, tmp_path / "one.ipynb")
    command = [sys.executable, "-m", "nbconvert", "--execute", "--to", "html"]
    subprocess.run(
        [*command, str(tmp_path / "one.ipynb")],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=True,
    )
    page.context.set_offline(True)
    page.goto((tmp_path / "one.html").as_uri())
    picture = page.get_by_alt_text("as a picture")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.naturalWidth") == 1000
    expect(page.get_by_text("Run this cell in Jupyter to explore it")).to_be_visible()
