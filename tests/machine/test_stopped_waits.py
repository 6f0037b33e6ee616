"""A Stop ends what waits for a lock or the disk, and nothing of it is left."""

from __future__ import annotations

import os
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from depthviz.embeddings.stored import StoredRows
from depthviz.machine.folders import replacing
from depthviz.machine.interrupts import enter
from depthviz.training import Recorder
from depthviz.training.record.batch_writer import BatchWriter
from tests.machine.test_interrupts import stop


@pytest.mark.skipif(sys.platform == "win32", reason="needs flock")
@pytest.mark.parametrize("step", ["fcntl.flock", "os.fsync"])
def test_a_stop_ends_a_save_that_waits_and_leaves_nothing_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "mine").touch()

    def wait(*_: Any) -> None:
        monkeypatch.undo()
        stop()
        raise AssertionError("not reached")

    def save() -> None:
        with replacing(folder, check=id) as new:
            new.mkdir()
            monkeypatch.setattr(step, wait)

    with pytest.raises(KeyboardInterrupt):
        save()
    assert list(tmp_path.iterdir()) == [folder]
    assert (folder / "mine").exists()


@pytest.mark.skipif(
    not hasattr(os, "posix_fallocate"), reason="no space is reserved here"
)
def test_a_stop_ends_the_reserving_of_a_scratch_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reserved: list[int] = []

    def reserve(descriptor: int, start: int, _: int) -> None:
        stop()
        reserved.append(start)

    monkeypatch.setattr("os.posix_fallocate", reserve)
    open_before = os.listdir("/dev/fd")
    with pytest.raises(KeyboardInterrupt):
        enter(ExitStack(), StoredRows.create, (5, 3), folder=tmp_path)
    assert not reserved
    assert len(os.listdir("/dev/fd")) == len(open_before)


def test_a_stop_while_a_recorder_is_made_leaves_no_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    check = BatchWriter.check_folder

    def checked(writer: BatchWriter) -> None:
        stop()
        check(writer)

    monkeypatch.setattr(BatchWriter, "check_folder", checked)
    with pytest.raises(KeyboardInterrupt) as caught:
        Recorder()
    assert not os.listdir(tmp_path)  # though the traceback keeps what was made
    assert caught.tb
