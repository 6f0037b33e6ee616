"""The figures are scikit-learn's, and an interval of a difference is one of pairs."""

import numpy as np
import pytest
from sklearn.metrics import average_precision_score, roc_auc_score

from tests.benchmarks.label_errors.figures import compare, figures


def test_figures_are_scikit_learn_s_for_examples_that_occur_more_than_once():
    draw = np.random.default_rng(0)
    wrong = draw.random(300) < 0.2
    score = np.round(draw.normal(size=300) + wrong, 1)  # some are equal
    weights = draw.multinomial(300, np.full(300, 1 / 300), 3)
    found = figures(score, wrong, weights)
    for (area, average, _), weight in zip(found.T, weights, strict=True):
        assert area == pytest.approx(roc_auc_score(wrong, score, sample_weight=weight))
        expected = average_precision_score(wrong, score, sample_weight=weight)
        assert average == pytest.approx(expected)


def test_precision_is_that_of_as_many_examples_as_are_wrong():
    score, wrong = np.array([5, 4, 3, 2, 1.0]), np.array([1, 0, 1, 0, 0], bool)
    assert figures(score, wrong, np.ones((1, 5)))[2, 0] == 0.5


def test_a_score_is_not_ahead_of_itself_and_clearly_ahead_of_noise():
    draw = np.random.default_rng(0)
    wrong = draw.random(500) < 0.2
    good, bad = wrong + draw.normal(size=500), draw.normal(size=500)
    found = compare(
        {"good": good, "same": good * 2, "bad": bad}, wrong, reference="good"
    )
    assert found["same"]["auroc"].ahead == (0, 0, 0)
    assert [found[name]["auroc"].clear for name in ("same", "bad")] == [0, 1]
    again = compare({"good": good, "bad": bad}, wrong, reference="bad")
    assert again["good"]["auroc"].clear == -1


def test_a_missing_score_says_nothing():
    wrong = np.array([1, 1, 0, 0], bool)
    score = np.array([np.nan, 2.0, 1.0, 3.0])
    with_middle = np.array([2.0, 2.0, 1.0, 3.0])
    once = np.ones((1, 4))
    np.testing.assert_array_equal(
        figures(score, wrong, once), figures(with_middle, wrong, once)
    )
