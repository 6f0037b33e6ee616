"""Failure detection by the definition, on one network and on many."""

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch
from scipy.stats import entropy
from sklearn.metrics import roc_auc_score

from depthviz.errors import ArgumentError, DataError, StudyError
from depthviz.measurement import measure
from depthviz.study import Study, describe_failure_detection, failure_detection
from depthviz.study.failures import detection
from depthviz.study.failures.areas import Ranking
from depthviz.study.failures.detection import _drawn, _numbers
from depthviz.study.failures.scores import SOFTMAX, held_out
from tests.charts.studies import study_named, without
from tests.ensembles.runs import run
from tests.studies import vector_study
from tests.study.decoding.small import measured

SCORES = [
    "depth",
    "agreement",
    "last agreement",
    "margin",
    "entropy",
    SOFTMAX,
    "neighbor distance",
]


@cache
def one_network() -> Study:
    return measured(np.random.default_rng(2).integers(0, 3, 90))


def auroc_of(study: Study, risk: Any, prediction: str = "prediction") -> float:
    """Score held-out mistakes by scikit-learn."""
    frame = study.frame()
    wrong = (frame[prediction] != frame["label"]).to_numpy()
    unseen = (frame["split"] == "validation").to_numpy()
    return float(roc_auc_score(wrong[unseen], np.asarray(risk, float)[unseen]))


def test_each_score_is_what_it_says() -> None:
    study = one_network()
    data = study.dataset
    table = failure_detection(study, resamples=20).set_index("score")
    softmax = np.exp(data["log_probability"].values.astype(float))
    want = {
        "depth": data["depth"].values,
        "agreement": -data["neighbor_agreement"].values.astype(float).mean(0),
        "last agreement": -data["neighbor_agreement"].values[-1],
        "margin": -data["output_margin"].values,
        "entropy": entropy(softmax, axis=1),
        SOFTMAX: -data["confidence"].values,
        "neighbor distance": data["neighbor_distance"].values[-2, :, -1],
    }
    assert list(table.index) == SCORES == list(want)
    for name, risk in want.items():
        assert table["auroc"][name] == pytest.approx(auroc_of(study, risk), abs=2e-3)
        larger = name in ("depth", "entropy", "neighbor distance")
        assert table["likely_wrong"][name] == ("larger" if larger else "smaller")
    assert (table["untold"] == "").all()


def test_depth_is_of_the_prediction_whatever_the_study_compares_with() -> None:
    labels = np.random.default_rng(2).integers(0, 3, 90)
    other = measured(labels, compare_with="label")
    assert not np.array_equal(other.dataset["depth"], one_network().dataset["depth"])
    found, usual = (failure_detection(one) for one in (other, one_network()))
    assert found["auroc"][0] == usual["auroc"][0]


def test_entropy_counts_the_classes_that_are_not_kept() -> None:
    points = np.random.default_rng(0).normal(size=(90, 5)).astype(np.float32)
    labels = np.arange(90)
    torch.manual_seed(0)
    net = torch.nn.Linear(5, 90)
    parts = (points[:60], labels[:60]), (points[60:], labels[60:])
    study = measure(net, *parts, k=3, projection=None, progress=False)
    assert "kept_class" in study.dataset
    found = held_out(study.dataset, np.ones(90, bool))
    [one] = [score for score in found.scores if score.name == "entropy"]
    with torch.no_grad():
        softmax = net(torch.from_numpy(points[60:])).softmax(1).numpy()
    assert np.allclose(one.values, entropy(softmax, axis=1), atol=0.02)


def test_intervals_hold_their_value_and_the_softmax_gains_nothing_on_itself() -> None:
    table = failure_detection(one_network(), resamples=200).set_index("score")
    for value, low, high in (
        ("auroc", "low", "high"),
        ("gain", "gain_low", "gain_high"),
        ("excess", "excess_low", "excess_high"),
    ):
        assert (table[low] <= table[value]).all()
        assert (table[value] <= table[high]).all()
    assert table.loc[SOFTMAX, ["gain", "gain_low", "gain_high"]].tolist() == [0, 0, 0]
    gain = table["auroc"] - table["auroc"][SOFTMAX]
    assert np.allclose(table["gain"], gain)


def test_the_seed_decides_and_blocks_do_not(monkeypatch: pytest.MonkeyPatch) -> None:
    first = failure_detection(one_network(), seed=1, resamples=50)
    assert failure_detection(one_network(), seed=1, resamples=50).equals(first)
    assert not failure_detection(one_network(), seed=2, resamples=50).equals(first)
    monkeypatch.setattr(detection, "NUMBERS", 100)
    assert failure_detection(one_network(), seed=1, resamples=50).equals(first)


def test_the_order_of_examples_changes_no_value() -> None:
    study = one_network()
    turned = study.subset(study.frame().index[::-1])
    columns = ["auroc", "aurc", "excess", "gain"]
    one, other = (failure_detection(each, resamples=5) for each in (study, turned))
    assert np.allclose(one[columns], other[columns])


def test_the_interval_holds_the_truth_nineteen_times_in_twenty() -> None:
    draw, held, times = np.random.default_rng(0), 0, 200
    for seed in range(times):
        wrong = draw.random(150) < 0.3
        score = draw.normal(size=150) + wrong  # AUROC 0.760
        rankings = {"score": Ranking(score, wrong)}
        row = _numbers(_drawn(rankings, 150, 200, seed)["score"], None, wrong)
        held += row["low"] <= 0.7602 <= row["high"]
    assert 0.90 <= held / times <= 0.99


def test_examples_of_an_ensemble_are_all_that_were_held_out() -> None:
    study = study_named("planted labels")
    table = failure_detection(study, resamples=20).set_index("score")
    frame = study.frame()
    rows = frame[(frame["held_out"] > 0) & ~frame["planted"]]
    wrong = rows["consensus_class"] != rows["label"]
    assert table["examples"]["depth"] == len(rows)
    assert table["mistakes"]["depth"] == wrong.sum()
    for name, risk in (
        ("depth", rows["validation_depth"]),
        ("margin", -rows["output_margin"]),
    ):
        assert table["auroc"][name] == pytest.approx(roc_auc_score(wrong, risk))
    assert table["untold"]["neighbor distance"].startswith("Distances are stored of")


def test_agreement_of_an_ensemble_is_the_mean_over_those_that_held_out() -> None:
    study = study_named("planted labels")
    data = study.dataset
    found = held_out(data, np.ones(len(study), bool))
    scores = {one.name: one.values for one in found.scores}
    sound = np.flatnonzero(data["member_failed"].values < 0)
    for place, row in enumerate(found.rows[:40]):
        unseen = [one for one in sound if not data["in_train"].values[one, row]]
        counts = data["member_agreement"].values[unseen, :, row] / study.k
        assert scores["agreement"][place] == pytest.approx(counts.mean())
        assert scores["last agreement"][place] == pytest.approx(counts[:, -1].mean())


def test_a_measured_ensemble_knows_its_softmax(tmp_path: Path) -> None:
    study = Study(run(tmp_path / "run"))
    found = held_out(study.dataset, np.ones(len(study), bool))
    scores = {one.name: one.values for one in found.scores}
    mean = study.dataset["held_out_probability"].values[found.rows].astype(float)
    assert np.allclose(scores[SOFTMAX], mean.max(1), atol=2e-3)
    assert np.allclose(scores["entropy"], entropy(mean, axis=1), atol=2e-2)
    stored = study.dataset.drop_vars("member_log_probability")
    again = held_out(stored, np.ones(len(study), bool))
    assert np.allclose(
        {one.name: one.values for one in again.scores}[SOFTMAX], mean.max(1)
    )


def test_scores_that_the_study_lacks_are_named() -> None:
    study = without(
        one_network(), "log_probability", "neighbor_agreement", "confidence"
    )
    table = failure_detection(study, resamples=5).set_index("score")
    lacking = ["agreement", "last agreement", "entropy", SOFTMAX]
    assert table["auroc"].isna()[lacking].all()
    assert table["untold"][SOFTMAX] == "The study has no confidence."
    assert table["gain"].isna().all()
    assert "does not know the largest softmax" in describe_failure_detection(
        table.reset_index()
    )


def test_examples_with_a_score_that_is_no_number_are_left_out_for_all() -> None:
    study = one_network()
    margin = study.dataset["output_margin"].copy()
    margin[-3:] = np.nan
    table = failure_detection(Study(study.dataset.assign(output_margin=margin)))
    assert set(table["examples"]) == {27}


def test_some_examples_are_looked_at_where_they_are_named() -> None:
    study = one_network()
    ids = study.frame().index[50:80]
    assert set(failure_detection(study, examples=ids)["examples"]) == {20}
    with pytest.raises(DataError, match="Unknown example"):
        failure_detection(study, examples=["nobody"])


def right_about(study: Study, share: float) -> Study:
    label = study.dataset["label"].values
    rows = np.arange(len(label)) < share * len(label)
    prediction = np.where(rows, label, (label + 1) % 3).astype(label.dtype)
    return Study(study.dataset.assign(prediction=("example", prediction)))


def test_what_cannot_be_told_is_refused_in_words() -> None:
    study = one_network()
    for share, said in ((1, "wrong about none of the 30"), (0, "about all of the 30")):
        with pytest.raises(StudyError, match=said):
            failure_detection(right_about(study, share))
    with pytest.raises(StudyError, match="did not train on, and of these there are no"):
        failure_detection(vector_study())
    with pytest.raises(StudyError, match="lacks prediction"):
        failure_detection(without(study, "prediction"))
    with pytest.raises(StudyError, match="No score is known"):
        failure_detection(study_named("only NaN"))
    for resamples in (0, 1.5, True):
        with pytest.raises(ArgumentError, match="resamples must be"):
            failure_detection(study, resamples=resamples)  # type: ignore[arg-type]


def test_examples_without_a_label_are_no_mistakes() -> None:
    study = one_network()
    held = np.flatnonzero(study.dataset["split"].values != 0)
    label = study.dataset["label"].values.astype(int)
    label[held[:3]] = -1
    part = Study(study.dataset.assign(label=("example", label)))
    others = np.delete(np.arange(len(study)), held[:3])
    pd.testing.assert_frame_equal(
        failure_detection(part, resamples=3),
        failure_detection(study, examples=study.frame().iloc[others], resamples=3),
    )


@pytest.mark.parametrize("seed", [-1, 1.5, None])
def test_a_seed_that_is_none_is_refused(seed: Any) -> None:
    with pytest.raises(ArgumentError, match="seed"):
        failure_detection(one_network(), resamples=1, seed=seed)
