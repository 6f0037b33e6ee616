"""Where a record lies: at one place from the start, and refused where that is gone."""

import shutil
import sys

import pytest
import torch

from depthviz.errors import ArgumentError, DataError, ScratchError
from depthviz.training.record.recorder import Recorder
from tests.training.record.recorded import batch


def test_a_relative_folder_stays_where_it_was_named(tmp_path, monkeypatch):
    (tmp_path / "start").mkdir()
    (tmp_path / "other").mkdir()
    monkeypatch.chdir(tmp_path / "start")
    with Recorder("record") as recorder:
        monkeypatch.chdir(tmp_path / "other")
        recorder.record(*batch(0))
        assert recorder.path == tmp_path / "start" / "record"
        assert recorder.read().recorded.any()
    assert not any((tmp_path / "other").iterdir())


def test_a_folder_that_is_gone_asks_for_no_room(tmp_path):
    recorder = Recorder(tmp_path / "record")
    shutil.rmtree(tmp_path / "record")
    with pytest.raises(ScratchError, match=r"No such.*folder that is there") as one:
        recorder.record(*batch(0))
    assert "room" not in str(one.value)
    recorder.close()


@pytest.mark.skipif(sys.platform == "win32", reason="open files cannot be removed")
def test_a_log_that_is_removed_meanwhile_stops_the_recording(tmp_path):
    with Recorder(tmp_path / "record") as recorder:
        recorder.record(*batch(0))
        shutil.rmtree(tmp_path / "record")
        with pytest.raises(ScratchError, match="was removed while it was written"):
            recorder.record(*batch(1))
        with pytest.raises(ArgumentError, match="others where the folder is removed"):
            recorder.read()


@pytest.mark.parametrize(
    ("path", "error", "message"),
    [
        (3, ArgumentError, "path must be a path of text, got 3"),
        ("file/record", ScratchError, "cannot be made: .* Name one where you may"),
    ],
)
def test_folders_that_cannot_be_are_refused(tmp_path, path, error, message):
    (tmp_path / "file").write_text("", "utf-8")
    given = path if isinstance(path, int) else tmp_path / path
    with pytest.raises(error, match=message):
        Recorder(given)


def test_compiled_steps_record_as_others_do(tmp_path):
    index, logits, labels = batch(0)

    def step(logits, recorder):
        doubled = logits * 2
        recorder.record(index, doubled, labels)
        return doubled + 1

    with Recorder(keep_logits=True) as plain, Recorder(keep_logits=True) as compiled:
        step(logits, plain)
        torch.compile(step, backend="eager")(logits, compiled)
        assert torch.equal(plain.read().logits, compiled.read().logits)


def test_logits_of_half_precision_are_recorded():
    index, logits, labels = batch(0)
    with Recorder() as recorder, torch.autocast("cpu", torch.bfloat16):
        product = logits @ torch.eye(logits.shape[1])
        assert product.dtype == torch.bfloat16
        recorder.record(index, product, labels)
        assert recorder.read().margin.isfinite().any()


def test_sparse_logits_are_refused_with_the_remedy():
    index, logits, labels = batch(0)
    with Recorder() as recorder, pytest.raises(DataError, match="logits must be dense"):
        recorder.record(index, logits.to_sparse(), labels)
