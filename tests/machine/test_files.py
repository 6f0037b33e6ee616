"""A file is written whole or not at all."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from depthviz.errors import DataError
from depthviz.machine.files import (
    check_writable,
    replacing_file,
    write_atomically,
)


def broken(*_, **__):
    raise OSError(28, "No space left on device")


@pytest.mark.parametrize(("data", "expected"), [("é\n", b"\xc3\xa9\n"), (b"\0", b"\0")])
def test_text_and_bytes_are_written_and_nothing_else_is_left(tmp_path, data, expected):
    path = tmp_path / "file.json"
    for _ in range(2):
        write_atomically(path, data)
        assert path.read_bytes() == expected
        assert os.listdir(tmp_path) == ["file.json"]


@pytest.mark.parametrize("earlier", [None, "before"])
@pytest.mark.parametrize("step", ["os.fsync", "pathlib.Path.replace"])
def test_a_failure_leaves_the_earlier_file_and_nothing_else(
    tmp_path, monkeypatch, earlier, step
):
    path = tmp_path / "file"
    if earlier is not None:
        path.write_text(earlier)
    monkeypatch.setattr(step, broken)
    with pytest.raises(OSError, match="No space left"):
        write_atomically(path, "after")
    monkeypatch.undo()
    assert [each.read_text() for each in tmp_path.iterdir()] == [
        earlier
    ] * path.exists()


def test_an_error_half_way_leaves_nothing(tmp_path):

    def write_half():
        with replacing_file(tmp_path / "file") as file:
            file.write(b"half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_half()
    assert not list(tmp_path.iterdir())


def test_a_killed_writer_leaves_the_earlier_file(tmp_path):
    path = tmp_path / "file"
    path.write_text("before")
    code = (
        "import os, sys; from pathlib import Path\n"
        "from depthviz.machine.files import replacing_file\n"
        "with replacing_file(Path(sys.argv[1])) as file:\n"
        "    file.write(b'half'); file.flush(); os._exit(9)\n"
    )
    done = subprocess.run([sys.executable, "-c", code, path], check=False)
    assert done.returncode == 9
    assert path.read_text() == "before"
    [part] = set(tmp_path.iterdir()) - {path}
    assert part.name.startswith(".file.")
    assert part.suffix == ".part"


def test_data_is_on_the_disk_before_the_file_takes_its_place(tmp_path, monkeypatch):
    steps = []
    fsync, replace = os.fsync, Path.replace

    def note_fsync(descriptor):
        kind = "folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "file"
        steps.append(kind)
        fsync(descriptor)

    def note_replace(self, target):
        steps.append("replace")
        return replace(self, target)

    monkeypatch.setattr("os.fsync", note_fsync)
    monkeypatch.setattr("pathlib.Path.replace", note_replace)
    write_atomically(tmp_path / "file", "data")
    assert steps == ["file", "replace", "folder"]


@pytest.mark.skipif(sys.platform == "win32", reason="needs permissions of POSIX")
def test_permissions_are_those_of_any_new_file_or_as_asked(tmp_path):
    (tmp_path / "plain").write_text("")
    write_atomically(tmp_path / "own", "")
    write_atomically(tmp_path / "asked", "", mode=0o640)
    modes = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}
    assert modes["own"] == modes["plain"]
    assert modes["asked"] == 0o640


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes have no names here")
def test_a_pipe_or_device_is_not_replaced_by_a_file(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(DataError, match="a device or pipe"):
        check_writable(tmp_path / "pipe")
    assert stat.S_ISFIFO((tmp_path / "pipe").stat().st_mode)
