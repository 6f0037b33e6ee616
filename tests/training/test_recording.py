"""The recorder: what goes in comes out, whatever kills the training in between."""

import errno
import gc
import os
import subprocess
import sys
import time

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from depthviz.errors import (
    ArgumentError,
    FormatError,
    LabelError,
    ScratchError,
    ShapeError,
)
from depthviz.training import recording
from depthviz.training.reading import open_record
from depthviz.training.recording import Recorder
from depthviz.training.reduction import reduce_batch

LOG = "log-0.bin"


def batch(seed, *, count=6, classes=4):
    generator = torch.Generator().manual_seed(seed)
    logits = torch.randn(count, classes, generator=generator)
    labels = torch.randint(classes, (count,), generator=generator)
    return torch.randperm(count, generator=generator), logits, labels


def recorded(path=None, *, epochs=3, **options):
    with Recorder(path, **options) as recorder:
        for epoch in range(epochs):
            recorder.record(*batch(epoch))
        return recorder.read()


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


def test_what_a_folder_holds_is_read_again(tmp_path):
    first, again = recorded(tmp_path), open_record(tmp_path)
    assert torch.equal(first.prediction, again.prediction)
    assert torch.equal(first.margin, again.margin)
    assert again.logits is None


def test_a_record_takes_twenty_bytes_and_a_call_twelve(tmp_path):
    recorded(tmp_path, epochs=5)
    assert (tmp_path / LOG).stat().st_size == 20 + 5 * (12 + 6 * 20)


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


@pytest.mark.parametrize("lost", [1, 20, 150, 330])
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
    one, other = (tmp_path / name / LOG for name in ("whole", "cut"))
    assert one.read_bytes() == other.read_bytes()


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
        "from depthviz.training.recording import Recorder\n"
        "recorder = Recorder(sys.argv[1])\n"
        "for _ in range(3):\n"
        "    recorder.record([0, 1], torch.eye(2), [0, 1])\n"
        "os._exit(9)\n"
    )
    done = subprocess.run([sys.executable, "-c", code, tmp_path], check=False)
    assert done.returncode == 9
    assert open_record(tmp_path).recorded.all()
    assert len(open_record(tmp_path).steps) == 3


def test_the_logs_of_several_processes_are_one_record(tmp_path):
    whole = recorded(tmp_path / "whole", epochs=1)
    index, logits, labels = batch(0)
    for rank, half in enumerate((slice(0, 4), slice(3, 6))):
        with Recorder(tmp_path / str(rank)) as recorder:
            recorder.record(index[half], logits[half], labels[half])
        log = tmp_path / str(rank) / LOG
        (tmp_path / "both").mkdir(exist_ok=True)
        log.rename(tmp_path / "both" / f"log-{rank}.bin")
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


def test_a_temporary_record_vanishes_with_its_recorder():
    with Recorder() as recorder:
        recorder.record(*batch(0))
        folder = recorder.path
        assert (folder / LOG).exists()
    assert not folder.exists()
    with pytest.raises(ArgumentError, match="vanished"):
        recorder.read()
    recorder = Recorder()
    recorder.record(*batch(0))
    folder = recorder.path
    del recorder
    gc.collect()
    assert not folder.exists()


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


def test_a_closed_recorder_takes_nothing():
    recorder = Recorder()
    recorder.close()
    recorder.close()
    with pytest.raises(ArgumentError, match="closed"):
        recorder.record(*batch(0))


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (([0], torch.zeros(2, 3), [0, 1]), ShapeError, "index must have one entry"),
        (([0, 1], torch.zeros(2, 3), [0]), ShapeError, "labels must have one entry"),
        (([0], torch.zeros(1, 1), [0]), ShapeError, "at least two classes"),
        (([0], torch.zeros(1, 2, 3), [0]), ShapeError, r"got \(1, 2, 3\)"),
        (([0], torch.zeros(1, 3, dtype=int), [0]), ShapeError, "floating point"),
        (([0.5], torch.zeros(1, 3), [0]), LabelError, "index must be integers"),
        (([0], torch.zeros(1, 3), [0.5]), LabelError, "labels must be integers"),
        (([-1], torch.zeros(1, 3), [0]), ArgumentError, "from 0 on; got -1"),
        (([5], torch.zeros(1, 3), [3]), LabelError, "example 5 is 3; .* 0 to 2"),
        (([5], torch.zeros(1, 3), [-1]), LabelError, "example 5 is -1"),
    ],
)
def test_bad_input_says_what_is_wrong_and_leaves_the_record_whole(
    arguments, error, message
):
    with Recorder() as recorder:
        recorder.record([0], torch.zeros(1, 3), [2])
        with pytest.raises(error, match=message):
            recorder.record(*arguments)
        recorder.record([0], torch.zeros(1, 3), [1])
        assert recorder.read().steps.tolist() == [1, 2]


@pytest.mark.parametrize("step", [-1, 1.5, True, 2**32])
def test_a_step_is_a_whole_number(step):
    with Recorder() as recorder, pytest.raises(ArgumentError, match="step must be"):
        recorder.record(*batch(0), step=step)


def test_too_small_a_count_is_told():
    with Recorder() as recorder:
        recorder.record(*batch(0))
        with pytest.raises(ArgumentError, match="count must be at least 6"):
            recorder.read(5)


def test_a_record_of_thousands_of_thin_steps_is_refused():
    with Recorder() as recorder:
        for step in range(1500):
            recorder.record([step, 99_999], torch.eye(2), [0, 1], step=step)
        with pytest.raises(ArgumentError, match="step=epoch"):
            recorder.read()


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
            recorder._waiting.append(None)
            raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        training()


class Late:
    """An event of a GPU that has not sent the numbers yet."""

    here = False

    def query(self):
        return self.here

    def synchronize(self):
        pass


@pytest.fixture
def late(monkeypatch):
    events = []

    def reduce_late(*arguments, **options):
        events.append(Late())
        return reduce_batch(*arguments, **options)._replace(ready=events[-1])

    monkeypatch.setattr(recording, "reduce_batch", reduce_late)
    return events


def test_what_a_gpu_sends_late_is_written_in_order(tmp_path, late):
    with Recorder(tmp_path) as recorder:
        index = torch.tensor([0, 1])
        for _ in range(3):
            recorder.record(index, torch.eye(2), [0, 1])
        index.fill_(7)
        assert not (tmp_path / LOG).exists()
        late[0].here = late[2].here = True
        recorder.record([0, 1], 2 * torch.eye(2), [0, 1])
        assert open_record(tmp_path).steps.tolist() == [1]
        assert recorder.read().steps.tolist() == [1, 2, 3, 4]
        assert recorder.read().margin[:, 0].tolist() == [1, 1, 1, 2]
        recorder.record([1], torch.eye(2)[:1], [0])
    assert open_record(tmp_path).steps.tolist() == [1, 2, 3, 4, 5]


def test_a_gpu_is_waited_for_before_too_much_is_on_its_way(tmp_path, late):
    with Recorder(tmp_path) as recorder:
        for _ in range(recording.WAITING + 2):
            recorder.record([0], torch.eye(2)[:1], [0])
        assert open_record(tmp_path).steps.tolist() == [1, 2]


def test_a_wrong_label_on_a_gpu_is_told_when_it_arrives(late):
    recorder = Recorder()
    recorder.record([4], torch.eye(2)[:1], [2])
    with pytest.raises(LabelError, match="label of example 4 is 2"):
        recorder.close()


def test_logs_of_different_networks_are_no_record(tmp_path):
    for rank, classes in enumerate((4, 5)):
        with Recorder(tmp_path / str(rank)) as recorder:
            recorder.record(*batch(0, classes=classes))
        (tmp_path / str(rank) / LOG).rename(tmp_path / f"log-{rank}.bin")
    with pytest.raises(FormatError, match="different networks: 4 classes, 5 classes"):
        open_record(tmp_path)


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
        recorder.record(*batch(2), step=5)
    assert open_record(tmp_path).steps.tolist() == [1, 5]


def test_processes_that_train_together_write_a_log_each(tmp_path, monkeypatch):
    monkeypatch.setattr(torch.distributed, "is_initialized", lambda: True)
    monkeypatch.setattr(torch.distributed, "get_rank", lambda: 3)
    monkeypatch.setattr(torch.distributed, "get_world_size", lambda: 4)
    with Recorder(tmp_path) as recorder:
        with pytest.raises(ArgumentError, match="step=epoch"):
            recorder.record(*batch(0))
        recorder.record(*batch(0), step=1)
        assert recorder.read().recorded.all()
    assert [path.name for path in tmp_path.iterdir()] == ["log-3.bin"]


def test_recording_a_batch_takes_less_than_a_millisecond():
    index, logits, labels = batch(0, count=128, classes=10)
    with Recorder() as recorder:
        took = []
        for _ in range(200):
            start = time.perf_counter()
            recorder.record(index, logits, labels)
            took.append(time.perf_counter() - start)
    assert min(took) < 1e-3
