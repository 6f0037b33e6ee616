"""A record on the disk: read in parts it says what it says as a whole."""

import numpy as np
import pandas as pd
import pytest
import torch

from depthviz.errors import ArgumentError, FormatError, StudyError
from depthviz.training import open_record
from depthviz.training.record.log import read_blocks, read_layout
from depthviz.training.record.record import TrainingRecord
from depthviz.training.record.recorder import Recorder
from tests.difficulty.references import check, given, reference
from tests.training.record.recorded import LOG, batch, recorded

TRAINING = "training_dynamics"
MEASURES = (
    "last_prediction",
    "forgetting",
    "aum",
    "iteration_learned",
    "loss",
    "dual",
    "dynamic_uncertainty",
    "el2n",
)
OF_TWO_STAGES = "second_split_forgetting"  # no column of every record


def write(folder, *, epochs=15, count=40, step=lambda epoch, part: epoch, **options):
    """Record epochs of shuffled batches; some examples are left out at random."""
    draw = np.random.default_rng(0)
    labels = draw.integers(0, 4, count)
    with Recorder(folder, **options) as recorder:
        for epoch in range(1, epochs + 1):
            logits = draw.normal(size=(count, 4)).astype(np.float32) * 3
            order = draw.permutation(count)[: count - epoch % 3]
            for part, rows in enumerate(np.array_split(order, 3)):
                recorder.record(
                    rows, logits[rows], labels[rows], step=step(epoch, part)
                )
    return open_record(folder)


@pytest.fixture(params=[1, 100, 2**22])
def cells(request, monkeypatch):
    for place in ("record", "reading.stored"):
        monkeypatch.setattr(f"depthviz.training.record.{place}.CELLS", request.param)


def test_parts_say_what_the_whole_says(tmp_path, cells):
    stored = write(tmp_path, keep_logits=True)
    whole = stored.whole()
    assert isinstance(whole, TrainingRecord)
    for name in (*MEASURES, OF_TWO_STAGES):
        one, other = getattr(stored, name)(), getattr(whole, name)()
        torch.testing.assert_close(one, other, equal_nan=True)
        assert one.shape == (40,)
    pd.testing.assert_frame_equal(stored.frame(), whole.frame(), rtol=1e-12)
    for one, other in zip(stored.data_map(), whole.data_map(), strict=True):
        torch.testing.assert_close(one, other)


def test_a_part_holds_no_more_than_is_asked_for(tmp_path, monkeypatch):
    stored = write(tmp_path)
    monkeypatch.setattr("depthviz.training.record.reading.stored.CELLS", 60)
    parts = list(stored.parts("margin"))
    assert [part.recorded.shape for part in parts] == [(15, 4)] * 10
    assert all(part.probability.isnan().all() for part in parts)
    joined = torch.cat([part.margin for part in parts], 1)
    assert torch.equal(joined.nan_to_num(), stored.margin.nan_to_num())


def test_the_table_has_every_measure_of_a_record(tmp_path):
    frame = write(tmp_path, keep_logits=True).frame()
    assert {*MEASURES[1:], "predictive_entropy"} <= set(frame)
    assert frame.notna().all().all()


def test_a_record_gives_the_authors_numbers(tmp_path):
    logits, labels = given(TRAINING, "logits_TNC"), given(TRAINING, "labels")
    with Recorder(tmp_path, keep_logits=True) as recorder:
        recorder.record(np.arange(24), logits[0] * 0, labels, step=0)
        for epoch in range(30):
            recorder.record(np.arange(24), logits[epoch].float(), labels)
    record = open_record(tmp_path)
    coarse = {"rtol": 1e-4, "atol": 1e-6}
    known = reference(TRAINING)["outputs"]
    found = {
        "dual": record.dual(),
        "dynamic_uncertainty": record.dynamic_uncertainty(),
        "el2n_epoch_20": record.el2n(presentation=21),
        "entropy_last_epoch": record.predictive_entropy(),
    }
    for name, values in found.items():
        np.testing.assert_allclose(values, known[name], **coarse)
    check(TRAINING, "forgetting_never_is_T", record.forgetting())


def test_a_record_of_a_second_stage_gives_the_authors_epochs(tmp_path):
    correct = given(TRAINING, "ssft_correct_TN").bool()
    count = correct.shape[1]
    with Recorder(tmp_path) as recorder:
        for right in correct:
            logits = torch.nn.functional.one_hot(right.long(), 2).float()
            recorder.record(np.arange(count), logits, np.ones(count, int))
        record = recorder.read(count + 1)
    found = record.second_split_forgetting()
    check(TRAINING, "ssft", found[:-1])
    assert found[-1].isnan()


def test_an_example_never_learned_is_not_unforgettable():
    logits = torch.tensor([[9.0, 0.0], [0.0, 9.0]])
    with Recorder() as recorder:
        for _ in range(12):
            recorder.record([0, 1], logits, [0, 0])
        record = recorder.read()
    assert record.forgetting().tolist() == [0, 12]
    assert record.dual().max() == 0


def test_a_record_by_batches_equals_one_by_epochs(tmp_path):
    by_epochs = write(tmp_path / "epochs")
    by_batches = write(tmp_path / "batches", step=lambda epoch, part: 3 * epoch + part)
    assert len(by_batches.steps) == 3 * len(by_epochs.steps)
    for name in {*MEASURES, OF_TWO_STAGES} - {"iteration_learned"}:
        torch.testing.assert_close(
            getattr(by_epochs, name)(), getattr(by_batches, name)(), equal_nan=True
        )


def test_initialization_is_in_no_window():
    logits = torch.randn(13, 3, 2, generator=torch.Generator().manual_seed(0))
    records = []
    for first in (0, 1):
        with Recorder() as recorder:
            for step in range(first, 13):
                recorder.record([0, 1, 2], logits[step], [0, 1, 0], step=step)
            records.append(recorder.read())
    for name in ("dual", "el2n", "loss", "dynamic_uncertainty", "forgetting"):
        one, other = (getattr(record, name)() for record in records)
        assert torch.equal(one, other)


def test_a_short_record_says_what_it_is_too_short_for(tmp_path):
    record = write(tmp_path, epochs=4)
    with pytest.raises(ArgumentError, match=r"none of this record was more than 4 tim"):
        record.dual()
    with pytest.raises(ArgumentError, match=r"presentation must .*got presentation=10"):
        record.el2n()
    with pytest.raises(ArgumentError, match="first must be"):
        record.dual(window=3, first=2)
    assert record.dual(window=2).isfinite().all()
    frame = record.frame()
    assert frame[["dual", "el2n", "dynamic_uncertainty"]].isna().all().all()
    assert frame["loss"].notna().all()


def test_what_was_never_presented_is_unknown(tmp_path):
    with Recorder(tmp_path) as recorder:
        for _ in range(11):
            recorder.record([0, 2], torch.eye(2), [0, 0])
    record = open_record(tmp_path)
    for name in ("dual", "el2n", "loss", "dynamic_uncertainty", "forgetting"):
        assert getattr(record, name)().isnan().tolist() == [False, True, False]


def test_an_earlier_record_opens_and_says_what_it_lacks(tmp_path):
    recorded(tmp_path, epochs=11)
    (tmp_path / LOG).write_bytes(_first_format(tmp_path / LOG))
    assert (tmp_path / LOG).stat().st_size == 20 + 11 * (12 + 6 * 20)
    record = open_record(tmp_path)
    assert record.lacks == record.whole().lacks == ("errors", "logits")
    assert "without norms of errors" in repr(record)
    assert "without norms of errors" in repr(record.whole())
    with pytest.raises(StudyError, match="made by an earlier version"):
        record.el2n()
    assert record.frame()["el2n"].isna().all()
    assert record.dual().isfinite().all()
    with Recorder(tmp_path, resume=True) as recorder:
        for _ in range(10):
            recorder.record(*batch(0))
    resumed = open_record(tmp_path)
    assert resumed.lacks == ("logits",)
    assert resumed.error.isnan().sum() == 66
    assert resumed.el2n(presentation=12).isfinite().all()


def _first_format(path):
    """Return the bytes of a log as the first format had them, without errors."""
    layout = read_layout(path)._replace(version=1)
    blocks = [
        layout.block(
            block.records[list(layout.record.names)].astype(layout.record), None
        )
        for block in read_blocks(path)
    ]
    return b"".join([layout.head(), *blocks])


def test_without_logits_there_is_no_entropy(tmp_path):
    record = write(tmp_path)
    assert record.lacks == ("logits",)
    with pytest.raises(StudyError, match="keep_logits=True"):
        record.predictive_entropy()


def test_entropy_is_that_of_the_last_record(tmp_path):
    record = write(tmp_path, keep_logits=True)
    last = torch.stack(
        [own[~own.isnan().any(1)][-1] for own in record.logits.transpose(0, 1)]
    )
    logs = last.double().log_softmax(1)
    torch.testing.assert_close(record.predictive_entropy(), -(logs.exp() * logs).sum(1))


def test_what_is_recorded_after_opening_is_not_in_it(tmp_path):
    with Recorder(tmp_path) as recorder:
        recorder.record(*batch(0))
        record = open_record(tmp_path)
        recorder.record(*batch(1))
        assert record.aum().isfinite().all()
        assert record.recorded.shape == (1, 6)


def test_a_log_that_became_shorter_is_told(tmp_path):
    recorded(tmp_path)
    record = open_record(tmp_path)
    (tmp_path / LOG).write_bytes((tmp_path / LOG).read_bytes()[:200])
    with pytest.raises(FormatError, match="became shorter"):
        record.aum()


def test_large_steps_are_found_without_a_table(tmp_path):
    with Recorder(tmp_path) as recorder:
        for step in (7, 2**31, 2**32 - 1):
            recorder.record([0, 1], torch.eye(2), [0, 1], step=step)
    record = open_record(tmp_path)
    assert record.steps.tolist() == [7, 2**31, 2**32 - 1]
    assert record.recorded.all()


def test_a_stored_record_has_no_other_attributes(tmp_path):
    recorded(tmp_path)
    record = open_record(tmp_path)
    assert len(record) == 6
    assert repr(record) == "<StoredRecord: 3 steps of 6 examples>"
    assert record.size == 3 * 6 * 24
    with pytest.raises(AttributeError, match="StoredRecord has no attribute 'nothing'"):
        _ = record.nothing
