"""Selections keep what was asked for, and refuse what cannot be."""

import numpy as np
import pytest
import torch

from depthviz.difficulty import MEASURES
from depthviz.errors import ArgumentError, ProbeError, ShapeError, StudyError
from depthviz.measurement import measure
from depthviz.selection import METHODS, Selection, beta_weights, select
from tests.selection.pools import clouds, column_study
from tests.studies import ensemble_study, named_study, tiny_study

COUNT = 90
LABELS = np.random.default_rng(3).choice(3, COUNT, p=[0.6, 0.3, 0.1])


def pool():
    draw = np.random.default_rng(1)
    return column_study(
        depth=draw.permutation(COUNT).astype(float),
        aum=draw.normal(size=COUNT),
        dual=draw.random(COUNT),
        data_map_confidence=draw.random(COUNT),
        prototype_distance=draw.random(COUNT),
        confidence=draw.random(COUNT),
        label=LABELS,
    )


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
        ("k-center", {}, "needs embeddings="),
        ("neighborhood", {}, "needs embeddings="),
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


@pytest.mark.parametrize("method", ["facility location", "message passing"])
def test_stored_neighbors_serve_as_the_graph(method):
    study, options = tiny_study(), {}
    if method == "message passing":
        options["by"] = "depth"
    chosen = select(study, keep=12, method=method, probe="conv2", **options)
    assert len(chosen) == 12
    assert chosen.facts["mean_neighbors"] >= 5
    with pytest.raises(ProbeError, match="'conv2'"):
        select(study, keep=12, method=method, probe="conv9", **options)
    with pytest.raises(ArgumentError, match="more than the 5 neighbors"):
        select(study, keep=12, method=method, k=6, **options)
    with pytest.raises(StudyError, match="no neighbors"):
        select(pool(), keep=12, method=method, **options)


def test_stored_neighbors_choose_as_a_search_does():
    points = np.random.default_rng(2).normal(size=(60, 4)).astype(np.float32)

    net = torch.nn.Linear(4, 2)
    study = measure(
        net, (points, np.arange(60) % 2), k=7, projection=None, progress=False
    )
    stored = select(study, keep=9, method="facility location", probe="input")
    searched = select(study, keep=9, method="facility location", k=7, embeddings=points)
    assert stored.ids == searched.ids


def test_a_message_goes_out_where_smaller_is_harder():
    values = np.array([0.0, 0.1, 5.0, 6.0])
    study = column_study(aum=values)
    points = np.array([[0.0], [0.5], [9.0], [9.5]])
    first = select(
        study, keep=1, method="message passing", by="aum", embeddings=points, k=1
    )
    assert first.ids == [0]


def test_the_mean_number_of_neighbors_is_printed(capsys):
    select(pool(), keep=9, method="neighborhood", tau=0.8, embeddings=clouds(COUNT))
    assert "neighbors on average" in capsys.readouterr().out
    select(
        pool(),
        keep=9,
        method="neighborhood",
        tau=0.8,
        embeddings=clouds(COUNT),
        progress=False,
    )
    assert capsys.readouterr().out == ""


def test_the_density_of_beta_is_shown():
    chosen = select(pool(), keep=0.1, method="beta", c=0.5)
    assert chosen.facts["a"] + chosen.facts["b"] == pytest.approx(16)
    assert f"Beta({chosen.facts['a']:.4g}, " in chosen.describe()


def test_beta_draws_by_its_weights():
    study = pool()
    frame = study.frame()
    weights = beta_weights(
        frame["data_map_confidence"], frame["dual"], pruned=1 - 1 / 90, c=1.0
    )
    first = np.zeros(COUNT)
    for seed in range(600):
        chosen = select(study, keep=1, method="beta", c=1.0, seed=seed, progress=False)
        first[chosen.rows[0]] += 1
    top = np.argsort(-weights)[:5]
    error = np.sqrt(weights[top] / 600)
    assert np.all(np.abs(first[top] / 600 - weights[top]) < 5 * error)


def test_examples_without_a_score_are_drawn_last_and_said():
    study = column_study(
        dual=np.r_[np.zeros(80), np.ones(10)], data_map_confidence=np.full(90, 0.5)
    )
    chosen = select(study, keep=12, method="beta", c=1.0)
    assert set(range(80, 90)) <= set(chosen.ids)
    assert "Only 10 have a dual above 0" in chosen.describe()


def test_a_selection_is_what_select_returns():
    assert isinstance(select(pool(), keep=3, method="random"), Selection)
