"""Rows on the disk read like a tensor, and leave nothing behind."""

import errno
import os
import signal
import subprocess
import sys
from contextlib import contextmanager

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from depthviz.embeddings import StoredRows, stored
from depthviz.errors import DepthvizError, FeatureError, ScratchError
from depthviz.machine import scratch
from depthviz.machine.scratch import describe_bytes, scratch_folder


@contextmanager
def filled(values, **options):
    with StoredRows.create(tuple(values.shape), **options) as rows:
        for start in range(0, len(values), 7):
            rows.write(start, values[start : start + 7])
        yield rows


def some(count=50, features=9):
    generator = torch.Generator().manual_seed(0)
    return torch.randn(count, features, generator=generator)


def test_rows_are_described_as_a_tensor_would_be():
    values = some()
    with filled(values) as rows:
        for name in ("shape", "dtype", "device", "ndim"):
            assert getattr(rows, name) == getattr(values, name)
        assert len(rows) == len(values)
        assert rows.is_floating_point()
        assert not rows.is_complex()
        assert rows.detach() is rows


@given(st.integers(0, 50), st.integers(0, 60))
def test_a_slice_is_that_of_the_tensor(start, stop):
    values = some()
    with filled(values) as rows:
        assert torch.equal(rows[start:stop], values[start:stop])


@pytest.mark.parametrize("piece", [1, 100, 4 << 20])
@pytest.mark.parametrize("gap", [0, 100, 32 << 10])
@pytest.mark.parametrize("kind", ["float32", "float16"])
def test_rows_by_index_are_those_of_the_tensor(monkeypatch, piece, gap, kind):
    monkeypatch.setattr(stored, "_PIECE", piece)
    monkeypatch.setattr(stored, "_GAP", gap)
    values = some().half().float()
    generator = torch.Generator().manual_seed(1)
    with filled(values, kind=kind) as rows:
        for shape in [(), (1,), (0,), (40,), (3, 0), (6, 5), (2, 3, 30)]:
            index = torch.randint(50, shape, generator=generator)
            assert torch.equal(rows[index], values[index])
        assert torch.equal(rows[:], values)


def test_what_is_handed_out_is_new_memory():
    values = some()
    with filled(values) as rows:
        rows[:5].zero_()
        assert torch.equal(rows[:5], values[:5])


def test_rows_may_be_written_in_any_order_and_from_any_type():
    values = some(20, 3)
    with StoredRows.create((20, 3)) as rows:
        rows.write(10, values[10:].double())
        rows.write(0, values[:10].T.contiguous().T)
        assert torch.equal(rows[:], values)


def test_the_head_is_the_same_rows_of_the_same_file():
    values = some()
    with filled(values) as rows, filled(values) as others:
        head = rows.head(8)
        assert head.shape == (8, 9)
        assert torch.equal(head[2:100], values[2:8])
        assert head.same_start(rows)
        assert rows.same_start(head)
        assert not rows.same_start(others)
        assert not rows.same_start(values)


@pytest.mark.parametrize(
    "read",
    [
        lambda rows: rows[torch.tensor([50])],
        lambda rows: rows[torch.tensor([-1])],
        lambda rows: rows.head(8)[torch.tensor([8])],
        lambda rows: rows[::2],
        lambda rows: rows.head(51),
        lambda rows: rows.write(49, torch.zeros(2, 9)),
        lambda rows: rows.write(0, torch.zeros(2, 8)),
    ],
)
def test_what_lies_outside_the_rows_is_refused(read):
    with filled(some()) as rows, pytest.raises(IndexError):
        read(rows)


def test_a_system_without_positional_reads_gives_the_same(monkeypatch):
    for name in ("preadv", "pwritev", "posix_fallocate"):
        monkeypatch.delattr(os, name)
    values = some()
    with filled(values) as rows:
        assert torch.equal(rows[torch.tensor([40, 3])], values[[40, 3]])


def on_disk(rows):
    """Bytes of the one file that the rows hold."""
    return os.fstat(rows._file._file.fileno()).st_size


def test_float16_takes_half_the_bytes_and_rounds_once():
    values = some()
    with filled(values) as full, filled(values, kind="float16") as half:
        assert on_disk(full) == 2 * on_disk(half) == values.numel() * 4
        assert torch.equal(half[:], values.half().float())
        assert half[:].dtype == half.dtype == torch.float32


@pytest.mark.parametrize("value", [65_520.0, -1e30])
def test_what_float16_cannot_hold_is_refused_and_not_infinite(value):
    values = some()
    values[3, 3] = value
    with pytest.raises(FeatureError, match=r"65,504, but 1 .*scratch_type='float32'"):
        filled(values, kind="float16").__enter__()
    values[3, 3] = 65_519.0  # rounds to the largest of float16
    with filled(values, kind="float16") as rows:
        assert rows[3:4][0, 3] == 65_504


def test_a_file_has_no_name_in_its_folder(tmp_path):
    with filled(some(), folder=tmp_path):
        assert not list(tmp_path.iterdir())


KILLED = """
import sys, torch
from pathlib import Path
from depthviz.embeddings import StoredRows
rows = StoredRows.create((1000, 25_000), folder=Path(sys.argv[1]))
rows.write(0, torch.ones(500, 25_000))
print("half", flush=True)
sys.stdin.read()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="looks at files through /proc")
def test_a_killed_process_leaves_no_file(tmp_path):
    command = [sys.executable, "-c", KILLED, str(tmp_path)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout.readline() == "half\n"
        files = os.listdir(f"/proc/{process.pid}/fd")
        held = [os.stat(f"/proc/{process.pid}/fd/{file}").st_size for file in files]
        assert max(held) == 100_000_000
        process.send_signal(signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL
    assert not list(tmp_path.iterdir())


def refused(message, shape=(1000, 1000), **options):
    with pytest.raises(ScratchError, match=message) as error:
        StoredRows.create(shape, **options)
    assert isinstance(error.value, OSError)
    assert isinstance(error.value, DepthvizError)
    return str(error.value)


def test_a_disk_that_cannot_reserve_the_space_is_told_at_once(monkeypatch, tmp_path):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "posix_fallocate", full)
    message = refused(r"no room .*: 4\.0 MB wanted, .* free", folder=tmp_path)
    assert str(tmp_path) in message
    assert "with scratch=" in message
    assert "scratch_type='float16'" in message


def test_a_disk_that_fills_up_meanwhile_gives_the_same_error(monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    with StoredRows.create((4, 4)) as rows:
        monkeypatch.setattr(os, "pwritev", full)
        with pytest.raises(ScratchError, match=r"no room .*: 64 bytes wanted"):
            rows.write(0, torch.ones(4, 4))


def test_more_than_is_free_is_refused_where_nothing_can_be_reserved(monkeypatch):
    monkeypatch.delattr(os, "posix_fallocate")
    refused(r"4\.0 TB wanted", (10**6, 10**6))


def test_a_disk_without_reservation_is_used_as_it_is(monkeypatch):
    def unable(*_):
        raise OSError(errno.EOPNOTSUPP, "Operation not supported")

    monkeypatch.setattr(os, "posix_fallocate", unable)
    with filled(some()) as rows:
        assert torch.equal(rows[:], some())


@pytest.mark.parametrize("name", ["missing", "file"])
def test_a_folder_that_takes_no_file_is_told(tmp_path, name):
    (tmp_path / "file").touch()
    refused(f"written in {tmp_path / name}: N.* with scratch=", folder=tmp_path / name)


def test_a_small_disk_is_told_and_stays_empty(tmp_path):
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "none", str(tmp_path)]
    if sys.platform != "linux" or subprocess.run(mount, check=False).returncode:
        pytest.skip("needs the right to mount a small disk")
    try:
        refused(r"4\.0 MB wanted, 1\.0 MB free", folder=tmp_path)
        with StoredRows.create((250, 1000), folder=tmp_path):
            refused(r"100\.0 kB wanted, 4\d\.\d kB free", (25, 1000), folder=tmp_path)
        with StoredRows.create((250, 1000), folder=tmp_path):
            pass
    finally:
        subprocess.run(["umount", str(tmp_path)], check=True)


def test_a_temporary_folder_in_memory_is_passed_over(monkeypatch, tmp_path):
    mounts = tmp_path / "mounts"
    mounts.write_text("/dev/sda / ext4 rw 0 0\ntmpfs /tmp tmpfs rw 0 0\n")
    monkeypatch.setattr(scratch, "_MOUNTS", mounts)
    monkeypatch.setattr(scratch, "_ON_DISK", scratch.Path("/tmp"))
    monkeypatch.setattr("tempfile.gettempdir", lambda: "/tmp")
    assert scratch_folder() == scratch.Path("/tmp")  # both lie in memory
    monkeypatch.setattr(scratch, "_ON_DISK", scratch.Path("/var"))
    assert scratch_folder() == scratch.Path("/var")
    mounts.write_text("/dev/sda / ext4 rw 0 0\n")
    assert scratch_folder() == scratch.Path("/tmp")


def test_a_system_without_a_temporary_folder_is_told(monkeypatch):
    def none():
        raise FileNotFoundError(2, "No usable temporary directory")

    monkeypatch.setattr("tempfile.gettempdir", none)
    with pytest.raises(ScratchError, match=r"No usable temporary directory\. Name a"):
        scratch_folder()


def test_bytes_are_written_for_people():
    words = [describe_bytes(size) for size in (0, 999, 1000, 2.5e6, 3e9, 13e12)]
    assert words == ["0 bytes", "999 bytes", "1.0 kB", "2.5 MB", "3.0 GB", "13.0 TB"]
