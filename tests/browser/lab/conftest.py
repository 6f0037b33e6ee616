"""One JupyterLab for all modules here; no kernel, setting or cookie outlives a test."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.driver.ensemble_notebook import put_study
from tests.browser.driver.jupyter import Lab, serve


@pytest.fixture(scope="session")
def server(
    ensemble_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Lab]:
    folder = tmp_path_factory.mktemp("lab")
    put_study(ensemble_folder, folder)
    with serve(sys.executable, folder) as lab:
        yield lab


@pytest.fixture
def lab(server: Lab) -> Iterator[Lab]:
    yield server
    server.forget()
