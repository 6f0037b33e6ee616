"""Areas equal slow definitions, scikit-learn's, and those of resamples drawn out."""

from itertools import permutations
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.metrics import roc_auc_score

from depthviz.study.failures.areas import Ranking, least_area

RANKED = st.integers(1, 25).flatmap(
    lambda count: st.tuples(
        arrays(np.float64, count, elements=st.integers(-3, 3).map(float)),
        arrays(np.bool_, count),
    )
)


def slow_area(wrong: Any) -> float:
    """Average the risk over all coverages, the safest first."""
    return float(np.mean([np.mean(wrong[:kept]) for kept in range(1, len(wrong) + 1)]))


def once(score: Any, wrong: Any) -> Any:
    found = Ranking(score, wrong).areas(np.ones((1, len(score)), int))
    return float(found.auroc[0]), float(found.aurc[0])


@given(RANKED)
def test_auroc_equals_that_of_scikit_learn(ranked: Any) -> None:
    score, wrong = ranked
    assume(0 < wrong.sum() < len(wrong))
    assert once(score, wrong)[0] == pytest.approx(roc_auc_score(wrong, score))


@given(st.integers(2, 25), st.data())
def test_aurc_of_distinct_scores_equals_the_definition(count: int, data: Any) -> None:
    score = np.array(data.draw(st.permutations(range(count))), float)
    wrong = data.draw(arrays(np.bool_, count))
    assert once(score, wrong)[1] == pytest.approx(slow_area(wrong[score.argsort()]))


@given(st.lists(st.tuples(st.integers(0, 2), st.booleans()), min_size=1, max_size=6))
def test_aurc_of_equal_scores_is_the_mean_over_their_orders(pairs: Any) -> None:
    score, wrong = np.array(pairs).T
    areas = [
        slow_area(np.array(order)[:, 1])
        for order in permutations(pairs)
        if list(np.array(order)[:, 0]) == sorted(score)
    ]
    assert once(score.astype(float), wrong.astype(bool))[1] == pytest.approx(
        np.mean(areas)
    )


@given(RANKED, st.integers(0, 5))
def test_a_resample_is_worth_what_its_examples_drawn_out_are(
    ranked: Any, seed: int
) -> None:
    score, wrong = ranked
    chosen = np.random.default_rng(seed).integers(0, len(score), len(score))
    counts = np.bincount(chosen, minlength=len(score))[None]
    found = Ranking(score, wrong).areas(counts)
    auroc, aurc = once(score[chosen], wrong[chosen])
    assert float(found.auroc[0]) == pytest.approx(auroc, nan_ok=True)
    assert float(found.aurc[0]) == pytest.approx(aurc)


@given(RANKED)
def test_no_score_is_better_than_right_ones_first(ranked: Any) -> None:
    score, wrong = ranked
    least = float(least_area(wrong.sum(), len(wrong)))
    assert least == pytest.approx(slow_area(np.sort(wrong)))
    assert once(wrong.astype(float), wrong)[1] == pytest.approx(least)
    assert once(score, wrong)[1] >= least - 1e-12


@given(RANKED)
def test_the_order_of_examples_and_a_growing_change_of_scores_change_nothing(
    ranked: Any,
) -> None:
    score, wrong = ranked
    want = once(score, wrong)
    assert once(score[::-1], wrong[::-1]) == pytest.approx(want, nan_ok=True)
    assert once(np.exp(score), wrong) == pytest.approx(want, nan_ok=True)
    turned = once(-score, wrong)
    assert turned[0] == pytest.approx(1 - want[0], nan_ok=True)


def test_risk_is_the_share_of_mistakes_among_the_safest() -> None:
    score = np.array([1.0, 2.0, 2.0, 4.0])
    ranking = Ranking(score, np.array([False, True, False, True]))
    risk = ranking.risk(np.array([1, 2, 3, 4]))
    assert risk.tolist() == pytest.approx([0, 0.5 / 2, 1 / 3, 2 / 4])


def test_infinite_scores_stand_at_the_ends() -> None:
    score = np.array([-np.inf, 0.0, np.inf, np.inf])
    wrong = np.array([False, False, True, True])
    assert once(score, wrong)[0] == 1.0
