"""Every line goes to any console, and to none."""

import contextlib
import io
import os
import subprocess
import sys

import pytest

from depthviz.cli import main
from depthviz.machine.console import print_line, progress_bar, written_for
from tests.studies import tiny_study

LINE = "train: (2, 8) → (2, 1, 8) · “é” … ≥ 3 日"
MEASURE = """
import sys
sys.stdout = None if "none" in sys.argv else sys.stdout
sys.stderr = None if "none" in sys.argv else sys.stderr
import numpy as np, depthviz as dv
from torch import nn
draw = np.random.default_rng(0)
net = nn.Sequential(nn.Flatten(), nn.Linear(64, 3))
data = draw.random((40, 8, 8), dtype="float32"), np.arange(40) % 3
dv.measure(net, data, k=5, device="cpu", projection=None)
"""


def stream(encoding):
    return io.TextIOWrapper(io.BytesIO(), encoding, write_through=True)


@pytest.mark.parametrize(
    ("encoding", "written"),
    [
        ("utf-8", LINE),
        ("cp1252", "train: (2, 8) -> (2, 1, 8) · “é” … >= 3 ?"),
        ("ascii", 'train: (2, 8) -> (2, 1, 8) - "e" ... >= 3 ?'),
    ],
)
def test_letters_that_a_console_lacks_are_written_by_others(encoding, written):
    console = stream(encoding)
    assert written_for(LINE, console) == written
    with contextlib.redirect_stdout(console):
        print_line(LINE)
    assert console.buffer.getvalue().decode(encoding) == f"{written}\n"


def test_without_a_console_nothing_is_printed(monkeypatch):
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)
    print_line(LINE)
    with progress_bar(total=3, show=True) as bar:
        bar.update(3)
    assert bar.disable


def test_a_stream_without_an_encoding_takes_every_letter():
    assert written_for(LINE, io.StringIO()) == LINE


@pytest.mark.parametrize("encoding", ["cp1252", "ascii"])
def test_the_command_line_writes_titles_of_any_letters(tmp_path, encoding):
    study = tiny_study(("cat", "→ dög", "日"))
    path = study.save(tmp_path / "study")
    console = stream(encoding)
    with contextlib.redirect_stdout(console):
        assert main(["info", str(path)]) == 0
    assert "input" in console.buffer.getvalue().decode(encoding)
    assert console.errors == "strict"


@pytest.mark.parametrize("console", ["cp1252", "ascii", "none"])
def test_a_measurement_does_not_die_of_its_words(console):
    encoding = "utf-8" if console == "none" else console
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, console],
        env={**os.environ, "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode("utf-8", "replace")
    assert (b"->" in done.stdout) == (console != "none")
