"""What every test can ask for: the device, the real data sets, the built package."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Generator
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import settings

from tests.paths import ROOT, copy_of_checkout
from tests.workers import ModuleScheduling, start_rank, worker_count

# Before torch is loaded: on a busy machine, spinning threads starve the work.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
if "PYTEST_XDIST_WORKER" in os.environ:  # a core each, for child processes too
    os.environ.setdefault("OMP_NUM_THREADS", "1")

import torch

DATA = Path(os.environ.get("DEPTHVIZ_DATA", ROOT.parent / "shared" / "data"))

settings.register_profile("ci", max_examples=30, deadline=None)
settings.register_profile("long", max_examples=1000, deadline=None)
settings.load_profile("ci")  # --hypothesis-profile=long for the other


def pytest_configure() -> None:
    """Let Stop be heard: a shell that runs this in the background has it ignored."""
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--device", default="cpu", help="torch device under test")


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Share the whole suite among processes; run a part that is named in one."""
    whole = config.args_source is pytest.Config.ArgsSource.TESTPATHS
    return worker_count() if whole else 0


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> ModuleScheduling:
    return ModuleScheduling(config, log)


def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> None:
    items.sort(key=lambda item: start_rank(item.nodeid))
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


MadeOnce = Callable[[str, Callable[[Path], None]], Path]


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> MadeOnce:
    """Make a named folder once for all processes: the first makes it, others wait."""
    base = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        base = base.parent

    def make_once(name: str, make: Callable[[Path], None]) -> Path:
        folder, done = base / name, base / f"{name}.done"
        with FileLock(base / f"{name}.lock"):
            if not done.exists():
                folder.mkdir()
                make(folder)
                done.touch()
        return folder

    return make_once


@pytest.fixture(scope="session")
def distributions(made_once: MadeOnce) -> dict[str, Path]:
    """The sdist of this checkout, and the wheel made from that sdist."""
    folder = made_once("dist", _build)
    [sdist], [wheel] = folder.glob("*.tar.gz"), folder.glob("*.whl")
    return {"sdist": sdist, "wheel": wheel}


def _build(folder: Path) -> None:
    checkout = copy_of_checkout(folder / "checkout")
    command = [sys.executable, "-m", "build", "--no-isolation"]
    done = subprocess.run(
        [*command, "--outdir", str(folder), str(checkout)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, (done.stdout + done.stderr)[-5000:]


@pytest.fixture(scope="session")
def demo(made_once: MadeOnce) -> tuple[Path, str]:
    """The folder that `depthviz demo` wrote, and what it said.

    A run that is there already is taken: `DEPTHVIZ_DEMO` names its folder, and a file
    next to it, with `.txt` after the folder's name, holds what it said.
    """
    ready = os.environ.get("DEPTHVIZ_DEMO")
    out = Path(ready) if ready else made_once("demo", _run_demo) / "out"
    return out, Path(f"{out}.txt").read_text(encoding="utf-8")


def _run_demo(folder: Path) -> None:
    out = folder / "out"
    command = [sys.executable, "-m", "depthviz", "demo", "--out", str(out)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-5000:]
    Path(f"{out}.txt").write_text(done.stdout, encoding="utf-8")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[
    None, pytest.TestReport, pytest.TestReport
]:
    """Tell a failure that no UTF-8 can say: another process prints it."""
    report = yield
    said = str(report.longrepr or "")
    if any("\ud800" <= letter <= "\udfff" for letter in said):
        report.longrepr = said.encode("utf-8", "backslashreplace").decode()
    return report
