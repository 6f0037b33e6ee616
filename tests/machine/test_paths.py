"""Paths of a local disk, in every public function that takes one."""

import os
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

import depthviz as dv
from depthviz.cli.commands import main
from depthviz.errors import ArgumentError
from depthviz.machine.paths import is_litter, local_path
from depthviz.training import Recorder
from depthviz.training.record.reader import open_record
from tests.studies import tiny_study

POINTS = np.arange(24, dtype=np.float32).reshape(12, 2)


def network() -> nn.Module:
    return nn.Linear(2, 2)


def run(path):
    ensemble = dv.Ensemble(
        network,
        (POINTS, np.arange(12) % 2),
        members=2,
        holdout=0.5,
        k=2,
        projection=None,
        device="cpu",
        recipe=dv.Recipe(epochs=1),
    )
    return ensemble.run(path, progress=False)


def record(path):
    with Recorder(path) as recorder:
        recorder.record([0], torch.eye(2)[:1], [0])
    return open_record(path)


def measure_with_scratch(path):
    Path(path).expanduser().mkdir(parents=True, exist_ok=True)
    data = (POINTS, np.arange(12) % 2)
    return dv.measure(network(), data, k=2, projection=None, scratch=path)


WRITERS = {
    "save": lambda path: tiny_study().save(path),
    "report": lambda path: dv.report(tiny_study(), path),
    "page": lambda path: dv.explore(tiny_study()).to_html(path),
    "site": lambda path: dv.explore(tiny_study()).to_site(path),
    "picture": lambda path: dv.explore(tiny_study()).to_png(path),
    "run": run,
    "record": record,
}
OTHERS = {
    "open": dv.open_study,
    "open record": open_record,
    "scratch": lambda path: dv.measure(
        network(), (POINTS, np.arange(12) % 2), k=2, projection=None, scratch=path
    ),
}
EVERY = [*WRITERS.values(), *OTHERS.values()]


@pytest.fixture
def home(tmp_path, monkeypatch):
    """An empty home folder, and a working folder that nobody may write to."""
    working = tmp_path / "working"
    working.mkdir()
    (tmp_path / "home").mkdir()
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("USERPROFILE", str(tmp_path / "home"))
    monkeypatch.chdir(working)
    yield tmp_path / "home"
    assert os.listdir(working) == []


@pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS.keys())
def test_a_tilde_is_the_home_folder(home, write):
    write("~/deep/here")
    assert (home / "deep" / "here").exists()


def test_what_was_written_there_is_opened_there(home):
    assert tiny_study().save("~/study.zarr") == home / "study.zarr"
    assert len(dv.open_study(Path("~/study.zarr"))) == 80
    assert main(["report", "~/study.zarr", "-o", "~/report.html"]) == 0
    assert (home / "report.html").exists()
    assert len(measure_with_scratch("~/scratch")) == 12


@pytest.mark.parametrize("take", EVERY)
@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("s3://bucket/study.zarr", "the s3 address 's3://bucket/study.zarr'.*local"),
        (Path("gs://bucket/study.zarr"), "the gs address"),
        ("https://example.org/a", "the https address"),
        ("file:///tmp/a", "the file address"),
        ("zip::s3://bucket/a.zip", "the zip address"),
        ("", "path of a file or folder, got ''"),
        ("  ", "path of a file or folder"),
        ("a\0b", "path of a file or folder"),
        (b"study.zarr", "must be a path of text, got b'study.zarr'"),
        (3, "must be a path of text, got 3"),
        ("~nobody-of-this-name/a", "no such home folder"),
    ],
)
def test_what_is_no_local_path_is_refused(home, take, path, message):
    with pytest.raises(ArgumentError, match=message):
        take(path)


@pytest.mark.parametrize("words", [["info", "s3://b/a"], ["demo", "--out", "s3://b"]])
def test_the_command_line_refuses_addresses(home, words, capsys):
    assert main(words) == 2
    assert "the s3 address" in capsys.readouterr().err


@pytest.mark.parametrize("path", ["C:/studies/a", "a:b", "s3/a", "./s3:x", "~x~"])
def test_paths_with_odd_letters_stay_paths(path):
    if path.startswith("~"):
        path = f"./{path}"
    assert local_path(path) == Path(path)


LITTER = [".DS_Store", "._depth", "Thumbs.db", "desktop.ini", ".directory", "Icon\r"]
LITTER += [".nfs000000000123", "__MACOSX/a"]


def leave_litter(folder: Path) -> None:
    """Leave litter in a folder and in all folders in it."""
    for place in [folder, *[path for path in folder.rglob("*") if path.is_dir()]]:
        for name in LITTER:
            (place / name).parent.mkdir(exist_ok=True)
            (place / name).write_bytes(b"x")


def test_litter_is_told_from_files():
    assert all(is_litter(Path("depth", name)) for name in LITTER)
    assert not any(map(is_litter, map(Path, ["zarr.json", ".hidden", "depth/c/0"])))


def test_litter_in_a_study_blocks_nothing(tmp_path):
    path = tiny_study().save(tmp_path / "study.zarr")
    leave_litter(path)
    assert len(dv.open_study(path).frame()) == 80
    dv.open_study(path).assign(mine=range(80)).save(path, overwrite=True)
    assert "mine" in dv.open_study(path).frame()
    assert not (path / ".DS_Store").exists()


def test_a_folder_with_litter_alone_is_empty(tmp_path):
    for name in ("study", "site", "run"):
        (tmp_path / name).mkdir()
        leave_litter(tmp_path / name)
    assert len(dv.open_study(tiny_study().save(tmp_path / "study"))) == 80
    assert dv.explore(tiny_study()).to_site(tmp_path / "site").exists()
    assert len(run(tmp_path / "run")) == 12


def test_litter_in_a_site_and_a_record_blocks_nothing(tmp_path):
    explorer = dv.explore(tiny_study())
    explorer.to_site(tmp_path / "site")
    leave_litter(tmp_path / "site")
    explorer.to_site(tmp_path / "site")
    record(tmp_path / "record")
    leave_litter(tmp_path / "record")
    (tmp_path / "record" / "._log-0-0.bin").write_bytes(b"x")
    assert len(open_record(tmp_path / "record").correct) == 1


def test_a_run_is_resumed_among_litter(tmp_path):
    whole = run(tmp_path / "run")
    before = whole.frame()
    leave_litter(tmp_path / "run")
    marker = tmp_path / "run" / "members" / "00001.json"
    marker.unlink()
    (tmp_path / "run" / "members" / "._00001.json").write_bytes(b"x")
    root = tmp_path / "run" / "study.zarr" / "zarr.json"
    root.write_text('{"zarr_format": 3, "node_type": "group", "attributes": {}}')
    again = run(tmp_path / "run")
    assert again.frame().equals(before)
    leave_litter(tmp_path / "run")
    for file in (tmp_path / "run" / "study.zarr").rglob(".DS_Store"):
        file.write_bytes(b"another")
    assert len(dv.open_study(tmp_path / "run")) == 12
