"""Entropy and label quality, against scipy and cleanlab."""

import sys

import numpy as np
import pytest
import torch
from scipy.special import softmax
from scipy.stats import entropy
from torch import nn

from depthviz.difficulty import (
    entropy_gradient,
    informativeness,
    label_quality,
    predictive_entropy,
)
from depthviz.errors import DataError, DependencyError, ModelError

LOGITS = np.random.default_rng(0).normal(size=(50, 6)) * 4
LABELS = np.arange(50) % 6


def test_entropy_is_scipys():
    np.testing.assert_allclose(
        predictive_entropy(LOGITS), entropy(softmax(LOGITS, 1), axis=1), rtol=1e-10
    )


def test_a_logit_of_minus_infinity_has_no_part():
    assert predictive_entropy(torch.tensor([[0.0, -torch.inf]])).tolist() == [0]


def test_a_logit_that_is_no_number_is_unknown():
    logits = torch.tensor([[0.0, torch.nan]])
    assert predictive_entropy(logits).isnan().all()
    assert informativeness(logits).isnan().all()


def test_the_gradient_points_to_more_entropy_and_leaves_the_network_alone():
    net = nn.Sequential(nn.Linear(4, 8), nn.Tanh(), nn.Dropout(0.5), nn.Linear(8, 3))
    inputs = torch.randn(5, 4, generator=torch.Generator().manual_seed(0))
    gradient = entropy_gradient(net, inputs)
    net.eval()
    with torch.no_grad():
        before, after = (
            predictive_entropy(net(each)) for each in (inputs, inputs + 0.01 * gradient)
        )
    assert (after > before).all()
    assert all(each.grad is None for each in net.parameters())


def test_what_has_no_gradient_is_refused():
    with pytest.raises(DataError, match="floats"):
        entropy_gradient(nn.Embedding(3, 2), torch.tensor([1]))

    class Cut(nn.Module):
        def forward(self, inputs):
            return inputs.detach()

    with pytest.raises(ModelError, match="no gradient"):
        entropy_gradient(Cut(), torch.ones(1, 2))


def test_label_quality_is_cleanlabs():
    from cleanlab.rank import get_label_quality_scores

    shares = softmax(LOGITS, 1)
    np.testing.assert_allclose(
        label_quality(shares, LABELS), get_label_quality_scores(LABELS, shares)
    )


def test_unknown_probabilities_have_no_quality():
    shares = softmax(LOGITS, 1)
    shares[::2] = np.nan
    found = label_quality(shares, LABELS)
    assert found.isnan().tolist() == [True, False] * 25
    assert label_quality(shares[::2], LABELS[::2]).isnan().all()


def test_without_cleanlab_the_line_that_installs_it_is_said(monkeypatch):
    monkeypatch.setitem(sys.modules, "cleanlab", None)
    monkeypatch.setitem(sys.modules, "cleanlab.rank", None)
    with pytest.raises(DependencyError, match=r"pip install 'torch-depthviz\[cleanlab"):
        label_quality(softmax(LOGITS, 1), LABELS)
