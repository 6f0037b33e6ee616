"""A Stop between any two instructions leaves no file open."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import torch

from depthviz.machine.disk.descriptors import opened
from depthviz.machine.files import write_atomically
from depthviz.machine.folders import flush
from depthviz.machine.json_files import read_json
from depthviz.training import Recorder
from depthviz.training.record.log import Layout
from depthviz.training.record.writer import LogWriter
from tests.machine.stops import lines_of, stop_at

needs_list = pytest.mark.skipif(
    not os.path.isdir("/proc/self/fd"), reason="the system lists no open files"
)


def open_files() -> list[str]:
    place = "/proc/self/fd"
    links = []
    for each in os.listdir(place):
        try:
            links.append(os.readlink(f"{place}/{each}"))
        except OSError:
            continue
    return sorted(links)


def record(folder: Path) -> None:
    where = folder / f"record-{len(list(folder.iterdir()))}"
    with Recorder(where) as recorder:
        recorder.record(torch.arange(2), torch.eye(2), torch.arange(2))


CALLS: dict[str, Callable[[Path], Any]] = {
    "flush": flush,
    "json": lambda folder: read_json(folder / "a.json"),
    "write": lambda folder: write_atomically(folder / "b.json", "{}"),
    "record": record,
}


@needs_list
@pytest.mark.parametrize("name", CALLS)
def test_a_stop_before_any_line_leaves_no_file_open(name: str, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps({"a": 1}))
    call = partial(CALLS[name], tmp_path)
    lines = lines_of(call)
    before, stopped = open_files(), 0
    for line in lines:
        error = stop_at(line, call)
        stopped += error is not None
        del error
        assert open_files() == before, line
    assert stopped > 5


@needs_list
def test_a_stop_as_a_file_is_opened_closes_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.open

    def open_and_stop(*arguments: Any, **options: Any) -> int:
        descriptor = real(*arguments, **options)
        monkeypatch.undo()
        os.kill(os.getpid(), 2)
        return descriptor

    def write() -> None:
        LogWriter(tmp_path, 0, Layout(2, keep_logits=False))

    def read() -> None:
        with opened(tmp_path):
            pass

    before = open_files()
    for call in (write, read):
        monkeypatch.setattr(os, "open", open_and_stop)
        with pytest.raises(KeyboardInterrupt):
            call()
        assert open_files() == before
