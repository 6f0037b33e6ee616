"""What every test can ask for: the device, the real data sets, the built package."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.paths import ROOT

# Before torch is loaded: on a busy machine, spinning threads starve the work.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

import torch

DATA = Path(os.environ.get("DEPTHVIZ_DATA", ROOT.parent / "shared" / "data"))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--device", default="cpu", help="torch device under test")


def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> None:
    device = config.getoption("--device")
    if torch.device(device).type != "cpu":
        return
    skip = pytest.mark.skip(reason="needs a GPU: name it with --device cuda")
    for item in items:
        if "gpu" in item.keywords:
            item.add_marker(skip)


@pytest.fixture
def device(request: pytest.FixtureRequest) -> torch.device:
    return torch.device(request.config.getoption("--device"))


@pytest.fixture(scope="session")
def data_dir() -> Path:
    if not DATA.is_dir():
        pytest.skip(f"needs the real data sets in {DATA}; set DEPTHVIZ_DATA")
    return DATA


@pytest.fixture(scope="session")
def distributions(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The sdist of this checkout, and the wheel made from that sdist."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--outdir", str(folder), str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, (done.stdout + done.stderr)[-5000:]
    [sdist], [wheel] = folder.glob("*.tar.gz"), folder.glob("*.whl")
    return {"sdist": sdist, "wheel": wheel}


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The folder that `depthviz demo` wrote, and what it said."""
    out = tmp_path_factory.mktemp("demo") / "out"
    command = [sys.executable, "-m", "depthviz", "demo", "--out", str(out)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-5000:]
    return out, done.stdout
