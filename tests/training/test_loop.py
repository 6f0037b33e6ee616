"""Training: decided by the seed, honest when it fails, and it learns."""

import numpy as np
import pytest
import torch
from torch import nn

from depthviz.datasets import load_digits
from depthviz.errors import DivergenceError, LabelError
from depthviz.models import small_cnn
from depthviz.training import fit

POINTS = np.random.default_rng(0).normal(size=(40, 5)).astype(np.float32)
LABELS = (POINTS[:, 0] > 0).astype(int)


def dropping():
    torch.manual_seed(7)
    return nn.Sequential(nn.Linear(5, 16), nn.Dropout(0.5), nn.ReLU(), nn.Linear(16, 2))


def fitted(seed=0, **options):
    options = {"epochs": 3, "learning_rate": 1e-2, "progress": False, **options}
    return fit(dropping(), (POINTS, LABELS), seed=seed, device="cpu", **options)


def weights(network):
    return torch.cat([value.flatten() for value in network.state_dict().values()])


def test_the_seed_alone_decides_the_weights():
    one = weights(fitted(seed=3))
    torch.manual_seed(99)
    assert torch.equal(one, weights(fitted(seed=3)))
    assert not torch.equal(one, weights(fitted(seed=4)))


def test_training_leaves_the_global_random_state_alone():
    network = dropping()
    before = torch.random.get_rng_state()
    fit(
        network,
        (POINTS, LABELS),
        epochs=1,
        learning_rate=1e-2,
        seed=0,
        device="cpu",
        progress=False,
    )
    assert torch.equal(torch.random.get_rng_state(), before)


def test_training_leaves_the_number_of_threads_alone():
    before = torch.get_num_threads()
    fitted()
    assert torch.get_num_threads() == before


def test_it_learns_what_can_be_learned(device):
    network = fit(
        nn.Linear(5, 2),
        (POINTS, LABELS),
        epochs=60,
        learning_rate=0.1,
        seed=0,
        device=device,
        progress=False,
    )
    prediction = network(torch.tensor(POINTS, device=device)).argmax(1).cpu()
    assert (prediction.numpy() == LABELS).mean() >= 0.95
    assert not network.training


def test_digits_are_learned_to_97_percent():
    digits = load_digits(noise=0)
    network = fit(
        small_cnn(seed=0),
        digits.train,
        epochs=10,
        learning_rate=3e-3,
        seed=0,
        device="cpu",
        progress=False,
    )
    pictures, labels = digits.validation
    with torch.no_grad():
        prediction = network(torch.tensor(pictures)).argmax(1)
    assert (prediction.numpy() == labels).mean() >= 0.97


def test_a_loss_that_diverges_is_told():
    with pytest.raises(
        DivergenceError, match=r"loss became .* at step 2; try a learning_r"
    ):
        fitted(learning_rate=1e30)


def test_a_label_without_a_class_is_named():
    labels = LABELS.copy()
    labels[11] = 2
    with pytest.raises(LabelError, match=r"train\[11\] has label 2"):
        fit(
            dropping(),
            (POINTS, labels),
            epochs=1,
            learning_rate=1e-2,
            seed=0,
            device="cpu",
            progress=False,
        )
