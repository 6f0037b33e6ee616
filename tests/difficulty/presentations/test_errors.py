"""Norms of errors and losses, against the slow and obvious."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from depthviz.difficulty import error_norm, second_split_forgetting, training_loss
from depthviz.errors import LabelError


@given(seed=st.integers(0, 2**31), scale=st.sampled_from([0.1, 1, 30]))
@settings(max_examples=40, deadline=None)
def test_the_norm_is_that_of_softmax_less_label(seed, scale):
    draw = np.random.default_rng(seed)
    logits, labels = draw.normal(size=(7, 4)) * scale, draw.integers(0, 4, 7)
    shares = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
    expected = np.linalg.norm(shares - np.eye(4)[labels], axis=1)
    np.testing.assert_allclose(
        error_norm(torch.from_numpy(logits), torch.from_numpy(labels)),
        expected,
        atol=1e-12,
    )


def test_a_sure_network_has_a_small_error_and_not_none():
    error = error_norm(torch.tensor([[20.0, 0.0]]), torch.tensor([0]))
    exact = np.exp(-20.0) * np.sqrt(2)
    np.testing.assert_allclose(error, exact, rtol=1e-5)


def test_a_label_that_is_no_class_is_refused():
    with pytest.raises(LabelError):
        error_norm(torch.zeros(1, 2), torch.tensor([2]))


def test_loss_counts_own_presentations_alone():
    probabilities = torch.tensor([[0.5, 0.5], [torch.nan, 0.25]])
    recorded = torch.tensor([[True, True], [False, True]])
    found = training_loss(probabilities, recorded=recorded)
    np.testing.assert_allclose(found, [np.log(2), 1.5 * np.log(2)])


def test_a_probability_of_zero_has_a_finite_loss():
    assert training_loss(torch.zeros(1, 1)).isfinite()


@given(seed=st.integers(0, 2**31), steps=st.integers(1, 8))
@settings(max_examples=40, deadline=None)
def test_second_split_forgetting_is_the_first_epoch_of_staying_wrong(seed, steps):
    correct = np.random.default_rng(seed).random((steps, 6)) < 0.5
    expected = [
        min(
            (t + 1 for t in range(steps) if not correct[t:, i].any()), default=steps + 1
        )
        for i in range(6)
    ]
    assert second_split_forgetting(correct).tolist() == expected


@given(seed=st.integers(0, 2**31), steps=st.integers(1, 8))
@settings(max_examples=40, deadline=None)
def test_second_split_forgetting_counts_an_examples_own_records(seed, steps):
    draw = np.random.default_rng(seed)
    correct, recorded = draw.random((2, steps, 6)) < 0.5
    found = second_split_forgetting(correct, recorded=recorded)
    for i in range(6):
        own = correct[recorded[:, i], i]
        alone = second_split_forgetting(own[:, None])[0] if len(own) else np.nan
        np.testing.assert_equal(float(found[i]), float(alone))


def test_without_a_second_stage_nothing_was_forgotten():
    assert second_split_forgetting(torch.ones(0, 2).bool()).tolist() == [1, 1]
