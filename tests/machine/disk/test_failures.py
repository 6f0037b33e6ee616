"""What the disk refuses is said in words, and leaves nothing and loses nothing."""

import errno
import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

import depthviz as dv
from depthviz.errors import DataError, DiskError, FormatError, ScratchError, StudyError
from depthviz.machine.disk.failures import reading, writing
from depthviz.machine.disk.locks import hold_folder, lock_folder
from depthviz.machine.files import replacing_file, write_atomically
from depthviz.machine.folders import replacing
from tests.studies import vector_study

Write = Callable[[Path], object]
WRITERS: dict[str, Write] = {
    "save": lambda path: vector_study().save(path, overwrite=True),
    "report": lambda path: dv.report(vector_study(), path),
    "to_html": lambda path: dv.explore(vector_study()).to_html(path),
    "to_site": lambda path: dv.explore(vector_study()).to_site(path),
    "to_png": lambda path: dv.explore(vector_study()).to_png(path),
}
REASONS = {
    errno.ENOSPC: "Make room",
    errno.EROFS: "where you may write",
    errno.EACCES: "where you may write",
    errno.EMFILE: "ulimit -n",
    errno.EIO: "The disk may fail",
    errno.EBUSY: "mount point",
    errno.ETXTBSY: "Try again",
}


def content(path: Path) -> dict[str, bytes]:
    """All files at a path, by name."""
    files = path.rglob("*") if path.is_dir() else [path]
    return {
        str(file.relative_to(path)): file.read_bytes()
        for file in files
        if file.is_file()
    }


def failing(number: int) -> Callable[..., Any]:
    def fail(*_: Any, **__: Any) -> Any:
        raise OSError(number, os.strerror(number))

    return fail


@pytest.mark.parametrize("step", ["os.fsync", "pathlib.Path.mkdir", "os.open"])
@pytest.mark.parametrize("name", WRITERS)
def test_a_failure_names_path_reason_and_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, step: str
) -> None:
    write, place = WRITERS[name], tmp_path / "there" / "new"
    write(place)
    before = content(place)
    for number, remedy in list(REASONS.items())[:: 1 if step == "os.fsync" else 4]:
        with monkeypatch.context() as patched:
            patched.setattr(step, failing(number))
            with pytest.raises(DiskError) as error:
                write(place)
        assert error.value.errno == number
        assert str(error.value).startswith(f"{place} cannot be written: ")
        assert os.strerror(number) in str(error.value)
        assert remedy in str(error.value)
        assert os.listdir(place.parent) == ["new"]
        assert content(place) == before


@pytest.mark.parametrize("name", WRITERS)
@pytest.mark.parametrize("length", [200, 240, 255])
def test_names_as_long_as_the_system_takes(
    tmp_path: Path, name: str, length: int
) -> None:
    for letter in "aé":
        path = tmp_path / name / (letter * (length // len(letter.encode())))
        for _ in range(2):
            WRITERS[name](path)
        assert os.listdir(path.parent) == [path.name]
        path.rename(tmp_path / f"{name}-{letter}")


@pytest.mark.parametrize("name", WRITERS)
@pytest.mark.parametrize("place", ["a" * 300, "file/below", "/proc/nothing", "loop"])
def test_places_that_take_nothing_are_refused_in_words(
    tmp_path: Path, name: str, place: str
) -> None:
    (tmp_path / "file").write_text("mine")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    expected = (DiskError, StudyError, DataError)
    if place != "loop" or name in ("save", "to_site"):  # a link to a file is replaced
        with pytest.raises(expected):
            WRITERS[name](tmp_path / place)
    assert sorted(os.listdir(tmp_path)) == ["file", "loop"]
    with pytest.raises((DiskError, FormatError)):
        dv.open_study(tmp_path / place)
    assert sorted(os.listdir(tmp_path)) == ["file", "loop"]


@pytest.mark.parametrize("name", ["save", "to_site"])
def test_a_mount_point_is_refused_before_anything_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr("os.path.ismount", lambda path: Path(path) == tmp_path)
    with pytest.raises(DiskError, match=r"is a mount point.*give a folder inside it"):
        WRITERS[name](tmp_path)
    assert not os.listdir(tmp_path)


@pytest.mark.parametrize("name", ["save", "to_site"])
def test_a_bound_folder_that_cannot_be_renamed_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr("pathlib.Path.rename", failing(errno.EBUSY))
    with pytest.raises(DiskError, match="mount point"):
        WRITERS[name](tmp_path / "new")
    assert not os.listdir(tmp_path)


def test_a_file_that_appears_in_a_site_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    explorer, place = dv.explore(vector_study()), tmp_path / "site"
    explorer.to_site(place)
    before = content(place)

    def fill(*_: Any, **__: Any) -> str:
        (place / "thesis.tex").write_text("mine")
        return "page"

    monkeypatch.setattr("depthviz.widgets.pages.site.fill_page", fill)
    with pytest.raises(DataError, match=r"holds thesis\.tex"):
        explorer.to_site(place)
    assert content(place) == before | {"thesis.tex": b"mine"}
    assert os.listdir(tmp_path) == ["site"]


def test_errors_that_are_not_the_disk_s_pass() -> None:
    for error in (
        ScratchError("one"),
        KeyboardInterrupt(),
        ValueError("two"),
        TimeoutError("of an alarm"),
        ConnectionResetError(errno.ECONNRESET, "of a worker"),
        OSError("without a number"),
    ):
        for guard in (writing, reading):
            with pytest.raises(type(error)) as caught, guard("path"):
                raise error
            assert caught.value is error


def test_a_disk_error_crosses_to_another_process() -> None:
    with pytest.raises(DiskError) as error, writing("path"):
        failing(errno.ENOSPC)()
    again = pickle.loads(pickle.dumps(error.value))
    assert (str(again), again.errno) == (str(error.value), errno.ENOSPC)


def test_a_short_write_without_a_number_is_a_full_disk() -> None:
    room = pytest.raises(DiskError, match=r"8 requested and 3 written\. Make room")
    with room, writing("path"):
        raise OSError("8 requested and 3 written")


@pytest.mark.parametrize("place", ["x/y", "missing", None])
def test_a_record_that_cannot_be_made_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str | None
) -> None:
    monkeypatch.setattr("pathlib.Path.mkdir", failing(errno.EROFS))
    monkeypatch.setattr("tempfile.mkdtemp", failing(errno.ENOENT))
    with pytest.raises(ScratchError, match="cannot be made: "):
        dv.Recorder(tmp_path / place if place else None)


def test_a_record_that_cannot_be_read_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with dv.Recorder(tmp_path / "record") as recorder:
        recorder.record(torch.arange(2), torch.eye(2), torch.arange(2))
        monkeypatch.setattr("pathlib.Path.open", failing(errno.EMFILE))
        with pytest.raises(DiskError, match=r"record cannot be read: .*ulimit -n"):
            recorder.read()
    with pytest.raises(DiskError, match=r"record cannot be read: "):
        dv.Recorder(tmp_path / "record", resume=True)


KILLED = """
import os, sys; from pathlib import Path
from depthviz.machine.files import replacing_file
from depthviz.machine.folders import replacing
path = Path(sys.argv[1])
with replacing_file(path / "file") as file, replacing(path / "folder", check=id) as new:
    new.mkdir(); print("here", flush=True); sys.stdin.read()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL and flock")
def test_what_a_dead_writer_left_is_removed_and_a_living_one_s_stays(
    tmp_path: Path,
) -> None:
    command = [sys.executable, "-c", KILLED, tmp_path]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        write_both(tmp_path, "one")
        assert len(os.listdir(tmp_path)) == 4
        process.send_signal(signal.SIGKILL)
        process.wait()
    write_both(tmp_path, "two")
    assert sorted(os.listdir(tmp_path)) == ["file", "folder"]
    assert (tmp_path / "file").read_text() == "two"
    assert (tmp_path / "folder" / "two").exists()


def write_both(place: Path, text: str) -> None:
    write_atomically(place / "file", text)
    with replacing(place / "folder", check=lambda _: None) as new:
        new.mkdir()
        (new / text).write_text("")


@pytest.mark.skipif(sys.platform == "win32", reason="needs flock")
def test_a_writer_that_is_taken_for_dead_before_its_lock_begins_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, lost = os.open, []

    def remove_first(path: Any, *arguments: Any) -> int:
        descriptor = real(path, *arguments)
        if str(path).endswith(".part") and not lost:
            lost.append(path)
            os.unlink(path)
        return descriptor

    monkeypatch.setattr("os.open", remove_first)
    with replacing_file(tmp_path / "file") as file:
        file.write(b"whole")
    assert lost
    assert content(tmp_path) == {"file": b"whole"}


@pytest.mark.skipif(sys.platform == "win32", reason="needs flock")
def test_a_lock_is_of_the_folder_that_is_there(tmp_path: Path) -> None:
    with lock_folder(tmp_path / "missing") as free:
        assert free is False
    folder = tmp_path / "folder"
    folder.mkdir()
    with hold_folder(folder), lock_folder(folder) as free:
        assert free is False
    with lock_folder(folder) as free:
        assert free is True


def test_arrays_that_cannot_be_read_say_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = dv.open_study(vector_study().save(tmp_path / "study.zarr"))
    monkeypatch.setattr("zarr.storage.LocalStore.get", failing(errno.EMFILE))
    with pytest.raises(DiskError, match=r"study\.zarr/.* cannot be read: .*ulimit -n"):
        opened.dataset.load()


@pytest.mark.parametrize("context", [reading, writing])
def test_a_time_limit_of_the_caller_is_no_failure_of_the_disk(context: Any) -> None:
    with pytest.raises(TimeoutError, match="5 s"), context("/a/place"):
        raise TimeoutError("5 s are over")
