"""A save that fails or is killed: the old study or the new one is there."""

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import zarr

from depthviz.errors import FormatError
from depthviz.study import open_study
from depthviz.study.storage.regions import Region, create_regions, write_region


def test_a_save_that_fails_leaves_the_old_one(study, tmp_path, monkeypatch):
    path = study.save(tmp_path / "study.zarr")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        study.assign(b=range(9)).save(path, overwrite=True)
    monkeypatch.undo()
    assert "b" not in open_study(path).frame()
    assert os.listdir(tmp_path) == ["study.zarr"]


SAVE_AND_STOP = """
import sys
from pathlib import Path
from depthviz.machine import folders
from depthviz.study import open_study
from depthviz.study.storage import zarr_folder

def stop():
    print("here", flush=True)
    sys.stdin.read()

def stop_before(owner, name, call):
    real, count = getattr(owner, name), 0
    def watched(*arguments, **options):
        nonlocal count
        count += 1
        if count == call:
            stop()
        return real(*arguments, **options)
    setattr(owner, name, watched)

source, target, moment = sys.argv[1:]
study = open_study(source).assign(new=range(9))
if moment == "writing":
    import zarr
    stop_before(zarr.storage.LocalStore, "set", 20)
elif moment == "locking":
    stop_before(folders, "lock_folder", 1)
elif moment == "listing":
    stop_before(zarr_folder, "finish_dataset", 1)
elif moment == "flushing":
    stop_before(folders, "flush", 5)
elif moment == "renaming":
    stop_before(folders, "_replace", 1)
elif moment == "between":
    folders.exchange = lambda one, other: False  # as where the system cannot
    stop_before(Path, "rename", 3)
elif moment == "exchanged":
    real = folders.exchange
    folders.exchange = lambda one, other: (real(one, other), stop())
elif moment == "cleaning":
    stop_before(folders, "_recover_from", 1)
study.save(target, overwrite=True)
"""
WRITING = ["writing", "listing", "flushing", "renaming"]
MOMENTS = [*WRITING, "between", "exchanged", "cleaning"]


def kill_a_save(source, target, moment):
    """Save in another process, killed at the moment, and tell what is there then."""
    command = [sys.executable, "-c", SAVE_AND_STOP, source, target, moment]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout.readline() == "here\n"
        process.send_signal(signal.SIGKILL)
        process.wait()
    return sorted(os.listdir(target.parent))


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL and flock")
@pytest.mark.parametrize("moment", MOMENTS)
def test_a_killed_save_leaves_the_old_study_or_the_new_one(study, tmp_path, moment):
    source = study.save(tmp_path / "source.zarr")
    path = study.save(tmp_path / "there" / "study[1]*.zarr")
    left = kill_a_save(source, path, moment)
    assert left != [path.name]
    assert (path.name in left) == (moment != "between")
    frame = open_study(path).frame()
    assert ("new" in frame) == (moment in ("exchanged", "cleaning"))
    assert frame["depth"].tolist() == study.frame()["depth"].tolist()
    assert os.listdir(path.parent) == [path.name]


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL and flock")
def test_a_save_killed_before_its_lock_leaves_nothing(study, tmp_path):
    source = study.save(tmp_path / "source.zarr")
    path = study.save(tmp_path / "there" / "study[1].zarr")
    assert len(kill_a_save(source, path, "locking")) == 2
    open_study(path)
    assert os.listdir(path.parent) == [path.name]


def test_only_what_a_save_left_is_cleared_away(study, tmp_path):
    path = study.save(tmp_path / "study.zarr")
    full, other = tmp_path / ".study.zarr.0123abcd", tmp_path / ".study.zarr.backups0"
    for folder in (full, other):
        folder.mkdir()
    (full / "mine").write_text("one")
    for folder in (full, other):
        os.utime(folder, (0, 0))
    open_study(path)
    assert (full / "mine").read_text() == "one"
    assert other.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL and flock")
@pytest.mark.parametrize("moment", WRITING)
def test_a_killed_first_save_leaves_none(study, tmp_path, moment):
    source = study.save(tmp_path / "source.zarr")
    path = tmp_path / "there" / "study.zarr"
    kill_a_save(source, path, moment)
    with pytest.raises(FormatError, match="There is no study at"):
        open_study(path)
    assert len(open_study(study.save(path))) == 9
    assert os.listdir(path.parent) == ["study.zarr"]


@pytest.mark.skipif(sys.platform == "win32", reason="needs flock")
def test_opening_leaves_a_save_that_goes_on_alone(study, tmp_path):
    source = study.save(tmp_path / "source.zarr")
    path = study.save(tmp_path / "there" / "study.zarr")
    command = [sys.executable, "-c", SAVE_AND_STOP, source, path, "renaming"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout.readline() == "here\n"
        assert "new" not in open_study(path).frame()
        process.communicate("")
    assert process.returncode == 0
    assert "new" in open_study(path).frame()
    assert [Path(name).name for name in os.listdir(path.parent)] == ["study.zarr"]


@pytest.fixture
def stop_while_zarr_writes(monkeypatch):
    """Let a Stop come as Zarr's own thread writes, slowly; give what it wrote when."""
    real, writes = zarr.storage.LocalStore.set, []

    async def slow(store, key, value):
        if not writes:
            os.kill(os.getpid(), signal.SIGINT)
        writes.append(key)
        await asyncio.sleep(0.3)
        await real(store, key, value)
        writes.remove(key)

    monkeypatch.setattr(zarr.storage.LocalStore, "set", slow)
    return writes


def let_zarr_end():
    async def wait():
        rest = asyncio.all_tasks() - {asyncio.current_task()}
        await asyncio.gather(*rest, return_exceptions=True)

    zarr.core.sync.sync(wait())


def test_zarr_writes_nothing_after_a_stopped_save(
    study, tmp_path, stop_while_zarr_writes
):
    with pytest.raises(KeyboardInterrupt):
        study.save(tmp_path / "study.zarr")
    assert not stop_while_zarr_writes
    let_zarr_end()
    assert os.listdir(tmp_path) == []


def test_zarr_writes_nothing_after_a_stopped_region(tmp_path, request):
    region = Region(("member", "example"), (2, 9), "f4")
    create_regions(tmp_path, {"votes": region})
    before = sorted(tmp_path.rglob("*"))
    writes = request.getfixturevalue("stop_while_zarr_writes")
    with pytest.raises(KeyboardInterrupt):
        write_region(tmp_path, 1, {"votes": np.ones(9, "f4")})
    assert not writes
    written = sorted(tmp_path.rglob("*"))
    let_zarr_end()
    assert sorted(tmp_path.rglob("*")) == written
    assert set(before) <= set(written)
