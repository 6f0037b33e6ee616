"""Training on a selection: by a recipe, from the beginning, on what is kept alone."""

import pickle

import numpy as np
import pytest
import torch
from torch import nn

from depthviz.errors import ShapeError
from depthviz.measurement import measure
from depthviz.selection import SubsetTrainer, keep_curve, select
from depthviz.training import Recipe


def clusters(count, seed):
    draw = np.random.default_rng(seed)
    labels = np.arange(count) % 2
    points = draw.normal(size=(count, 4)) + 3 * labels[:, None]
    return points.astype(np.float32), labels


def network():
    return nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 2))


TRAIN, VALIDATION, TEST = clusters(60, 0), clusters(20, 1), clusters(40, 2)


def trainer(**options):
    recipe = Recipe(
        **{"steps": 150, "batch_size": 10, "learning_rate": 0.03, **options}
    )
    return SubsetTrainer(
        network, TRAIN, test=TEST, validation=VALIDATION, recipe=recipe, device="cpu"
    )


def study():
    return measure(network(), TRAIN, k=3, projection=None, progress=False)


def test_a_training_learns_from_what_is_kept_and_depends_on_the_seed_alone():
    kept = select(study(), keep=20, method="random")
    found = trainer()(kept, 0)
    assert set(found) == {"validation", "test"}
    assert found["test"] > 0.9
    assert trainer()(kept, 0) == found
    one = np.flatnonzero(TRAIN[1] == 0)[:5]
    of_one = type(kept).from_ids(study(), one)
    assert trainer()(of_one, 0)["test"] == 0.5  # it has seen one class


def test_what_is_equal_is_what_the_recipe_has():
    assert trainer().equal == "iterations"
    assert trainer(steps=None, epochs=2).equal == "epochs"
    assert trainer().describe()["train"] == 60
    assert trainer().describe()["recipe"]["steps"] == 150


def test_a_trainer_goes_to_other_processes():
    kept = select(study(), keep=20, method="random")
    ours = trainer()
    ours(kept, 0)
    assert pickle.loads(pickle.dumps(ours))(kept, 1) == ours(kept, 1)


def test_a_selection_of_other_data_is_refused():
    kept = select(study().subset(np.arange(30)), keep=20, method="random")
    trainer()(kept, 0)
    other = measure(
        network(), (TRAIN[0][:50], TRAIN[1][:50]), k=3, projection=None, progress=False
    )
    with pytest.raises(ShapeError, match="60 examples"):
        trainer()(select(other, keep=5, method="random"), 0)


def test_the_random_state_of_the_caller_stays():
    kept = select(study(), keep=20, method="random")
    torch.manual_seed(3)
    wanted = torch.rand(1)
    torch.manual_seed(3)
    trainer()(kept, 0)
    assert torch.rand(1) == wanted


def test_a_curve_of_real_trainings_tells_one_class_from_two():
    whole = study()
    found = keep_curve(
        trainer(),
        {
            "random": lambda share, seed: select(
                whole, keep=share, method="random", seed=seed
            ),
            "one class": lambda share, seed: select(
                whole, keep=share, method="smallest", by="label", seed=seed
            ),
        },
        shares=[0.25],
        seeds=[0, 1],
        progress=False,
    )
    assert found.equal == "iterations"
    difference = found.against("random").iloc[0]["difference"]
    assert difference < -0.3
