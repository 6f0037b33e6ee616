"""The built wheel, installed in place of the checkout, draws in JupyterLab."""

import subprocess
import sys
import sysconfig
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import Page

from tests.browser.driver.explorer import ExplorerView, find_explorers
from tests.browser.driver.jupyter import serve

CODE = """
import numpy as np
import depthviz as dv
from depthviz.models import small_cnn
pictures = np.random.default_rng(0).integers(0, 256, (200, 8, 8), dtype=np.uint8)
labels = np.arange(200) % 10
study = dv.measure(small_cnn(seed=0), (pictures, labels), projection="pca", k=5)
dv.explore(study)
"""


@pytest.fixture(scope="module")
def installed(
    distributions: dict[str, Path], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """Return the Python of a new environment that holds the wheel alone.

    All else, JupyterLab too, is that of the environment under test, whose own depthviz
    is not seen: it lies on a path that only that environment reads.
    """
    folder = tmp_path_factory.mktemp("installed") / "env"
    command = [sys.executable, "-m", "venv", "--without-pip", str(folder)]
    subprocess.run(command, check=True)
    python = folder / "bin" / "python"
    [packages] = folder.glob("lib/*/site-packages")
    command = [sys.executable, "-m", "pip", "install", "-q", "--no-deps"]
    done = subprocess.run(
        [*command, "--target", str(packages), str(distributions["wheel"])],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-5000:]
    (packages / "others.pth").write_text(f"{sysconfig.get_path('purelib')}\n")
    (folder / "share").symlink_to(Path(sys.prefix, "share"))
    return python


def test_the_installed_wheel_draws_in_jupyterlab(
    installed: Path, tmp_path: Path, page: Page
) -> None:
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(CODE)])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    nbformat.write(notebook, tmp_path / "wheel.ipynb")
    with serve(str(installed), tmp_path) as lab:
        where = "import depthviz; print(depthviz.__file__)"
        lab.open(page, "wheel.ipynb")
        lab.run_all(page)
        view = ExplorerView(page, find_explorers(page)).wait()
        assert str(installed.parents[1]) in lab.ask(where)
        assert view.shown == 200
        assert view.ink() > 0.005
        assert len(view.grid_ids()) > 5
