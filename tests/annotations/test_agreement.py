"""Coefficients of agreement: against other implementations, worked examples, limits."""

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.inter_rater import aggregate_raters, cohens_kappa, fleiss_kappa

from depthviz.annotations.agreement import Agreement, Coefficient, measure_agreement
from depthviz.errors import ArgumentError

NAMES = ("percent", "cohen_kappa", "fleiss_kappa", "krippendorff_alpha", "gwet_ac1")
NAN = float("nan")


def table(*columns: list[object]) -> pd.DataFrame:
    return pd.DataFrame(dict(enumerate(columns)), dtype=object)


def of(ratings: pd.DataFrame, **given: object) -> Agreement:
    return measure_agreement(ratings, draws=0, **given)  # type: ignore[arg-type]


@pytest.mark.parametrize("seed", range(5))
def test_kappas_are_those_of_statsmodels(seed: int) -> None:
    drawn = np.random.default_rng(seed)
    codes = drawn.integers(0, 4, (60, 2))
    codes[:30, 1] = codes[:30, 0]
    found = of(pd.DataFrame(codes))
    counts = pd.crosstab(codes[:, 0], codes[:, 1]).reindex(
        index=range(4), columns=range(4), fill_value=0
    )
    assert found.cohen_kappa.value == pytest.approx(cohens_kappa(counts).kappa)
    many = drawn.integers(0, 3, (40, 5))
    many[:, 1] = many[:, 0]
    expected = fleiss_kappa(aggregate_raters(many)[0])
    assert of(pd.DataFrame(many)).fleiss_kappa.value == pytest.approx(expected)


def test_alpha_is_that_of_krippendorffs_worked_example() -> None:
    """Four observers, twelve units, missing values: nominal alpha is 0.743."""
    rows = [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, NAN, NAN, NAN],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, NAN, 3],
        [NAN, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, NAN],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, NAN],
    ]
    found = of(table(*rows)).krippendorff_alpha.value
    assert found == pytest.approx(0.743, abs=5e-4)


def test_ac1_counts_examples_that_one_annotator_alone_judged() -> None:
    ratings = table([1, 0, NAN, 0] * 10, [1, 0, 1, 1] * 10)
    assert of(ratings).gwet_ac1.value == pytest.approx(0.37255, abs=1e-5)


def test_ac1_stays_high_where_one_value_is_rare_and_kappa_does_not() -> None:
    """The paradox that Gwet (2008) wrote of: 118 of 125 agree."""
    pairs = [("-", "-")] * 118 + [("+", "-")] * 5 + [("-", "+")] * 2
    found = of(table(*map(list, zip(*pairs, strict=True))))
    assert found.percent.value == pytest.approx(0.944)
    assert found.cohen_kappa.value == pytest.approx(-0.0234, abs=1e-4)
    assert found.gwet_ac1.value == pytest.approx(0.9408, abs=1e-4)


@pytest.mark.parametrize(
    ("ratings", "words"),
    [
        (table(["a", "b"]), "two annotators"),
        (table(["a", None], [None, "b"]), "two annotators"),
        (table([None, None], [None, None]), "two annotators"),
        (table([], []), "two annotators"),
    ],
)
def test_where_nothing_can_be_compared_a_sentence_says_so(
    ratings: pd.DataFrame, words: str
) -> None:
    found = of(ratings)
    for name in NAMES:
        each: Coefficient = getattr(found, name)
        assert each.value is None
        assert words in each.words


def test_each_coefficient_is_a_number_or_says_why_not() -> None:
    equal = of(table(["a"] * 5, ["a"] * 5))
    assert equal.percent.value == 1
    assert "One value" in equal.cohen_kappa.words or equal.cohen_kappa.value is None
    assert equal.gwet_ac1.value is None
    assert of(table(["a"] * 5, ["a"] * 5), values=["a", "b"]).gwet_ac1.value == 1
    three = of(table(["a", "b"], ["a", "b"], ["a", None]))
    assert three.cohen_kappa.value is None
    assert "two" in three.cohen_kappa.words
    assert three.fleiss_kappa.value == 1


def test_values_that_were_never_given_count_for_ac1() -> None:
    ratings = table(["a", "a", "b", "b"], ["a", "b", "b", "b"])
    few, many = of(ratings), of(ratings, values=["a", "b", "c"])
    assert many.values == ("a", "b", "c")
    assert many.gwet_ac1.value != few.gwet_ac1.value
    assert many.cohen_kappa == few.cohen_kappa
    with pytest.raises(ArgumentError, match="'b' was given, but is none of"):
        of(ratings, values=["a"])


def test_intervals_are_of_the_seed_and_tell_of_undefined_draws() -> None:
    rare = table(["a"] * 39 + ["b"], ["a"] * 39 + ["b"])
    found = measure_agreement(rare, draws=400, seed=3)
    assert found == measure_agreement(rare, draws=400, seed=3)
    assert found.cohen_kappa.value == 1
    assert 0.25 < found.cohen_kappa.undefined < 0.5
    assert found.percent == Coefficient(1.0, 1.0, 1.0)
    assert "undefined in" in str(found)


def test_the_order_of_examples_and_annotators_changes_nothing() -> None:
    drawn = np.random.default_rng(0).integers(0, 3, (30, 4)).astype(object)
    drawn[::4, 1] = None
    found = of(pd.DataFrame(drawn))
    other = of(pd.DataFrame(drawn[::-1, ::-1]))
    for name in NAMES:
        a, b = getattr(found, name).value, getattr(other, name).value
        assert a == b or a == pytest.approx(b)
