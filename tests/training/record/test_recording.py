"""The recorder: what goes in comes out, whatever kills the training in between."""

import errno
import gc
import os
import time

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from depthviz.errors import (
    ArgumentError,
    FormatError,
    ScratchError,
)
from depthviz.training.record.reader import open_record
from depthviz.training.record.recorder import Recorder
from tests.training.record.recorded import LOG, batch


def slow_numbers(logits, label):
    row = np.asarray(logits, np.float64)
    others = np.delete(row, label)
    shares = np.exp(row - row.max())
    return row.argmax(), row[label] - others.max(), shares[label] / shares.sum()


@given(st.integers(0, 2**31), st.integers(2, 7), st.integers(1, 9))
@settings(max_examples=30, deadline=None)
def test_what_is_recorded_is_what_the_definition_says(seed, classes, count):
    with Recorder(keep_logits=True) as recorder:
        epochs = [batch(seed + t, count=count, classes=classes) for t in range(3)]
        for one in epochs:
            recorder.record(*one)
        record = recorder.read()
    assert record.steps.tolist() == [1, 2, 3]
    for t, (index, logits, labels) in enumerate(epochs):
        for i, row, label in zip(index, logits, labels, strict=True):
            prediction, margin, probability = slow_numbers(row, int(label))
            assert record.prediction[t, i] == prediction
            assert record.correct[t, i] == (prediction == label)
            assert record.margin[t, i] == pytest.approx(margin, abs=1e-5)
            assert record.probability[t, i] == pytest.approx(probability, abs=1e-6)
            assert torch.equal(record.logits[t, i], row)


def test_an_example_counts_its_own_presentations():
    with Recorder() as recorder:
        for index in ([0, 1], [2, 0], [0, 2]):
            recorder.record(index, torch.eye(2), [0, 1])
        record = recorder.read(count=4)
    assert record.steps.tolist() == [1, 2, 3]
    assert record.recorded.tolist() == [
        [True, True, True, False],
        [True, False, True, False],
        [True, False, False, False],
    ]
    missing = ~record.recorded
    assert (record.prediction[missing] == -1).all()
    assert not record.correct[missing].any()
    assert record.margin[missing].isnan().all()
    assert record.probability[missing].isnan().all()
    assert record.label.tolist() == [0, 1, 1, -1]


def test_an_example_twice_in_a_batch_was_presented_twice():
    with Recorder() as recorder:
        recorder.record([3, 3, 0, 3], torch.eye(4), [0, 1, 2, 3])
        record = recorder.read()
    assert record.prediction[:, 3].tolist() == [0, 1, 3]
    assert record.prediction[:, 0].tolist() == [2, -1, -1]


def test_presentations_go_on_after_initialization_and_given_steps():
    with Recorder() as recorder:
        recorder.record([0, 1], torch.eye(2), [0, 1], step=0)
        recorder.record([0], torch.eye(2)[:1], [0])
        recorder.record([1], torch.eye(2)[:1], [0], step=7)
        recorder.record([0, 1], torch.eye(2), [0, 1])
        record = recorder.read()
    assert record.steps.tolist() == [0, 1, 2, 7, 8]
    assert record.recorded[:, 0].tolist() == [True, True, True, False, False]
    assert record.recorded[:, 1].tolist() == [True, False, False, True, True]


def test_the_later_of_two_records_of_one_step_counts():
    logits = torch.tensor([[3.0, 0.0], [0.0, 3.0]])
    with Recorder(keep_logits=True) as recorder:
        recorder.record([0, 1], logits, [0, 0], step=2)
        recorder.record([1, 0], logits, [1, 1], step=1)
        recorder.record([0, 1], logits.flip(0), [1, 1], step=2)
        record = recorder.read()
    assert record.steps.tolist() == [1, 2]
    assert record.prediction.tolist() == [[1, 0], [1, 0]]
    assert record.correct.tolist() == [[True, False], [True, False]]
    assert torch.equal(record.logits[1], logits.flip(0))


def test_a_row_with_nan_predicts_nothing_and_is_never_right():
    logits = torch.tensor([[torch.nan, 0.0], [0.0, torch.nan], [0.0, 1.0]])
    with Recorder() as recorder:
        recorder.record([0, 1, 2], logits, [0, 0, 1])
        record = recorder.read()
    assert record.recorded.all()
    assert record.prediction.tolist() == [[-1, -1, 1]]
    assert record.correct.tolist() == [[False, False, True]]
    assert record.margin.isnan().tolist() == [[True, True, False]]


def test_ignored_labels_are_left_out():
    with Recorder(keep_logits=True) as recorder:
        recorder.record([0, 1, 2], torch.eye(3), [0, -100, 1])
        recorder.record([1], torch.eye(3)[:1], [-100])
        record = recorder.read(3)
    assert record.recorded.tolist() == [[True, False, True]]
    assert record.logits[0, 1].isnan().all()


@pytest.mark.parametrize("kind", [torch.float16, torch.bfloat16, torch.float64])
def test_any_precision_is_reduced_like_its_float32(kind):
    index, logits, labels = batch(0)
    with Recorder() as one, Recorder() as other:
        one.record(index, logits.to(kind), labels)
        other.record(index.numpy(), logits.to(kind).float().numpy(), labels.tolist())
        assert torch.equal(one.read().prediction, other.read().prediction)
        torch.testing.assert_close(one.read().margin, other.read().margin)
        torch.testing.assert_close(one.read().probability, other.read().probability)


def test_recording_takes_no_part_in_the_graph_and_changes_nothing():
    index, logits, labels = batch(1)
    logits.requires_grad_()
    before = logits.detach().clone()
    with Recorder(keep_logits=True) as recorder, torch.autocast("cpu"):
        recorder.record(index, logits, labels)
        assert torch.equal(recorder.read().logits[0, index], before)
    assert torch.equal(logits, before)
    assert logits.grad is None


def test_more_classes_than_two_bytes_count():
    logits = torch.zeros(2, 70_000)
    logits[0, 69_999] = logits[1, 65_535] = 1.0
    with Recorder() as recorder:
        recorder.record([0, 1], logits, [69_999, 0])
        record = recorder.read()
    assert record.prediction.tolist() == [[69_999, 65_535]]
    assert record.correct.tolist() == [[True, False]]


def test_a_device_is_recorded_like_the_processor(device):
    index, logits, labels = batch(3, count=300)
    with Recorder(keep_logits=True) as one, Recorder(keep_logits=True) as other:
        for _ in range(100):
            one.record(index, logits.to(device), labels.to(device))
            other.record(index, logits, labels)
        a, b = one.read(), other.read()
    assert torch.equal(a.prediction, b.prediction)
    assert torch.equal(a.logits, b.logits)
    torch.testing.assert_close(a.margin, b.margin)
    torch.testing.assert_close(a.probability, b.probability)


def test_a_temporary_record_vanishes_with_its_recorder():
    with Recorder() as recorder:
        recorder.record(*batch(0))
        folder = recorder.path
        assert (folder / LOG).exists()
    assert not folder.exists()
    with pytest.raises(ArgumentError, match="vanishes when its recorder is closed"):
        recorder.read()
    recorder = Recorder()
    recorder.record(*batch(0))
    folder = recorder.path
    del recorder
    gc.collect()
    assert not folder.exists()


def test_a_closed_recorder_takes_nothing():
    recorder = Recorder()
    recorder.close()
    recorder.close()
    with pytest.raises(ArgumentError, match="closed"):
        recorder.record(*batch(0))


def test_nothing_recorded_is_an_empty_record(tmp_path):
    with Recorder(tmp_path) as recorder:
        recorder.record([], torch.zeros(0, 3), [])
        assert recorder.read(4).recorded.shape == (0, 4)
    assert open_record(tmp_path).recorded.shape == (0, 0)
    (tmp_path / LOG).unlink()
    with pytest.raises(FormatError, match="holds no training record"):
        open_record(tmp_path)


def test_an_error_of_the_training_is_not_hidden():
    def training():
        with Recorder() as recorder:
            recorder._queue.append(None)
            raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        training()


def test_a_full_disk_is_told_and_leaves_the_record_whole(tmp_path, monkeypatch):
    whole, room = os.write, 30

    def full(descriptor, data):
        nonlocal room
        if not room:
            raise OSError(errno.ENOSPC, "No space left on device")
        taken, room = min(room, len(data)), max(0, room - len(data))
        return whole(descriptor, data[:taken])

    with Recorder(tmp_path) as recorder:
        recorder.record(*batch(0))
        with monkeypatch.context() as patch:
            patch.setattr(os, "write", full)
            with pytest.raises(ScratchError, match=r"No space left.*resume=True"):
                recorder.record(*batch(1))
        assert open_record(tmp_path).steps.tolist() == [1]
        recorder.record(*batch(1))
        recorder.record(*batch(2), step=5)
    assert open_record(tmp_path).steps.tolist() == [1, 2, 5]


def test_recording_a_batch_takes_less_than_a_millisecond():
    index, logits, labels = batch(0, count=128, classes=10)
    with Recorder() as recorder:
        took = []
        for _ in range(200):
            start = time.perf_counter()
            recorder.record(index, logits, labels)
            took.append(time.perf_counter() - start)
    assert min(took) < 1e-3
