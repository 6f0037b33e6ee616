"""Recipes: every schedule and optimizer trains, nonsense is refused by name."""

import pickle

import numpy as np
import pytest
import torch
from torch import nn

from depthviz.errors import ArgumentError, DivergenceError
from depthviz.training.augmentation import crop, flip
from depthviz.training.loop import Watch, train_by
from depthviz.training.recipe import Recipe, checkpoint_steps

GENERATOR = np.random.default_rng(0)
INPUTS = torch.from_numpy(GENERATOR.normal(size=(50, 1, 8, 8)).astype(np.float32))
LABELS = (INPUTS.mean(dim=(1, 2, 3)) > 0).long()
NOBODY = Watch()


def network():
    torch.manual_seed(0)
    return nn.Sequential(nn.Flatten(), nn.Linear(64, 2))


def trained(recipe, watch=NOBODY):
    return train_by(recipe, network(), (INPUTS, LABELS), seed=0, watch=watch)


@pytest.mark.parametrize("optimizer", ["adamw", "sgd"])
@pytest.mark.parametrize("schedule", ["one-cycle", "cosine", "steps", "constant"])
def test_every_schedule_of_every_optimizer_learns(optimizer, schedule):
    recipe = Recipe(
        optimizer=optimizer,
        schedule=schedule,
        learning_rate=0.02,
        epochs=40,
        batch_size=10,
    )
    found = trained(recipe)(INPUTS).argmax(dim=1)
    assert (found == LABELS).float().mean() > 0.9


@pytest.mark.parametrize(
    ("recipe", "steps"),
    [
        (Recipe(epochs=2, batch_size=20), 6),
        (Recipe(steps=4, batch_size=20), 4),
        (Recipe(steps=1, batch_size=200), 1),
    ],
)
def test_a_recipe_takes_the_steps_that_it_counts(recipe, steps):
    seen, rows = [], []
    watch = Watch(step=seen.append, batch=lambda index, *_: rows.append(index))
    trained(recipe, watch)
    assert seen == list(range(steps + 1))
    assert recipe.total_steps(50) == steps
    first = torch.cat(rows[: recipe.steps_per_epoch(50)])
    assert len(first) == len(first.unique())


@pytest.mark.parametrize(
    "options",
    [
        {"epochs": 0},
        {"epochs": 2.5},
        {"steps": 0},
        {"batch_size": True},
        {"checkpoints": 1},
        {"checkpoints": -1},
        {"learning_rate": float("nan")},
        {"weight_decay": -1},
        {"optimizer": "adam w"},
        {"schedule": "cosin"},
        {"augmentation": "flip"},
        {"augmentation": ["flop"]},
    ],
)
def test_nonsense_is_refused_by_the_name_of_its_field(options):
    with pytest.raises(ArgumentError, match=next(iter(options))):
        Recipe(**options)


def test_checkpoints_begin_before_the_first_step_and_end_after_the_last():
    for total in (1, 2, 7, 1000):
        for count in (2, 3, 12):
            steps = checkpoint_steps(total, count)
            assert (steps[0], steps[-1]) == (0, total)
            assert sorted(set(steps)) == steps
            assert len(steps) <= count


def test_flipping_mirrors_each_picture_or_leaves_it():
    found = flip(INPUTS, torch.Generator().manual_seed(1))
    same = (found == INPUTS).flatten(1).all(1)
    mirrored = (found == INPUTS.flip(-1)).flatten(1).all(1)
    assert (same ^ mirrored).all()
    assert same.any()
    assert mirrored.any()


def test_a_crop_is_a_window_of_the_padded_picture():
    found = crop(INPUTS, torch.Generator().manual_seed(1))
    padded = torch.nn.functional.pad(INPUTS, (1, 1, 1, 1))
    windows = [padded[:, :, i : i + 8, j : j + 8] for i in range(3) for j in range(3)]
    hits = torch.stack([(found == window).flatten(1).all(1) for window in windows])
    assert hits.any(0).all()
    assert hits.any(1).sum() > 3


def test_augmentation_is_decided_by_the_seed_and_reaches_the_network():
    once, again, plain = (
        trained(Recipe(epochs=2, augmentation=augmentation))[1].weight
        for augmentation in (["flip", "crop"], ["flip", "crop"], [])
    )
    assert torch.equal(once, again)
    assert not torch.equal(once, plain)


def test_divergence_crosses_a_process_with_its_step():
    error = pickle.loads(pickle.dumps(DivergenceError("The loss became nan.", step=7)))
    assert (error.step, str(error)) == (7, "The loss became nan.")
