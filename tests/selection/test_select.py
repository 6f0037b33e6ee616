"""Selections keep what was asked for, and refuse what cannot be."""

import numpy as np
import pytest

from depthviz.difficulty import MEASURES
from depthviz.errors import ArgumentError, ShapeError, StudyError
from depthviz.selection import METHODS, Selection, select
from tests.selection.pools import clouds, column_study, labels, pool
from tests.studies import ensemble_study, named_study, tiny_study

COUNT = 90
LABELS = labels()


def asked(name):
    """What a method cannot do without."""
    found = {}
    if METHODS[name].by is None:
        found["by"] = "depth"
    if name == "beta":
        found["c"] = 1.0
    if name in ("message passing", "neighborhood", "k-center", "facility location"):
        found["embeddings"] = clouds(COUNT)
    if name == "neighborhood":
        found["tau"] = 0.8
    return found


@pytest.mark.parametrize("balance", [None, "label"])
@pytest.mark.parametrize("name", METHODS)
def test_each_method_keeps_the_number_once_each_and_by_its_seed(name, balance):
    def made(seed):
        return select(
            pool(), keep=30, method=name, balance=balance, seed=seed, **asked(name)
        )

    chosen = made(5)
    assert len(chosen) == len(set(chosen.ids)) == 30
    assert chosen.ids == made(5).ids
    assert chosen.weights.shape == (30,)
    assert chosen.is_ordered == METHODS[name].ordered
    if balance and name != "neighborhood":
        kept = np.bincount(LABELS[chosen.rows], minlength=3)
        rare = (LABELS == 2).sum()
        assert kept.tolist() == [(31 - rare) // 2, (30 - rare) // 2, rare] or set(
            kept.tolist()
        ) == {10}
    if not METHODS[name].ordered:
        assert chosen.ids != made(6).ids


@pytest.mark.parametrize(
    "name", [name for name, one in METHODS.items() if one.ordered and name != "middle"]
)
def test_an_ordered_selection_begins_with_every_smaller_one(name):
    large = select(pool(), keep=40, method=name, **asked(name))
    small = select(pool(), keep=15, method=name, **asked(name))
    assert large.ids[:15] == small.ids


def test_a_first_part_of_a_balanced_selection_is_balanced():
    chosen = select(pool(), keep=18, method="hardest", by="depth", balance="label")
    kept = np.bincount(LABELS[chosen.rows[:9]], minlength=3)
    assert kept.tolist() == [3, 3, 3]


def test_the_middle_of_a_smaller_number_lies_within_that_of_a_larger():
    values = pool().frame()["prototype_distance"].to_numpy()
    chosen = [select(pool(), keep=keep, method="middle") for keep in (10, 20)]
    assert set(chosen[0].ids) <= set(chosen[1].ids)
    ranks = np.argsort(np.argsort(values))[chosen[0].rows]
    assert sorted(ranks) == list(range(40, 50))


@pytest.mark.parametrize(
    ("keep", "words"),
    [
        (0, "between 1 and the 90"),
        (-3, "between 1 and the 90"),
        (91, "between 1 and the 90"),
        (0.0, "a share"),
        (-0.1, "a share"),
        (1.5, "a share"),
        (5.0, "give an int: keep=5"),
        (float("nan"), "a share"),
        (0.001, "less than one"),
        (True, "a number of examples"),
        ("half", "a number of examples"),
        (None, "a number of examples"),
    ],
)
def test_a_number_that_cannot_be_kept_is_refused(keep, words):
    with pytest.raises(ArgumentError, match=words):
        select(pool(), keep=keep, method="random")


def test_one_is_an_example_and_one_point_zero_all():
    assert len(select(pool(), keep=1, method="random")) == 1
    assert len(select(pool(), keep=1.0, method="random")) == COUNT
    assert len(select(pool(), keep=np.int64(7), method="random")) == 7
    assert len(select(pool(), keep=np.float32(0.5), method="random")) == 45


def test_hard_ends_are_those_that_measures_declare():
    frame = pool().frame()
    deep = select(pool(), keep=5, method="hardest", by="depth")
    assert set(deep.ids) == set(frame["depth"].nlargest(5).index)
    assert MEASURES["aum"].harder == "smaller"
    slow = select(pool(), keep=5, method="hardest", by="aum")
    assert set(slow.ids) == set(frame["aum"].nsmallest(5).index)
    easy = select(pool(), keep=5, method="easiest", by="aum")
    assert easy.ids == frame["aum"].nlargest(5).index.tolist()
    assert easy.score.tolist() == frame["aum"].nlargest(5).tolist()


def test_a_measure_without_a_harder_end_has_no_hardest():
    with pytest.raises(ArgumentError, match="method='largest'"):
        select(pool(), keep=5, method="hardest", by="dual")
    mine = pool().assign(mine=np.arange(COUNT))
    with pytest.raises(ArgumentError, match="register_measure"):
        select(mine, keep=5, method="easiest", by="mine")
    found = select(mine, keep=2, method="largest", by="mine").ids
    assert found == [89, 88]


def test_a_column_that_is_missing_says_what_adds_it():
    study = tiny_study()
    with pytest.raises(StudyError, match=r'study.add\("dual", record='):
        select(study, keep=5, method="beta", c=1)
    with pytest.raises(StudyError, match=r"study.add\('predictive_entropy'\)"):
        select(study, keep=5, method="largest", by="predictive_entropy")
    with pytest.raises(StudyError, match=r"no column 'speed'.*'depth'"):
        select(study, keep=5, method="largest", by="speed")
    with pytest.raises(ArgumentError, match="not of numbers"):
        select(study, keep=5, method="largest", by="label_name")


def test_missing_values_are_named_and_never_sorted():
    values = np.arange(COUNT, dtype=float)
    values[[7, 9]] = np.nan
    study = column_study(depth=values)
    for name in ("hardest", "middle", "stratified"):
        with pytest.raises(ArgumentError, match=r"2 of 90 .* no depth, 7 first"):
            select(study, keep=5, method=name, by="depth")
    known = study.subset(study.frame()["depth"].notna())
    assert select(known, keep=2, method="hardest", by="depth").ids == [89, 88]


def test_equal_values_are_left_to_the_seed_and_said():
    study = column_study(depth=np.zeros(COUNT))
    chosen = [
        select(study, keep=9, method="hardest", by="depth", seed=seed)
        for seed in (0, 1)
    ]
    assert set(chosen[0].ids) != set(chosen[1].ids)
    assert "the seed alone chose" in chosen[0].describe()
    halves = column_study(depth=np.repeat([0.0, 1.0], 45))
    note = select(halves, keep=9, method="hardest", by="depth").notes
    assert note == (
        "45 examples have the depth of the cut: the seed chose among them.",
    )
    assert select(halves, keep=45, method="hardest", by="depth").notes == ()
    same = select(study, keep=9, method="stratified", by="depth")
    assert "the seed alone" in same.describe()


def test_one_class_can_be_balanced():
    study = column_study(depth=np.arange(9.0), label=np.zeros(9, int))
    assert len(select(study, keep=4, method="balanced")) == 4


@pytest.mark.parametrize(
    ("method", "options", "words"),
    [
        ("best", {}, "Unknown method 'best'. There are: 'random'"),
        ("random", {"by": "depth"}, "leave out by='depth'"),
        ("hardest", {}, "needs by="),
        ("random", {"c": 1}, "no option 'c'; it has none"),
        ("beta", {"k": 1}, "no option 'k'; it has 'c', 'mean'"),
        ("beta", {}, "c=, which has no default.*c=0.25: Beta"),
        ("beta", {"c": 0}, "c must be a number above 0"),
        ("beta", {"c": -1.0}, "c must be a number above 0"),
        ("beta", {"c": float("nan")}, "c must be a number above 0"),
        ("beta", {"c": 1, "mean": "depth"}, "probabilities"),
        ("beta", {"c": 1, "by": "aum"}, "0 or more"),
        ("stratified", {"cutoff": 1.0}, "cutoff"),
        ("stratified", {"cutoff": 0.95}, "fewer than the 30"),
        ("stratified", {"cutoff": 0.1, "by": "dual"}, "no harder end"),
        ("stratified", {"strata": 0}, "strata"),
        ("k-center", {}, "needs embeddings"),
        ("random", {"embeddings": clouds()}, "no near examples"),
        ("k-center", {"embeddings": clouds(), "probe": "x"}, "leave out probe="),
        ("neighborhood", {}, "needs embeddings"),
        ("neighborhood", {"tau": 1.0, "embeddings": clouds()}, "tau is a cosine"),
        ("neighborhood", {"tau": 0.9999, "embeddings": clouds()}, "nearest two have"),
        ("neighborhood", {"eta": 0, "tau": 0.8, "embeddings": clouds()}, "eta"),
        ("neighborhood", {"by": "depth", "embeddings": clouds()}, "probabilities"),
        ("facility location", {"k": 0, "embeddings": clouds()}, "k must be"),
        (
            "message passing",
            {"by": "aum", "embeddings": clouds(), "gamma": -1},
            "gamma",
        ),
    ],
)
def test_what_is_out_of_range_is_said(method, options, words):
    with pytest.raises(ArgumentError, match=words):
        select(pool(), keep=30, method=method, **options)


def test_embeddings_are_those_of_the_study():
    with pytest.raises(ShapeError, match=r"80 rows, but the study has 90"):
        select(pool(), keep=3, method="k-center", embeddings=clouds(80))
    with pytest.raises(ShapeError, match=r"shape \(N, F\)"):
        select(pool(), keep=3, method="k-center", embeddings=np.zeros(90))


def test_only_training_examples_are_kept():
    study = named_study()
    chosen = select(study, keep=1.0, method="random")
    trained = study.frame().query("split == 'train'").index
    assert set(chosen.ids) == set(trained)
    assert chosen.of == 60
    every = select(ensemble_study(), keep=1.0, method="random")
    assert len(every) == len(ensemble_study())


def test_a_selection_is_what_select_returns():
    assert isinstance(select(pool(), keep=3, method="random"), Selection)
