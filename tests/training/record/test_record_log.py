"""The log: cut, damaged or growing, it is read as far as it is whole."""

import subprocess
import sys

import pytest
import torch

from depthviz.errors import FormatError
from depthviz.training.record.log import read_blocks
from depthviz.training.record.reader import open_record
from depthviz.training.record.recorder import Recorder
from tests.training.record.recorded import LOG, batch, recorded


def test_what_a_folder_holds_is_read_again(tmp_path):
    first, again = recorded(tmp_path), open_record(tmp_path)
    assert torch.equal(first.prediction, again.prediction)
    assert torch.equal(first.margin, again.margin)
    assert again.logits is None


def test_a_record_takes_24_bytes_and_a_call_twelve(tmp_path):
    recorded(tmp_path, epochs=5)
    assert (tmp_path / LOG).stat().st_size == 20 + 5 * (12 + 6 * 24)


def test_a_log_cut_anywhere_holds_the_calls_before(tmp_path):
    whole = recorded(tmp_path / "whole", epochs=3, keep_logits=True)
    data = (tmp_path / "whole" / LOG).read_bytes()
    size = (len(data) - 20) // 3
    cut = tmp_path / "cut"
    cut.mkdir()
    for length in range(len(data)):
        (cut / LOG).write_bytes(data[:length])
        record, calls = open_record(cut), max(0, length - 20) // size
        assert len(record.steps) == calls
        if calls:
            assert torch.equal(record.margin, whole.margin[:calls])
            assert torch.equal(record.logits, whole.logits[:calls])


@pytest.mark.parametrize("lost", [1, 20, 150, 390])
@pytest.mark.parametrize("zeros", [0, 64])
def test_a_cut_record_is_resumed_as_if_nothing_happened(tmp_path, lost, zeros):
    whole = recorded(tmp_path / "whole", epochs=3)
    recorded(tmp_path / "cut", epochs=2)
    data = (tmp_path / "cut" / LOG).read_bytes()
    (tmp_path / "cut" / LOG).write_bytes(data[:-lost] + bytes(zeros))
    done = len(open_record(tmp_path / "cut").steps)
    with Recorder(tmp_path / "cut", resume=True) as recorder:
        for epoch in range(done, 3):
            recorder.record(*batch(epoch))
        resumed = recorder.read()
    assert torch.equal(resumed.steps, whole.steps)
    assert torch.equal(resumed.margin, whole.margin)
    assert (tmp_path / "cut" / LOG).read_bytes() == data[:-lost] + bytes(zeros)


def test_damage_before_the_last_block_is_told(tmp_path):
    recorded(tmp_path)
    data = bytearray((tmp_path / LOG).read_bytes())
    data[40] ^= 1
    (tmp_path / LOG).write_bytes(data)
    with pytest.raises(FormatError, match=r"damaged at byte 20\. A copy"):
        open_record(tmp_path)


@pytest.mark.parametrize(
    ("place", "message"),
    [(0, "no training record"), (8, "format 255"), (12, "changed")],
)
def test_a_file_that_is_no_log_is_refused(tmp_path, place, message):
    recorded(tmp_path)
    data = bytearray((tmp_path / LOG).read_bytes())
    data[place] = 255
    (tmp_path / LOG).write_bytes(data)
    with pytest.raises(FormatError, match=message):
        open_record(tmp_path)


def test_a_killed_process_leaves_what_it_recorded(tmp_path):
    code = (
        "import sys, os, signal, torch\n"
        "from depthviz.training.record.recorder import Recorder\n"
        "recorder = Recorder(sys.argv[1])\n"
        "for _ in range(3):\n"
        "    recorder.record([0, 1], torch.eye(2), [0, 1])\n"
        "os._exit(9)\n"
    )
    done = subprocess.run([sys.executable, "-c", code, tmp_path], check=False)
    assert done.returncode == 9
    assert open_record(tmp_path).recorded.all()
    assert len(open_record(tmp_path).steps) == 3


def test_a_log_that_grows_is_read_as_it_was_at_the_beginning(tmp_path):
    with Recorder(tmp_path) as recorder:
        recorder.record(*batch(0))
        recorder.record(*batch(1))
        blocks = read_blocks(tmp_path / LOG)
        first = next(blocks)
        for epoch in range(2, 5):
            recorder.record(*batch(epoch))
        assert [first.end, *(block.end for block in blocks)] == [176, 332]
        assert len(open_record(tmp_path).steps) == 5


WRITE = """
import sys, time, numpy, pathlib
from depthviz.training.record.log import Layout
from depthviz.training.record.writer import LogWriter
layout = Layout(4, False)
writer = LogWriter(pathlib.Path(sys.argv[1]), 0, layout)
until = time.monotonic() + 2
while time.monotonic() < until:
    writer.append(layout.block(numpy.ones(512, layout.record), None))
    time.sleep(0.0002)
"""


def test_a_record_is_read_while_another_process_writes_it(tmp_path):
    writer = subprocess.Popen([sys.executable, "-c", WRITE, tmp_path])
    seen = []
    try:
        while writer.poll() is None:
            if (tmp_path / LOG).exists():
                seen.append(sum(1 for _ in read_blocks(tmp_path / LOG)))
    finally:
        writer.kill()
        writer.wait()
    assert writer.returncode == 0
    assert seen == sorted(seen)
    assert len(set(seen)) > 5
