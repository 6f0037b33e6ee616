"""Members made by several threads are those that are made one after another."""

import random
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context

import numpy as np
import pytest
import torch
from torch import nn

from depthviz.ensembles import preflight
from depthviz.ensembles.run import side_by_side, workers
from depthviz.training import Recipe
from tests.ensembles.runs import differences, run, untrained
from tests.ensembles.side_by_side import draws
from tests.ensembles.side_by_side.draws import CASES, one_by_one


@pytest.fixture(scope="module")
def processes():
    with ProcessPoolExecutor(2, get_context("spawn")) as pool:
        yield pool


@pytest.mark.parametrize("name", CASES)
def test_members_are_those_that_are_made_one_after_another(name, tmp_path):
    options = CASES[name].options
    serial = one_by_one(tmp_path / "serial", **options)
    torch.manual_seed(7)  # nothing depends on it
    assert differences(serial, run(tmp_path / "threads", **options)) == []


@pytest.mark.parametrize("name", ["batch norm", "dropout", "noise", "late", "again"])
def test_threads_and_processes_of_an_executor_give_the_same(name, tmp_path, processes):
    options = CASES[name].options
    serial = one_by_one(tmp_path / "serial", **options)
    with ThreadPoolExecutor(3) as pool:
        assert differences(serial, run(tmp_path / "pool", pool, **options)) == []
    assert differences(serial, run(tmp_path / "more", processes, **options)) == []


@pytest.mark.parametrize("name", CASES)
def test_a_plan_knows_where_the_network_draws(name, tmp_path, monkeypatch):
    assert plan_of(tmp_path, monkeypatch, **CASES[name].options).draws == (
        CASES[name].draws
    )


def plan_of(path, monkeypatch, **options):
    """Return the plan of a run, and make nothing."""
    found = []

    def take(plan, *_, **__):
        found.append(plan)
        raise EnoughError

    monkeypatch.setattr(workers, "make_member", take)
    monkeypatch.setattr(workers, "count_threads", lambda *_: 1)
    with pytest.raises(EnoughError):
        run(path / "run", **options)
    return found[0]


class EnoughError(Exception):
    """All that is asked for is known."""


SHARED = nn.Linear(64, 16)


def with_a_shared_part():
    return nn.Sequential(nn.Flatten(), SHARED, nn.ReLU(), nn.Linear(16, 3))


def compiled():
    return torch.compile(draws.plain(), backend="eager")


@pytest.mark.parametrize(
    "options",
    [
        {"recipe": untrained},
        {"threads": 2},
        {"network": with_a_shared_part},
        {"network": compiled},
        {"network": draws.drops_itself},
        {"recipe": Recipe(epochs=1, augmentation=draws.numpy_noise)},
    ],
)
def test_what_is_not_known_is_made_one_after_another(tmp_path, monkeypatch, options):
    plan = plan_of(tmp_path, monkeypatch, **{**CASES["plain"].options, **options})
    assert plan.draws is None
    assert side_by_side.count_threads(plan, 4) == 1


def test_a_large_network_keeps_its_way(tmp_path, monkeypatch):
    monkeypatch.setattr(preflight, "is_small", lambda _: False)
    plan = plan_of(tmp_path, monkeypatch, threads=1)
    assert side_by_side.count_threads(plan, 4) == 1


def test_threads_are_as_many_as_cores_members_and_torchs_threads(tmp_path, monkeypatch):
    plan = plan_of(tmp_path, monkeypatch)
    assert side_by_side.count_threads(plan, 9) == 3
    assert side_by_side.count_threads(plan, 2) == 2
    torch.set_num_threads(1)
    assert side_by_side.count_threads(plan, 9) == 1
    torch.set_num_threads(3)
    monkeypatch.setattr(side_by_side, "_cores", lambda: 2)
    assert side_by_side.count_threads(plan, 9) == 2


@pytest.mark.parametrize(("limit", "threads"), [(1 << 20, 1), (1 << 27, 2)])
def test_a_limit_of_the_memory_is_shared_out(tmp_path, monkeypatch, limit, threads):
    plan = plan_of(tmp_path, monkeypatch, memory_limit=limit)
    assert side_by_side.count_threads(plan, 9) == threads
    part = side_by_side.in_share_of_memory(plan, 2)
    assert part.measure_options["memory_limit"] == limit // 2


@pytest.mark.parametrize("name", ["plain", "dropout", "late"])
def test_the_random_states_and_threads_of_the_caller_are_as_before(name, tmp_path):
    torch.manual_seed(3), random.seed(3), np.random.seed(3)
    wanted = torch.rand(3).tolist(), random.random(), np.random.random()
    torch.manual_seed(3), random.seed(3), np.random.seed(3)
    run(tmp_path / "run", **CASES[name].options)
    assert wanted == (torch.rand(3).tolist(), random.random(), np.random.random())
    assert torch.get_num_threads() == 3


def test_another_default_type_is_not_switched_under_the_feet_of_threads(
    tmp_path, monkeypatch
):
    plan = plan_of(tmp_path, monkeypatch)
    assert side_by_side.count_threads(plan, 4) == 3
    torch.set_default_dtype(torch.float64)
    try:
        assert side_by_side.count_threads(plan, 4) == 1
    finally:
        torch.set_default_dtype(torch.float32)
