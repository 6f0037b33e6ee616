"""What is refused, in which words, and that the record stays whole."""

import tracemalloc

import pytest
import torch

from depthviz.errors import ArgumentError, LabelError, ShapeError
from depthviz.training.record.recorder import Recorder
from tests.training.record.recorded import batch


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (([0], torch.zeros(2, 3), [0, 1]), ShapeError, "index must have one entry"),
        (([0, 1], torch.zeros(2, 3), [0]), ShapeError, "labels must have one entry"),
        (([0], torch.zeros(1, 1), [0]), ShapeError, "at least two classes"),
        (([0], torch.zeros(1, 2, 3), [0]), ShapeError, r"got \(1, 2, 3\)"),
        (([0], torch.zeros(1, 3, dtype=int), [0]), ShapeError, "floating point"),
        (([0.5], torch.zeros(1, 3), [0]), LabelError, "index must be integers"),
        ((["a"], torch.zeros(1, 3), [0]), LabelError, r"index must .*, got \['a'\]"),
        (([0], torch.zeros(1, 3), ["a"]), LabelError, r"labels must be B integers"),
        (([0], ["a"], [0]), ShapeError, r"logits must be an array of numbers \(B, C\)"),
        (([0, 1], [[1.0], [1.0, 2.0]], [0, 1]), ShapeError, "logits must be an array"),
        (([0], torch.zeros(1, 3), [0.5]), LabelError, "labels must be integers"),
        (
            ([-1], torch.zeros(1, 3), [0]),
            ArgumentError,
            "from 0 on .*; got -1",
        ),
        (
            ([2**31], torch.zeros(1, 3), [0]),
            ArgumentError,
            "not ids: .* got 2147",
        ),
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


def test_an_id_instead_of_a_position_takes_no_memory_until_it_is_told():
    with Recorder() as recorder:
        tracemalloc.start()
        recorder.record([150_000_000], torch.eye(2)[:1], [0], step=1)
        taken = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        with pytest.raises(ArgumentError, match="not ids"):
            recorder.read()
    assert taken < 2**24
