"""Windows over the presentations of an example, against the slow and obvious."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from depthviz.difficulty import dual_score, dynamic_uncertainty
from depthviz.difficulty.presentations.windows import own_presentations
from depthviz.errors import ArgumentError, ShapeError

PROPERTIES = settings(max_examples=60, deadline=None)


def slow(values, window, *, weighted):
    """The mean over the windows of one example; NaN where there is none."""
    found = [
        np.std(values[at : at + window], ddof=1)
        * (1 - np.mean(values[at : at + window]) if weighted else 1)
        for at in range(len(values) - window + 1)
    ]
    return np.mean(found) if found else np.nan


@given(
    seed=st.integers(0, 2**31),
    steps=st.integers(2, 40),
    window=st.integers(2, 14),
    share=st.floats(0.2, 1),
)
@PROPERTIES
def test_scores_are_means_over_an_examples_own_windows(seed, steps, window, share):
    draw = np.random.default_rng(seed)
    probabilities = draw.random((steps, 5))
    recorded = draw.random((steps, 5)) < share
    if recorded.sum(0).max() < window:
        return
    for score, weighted in ((dual_score, True), (dynamic_uncertainty, False)):
        found = score(probabilities, window=window, recorded=recorded)
        expected = [
            slow(probabilities[recorded[:, i], i], window, weighted=weighted)
            for i in range(5)
        ]
        np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-12)


@given(seed=st.integers(0, 2**31), share=st.floats(0, 1))
@PROPERTIES
def test_own_presentations_keep_their_order(seed, share):
    draw = np.random.default_rng(seed)
    values = torch.from_numpy(draw.random((9, 4)))
    recorded = torch.from_numpy(draw.random((9, 4)) < share)
    for most in (None, 3):
        front, count = own_presentations(values, recorded, most=most)
        for i in range(4):
            own = values[recorded[:, i], i][:most]
            assert front[: count[i], i].tolist() == own.tolist()
            assert len(own) == count[i]


def test_what_is_always_right_and_what_is_never_learned_are_both_near_zero():
    probabilities = torch.tensor([[1.0, 1e-9, 0.1 + 0.8 * (t % 2)] for t in range(20)])
    score = dual_score(probabilities)
    assert score[:2].abs().max() < 1e-8
    assert score[2] > 0.1


def test_a_window_at_the_end_counts():
    """A published code leaves it out."""
    probabilities = torch.zeros(11, 1)
    probabilities[-1] = 1
    assert dynamic_uncertainty(probabilities) > 0


def test_windows_move_on():
    """A published code takes the first window thirty times."""
    draw = torch.rand(30, 50, generator=torch.Generator().manual_seed(0))
    assert not torch.equal(dual_score(draw), dual_score(draw[:10]))


def test_an_example_of_too_few_presentations_is_unknown():
    recorded = torch.ones(12, 2, dtype=torch.bool)
    recorded[9:, 1] = False
    found = dual_score(torch.rand(12, 2), recorded=recorded)
    assert found.isnan().tolist() == [False, True]


def test_a_window_longer_than_all_presentations_is_refused():
    with pytest.raises(ArgumentError, match=r"no example has more than 5; got window"):
        dual_score(torch.rand(5, 3))
    with pytest.raises(ArgumentError, match="window must be a whole number"):
        dual_score(torch.rand(5, 3), window=1)
    with pytest.raises(ShapeError, match="recorded"):
        dual_score(torch.rand(5, 3), window=2, recorded=torch.ones(4, 3).bool())


def test_equal_probabilities_give_exactly_zero():
    assert dual_score(torch.full((30, 4), 0.3)).tolist() == [0] * 4


def test_whatever_the_block_a_score_is_the_same(monkeypatch):
    probabilities = torch.rand(25, 40, generator=torch.Generator().manual_seed(1))
    whole = dual_score(probabilities)
    monkeypatch.setattr("depthviz.difficulty.presentations.windows.BLOCK", 75)
    torch.testing.assert_close(dual_score(probabilities), whole)
