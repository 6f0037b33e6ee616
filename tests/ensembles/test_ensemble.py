"""An ensemble: what its study says is what its members did."""

import functools
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import numpy as np
import pytest
import torch
from scipy import stats
from torch import nn
from torch.utils.data import TensorDataset

import depthviz as dv
from depthviz.ensembles import Ensemble
from depthviz.ensembles.plan import build_network, seeds_of
from depthviz.errors import (
    ArgumentError,
    DataError,
    FeatureError,
    LabelError,
    ModelError,
    ShapeError,
)
from depthviz.measurement import measure
from depthviz.reports import group_table
from depthviz.training import Recipe
from depthviz.widgets.payload.columns import pack_column
from tests.ensembles.runs import (
    CLASSES,
    COUNT,
    LABELS,
    POINTS,
    PROBES,
    differences,
    network,
    run,
    small_ensemble,
    untrained,
)


@pytest.fixture(scope="module")
def dataset(tmp_path_factory):
    return run(tmp_path_factory.mktemp("ensemble") / "run")


def test_each_example_is_held_out_equally_often(dataset):
    assert (dataset["held_out"] == 2).all()
    assert (dataset["trained_on"] == 3).all()
    assert np.array_equal(dataset["in_train"].sum("member"), dataset["trained_on"])


@pytest.mark.parametrize(
    ("column", "source", "held_out"),
    [
        ("train_depth", "member_depth", False),
        ("validation_depth", "member_depth", True),
        ("train_label_depth", "member_label_depth", False),
        ("neighbor_margin", "member_neighbor_margin", True),
        ("label_probability", "member_label_probability", True),
        ("output_margin", "member_output_margin", True),
        ("input_margin", "member_input_margin", True),
        ("iteration_learned", "member_iteration_learned", False),
        ("forgetting", "member_forgetting", False),
        ("aum", "member_aum", False),
    ],
)
def test_columns_are_means_over_the_members_that_count(
    dataset, column, source, held_out
):
    counts = dataset["in_train"].values != held_out
    for example in range(COUNT):
        values = dataset[source].values[counts[:, example], example].astype(float)
        error = stats.sem(values)
        assert dataset[column].values[example] == pytest.approx(values.mean(), rel=1e-5)
        found = dataset[f"{column}_se"].values[example]
        assert found == pytest.approx(error, rel=1e-4, abs=1e-6)


def test_votes_of_the_held_out_members_make_the_consensus(dataset):
    for example in range(COUNT):
        held_out = ~dataset["in_train"].values[:, example]
        votes = dataset["member_prediction"].values[held_out, example]
        counts = np.bincount(votes, minlength=CLASSES)
        one = dataset.isel(example=example)
        assert int(one["consensus_class"]) == counts.argmax()
        assert float(one["consistency"]) == pytest.approx(counts.max() / 2)
        assert float(one["c_score"]) == pytest.approx(np.mean(votes == LABELS[example]))
        assert float(one["entropy"]) == pytest.approx(stats.entropy(counts), abs=1e-6)


def test_a_member_is_what_measure_says_of_its_network(tmp_path):
    found = run(tmp_path / "run", recipe=untrained)
    for member in range(5):
        trained = found["in_train"].values[member]
        study = measure(
            build_network(network, seeds_of(0, member)[0]),
            (POINTS[trained], LABELS[trained]),
            (POINTS[~trained], LABELS[~trained]),
            k=5,
            projection=None,
            progress=False,
        ).dataset
        order = np.concatenate([np.flatnonzero(trained), np.flatnonzero(~trained)])
        one = found.isel(member=member, example=order)
        assert np.array_equal(one["member_vote"], study["vote"])
        assert np.array_equal(one["member_depth"], study["depth"])
        assert np.array_equal(one["member_prediction"], study["prediction"])
        agreement = one["member_agreement"] / 5
        assert np.allclose(agreement, study["neighbor_agreement"])
        if member == 0:
            neighbors = order[study["neighbor_index"].values]
            assert np.array_equal(one["neighbor_index"], neighbors)
            assert np.array_equal(one["split"], study["split"])


def test_a_loop_of_the_users_own_is_recorded(tmp_path):
    found = run(tmp_path / "run", recipe=untrained)
    trained = found["in_train"].values
    assert np.array_equal(np.isnan(found["member_aum"]), ~trained)
    assert (found["member_forgetting"].values[trained] <= 1).all()


def test_probes_are_watched_while_the_shown_member_trains(dataset, tmp_path):
    found = run(tmp_path / "run", probe_checkpoints=3)
    assert found["probe_accuracy_at"].dims == ("checkpoint", "probe")
    steps = found["checkpoint_step"].values
    assert (steps[0], len(steps)) == (0, 3)
    last = found["probe_accuracy_at"].values[-1]
    assert np.allclose(last, found["probe_accuracy"])
    input_accuracy = found["probe_accuracy_at"].values[:, 0]
    assert (input_accuracy == input_accuracy[0]).all()
    rest = found.drop_vars(["probe_accuracy_at", "checkpoint_step"])
    assert differences(rest, dataset) == []


def test_the_shown_network_is_told(dataset):
    assert dataset.attrs["shown_member"] == 0
    in_train = dataset["in_train"].values[0]
    assert np.array_equal(dataset["split"].values == 0, in_train)
    assert in_train[dataset["neighbor_index"].values].all()
    assert np.array_equal(dataset["member_depth"].values[0], dataset["depth"])


def test_the_table_has_the_columns_and_names_the_groups(dataset):
    frame = dv.Study(dataset).frame()
    wanted = {"train_depth", "validation_depth", "consensus_class", "consistency"}
    wanted |= {"c_score", "entropy", "iteration_learned", "output_margin", "aum"}
    wanted |= {"input_margin", "memorization", "forgetting", "held_out", "trained_on"}
    assert wanted <= set(frame)
    assert set(frame["group"].dropna()) <= set(frame["group"].cat.categories)
    assert frame["group_confidence"].dropna().between(0, 1).all()
    groups = dv.Study(dataset).groups()
    assert list(frame["group"]) == [groups.names[code] for code in groups.codes]
    assert tuple(dataset["group"].attrs["boundaries"]) == tuple(groups.boundaries)


def test_a_study_of_many_says_so_in_one_line(dataset):
    text = repr(dv.Study(dataset))
    assert "5 members" in text
    mean = float(dataset["validation_depth"].mean())
    assert f"mean depth {mean:.2f} when held out" in text


def test_the_study_is_opened_from_the_folder_of_the_run(tmp_path):
    run(tmp_path / "run")
    study = dv.open_study(tmp_path / "run")
    assert study.dataset.sizes["member"] == 5
    copy = dv.open_study(study.save(tmp_path / "copy"))
    assert copy.frame().equals(study.frame())


def test_a_dataset_gives_the_same_as_arrays(dataset, tmp_path):
    items = TensorDataset(torch.from_numpy(POINTS), torch.from_numpy(LABELS))
    found = run(tmp_path / "run", data=items)
    assert np.array_equal(found["member_vote"], dataset["member_vote"])


@pytest.mark.parametrize(
    ("options", "error", "told"),
    [
        ({"members": 2}, ArgumentError, "at least 5 members"),
        ({"members": 0}, ArgumentError, "members must be a whole number"),
        ({"holdout": 1}, ArgumentError, "holdout must be a share"),
        ({"recipe": "adam"}, ArgumentError, "recipe must be a Recipe or a function"),
        ({"network": nn.Linear(6, 3)}, ModelError, "function that builds"),
        ({"network": 3}, ModelError, "function that builds an untrained network"),
        ({"network": lambda: 3}, ModelError, "must return an nn.Module, got int"),
        ({"network": lambda: nn.Linear(7, 3)}, ModelError, "network"),
        ({"network": lambda: nn.Linear(6, 2)}, LabelError, r"data\[2\] has label 2"),
        ({"k": 60}, ShapeError, "k must be below the 54 examples"),
        ({"metric": "manhattan"}, ArgumentError, "metric"),
        ({"projection": "tsne"}, ArgumentError, "projection must be one of"),
        ({"images": POINTS[:5]}, ShapeError, "images must be"),
        ({"images": 3}, ArgumentError, "images must be"),
        ({"memory_limit": 0}, ArgumentError, "memory_limit"),
        ({"recipe": Recipe(augmentation=["flip"])}, ShapeError, "is for pictures"),
        ({"metric": "cosine", "data": (POINTS * 0, LABELS)}, FeatureError, "no cosine"),
        ({"class_names": ["a"]}, LabelError, "has 3 classes, but 1 are named"),
        ({"data": POINTS}, DataError, "array without labels"),
        ({"data": (POINTS * np.nan, LABELS)}, FeatureError, r"data\[0\] is NaN"),
        ({"probes": ["conv9"]}, KeyError, "Unknown probe 'conv9'"),
        ({"seed": -1}, ArgumentError, "seed"),
    ],
)
def test_mistakes_are_told_before_anything_is_trained(tmp_path, options, error, told):
    with pytest.raises(error, match=told):
        run(tmp_path / "run", **options)
    assert not (tmp_path / "run" / "run.json").exists()


def test_an_executor_that_is_none_is_told(tmp_path):
    with pytest.raises(ArgumentError, match="executor must be one of concurrent"):
        run(tmp_path / "run", 4)


def test_a_pool_that_forks_is_refused(tmp_path):
    pool = ProcessPoolExecutor(1, get_context("fork"))
    with pool, pytest.raises(ArgumentError, match="forks its workers"):
        run(tmp_path / "run", pool)


def test_without_checkpoints_nothing_is_said_of_when_it_was_learned(tmp_path):
    found = run(tmp_path / "run", recipe=Recipe(epochs=1, checkpoints=0))
    assert np.isnan(found["iteration_learned"]).all()
    assert np.isfinite(found["aum"]).all()


def test_an_example_that_is_left_over_alone_joins_the_last_batch(tmp_path):
    def normed():
        return nn.Sequential(nn.Linear(6, 8), nn.BatchNorm1d(8), nn.Linear(8, 3))

    recipe = Recipe(epochs=1, batch_size=53, checkpoints=0)
    found = run(tmp_path / "run", network=normed, recipe=recipe)
    assert (found["member_failed"] == -1).all()


def test_one_hold_out_is_told_to_give_no_error(tmp_path, capsys):
    ensemble = small_ensemble(members=2, holdout=0.5, recipe=untrained)
    study = ensemble.run(tmp_path / "run", progress=True)
    told = capsys.readouterr().out
    assert "Each example is held out once only" in told
    assert "the group no confidence" in told
    frame = study.frame()
    assert frame[["validation_depth_se", "group_confidence"]].isna().all(axis=None)
    assert group_table(study)["group_confidence"].isna().all()
    assert pack_column(frame["group_confidence"])


def test_the_bar_has_one_colon_after_its_words(tmp_path, capsys):
    small_ensemble(members=2, holdout=0.5, recipe=untrained).run(tmp_path / "run")
    shown = capsys.readouterr().err
    assert "Member 2 of 2:" in shown
    assert ": :" not in shown


def test_pictures_and_maps_of_the_shown_member_are_in_the_order_of_the_data(tmp_path):
    pictures = np.random.default_rng(0).integers(0, 256, (40, 8, 8), dtype=np.uint8)
    small = functools.partial(dv.models.small_cnn, width=2, num_classes=2)
    study = Ensemble(
        small,
        (pictures, np.arange(40) % 2),
        members=2,
        holdout=0.5,
        recipe=untrained,
        k=3,
        projection="pca",
        class_names=["even", "odd"],
    ).run(tmp_path / "run", progress=False)
    assert np.array_equal(study.dataset["image"].values[..., 0], pictures)
    assert study.dataset["projection"].shape == (7, 40, 2)
    assert study.classes == ("even", "odd")
    assert PROBES == 3
