"""The Explorer in marimo, whose cells are shadow roots and whose kernel is its own.

What was not run: `marimo export`, whose page holds no kernel; VS Code and Colab.
"""

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.driver.ensemble_notebook import put_study
from tests.browser.driver.explorer import ExplorerView, find_explorers
from tests.paths import ROOT
from tests.studies import ensemble_study

START_LIMIT = 180
NOTEBOOK = f"""
import marimo

app = marimo.App(width="full")


@app.cell
def _():
    import sys

    sys.path.insert(0, {str(ROOT)!r})
    import marimo as mo

    import depthviz as dv

    explorer = mo.ui.anywidget(dv.explore(dv.open_study("ensemble.zarr")))
    return explorer, mo


@app.cell
def _(explorer, mo):
    mo.vstack([explorer, explorer])
    return


@app.cell
def _(explorer, mo):
    _ = explorer.value
    mo.md("in Python: " + " ".join(map(str, explorer.widget.selection)))
    return


if __name__ == "__main__":
    app.run()
"""


@pytest.fixture(scope="module")
def address(
    ensemble_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("marimo")
    put_study(ensemble_folder, folder)
    (folder / "notebook.py").write_text(NOTEBOOK.lstrip())
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "marimo", "run", "notebook.py", "--headless"]
    command += ["--no-token", "--host=127.0.0.1", f"--port={port}"]
    environment = {
        **os.environ,
        "HOME": str(folder),
        "MARIMO_SKIP_UPDATE_CHECK": "1",
        "PYTHONWARNINGS": "default",
    }
    with open(folder / "log", "w") as log:
        process = subprocess.Popen(
            command, cwd=folder, env=environment, stdout=log, stderr=log
        )
    try:
        yield _wait(f"http://127.0.0.1:{port}", process, folder / "log")
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait(address: str, process: subprocess.Popen[bytes], log: Path) -> str:
    limit = time.monotonic() + START_LIMIT
    while time.monotonic() < limit and process.poll() is None:
        with contextlib.suppress(urllib.error.URLError, ConnectionError):
            urllib.request.urlopen(f"{address}/health", timeout=5)
            return address
        time.sleep(0.1)
    raise RuntimeError(f"marimo did not start:\n{log.read_text()[-3000:]}")


def test_it_draws_filters_and_tells_python_and_two_views_of_it_are_linked(
    address: str, page: Page
) -> None:
    page.goto(address)
    roots = find_explorers(page)
    expect(roots).to_have_count(2, timeout=START_LIMIT * 1000)
    first, second = (ExplorerView(page, roots.nth(i)).wait() for i in range(2))
    in_shadow = "root => root.getRootNode() instanceof ShadowRoot"
    assert first.root.evaluate(in_shadow)
    border = "root => getComputedStyle(root).borderTopStyle"
    assert second.root.evaluate(border) == "solid", "the styles are not in the shadow"

    frame = ensemble_study().frame()
    first.root.locator("[data-depthviz-filter=group] [data-depthviz-code='0']").click()
    easy = str((frame["group"] == "easy").sum())
    for view in (first, second):
        expect(view.root).to_have_attribute("data-depthviz-shown", easy)

    cell = second.root.locator("[data-depthviz-view=grid] [data-position='1']")
    cell.click()
    for view in (first, second):
        expect(view.root).to_have_attribute("data-depthviz-selected", "1")
    wanted = f"in Python: {cell.get_attribute('data-example-id')}"
    expect(page.get_by_text(wanted, exact=True)).to_be_visible(timeout=60_000)
