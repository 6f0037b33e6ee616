"""Learning by depth, and the accuracy of the probes over a training."""

import numpy as np
import pytest

from depthviz.charts import (
    accuracy_over_training,
    accuracy_over_training_table,
    learning_by_depth,
    learning_by_depth_table,
)
from depthviz.errors import ArgumentError, StudyError
from tests.charts.studies import study_named, without
from tests.studies import vector_study


def test_each_measure_is_averaged_over_the_examples_of_its_depth() -> None:
    study = study_named("ensemble")
    study = study.assign()
    frame = study.frame()
    table = learning_by_depth_table(study)
    assert set(table["measure"]) == {"output_margin", "input_margin"}
    rows = table[table["measure"] == "output_margin"].set_index("probe")
    reached = frame["validation_depth"].dropna().astype(int)
    for place, name in enumerate([*study.probes, "undecided"]):
        own = frame.loc[reached.index[reached == place], "output_margin"].dropna()
        if len(own):
            assert rows.loc[name, "value"] == pytest.approx(own.mean())
            assert rows.loc[name, "examples"] == len(own)
    assert set(rows["left_out"]) == {frame["validation_depth"].isna().sum()}


def test_what_was_learned_goes_by_the_depth_of_those_that_trained() -> None:
    study = study_named("planted labels")
    frame = study.frame()
    table = learning_by_depth_table(study).set_index(["measure", "probe"])
    reached = frame["train_depth"].dropna().astype(int)
    place = int(reached.mode()[0])
    own = frame.loc[reached.index[reached == place], "iteration_learned"].dropna()
    found = table.loc[("iteration_learned", study.probes[place])]
    assert found["value"] == pytest.approx(own.mean(), rel=1e-5)
    low = own.mean() - 1.96 * own.std() / np.sqrt(len(own))
    assert found["low"] == pytest.approx(low, rel=1e-4)
    assert "iteration learned" in learning_by_depth(study).to_dict()["description"]


def test_a_margin_may_be_below_nothing() -> None:
    study = study_named("one network")
    study = study.assign(aum=np.linspace(-9, -8, len(study)))
    rows = learning_by_depth_table(study)
    rows = rows[rows["measure"] == "aum"]
    assert (rows["value"] < -7).all()
    assert (rows["high"].dropna() < -7).all()


def test_a_study_without_margins_says_what_brings_them() -> None:
    study = without(study_named("one network"), "output_margin")
    with pytest.raises(StudyError, match="needs iteration_learned, aum or a margin"):
        learning_by_depth(study)


def test_the_steps_of_a_training_are_those_that_were_measured() -> None:
    study = study_named("ensemble")
    table = accuracy_over_training_table(study)
    at = study.dataset["probe_accuracy_at"].values
    found = table.pivot(index="step", columns="probe", values="accuracy")
    assert found.index.tolist() == [0, 1, 8, 40, 200]
    assert found[list(study.probes)].to_numpy() == pytest.approx(at)
    assert set(table["over"]) == {"held out"}
    spec = accuracy_over_training(study).to_dict()
    said = ["Examples held out", "Of member 0, the one that is shown"]
    assert spec["title"]["subtitle"] == said
    with pytest.raises(ArgumentError, match="for all examples together"):
        accuracy_over_training(study, examples=[0])


def test_studies_by_their_epoch_are_the_steps() -> None:
    study = study_named("one network")
    ids = study.frame().index[study.dataset["label"].values == 1]
    table = accuracy_over_training_table({10: study, 1: study.subset(ids)})
    votes, label = study.dataset["vote"].values, study.dataset["label"].values
    held_out = study.dataset["split"].values == 1
    assert table["step"].is_monotonic_increasing
    assert set(table["over"]) == {"trained on", "held out"}
    for step, mask in ((10, held_out), (1, held_out & (label == 1))):
        rows = table[(table["step"] == step) & (table["over"] == "held out")]
        expected = (votes == label)[:, mask].mean(1)
        assert rows["accuracy"].tolist() == pytest.approx(expected.tolist())
    assert '"facet"' in accuracy_over_training({10: study, 1: study}).to_json()


def test_what_is_no_training_is_refused() -> None:
    study = study_named("one network")
    with pytest.raises(ArgumentError, match=r"a number from 0 on.*got 'late'"):
        accuracy_over_training({"late": study})
    with pytest.raises(StudyError, match="have the same probes; at 2 they are input"):
        accuracy_over_training({1: study, 2: vector_study()})
    with pytest.raises(StudyError, match="probe_checkpoints=8"):
        accuracy_over_training(study)
