"""The whole loop on points of three classes: train, propose, put right, train again."""

import numpy as np
import pytest
from torch import nn

import depthviz as dv
from depthviz.errors import StudyError
from depthviz.measurement import measure
from depthviz.models import mlp
from depthviz.training import Recipe, fit

COUNT, CLASSES = 240, 3
DRAW = np.random.default_rng(0)
TRUTH = np.arange(COUNT) % CLASSES
POINTS = (DRAW.normal(size=(COUNT, 4)) + 3 * np.eye(CLASSES, 4)[TRUTH]).astype("f4")
NOISY = np.where(DRAW.random(COUNT) < 0.1, (TRUTH + 1) % CLASSES, TRUTH)

TRAINING = {"epochs": 10, "batch_size": 16, "learning_rate": 3e-3, "seed": 0}
TRAINING |= {"device": "cpu", "progress": False}


def network() -> nn.Module:
    return mlp(in_features=4, num_classes=CLASSES, width=16, hidden=2)


def cleaned(folder, noisy=NOISY, **options):
    chosen = {"members": 4, "holdout": 0.5, "k": 10, "projection": None, **options}
    recipe = Recipe(epochs=12, batch_size=16, checkpoints=0)
    ensemble = dv.Ensemble(network, (POINTS, noisy), recipe=recipe, **chosen)
    return ensemble.run(folder, progress=False)


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    return cleaned(tmp_path_factory.mktemp("cleaning") / "run", planted=0.1)


def test_wrong_labels_are_proposed_and_put_right(study):
    found = dv.relabel(study)
    wrong = NOISY != TRUTH
    proposed = np.isin(np.arange(COUNT), found.proposals.index)
    assert (proposed & wrong).sum() > 0.8 * (wrong & ~study.frame()["planted"]).sum()
    assert (found.labels != TRUTH).sum() < 0.5 * wrong.sum()
    right = found.proposals["suggested_label"] == TRUTH[found.proposals.index]
    assert (found.proposals["members_for"] > found.proposals["members_against"])[
        right
    ].mean() > 0.8


def test_of_the_first_examples_more_are_expected_to_be_wrong(study):
    found = dv.relabel(study)
    few, many, every = (found.precision(count) for count in (12, 50, 200))
    assert few.share > many.share > every.share
    assert few.high > 0.7
    assert every.high < 0.5


def test_cleaned_labels_train_the_next_ensemble(study, tmp_path):
    labels = dv.relabel(study).labels
    better = cleaned(tmp_path / "better", labels=labels)
    assert np.array_equal(better.dataset["label"], labels)
    assert np.array_equal(better.dataset["data_label"], NOISY)


def test_labels_at_random_end_in_an_answer_or_in_words(tmp_path):
    random = np.random.default_rng(1).integers(0, CLASSES, COUNT)
    found = dv.relabel(cleaned(tmp_path / "run", random, planted=0.1))
    assert len(found.labels) == COUNT
    assert found.precision(50).high > 0.4


def test_labels_that_are_all_right_are_left_nearly_as_they_are(tmp_path):
    study = cleaned(tmp_path / "run", TRUTH, planted=0.1)
    found = dv.relabel(study)
    assert (found.labels != TRUTH).mean() < 0.05
    assert found.precision(50).share < 0.3


def test_a_class_of_fewer_examples_than_neighbors_takes_part(tmp_path):
    few = np.where((TRUTH == 2) & (np.arange(COUNT) > 20), 0, TRUTH)
    found = dv.relabel(cleaned(tmp_path / "run", few))
    assert np.isfinite(found.proposals["suspicion"]).all()
    assert found.noise_matrix.to_numpy().sum() == len(found)


@pytest.mark.parametrize("split", [True, False])
def test_one_network_is_enough_for_proposals(split):
    cut = 160 if split else COUNT
    train, rest = (POINTS[:cut], NOISY[:cut]), (POINTS[cut:], NOISY[cut:])
    model = fit(network(), train, **TRAINING)
    options = {"k": 10, "projection": None, "progress": False}
    one = measure(model, train, rest if split else None, **options)
    found = dv.relabel(one)
    assert np.isin(found.proposals.index, np.flatnonzero(NOISY != TRUTH)).mean() > 0.4
    votes = found.proposals[["members_for", "members_against"]].to_numpy().sum(1)
    trained = found.proposals.index.to_numpy() < cut
    assert (votes[trained] == 0).all()
    with pytest.raises(StudyError, match="planted before training"):
        found.precision(10)
