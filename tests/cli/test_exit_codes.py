"""How commands end: status, stdout and stderr (E2)."""

import errno
import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from depthviz.cli import main
from depthviz.cli.exit_codes import exit_status
from depthviz.errors import ArgumentError, DiskError, StudyError, TaskError
from depthviz.study import Study
from tests.paths import ROOT
from tests.studies import tiny_study, vector_study

HEAVY = {"altair", "numba", "numpy", "pandas", "scipy", "sklearn", "torch", "xarray"}
MODULES = """
import sys
from depthviz.cli import main
try:
    main(sys.argv[1:])
except SystemExit as end:
    assert not end.code
print("\\n" + " ".join(sys.modules))
"""


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    return tiny_study().save(tmp_path / "study.zarr")


@pytest.mark.parametrize(
    "words",
    [
        ["--help"],
        ["figure", "--help"],
        ["info", "--help"],
        ["demo", "--help"],
        ["completion", "bash"],
        ["completion", "--words", "figure", "study.zarr"],
    ],
    ids=" ".join,
)
def test_help_loads_nothing_heavy(words: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", MODULES, *words],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    said, _, modules = done.stdout.rpartition("\n\n")
    assert said.strip()
    assert HEAVY & set(modules.split()) == set()
    assert "depthviz.cli.parser" in modules.split()


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (ArgumentError("no."), 2),
        (StudyError("no."), 2),
        (DiskError("no.", errno=errno.ENOENT), 2),
        (PermissionError(errno.EACCES, "no."), 2),
        (DiskError("full.", errno=errno.ENOSPC), 1),
        (OSError(errno.EIO, "broken."), 1),
        (TaskError("failed."), 1),
        (MemoryError(), 1),
        (KeyboardInterrupt(), 130),
    ],
    ids=repr,
)
def test_a_mistake_is_2_a_failure_1_and_stopping_130(
    error: BaseException, status: int, capsys: pytest.CaptureFixture[str]
) -> None:
    def work() -> int:
        raise error

    assert exit_status(work) == status
    caught = capsys.readouterr()
    assert caught.out == ""
    assert caught.err.startswith("depthviz: ")
    assert len(caught.err) > len("depthviz: \n")


def test_a_defect_shows_its_traceback() -> None:
    with pytest.raises(ZeroDivisionError):
        exit_status(lambda: 1 // 0)


def test_info_as_json_is_one_object_alone(
    saved: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["info", "--json", str(saved)]) == 0
    caught = capsys.readouterr()
    found = json.loads(caught.out)
    assert caught.err == ""
    assert found["examples"] == 80
    assert found["tables"]["probes"][0]["probe"] == found["probes"][0]
    assert 0 <= found["tables"]["probes"][0]["settled"] <= 1
    assert "data sha256" in found["provenance"]


def test_a_bad_path_leaves_stdout_empty(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["info", "--json", str(tmp_path / "nowhere.zarr")]) == 2
    caught = capsys.readouterr()
    assert caught.out == ""
    assert "nowhere.zarr" in caught.err


def test_a_reader_that_goes_away_sees_no_traceback(tmp_path: Path) -> None:
    data = vector_study(9).dataset.assign_attrs(title=300_000 * "x")
    path = Study(data).save(tmp_path / "long.zarr")
    command = [sys.executable, "-m", "depthviz", "info", "--json", str(path)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.read(1) == b"{"
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 141


@pytest.mark.parametrize(
    "command", [["report", "-o"], ["figure", "depth_histogram", "-o"]], ids=" ".join
)
def test_what_cannot_be_written_fails_before_the_study_is_read(
    command: list[str], saved: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[object] = []
    monkeypatch.setattr("depthviz.cli.figure.open_study", read.append)
    monkeypatch.setattr("depthviz.study.open_study", read.append)
    page = str(tmp_path / "nowhere" / "a.html")
    name, *rest = command
    assert main([name, str(saved), *rest, page]) == 2
    assert read == []


@pytest.mark.skipif(sys.platform == "win32", reason="sends a signal")
def test_stopped_while_it_works_it_ends_with_130_and_leaves_no_file(
    saved: Path, tmp_path: Path
) -> None:
    page = tmp_path / "page.html"
    waits = (
        "import sys, time; from depthviz.cli import main\n"
        "import depthviz.cli.figure as figure\n"
        "def work(path):\n"
        "    print('ready', flush=True)\n"
        "    time.sleep(60)\n"
        "figure.open_study = work\n"
        "sys.exit(main(sys.argv[1:]))"
    )
    words = ["figure", str(saved), "depth_histogram", "-o", str(page)]
    with subprocess.Popen(
        [sys.executable, "-c", waits, *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        time.sleep(0.2)
        process.send_signal(signal.SIGINT)
        said = process.communicate(timeout=60)[1].decode()
    assert process.returncode == 130
    assert said == "depthviz: interrupted; no half-written file is left.\n"
    assert sorted(one.name for one in tmp_path.iterdir()) == [saved.name]
