"""Measures are added to the right rows, or refused before any work is done."""

import numpy as np
import pytest
import torch
from torch import nn

import depthviz as dv
from depthviz.difficulty import (
    error_norm,
    input_margin,
    predictive_entropy,
    prototype_distance,
)
from depthviz.difficulty.registry.registering import forget_measure
from depthviz.errors import ArgumentError, ProbeError, StudyError
from depthviz.study import Study
from depthviz.training import open_record
from tests.studies import ensemble_study

DRAW = torch.Generator().manual_seed(0)
POINTS, OTHERS = torch.randn(50, 4, generator=DRAW), torch.randn(20, 4, generator=DRAW)
TRAIN, VALIDATION = (
    (each, (each[:, 0] > 0).long() + (each[:, 1] > 0).long())
    for each in (POINTS, OTHERS)
)
NET = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 3))
BOTH = {"model": NET, "data": TRAIN, "validation": VALIDATION, "progress": False}


@pytest.fixture(scope="module")
def study() -> Study:
    return dv.measure(NET, TRAIN, VALIDATION, k=3, projection=None, progress=False)


@pytest.fixture(scope="module")
def record(tmp_path_factory):
    folder = tmp_path_factory.mktemp("record") / "one"
    draw = torch.Generator().manual_seed(1)
    with dv.Recorder(folder) as recorder:
        for _ in range(14):
            order = torch.randperm(50, generator=draw)
            logits = torch.randn(50, 3, generator=draw)
            recorder.record(order, logits, TRAIN[1][order])
    return open_record(folder)


def outputs():
    with torch.no_grad():
        inputs = torch.cat([POINTS, OTHERS])
        return NET[:1](inputs), NET(inputs)


def test_measures_of_a_network_are_those_of_its_outputs(study: Study) -> None:
    hidden, logits = outputs()
    labels = torch.cat([TRAIN[1], VALIDATION[1]])
    trained = torch.arange(70) < 50
    wide = study.add(
        "predictive_entropy", "prototype_distance", "input_margin", **BOTH
    ).frame()
    expected = {
        "predictive_entropy": predictive_entropy(logits),
        "prototype_distance": prototype_distance(hidden, labels, reference=trained),
        "input_margin": input_margin(NET, torch.cat([POINTS, OTHERS])),
    }
    for name, values in expected.items():
        np.testing.assert_allclose(wide[name], values, rtol=1e-5, atol=1e-6)
        assert wide[name].dtype == np.float32


def test_an_example_is_no_reference_of_its_own_purity(study: Study) -> None:
    hidden = outputs()[0].numpy()
    unit = hidden / np.linalg.norm(hidden, axis=1, keepdims=True)
    cosine = unit @ unit[:50].T
    np.fill_diagonal(cosine, -1)
    found = study.add("purity", probe="dense1", **BOTH).frame()["purity"]
    assert found.between(-1, 1).all()
    relu = study.add("purity", **BOTH)
    name = relu.dataset["purity"].attrs["probe"]
    assert name == study.probes[-2]
    trusted = study.add("purity", reference=[3, 60], **BOTH).frame()["purity"]
    assert trusted[3] < 1
    assert trusted.notna().all()


def test_a_record_is_that_of_the_training_examples(study: Study, record) -> None:
    found = study.add("dual", "el2n", "aum", record=record, progress=False).frame()
    assert found["dual"][50:].isna().all()
    np.testing.assert_allclose(found["dual"][:50], record.dual(), rtol=1e-6)
    np.testing.assert_allclose(found["el2n"][:50], record.el2n(), rtol=1e-6)
    np.testing.assert_allclose(found["aum"][:50], record.aum(), rtol=1e-6)


def test_several_records_are_averaged(study: Study, tmp_path) -> None:
    records, errors = [], []
    for seed in range(2):
        logits = torch.randn(50, 3, generator=torch.Generator().manual_seed(seed))
        with dv.Recorder(tmp_path / str(seed)) as recorder:
            for _ in range(10):
                recorder.record(range(50), logits, TRAIN[1])
        records.append(open_record(tmp_path / str(seed)))
        errors.append(error_norm(logits, TRAIN[1]))
    found = study.add("el2n", record=records, progress=False)
    mean = torch.stack(errors).mean(0)
    np.testing.assert_allclose(found.frame()["el2n"][:50], mean, rtol=1e-5)
    assert found.dataset["el2n"].attrs["records"] == 2


def test_a_part_of_a_study_gets_what_the_whole_gets(study: Study, record) -> None:
    names = ("purity", "input_margin", "predictive_entropy")
    whole = study.add(*names, **BOTH).add("dual", record=record, progress=False)
    part = study.subset([60, 4, 49, 0]).add("dual", record=record, progress=False)
    part = part.add(*names[1:], **BOTH)
    for name in ("dual", *names[1:]):
        one, other = part.frame()[name], whole.frame()[name]
        np.testing.assert_allclose(one, other.loc[one.index], rtol=1e-6)


def test_without_validation_data_their_examples_are_unknown(study: Study) -> None:
    found = study.add("predictive_entropy", model=NET, data=TRAIN, progress=False)
    assert (
        found.frame()["predictive_entropy"].isna().tolist()
        == [False] * 50 + [True] * 20
    )


def test_stored_probabilities_serve_where_there_is_no_network(study: Study) -> None:
    found = study.add("predictive_entropy").dataset["predictive_entropy"]
    exact = predictive_entropy(outputs()[1])
    np.testing.assert_allclose(found, exact, atol=2e-3)
    assert "half precision" in found.attrs["of"]


def test_held_out_loss_is_the_mean_over_members_that_held_out() -> None:
    data = ensemble_study().dataset
    shape = data["in_train"].shape
    drawn = np.random.default_rng(0).random(shape).astype(np.float32)
    study = Study(data.assign(member_label_probability=(("member", "example"), drawn)))
    found = study.add("held_out_loss").frame()["held_out_loss"]
    alive = np.arange(shape[0]) < shape[0] - 1  # the last one failed
    for i, value in enumerate(found):
        held_out = ~data["in_train"].values[:, i] & alive
        expected = -np.log(drawn[held_out, i]).mean() if held_out.any() else np.nan
        assert value == pytest.approx(expected, rel=1e-5, nan_ok=True)


def test_what_was_added_is_saved(study: Study, record, tmp_path) -> None:
    wide = study.add("dual", record=record, progress=False)
    again = dv.open_study(wide.save(tmp_path / "study"))
    assert again.frame()["dual"].equals(wide.frame()["dual"])
    assert again.available()["state"]["dual"] == "there"
    with pytest.raises(StudyError, match="has 'dual' already"):
        again.add("dual", record=record)


def test_nothing_changes_the_study_itself(study: Study) -> None:
    before = set(study.dataset)
    study.add("informativeness")
    assert set(study.dataset) == before


def _sum_of_all(checkpoints, inputs):
    return sum(network(inputs).sum(1) for network in checkpoints)


def test_ones_own_measure_is_added(study: Study) -> None:
    dv.register_measure("spread", lambda logits, labels: logits.std(1) + 0 * labels)
    dv.register_measure("size", lambda inputs: inputs.norm(dim=1))
    dv.register_measure("odd", lambda logits: logits)
    dv.register_measure("sum", _sum_of_all)
    try:
        wide = study.add("spread", **BOTH)
        np.testing.assert_allclose(
            wide.frame()["spread"], outputs()[1].std(1), rtol=1e-5
        )
        sizes = study.add("size", **BOTH | {"model": None}).frame()["size"]
        np.testing.assert_allclose(sizes[:50], POINTS.norm(dim=1), rtol=1e-6)
        sums = study.add("sum", checkpoints=[NET, NET], **BOTH).frame()["sum"]
        np.testing.assert_allclose(sums, 2 * outputs()[1].sum(1), rtol=1e-4)
        with pytest.raises(ArgumentError, match=r"one number for each of the 70"):
            study.add("odd", **BOTH)
    finally:
        for name in ("spread", "size", "odd", "sum"):
            forget_measure(name)


@pytest.mark.parametrize(
    "case",
    [
        (("daul",), {}, ArgumentError, "Did you mean: 'dual'"),
        ((), {}, ArgumentError, "Name the measures to add"),
        (("loss", "loss"), {"record": ...}, ArgumentError, "named twice"),
        (("depth",), {}, StudyError, "has 'depth' already"),
        (("dual",), {}, StudyError, r'study\.add\("dual", record=dv\.training\.open'),
        (("purity",), {"model": NET}, StudyError, "model=model, data=train, valid"),
        (("grand",), {}, StudyError, "not there yet: from parameter gradients"),
        (("memorization",), {}, StudyError, r"dv\.Ensemble\(network, data\)\.run"),
        (("rng_difficulty",), {}, StudyError, r"study\.assign\(rng_difficulty="),
        (("dual",), {"record": "path"}, ArgumentError, "must be a training record"),
        (("dual",), {"record": []}, ArgumentError, "an empty list"),
        (("purity",), {**BOTH, "probe": "conv9"}, ProbeError, "This study has: 'in"),
    ],
)
def test_what_cannot_be_added_is_refused(study: Study, record, case) -> None:
    names, options, error, message = case
    if options.get("record") is ...:
        options = {"record": record}
    with pytest.raises(error, match=message):
        study.add(*names, **options)


def test_other_data_are_refused(study: Study) -> None:
    fewer = POINTS[:30], TRAIN[1][:30]
    with pytest.raises(StudyError, match="has 30 examples, and this study measured"):
        study.add("purity", model=NET, data=fewer, progress=False)
    other = POINTS, (TRAIN[1] + 1) % 3
    with pytest.raises(StudyError, match="other labels than this study for 50 of 50"):
        study.add("purity", model=NET, data=other, progress=False)


def test_the_record_of_another_training_is_refused(study: Study, tmp_path) -> None:
    for name, count, labels in (
        ("more", 90, torch.zeros(90).long()),
        ("other", 50, (TRAIN[1] + 1) % 3),
    ):
        with dv.Recorder(tmp_path / name) as recorder:
            for _ in range(10):
                recorder.record(range(count), torch.zeros(count, 3), labels)
    with pytest.raises(StudyError, match="90 examples, and 70 were measured"):
        study.add("loss", record=open_record(tmp_path / "more"), progress=False)
    with pytest.raises(StudyError, match="The record has other labels"):
        study.add("loss", record=open_record(tmp_path / "other"), progress=False)


def test_a_short_record_is_refused(study: Study, tmp_path) -> None:
    with dv.Recorder(tmp_path) as recorder:
        recorder.record(range(50), torch.zeros(50, 3), TRAIN[1])
    with pytest.raises(ArgumentError, match="more than 1 times; got window=10"):
        study.add("dual", record=open_record(tmp_path), progress=False)


def test_joined_studies_are_refused(study: Study) -> None:
    other = dv.measure(NET, VALIDATION, k=3, projection=None, progress=False)
    joined = dv.concat([study, other], keys=["a", "b"])
    with pytest.raises(StudyError, match="joins several measurements"):
        joined.add("purity", **BOTH)


def test_costs_are_said_before(study: Study, record, capsys, monkeypatch) -> None:
    monkeypatch.setattr("depthviz.study.measures.inputs.BYTES_A_SECOND", 1.0)
    study.add("loss", record=record)
    assert "loss of the record: about" in capsys.readouterr().out
    study.add("loss", record=record, progress=False)
    assert capsys.readouterr().out == ""
