"""What every test can ask for: the device under test and the real data sets."""

import os
from pathlib import Path

import pytest
import torch

DATA = Path(
    os.environ.get("DEPTHVIZ_DATA", Path(__file__).parents[2] / "shared" / "data")
)


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
