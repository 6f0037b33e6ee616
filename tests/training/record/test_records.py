"""What training tells of each example, against the slow and obvious."""

from itertools import pairwise

import numpy as np
import pytest
import torch

from depthviz.errors import ArgumentError
from depthviz.training import Indexed
from depthviz.training.record.recorder import Recorder

T, N, C = 6, 12, 3
GENERATOR = np.random.default_rng(0)
LOGITS = GENERATOR.normal(size=(T, N, C)).astype(np.float32)
LABELS = GENERATOR.integers(C, size=N)
HERE = GENERATOR.random((T, N)) < 0.6
HERE[:, 0], HERE[:, 1], HERE[1:, 1] = False, True, False
STEPS = [0, 1, 2, 5, 9, 30]


@pytest.fixture(scope="module")
def record():
    with Recorder() as recorder:
        for t in GENERATOR.permutation(T):
            rows = GENERATOR.permutation(np.flatnonzero(HERE[t]))
            recorder.record(rows, LOGITS[t, rows], LABELS[rows], step=STEPS[t])
        return recorder.read(N)


def history(i):
    """Steps, predictions and margins of an example, one after another."""
    for t in np.flatnonzero(HERE[:, i]):
        row = LOGITS[t, i]
        margin = row[LABELS[i]] - np.delete(row, LABELS[i]).max()
        share = np.exp(row[LABELS[i]]) / np.exp(row).sum()
        yield STEPS[t], int(row.argmax()), float(margin), float(share)


def slow_learned(told, final):
    steps = [step for step, *_ in told]
    good = [
        steps[at]
        for at in range(len(told))
        if all(prediction == final for _, prediction, *_ in told[at:])
    ]
    return min(good, default=np.nan)


def test_the_measures_are_those_of_each_history(record):
    forgetting, aum, placed = record.forgetting(), record.aum(), record.data_map()
    learned, last = record.iteration_learned(), record.last_prediction()
    final = torch.arange(N) % C
    learned_of_final = record.iteration_learned(final)
    for i in range(N):
        told = list(history(i))
        if not told:
            for values in (forgetting, aum, learned, placed.confidence):
                assert values[i].isnan()
            assert last[i] == -1
            continue
        right = [prediction == LABELS[i] for _, prediction, *_ in told]
        shown = [one for one, (step, *_) in zip(right, told, strict=True) if step]
        lost = sum(a and not b for a, b in pairwise(shown))
        expected = (lost if any(shown) else len(shown)) if shown else np.nan
        assert forgetting[i] == pytest.approx(expected, nan_ok=True)
        assert aum[i] == pytest.approx(np.mean([one[2] for one in told]), abs=1e-6)
        shares = [one[3] for one in told]
        assert placed.confidence[i] == pytest.approx(np.mean(shares), abs=1e-6)
        assert placed.variability[i] == pytest.approx(np.std(shares), abs=1e-6)
        assert placed.correctness[i] == pytest.approx(np.mean(right))
        assert last[i] == told[-1][1]
        assert learned[i] == slow_learned(told, told[-1][1])
        expected = slow_learned(told, int(final[i]))
        assert learned_of_final[i] == pytest.approx(expected, nan_ok=True)


@pytest.mark.parametrize("first", [1, 2, 1000])
def test_a_data_map_of_the_first_presentations_counts_no_more(record, first):
    placed = record.data_map(first=first)
    for i in range(N):
        told = [one for one in history(i) if one[0]][:first]
        found = [float(each[i]) for each in placed]
        if not told:
            assert np.isnan(found).all()
            continue
        probability = [one[3] for one in told]
        right = [one[1] == LABELS[i] for one in told]
        wanted = [np.mean(probability), np.std(probability), np.mean(right)]
        assert found == pytest.approx(wanted, abs=1e-6)
    with pytest.raises(ArgumentError, match="first"):
        record.data_map(first=0)


def test_initialization_is_no_presentation():
    logits = torch.tensor([[0.0, 1.0], [1.0, 0.0], [1.0, 0.0]])
    with Recorder() as recorder:
        recorder.record([0, 1, 2], logits, [0, 0, 0], step=0)
        recorder.record([0, 1], logits[[0, 0]], [0, 0], step=1)
        recorder.record([0, 1], logits[:2], [0, 0], step=2)
        forgetting = recorder.read().forgetting()
    assert forgetting[:2].tolist() == [2, 0]
    assert forgetting[2].isnan()


def test_the_table_has_a_row_for_each_example(record):
    frame = record.frame()
    assert frame.index.tolist() == list(range(N))
    assert frame["records"].tolist() == HERE.sum(0).tolist()
    assert frame["label"].tolist() == [-1, *LABELS[1:]]
    right = record.last_prediction().numpy() == LABELS
    assert frame["correct"].tolist() == (right & HERE.any(0)).tolist()
    np.testing.assert_array_equal(frame["aum"], record.aum())
    np.testing.assert_array_equal(
        frame["data_map_variability"], record.data_map().variability
    )


def test_a_network_that_ends_in_nan_learned_nothing():
    logits = torch.tensor([[torch.nan, 0.0]])
    with Recorder() as recorder:
        recorder.record([0], logits, [0])
        assert recorder.read().iteration_learned().isnan().all()
        assert recorder.read().aum().isnan().all()


def test_a_record_and_its_recorder_are_told_in_a_line(tmp_path):
    with Recorder(tmp_path / "record") as recorder:
        recorder.record(range(3), torch.zeros(3, 2), [0, 1, 1])
        assert repr(recorder.read()) == "<TrainingRecord: 1 steps of 3 examples>"
        assert repr(recorder) == f"<Recorder: {tmp_path / 'record'}>"
    assert repr(recorder).endswith("record, closed>")


def test_an_empty_record_has_an_empty_table():
    with Recorder() as recorder:
        frame = recorder.read(2).frame()
    assert frame["records"].tolist() == [0, 0]
    assert frame["aum"].isna().all()


def test_items_of_any_kind_get_their_position():
    assert Indexed([("a", 1)])[0] == ("a", 1, 0)
    assert Indexed([["a", 1]])[-1] == ("a", 1, 0)
    assert Indexed([{"a": 1}])[0] == {"a": 1, "index": 0}
    assert Indexed("ab")[1] == ("b", 1)
    assert len(Indexed("ab")) == 2
