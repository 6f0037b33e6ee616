"""What single methods read, note and draw."""

import numpy as np
import pytest
import torch

from depthviz.errors import ArgumentError, ProbeError, StudyError
from depthviz.measurement import measure
from depthviz.selection import beta_weights, select
from tests.selection.pools import clouds, column_study, pool
from tests.studies import tiny_study

COUNT = 90


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


def test_embeddings_are_read_from_the_network_of_the_study():
    draw = np.random.default_rng(4)
    points = draw.normal(size=(50, 4)).astype(np.float32)
    held_out = draw.normal(size=(10, 4)).astype(np.float32)
    net = torch.nn.Sequential(
        torch.nn.Linear(4, 6), torch.nn.ReLU(), torch.nn.Linear(6, 2)
    )
    train, validation = (points, np.arange(50) % 2), (held_out, np.arange(10) % 2)
    study = measure(net, train, validation, k=3, projection=None, progress=False)
    probe = study.probes[1]
    asked = {"keep": 9, "method": "k-center", "seed": 2, "progress": False}
    found = select(study, model=net, data=train, probe=probe, **asked)
    with torch.no_grad():
        rows = net[0](torch.from_numpy(np.concatenate([points, held_out]))).numpy()
    assert found.ids == select(study, embeddings=rows, **asked).ids
    with pytest.raises(ArgumentError, match="data= is missing"):
        select(study, model=net, **asked)
    with pytest.raises(ArgumentError, match="not both"):
        select(study, model=net, data=train, embeddings=rows, **asked)


def test_infinite_values_have_ranks_and_no_differences():
    study = pool().assign(odd=np.r_[np.inf, np.arange(89.0)])
    assert select(study, keep=1, method="largest", by="odd").ids == [0]
    for name, options in (
        ("stratified", {}),
        ("message passing", {"embeddings": clouds(COUNT)}),
    ):
        with pytest.raises(ArgumentError, match="1 examples have an infinite odd"):
            select(study, keep=9, method=name, by="odd", **options)


def test_the_network_runs_once_whatever_the_number_of_classes():
    points = np.random.default_rng(4).normal(size=(50, 4)).astype(np.float32)
    net = torch.nn.Sequential(torch.nn.Linear(4, 6), torch.nn.Linear(6, 2))
    train = points, np.arange(50) % 5 // 3
    study = measure(net, train, k=3, projection=None, progress=False)
    calls = []
    net.register_forward_hook(lambda *_: calls.append(1))
    select(study, keep=9, method="k-center", model=net, data=train, progress=False)
    once = len(calls)
    chosen = select(
        study, keep=9, method="k-center", model=net, data=train, balance="label"
    )
    assert len(calls) == 2 * once
    assert np.bincount(train[1][chosen.rows]).tolist() == [5, 4]
