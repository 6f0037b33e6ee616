"""Several recorders and one folder: in order, side by side, or refused."""

import errno
import os
import sys

import pytest
import torch

from depthviz.errors import (
    ArgumentError,
    FormatError,
    ScratchError,
    ShapeError,
)
from depthviz.training.record import batch_writer
from depthviz.training.record import writer as writing
from depthviz.training.record.reader import open_record
from depthviz.training.record.recorder import Recorder
from tests.training.record.recorded import LOG, batch, recorded


def test_the_logs_of_several_processes_are_one_record(tmp_path):
    whole = recorded(tmp_path / "whole", epochs=1)
    index, logits, labels = batch(0)
    for rank, half in enumerate((slice(0, 4), slice(3, 6))):
        with Recorder(tmp_path / str(rank)) as recorder:
            recorder.record(index[half], logits[half], labels[half])
        log = tmp_path / str(rank) / LOG
        (tmp_path / "both").mkdir(exist_ok=True)
        log.rename(tmp_path / "both" / f"log-0-{rank}.bin")
    both = open_record(tmp_path / "both")
    assert torch.equal(both.margin, whole.margin)
    assert torch.equal(both.prediction, whole.prediction)


def test_a_record_is_not_overwritten(tmp_path):
    recorded(tmp_path)
    with pytest.raises(ArgumentError, match="resume=True"):
        Recorder(tmp_path)
    with pytest.raises(ArgumentError, match="keep_logits=False"):
        Recorder(tmp_path, resume=True, keep_logits=True)
    with (
        pytest.raises(ShapeError, match="have 4 classes, and these have 5"),
        Recorder(tmp_path, resume=True) as recorder,
    ):
        recorder.record(*batch(0, classes=5))


def test_logs_of_different_networks_are_no_record(tmp_path):
    for rank, classes in enumerate((4, 5)):
        with Recorder(tmp_path / str(rank)) as recorder:
            recorder.record(*batch(0, classes=classes))
        (tmp_path / str(rank) / LOG).rename(tmp_path / f"log-0-{rank}.bin")
    with pytest.raises(FormatError, match="different networks: 4 classes, 5 classes"):
        open_record(tmp_path)


def test_processes_that_train_together_write_a_log_each(tmp_path, monkeypatch):
    monkeypatch.setattr(torch.distributed, "is_initialized", lambda: True)
    monkeypatch.setattr(torch.distributed, "get_rank", lambda: 3)
    monkeypatch.setattr(torch.distributed, "get_world_size", lambda: 4)
    with Recorder(tmp_path) as recorder:
        with pytest.raises(ArgumentError, match="step=epoch"):
            recorder.record(*batch(0))
        recorder.record(*batch(0), step=1)
        assert recorder.read().recorded.all()
    assert [path.name for path in tmp_path.iterdir()] == ["log-0-3.bin"]


def test_a_forked_process_leaves_the_record_alone():
    recorder = Recorder()
    recorder.record(*batch(0))
    child = os.fork() if hasattr(os, "fork") else None
    if child == 0:
        recorder.close()
        os._exit(0)
    if child is not None:
        os.waitpid(child, 0)
    recorder.record(*batch(1))
    assert len(recorder.read().steps) == 2
    recorder.close()


EYE, WRONG, RIGHT = torch.eye(2), [1, 0], [0, 1]


def as_rank(monkeypatch, rank, world=None):
    monkeypatch.setattr(batch_writer, "rank", lambda: rank)
    monkeypatch.setattr(batch_writer, "world_size", lambda: world or rank + 1)


def test_what_is_recorded_after_a_resume_wins_over_every_rank(tmp_path, monkeypatch):
    as_rank(monkeypatch, 11)
    with Recorder(tmp_path) as earlier:
        earlier.record([0, 1], EYE, WRONG, step=1)
    for labels, rank in ((RIGHT, 2), (WRONG, 10), (RIGHT, 0)):
        as_rank(monkeypatch, rank)
        with Recorder(tmp_path, resume=True) as later:
            later.record([0, 1], EYE, labels, step=1)
        record = open_record(tmp_path)
        assert record.label.tolist() == labels
        assert record.correct.all() == (labels == RIGHT)


def test_more_than_ten_resumes_stay_in_order(tmp_path):
    for epoch in range(12):
        with Recorder(tmp_path, resume=True) as recorder:
            recorder.record([0], EYE[:1] * epoch, [0], step=1)
    assert open_record(tmp_path).margin.item() == 11


@pytest.mark.parametrize("locks", [True, False])
def test_of_two_fresh_recorders_the_second_is_refused(tmp_path, monkeypatch, locks):
    if not locks:
        monkeypatch.setattr(writing, "_lock", lambda *_, **__: True)
    with Recorder(tmp_path) as one, Recorder(tmp_path) as other:
        one.record([0, 1], EYE, RIGHT)
        with pytest.raises(ArgumentError, match=r"Another recorder of rank 0 .*Close"):
            other.record([0, 1], EYE, WRONG)
        one.record([0, 1], EYE, RIGHT)
        assert one.read().steps.tolist() == [1, 2]
        assert one.read().correct.all()


@pytest.mark.skipif(sys.platform == "win32", reason="no locks")
def test_a_record_that_is_written_is_not_resumed(tmp_path):
    with Recorder(tmp_path) as one, Recorder(tmp_path, resume=True) as other:
        one.record([0, 1], EYE, RIGHT)
        for _ in range(2):
            with pytest.raises(ArgumentError, match="Another recorder"):
                other.record([0, 1], EYE, WRONG)
        assert [path.name for path in tmp_path.iterdir()] == [LOG]
        one.close()
        other.record([0, 1], EYE, WRONG)
    assert open_record(tmp_path).correct.tolist() == [[True] * 2, [False] * 2]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork")
def test_a_forked_process_does_not_keep_a_closed_record(tmp_path):
    recorder = Recorder(tmp_path)
    recorder.record([0, 1], EYE, RIGHT)
    wait, go = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(go)
        os.read(wait, 1)
        os._exit(0)
    try:
        recorder.close()
        with Recorder(tmp_path, resume=True) as again:
            again.record([0, 1], EYE, RIGHT)
    finally:
        os.close(go)
        os.close(wait)
        os.waitpid(child, 0)
    assert open_record(tmp_path).steps.tolist() == [1, 2]


def test_a_rank_may_start_after_another_has_recorded(tmp_path, monkeypatch):
    as_rank(monkeypatch, 0, world=2)
    with Recorder(tmp_path) as first:
        first.record([0], EYE[:1], [0], step=1)
        as_rank(monkeypatch, 1, world=2)
        with Recorder(tmp_path) as second:
            second.record([1], EYE[:1], [0], step=1)
        assert first.read().recorded.tolist() == [[True, True]]
    with pytest.raises(ArgumentError, match="resume=True"):
        Recorder(tmp_path)


def test_ranks_that_are_none_of_this_training_are_an_earlier_record(
    tmp_path, monkeypatch
):
    as_rank(monkeypatch, 3)
    with Recorder(tmp_path) as recorder:
        recorder.record([0], EYE[:1], [0], step=1)
    as_rank(monkeypatch, 0, world=2)
    with pytest.raises(ArgumentError, match="resume=True"):
        Recorder(tmp_path)


def test_a_log_that_cannot_begin_leaves_nothing(tmp_path, monkeypatch):
    def full(descriptor, data):
        raise OSError(errno.ENOSPC, "No space left on device")

    with Recorder(tmp_path) as recorder:
        with monkeypatch.context() as patch:
            patch.setattr(os, "write", full)
            with pytest.raises(ScratchError, match="No space left"):
                recorder.record([0, 1], EYE, RIGHT)
        assert not list(tmp_path.iterdir())
        recorder.record([0, 1], EYE, RIGHT)
        assert recorder.read().steps.tolist() == [1]
