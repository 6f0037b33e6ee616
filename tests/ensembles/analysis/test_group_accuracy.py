"""Accuracy by group and probe; a probe chosen on one half, judged on the other."""

import tracemalloc

import numpy as np
import pytest
import torch

from depthviz.difficulty import difficulty_groups
from depthviz.ensembles.analysis.counts import sort_examples
from depthviz.ensembles.analysis.group_accuracy import EVERYTHING, accuracy_by_group
from depthviz.ensembles.analysis.probe_choice import TOGETHER, best_probe
from depthviz.errors import ArgumentError, LabelError, ShapeError, StudyError
from depthviz.study import Study, open_study
from tests.ensembles.synthetic import ensemble_study
from tests.studies import vector_study


def one_pair_each(label, prediction, votes, *, group=None):
    """An ensemble of one member that held everything out; votes by probe."""
    votes, count = np.asarray(votes), len(label)
    sizes = {"classes": 2, "neighbors": 1}
    data = ensemble_study(
        examples=count, members=1, probes=len(votes), seed=1, **sizes
    ).dataset
    names = {**data["group"].attrs, "names": ["one", "other"]}
    codes = np.zeros(count, np.uint8) if group is None else np.asarray(group, np.uint8)
    return Study(
        data.assign(
            label=("example", np.asarray(label, np.uint8)),
            group=("example", codes, names),
            in_train=(("member", "example"), np.zeros((1, count), bool)),
            member_prediction=(("member", "example"), np.asarray(prediction)[None]),
            member_vote=(("member", "probe", "example"), votes[None]),
        )
    )


@pytest.mark.parametrize("over", ["held_out", "trained_on"])
def test_accuracy_is_the_share_of_right_pairs(over):
    study = ensemble_study(members=8, failed=(3,), seed=2)
    data = study.dataset
    table = accuracy_by_group(study, over=over)
    label, code = data["label"].values, data["group"].values
    trained = data["in_train"].values
    read = {"network": data["member_prediction"].values}
    for number, probe in enumerate(study.probes):
        read[probe] = data["member_vote"].values[:, number]
    names = [EVERYTHING, *data["group"].attrs["names"]]
    assert list(table["group"].unique()) == names
    for _, row in table.iterrows():
        right = [
            read[row["probe"]][member, example] == label[example]
            for member in (0, 1, 2, 4, 5, 6, 7)
            for example in range(len(study))
            if trained[member, example] == (over == "trained_on")
            and names.index(row["group"]) in (0, code[example] + 1)
        ]
        assert row["pairs"] == len(right)
        assert np.isclose(row["accuracy"], np.mean(right or [np.nan]), equal_nan=True)


def test_gain_is_accuracy_above_the_networks_in_the_same_group():
    table = accuracy_by_group(ensemble_study(seed=3))
    network = table[table["probe"] == "network"].set_index("group")["accuracy"]
    above = table["accuracy"] - table["group"].map(network)
    assert np.allclose(table["gain"], above, equal_nan=True)


def test_more_pairs_of_the_same_examples_make_no_error_smaller():
    study = ensemble_study(seed=4)
    once = accuracy_by_group(study)
    doubled = study.dataset.isel(member=[*range(12)] * 2).assign_attrs(members=24)
    twice = accuracy_by_group(Study(doubled.assign_coords(member=range(24))))
    assert (twice["pairs"] == 2 * once["pairs"]).all()
    for column in ("accuracy", "accuracy_se", "gain", "gain_se", "examples"):
        assert np.allclose(once[column], twice[column], equal_nan=True)


def test_right_classes_in_a_series_go_by_its_index():
    study = ensemble_study(seed=4)
    truth = study.frame()["truth"]
    turned = accuracy_by_group(study, truth=truth.sample(frac=1, random_state=0))
    assert turned.equals(accuracy_by_group(study, truth=truth.to_numpy()))


def test_with_one_pair_an_example_the_error_is_that_of_a_share():
    label = np.zeros(50)
    vote = np.arange(50) % 5 == 0
    study = one_pair_each(label, label.astype(int), [vote, vote])
    row = accuracy_by_group(study).iloc[0]
    assert row["accuracy"] == 0.8
    assert np.isclose(row["accuracy_se"], np.sqrt(0.8 * 0.2 / 49))


def test_the_error_is_that_of_resampled_examples():
    study = ensemble_study(examples=400, holdout=0.3, members=9, seed=5)
    table = accuracy_by_group(study).set_index(["group", "probe"])
    data = study.dataset
    held_out = ~data["in_train"].values
    right = (data["member_vote"].values[:, 1] == data["label"].values) & held_out
    draw = np.random.default_rng(0)
    shares = []
    for _ in range(2000):
        rows = draw.integers(0, 400, 400)
        shares.append(right[:, rows].sum() / held_out[:, rows].sum())
    error = table.loc[(EVERYTHING, "layer1"), "accuracy_se"]
    assert np.isclose(error, np.std(shares), rtol=0.08)


def test_a_group_without_examples_has_no_accuracy():
    study = one_pair_each([0, 0, 1] * 10, [0] * 30, [[0] * 30, [1] * 30])
    other = accuracy_by_group(study).query("group == 'other'")
    assert (other[["examples", "pairs"]] == 0).all(axis=None)
    assert other[["accuracy", "accuracy_se", "gain", "gain_se"]].isna().all(axis=None)


def test_a_truth_takes_the_place_of_the_labels():
    study = ensemble_study(seed=6, wrong=0.3)
    truth = study.dataset["truth"].values
    given, right = accuracy_by_group(study), accuracy_by_group(study, truth=truth)
    swapped = Study(study.dataset.assign(label=("example", truth)))
    assert right.equals(accuracy_by_group(swapped))
    assert right["accuracy"][0] > given["accuracy"][0] + 0.1


def test_groups_of_validation_depth_hold_those_of_both_depths():
    study = ensemble_study(examples=500, seed=7)
    both = accuracy_by_group(study).groupby("group")["examples"].first()
    table = accuracy_by_group(study, by="validation_depth")
    depths = table.groupby("group")["examples"].first()
    assert depths["low validation depth"] >= both["easy"] > 0
    assert depths["high validation depth"] >= both["ambiguous"] > 0
    assert depths.drop(EVERYTHING).sum() == depths[EVERYTHING]
    codes = study.dataset["validation_depth"].values
    low, high = study.dataset["group"].attrs["boundaries"][2:]
    assert depths["low validation depth"] == (codes <= low).sum()
    assert depths["high validation depth"] == (codes >= high).sum()


def test_where_low_and_high_meet_validation_depth_has_the_side_of_its_group():
    depth = np.repeat(np.array([0, 3, 4], np.float32), [80, 10, 10])
    groups = difficulty_groups(torch.zeros(100), torch.from_numpy(depth))
    facts = {"names": list(groups.names), "boundaries": list(groups.boundaries)}
    data = ensemble_study(examples=100, seed=1).dataset
    codes = groups.codes.numpy().astype(np.uint8)
    data = data.assign(group=("example", codes, facts))
    for last, side in [(4, 2), (np.nan, -1)]:
        known = np.where(depth == 4, last, depth)
        study = Study(data.assign(validation_depth=("example", known)))
        found = sort_examples(study, "validation_depth").codes
        assert found.tolist() == [0] * 80 + [2] * 10 + [side] * 10


def test_a_probe_named_network_is_told_from_the_network():
    study = ensemble_study(probes=3, seed=8)
    named = study.dataset.assign_coords(probe=["input", "network", "softmax"])
    table = accuracy_by_group(Study(named))
    assert len(table.query("group == 'all'")["probe"].unique()) == 4


def test_memory_does_not_grow_with_the_members(tmp_path):
    peaks = []
    for members in (4, 32):
        path = tmp_path / str(members)
        ensemble_study(examples=4000, members=members, probes=6, seed=9, path=path)
        study = open_study(path)
        accuracy_by_group(study)
        tracemalloc.start()
        accuracy_by_group(open_study(path))
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.1 * peaks[0]


def test_the_better_probe_of_each_group_is_chosen_and_its_gain_told():
    group = np.repeat([0, 1], 40)
    prediction = np.where(group == 0, np.arange(80) % 4 > 0, 1)
    early = np.where(group == 0, 0, np.arange(80) % 2)
    study = one_pair_each([1] * 80, prediction, [early, np.zeros(80), prediction])
    table = best_probe(study).table.set_index("group")
    assert table.loc["one", "probe"] == table.loc["other", "probe"] == "network"
    flipped = one_pair_each(
        [1] * 80, prediction * group, [1 - early, np.zeros(80), prediction], group=group
    )
    table = best_probe(flipped).table.set_index("group")
    assert table.loc["one", "probe"] == "input"
    assert table.loc["one", "gain"] == table.loc["one", "gain_low"] == 1
    assert table.loc["other", "probe"] == "network"
    assert table.loc[TOGETHER, "gain"] == 0.5
    assert table.loc[TOGETHER, "accuracy"] == 1


def test_of_equals_the_network_is_chosen_then_the_later_probe():
    right, wrong = [1] * 20, [0] * 20
    equal = best_probe(one_pair_each(right, right, [right, wrong, right])).table
    assert equal["probe"][0] == "network"
    later = best_probe(one_pair_each(right, wrong, [right, right, wrong])).table
    assert later["probe"][0] == "layer1"


@pytest.mark.parametrize("by", ["group", "validation_depth"])
def test_both_halves_together_are_the_group(by):
    study = ensemble_study(examples=300, seed=10)
    whole = accuracy_by_group(study, by=by).set_index(["group", "probe"])
    for _, row in best_probe(study, by=by).table[:-1].iterrows():
        of_all = whole.loc[(row["group"], row["probe"])]
        assert row["examples"] + row["examples_chosen_on"] == of_all["examples"]
        if row["examples"] > 0:
            first = of_all["pairs"] - row["pairs"]
            both = row["gain"] * row["pairs"] + row["gain_where_chosen"] * first
            assert np.isclose(both, of_all["gain"] * of_all["pairs"])
            assert np.isclose(row["accuracy"] - row["network_accuracy"], row["gain"])


def test_luck_shows_where_a_probe_was_chosen_and_not_on_the_other_half():
    rows = []
    for seed in range(30):
        draw = np.random.default_rng(seed)
        label = draw.integers(0, 2, 200)
        half_right = np.where(np.arange(200) % 2, label, 1 - label)
        study = one_pair_each(label, half_right, draw.integers(0, 2, (20, 200)))
        rows.append(best_probe(study, seed=seed).table.iloc[0])
    assert np.mean([row["gain_where_chosen"] for row in rows]) > 0.08
    assert abs(np.mean([row["gain"] for row in rows])) < 0.03
    held = [row["gain_low"] <= 0 <= row["gain_high"] for row in rows]
    assert np.mean(held) > 0.8


def test_the_interval_is_that_of_resampled_examples():
    study = ensemble_study(examples=600, members=9, holdout=0.3, seed=11)
    data = study.dataset
    # The network is made worse than any probe, so that one is chosen.
    worse = np.where(data["label"].values % 2, data["member_prediction"].values, 0)
    study = Study(data.assign(member_prediction=(("member", "example"), worse)))
    choice = best_probe(study, resamples=4000)
    row = choice.table.iloc[0]
    errors = accuracy_by_group(study).set_index(["group", "probe"])["gain_se"]
    of_half = np.sqrt(2) * errors[(EVERYTHING, row["probe"])]
    assert row["probe"] != "network"
    assert np.isclose(row["gain_high"] - row["gain_low"], 3.92 * of_half, rtol=0.12)
    assert row["gain_low"] < row["gain"] < row["gain_high"]


def test_a_choice_follows_from_its_seed():
    study = ensemble_study(seed=12)
    one, same, other = (best_probe(study, seed=seed).table for seed in (1, 1, 2))
    assert one.equals(same)
    assert not one.equals(other)


def test_a_choice_says_whether_it_can_be_used_at_test_time():
    study = ensemble_study(seed=13)
    assert not best_probe(study).known_at_test_time
    assert best_probe(study, by="validation_depth").known_at_test_time


@pytest.mark.parametrize("ask", [accuracy_by_group, best_probe])
def test_a_study_of_one_network_is_told_how_to_get_many(ask):
    with pytest.raises(StudyError, match=r"one network.*dv\.Ensemble"):
        ask(vector_study())


@pytest.mark.parametrize("ask", [accuracy_by_group, best_probe])
def test_a_study_without_groups_says_so(ask):
    study = Study(ensemble_study(seed=1).dataset.drop_vars("group"))
    with pytest.raises(StudyError, match="needs the groups"):
        ask(study)


def test_arguments_out_of_range_are_refused():
    study = ensemble_study(seed=1)
    with pytest.raises(ArgumentError, match="'validation'"):
        accuracy_by_group(study, over="validation")
    with pytest.raises(ArgumentError, match="'depth'"):
        accuracy_by_group(study, by="depth")
    with pytest.raises(ArgumentError, match="resamples"):
        best_probe(study, resamples=0)
    with pytest.raises(ArgumentError, match="level"):
        best_probe(study, level=1)
    with pytest.raises(ShapeError, match="240 examples"):
        accuracy_by_group(study, truth=[0, 1])
    with pytest.raises(LabelError, match=r"0\.\.3"):
        best_probe(study, truth=np.full(240, 4))
    with pytest.raises(LabelError, match=r"integers in 0\.\.3, got <U1\. study"):
        best_probe(study, truth=np.full(240, "a"))


def test_a_choice_is_told_in_a_line():
    text = repr(best_probe(ensemble_study(), resamples=10))
    assert text.startswith("<ProbeChoice by group: all at ")
    assert "\n" not in text
    assert text.endswith("; see .table>")
