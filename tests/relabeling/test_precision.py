"""Expected precision: right where planted labels are like the wrong ones."""

import numpy as np
import pytest

from depthviz.errors import ArgumentError, StudyError
from depthviz.relabeling import Precision, relabel
from depthviz.relabeling.precision import PlantedRecall
from tests.relabeling.suspects import many, planted, with_columns

WRONG, RIGHT, PLANTED = 300, 2_700, 200


def drawn(seed, wrong=WRONG, right=RIGHT, gap=4.0):
    """Draw suspicion of wrong and right labels, and of planted ones like the wrong."""
    draw = np.random.default_rng(seed)
    values = np.concatenate([draw.normal(gap, 1.5, wrong), draw.normal(0, 1, right)])
    order = np.argsort(-values)
    found = -np.sort(-draw.normal(gap, 1.5, PLANTED))
    return values[order], (np.arange(wrong + right) < wrong)[order], found


def test_clear_cases_give_the_true_precision():
    shares = []
    for seed in range(20):
        others, _, found = drawn(seed, gap=50.0)
        recall = PlantedRecall(others, found, seed=seed)
        counts = (WRONG, 2 * WRONG, len(others))
        shares.append([recall.precision(count).share for count in counts])
    np.testing.assert_allclose(np.mean(shares, 0), [1, 0.5, 0.1], rtol=0.12)


@pytest.mark.parametrize("count", [100, 300, 600])
def test_the_interval_holds_the_truth(count):
    inside = 0
    for seed in range(20):
        others, wrong, found = drawn(seed)
        about = PlantedRecall(others, found, seed=seed).precision(count)
        assert about.low <= about.share <= about.high
        inside += about.low <= wrong[:count].mean() <= about.high
    assert inside >= 17


def test_more_planted_labels_narrow_the_interval():
    others, _, found = drawn(0)
    wide = PlantedRecall(others, found[::5]).precision(300)
    narrow = PlantedRecall(others, np.repeat(found, 5)).precision(300)
    assert narrow.high - narrow.low < wide.high - wide.low


def test_labels_that_are_all_right_are_said_to_be():
    others, _, found = drawn(1, wrong=0, gap=5.0)
    about = PlantedRecall(others, found).precision(100)
    assert about.share < 0.1
    assert about.low < 0.02


def test_labels_that_are_all_wrong_are_said_to_be():
    others, _, found = drawn(2, right=0, wrong=3_000)
    about = PlantedRecall(others, found).precision(1_000)
    assert about.share > 0.8
    assert about.high > 0.95


def test_only_the_ranking_counts():
    others, _, found = drawn(3)
    plain = PlantedRecall(others, found).precision(200)
    assert PlantedRecall(np.exp(others), np.exp(found)).precision(200) == plain
    assert PlantedRecall(others, found, seed=1).precision(200) != plain


def test_a_study_gives_the_precision_of_its_ranking():
    study = planted(many(), share=0.3)
    data = study.dataset
    mask, suspicion = data["planted"].values, data["suspicion"].values.astype(float)
    known = ~np.isnan(suspicion)
    others = -np.sort(-suspicion[known & ~mask])
    found = -np.sort(-suspicion[known & mask])
    expected = PlantedRecall(others, found, seed=4).precision(50)
    assert relabel(study, seed=4, count=3).precision(50) == expected


def test_a_precision_reads_as_a_sentence():
    about = Precision(1500, 0.834, 0.79, 0.871)
    assert str(about) == "of the first 1,500 about 83 % [79, 87] are wrong"


def test_without_planted_labels_there_is_no_precision():
    with pytest.raises(StudyError, match=r"Ensemble\(..., planted=0\.02\) in a new"):
        relabel(many()).precision(10)


def test_too_few_planted_labels_are_refused():
    study = many()
    mask = np.arange(len(study)) < 9
    few = with_columns(
        study, planted=mask, given_label=study.dataset["label"].values.astype(int)
    )
    known = int((mask & ~np.isnan(study.dataset["suspicion"].values)).sum())
    with pytest.raises(StudyError, match=f"{known} planted labels of which.*too few"):
        relabel(few).precision(10)


@pytest.mark.parametrize("count", [0, 3_001, 2.5, True])
def test_a_count_out_of_range_is_refused(count):
    others, _, found = drawn(0)
    with pytest.raises(ArgumentError, match="a whole number from 1 to 3,000"):
        PlantedRecall(others, found).precision(count)
