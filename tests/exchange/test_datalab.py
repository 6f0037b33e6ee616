"""What Datalab takes of a study, and what it finds with it."""

from functools import cache
from typing import Any

import numpy as np
import pytest
import torch
from sklearn.metrics import roc_auc_score
from sklearn.neighbors import NearestNeighbors
from torch import nn

from depthviz.errors import ArgumentError, ProbeError, StudyError
from depthviz.exchange import datalab_inputs
from depthviz.measurement import measure
from depthviz.study import Study
from tests.studies import ensemble_study, tiny_study

# Cleanlab calls pandas in a way that the newest one warns of.
of_cleanlab = pytest.mark.filterwarnings("ignore:The inplace keyword")


@cache
def clusters() -> tuple[Study, np.ndarray, np.ndarray]:
    """Three clouds of points with a tenth of their labels wrong, no training."""
    draw = np.random.default_rng(0)
    truth = np.arange(150) % 3
    points = (6 * np.eye(3, 4)[truth] + draw.normal(size=(150, 4))).astype(np.float32)
    wrong = draw.permutation(150) < 15
    label = np.where(wrong, (truth + 1) % 3, truth)
    torch.manual_seed(0)
    net = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 3))
    study = measure(net, (points, label), k=12, projection=None, progress=False)
    return study, points, wrong


def test_graph_is_that_of_scikit_learn() -> None:
    study, points, _ = clusters()
    graph = datalab_inputs(study, probe="input")["knn_graph"]
    expected = (
        NearestNeighbors(n_neighbors=12).fit(points).kneighbors_graph(mode="distance")
    )
    assert np.array_equal(graph.indptr, expected.indptr)
    assert np.array_equal(graph.indices, expected.indices)
    assert np.allclose(graph.data, expected.data, rtol=1e-5)


def test_votes_are_the_shares_of_the_neighbors() -> None:
    study = tiny_study()
    data = study.dataset
    found = datalab_inputs(study, probe=2)["pred_probs"]
    labels = data["label"].values[data["neighbor_index"][2].values]
    slow = [[np.mean(row == one) for one in range(3)] for row in labels]
    assert np.allclose(found, slow)
    by_name = datalab_inputs(study, probe=study.probes[2])
    assert np.array_equal(by_name["pred_probs"], found)


@of_cleanlab
def test_datalab_finds_planted_wrong_labels_at_any_probe() -> None:
    datalab = pytest.importorskip("cleanlab").Datalab
    study, _, wrong = clusters()
    labels = {"label": study.frame()["label"].to_numpy()}
    for probe in range(len(study.probes)):
        lab = datalab(labels, label_name="label", verbosity=0)
        lab.find_issues(**datalab_inputs(study, probe=probe))
        issues = lab.get_issues()
        assert roc_auc_score(wrong, -issues["label_score"]) > 0.95
        assert {"is_outlier_issue", "is_near_duplicate_issue"} <= set(issues)
    first = datalab(labels, label_name="label", verbosity=0)
    first.find_issues(**datalab_inputs(study, probe="input"))
    issues = first.get_issues("label")
    assert (issues["is_label_issue"] & wrong).sum() >= 12
    assert issues["is_label_issue"].sum() <= 20


@of_cleanlab
def test_datalab_takes_a_study_as_a_data_set() -> None:
    datalab = pytest.importorskip("cleanlab").Datalab
    study, _, wrong = clusters()
    lab = datalab(study.to_datasets(), label_name="label", verbosity=0)
    lab.find_issues(**datalab_inputs(study, probe=0))
    assert roc_auc_score(wrong, -lab.get_issues("label")["label_score"]) > 0.95


def test_softmax_is_that_of_the_network() -> None:
    study, _, _ = clusters()
    found = datalab_inputs(study, probabilities="softmax")["pred_probs"]
    stored = np.exp(study.dataset["log_probability"].values.astype(float))
    assert np.allclose(found, stored, atol=2e-3)
    assert np.allclose(found.sum(1), 1)


def test_softmax_of_many_networks_is_that_of_those_that_held_out() -> None:
    shares = np.random.default_rng(0).dirichlet(np.ones(3), 80)
    data = ensemble_study().dataset
    known = data.assign(held_out_probability=(("example", "class"), shares))
    found = datalab_inputs(Study(known), probabilities="softmax")["pred_probs"]
    assert np.allclose(found, shares)
    shares[4] = np.nan
    missing = data.assign(held_out_probability=(("example", "class"), shares))
    with pytest.raises(StudyError, match="No network held out 1 of 80"):
        datalab_inputs(Study(missing), probabilities="softmax")


def test_classes_that_never_come_have_no_column() -> None:
    study, _, _ = clusters()
    data = study.dataset
    label = np.where(data["label"].values == 1, 0, data["label"].values)
    fewer = Study(data.assign(label=("example", label)))
    found = datalab_inputs(fewer, probe=0)["pred_probs"]
    assert found.shape == (150, 2)
    assert np.allclose(found.sum(1), 1)


def test_what_is_unknown_is_refused() -> None:
    study = tiny_study()
    with pytest.raises(ProbeError, match="Unknown probe 'conv9'"):
        datalab_inputs(study, probe="conv9")
    with pytest.raises(ArgumentError, match="among the 7 probes"):
        datalab_inputs(study, probe=7)
    with pytest.raises(ArgumentError, match="probabilities must be one of"):
        datalab_inputs(study, probabilities="guess")
    with pytest.raises(StudyError, match="part of another"):
        datalab_inputs(study.subset(study.frame().index[:40]))
    bare = Study(study.dataset.drop_vars("neighbor_distance"))
    with pytest.raises(StudyError, match="lacks neighbor_distance"):
        datalab_inputs(bare)


@pytest.mark.parametrize("probe", [1.5, None, True, [0], 7, -8])
def test_what_is_no_place_of_a_probe_is_refused(probe: Any) -> None:
    with pytest.raises(ArgumentError, match="a name or a position among the 7 probes"):
        datalab_inputs(tiny_study(), probe=probe)


@pytest.mark.parametrize("probabilities", ["votes", "softmax"])
def test_an_example_without_a_label_is_refused(probabilities: str) -> None:
    data = tiny_study().dataset
    label = np.where(np.arange(80) < 2, -1, data["label"].values.astype(int))
    study = Study(data.assign(label=("example", label)))
    with pytest.raises(StudyError, match="2 of 80 have none"):
        datalab_inputs(study, probabilities=probabilities)
