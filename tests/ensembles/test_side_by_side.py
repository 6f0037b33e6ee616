"""Members made by several threads are those that are made one after another."""

import os
import random
import signal
import threading
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from torch import nn

from depthviz.ensembles import Ensemble, preflight
from depthviz.ensembles.run import side_by_side, workers
from depthviz.errors import ModelError
from depthviz.training import Recipe
from tests.ensembles import draws
from tests.ensembles.draws import CASES
from tests.ensembles.runs import LABELS, POINTS, differences, run, untrained

PREFIX = "depthviz-member"


@pytest.fixture(autouse=True)
def three_cores(monkeypatch):
    """Threads for three, on any machine."""
    monkeypatch.setattr(side_by_side, "_cores", lambda: 3)
    before = torch.get_num_threads()
    torch.set_num_threads(3)
    yield
    assert torch.get_num_threads() == 3
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def processes():
    with ProcessPoolExecutor(2, get_context("spawn")) as pool:
        yield pool


def one_by_one(path, **options):
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(workers, "count_threads", lambda *_: 1)
        return run(path, **options)


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


MEETING = threading.Barrier(3)


class Meeting(nn.Module):
    """In its first step, waits until three members train."""

    def __init__(self):
        super().__init__()
        self.met = False

    def forward(self, inputs):
        here = threading.current_thread().name.startswith(PREFIX)
        if self.training and here and not self.met:
            self.met = True
            MEETING.wait(timeout=60)
            assert torch.get_num_threads() == 1
        return inputs


def meeting():
    return nn.Sequential(nn.Linear(6, 8), Meeting(), nn.ReLU(), nn.Linear(8, 3))


def test_members_train_at_the_same_time_on_a_thread_each(tmp_path):
    run(tmp_path / "run", network=meeting, members=6, recipe=Recipe(epochs=2))


@pytest.mark.parametrize("name", ["plain", "dropout", "late"])
def test_the_random_states_and_threads_of_the_caller_are_as_before(name, tmp_path):
    torch.manual_seed(3), random.seed(3), np.random.seed(3)
    wanted = torch.rand(3).tolist(), random.random(), np.random.random()
    torch.manual_seed(3), random.seed(3), np.random.seed(3)
    run(tmp_path / "run", **CASES[name].options)
    assert wanted == (torch.rand(3).tolist(), random.random(), np.random.random())
    assert torch.get_num_threads() == 3


class Stops(nn.Module):
    """Presses Stop at one step of one member, and counts the steps after it."""

    pressed, later, armed = threading.Event(), [0], [False]

    def forward(self, inputs):
        here = threading.current_thread().name.startswith(PREFIX)
        if self.training and here and Stops.armed[0]:
            if Stops.pressed.is_set():
                Stops.later[0] += 1
            Stops.pressed.set()
            os.kill(os.getpid(), signal.SIGINT)
            Stops.armed[0] = False
        return inputs


def stopping():
    return nn.Sequential(nn.Linear(6, 8), Stops(), nn.ReLU(), nn.Linear(8, 3))


def test_an_interrupt_ends_all_members_and_the_run_goes_on_later(tmp_path):
    long = {"network": stopping, "recipe": Recipe(epochs=400, batch_size=2)}
    Stops.armed[0] = True
    with pytest.raises(KeyboardInterrupt):
        run(tmp_path / "run", members=6, **long)
    assert no_threads()
    assert not list((tmp_path / "run" / "members").glob("*.json"))
    assert torch.get_num_threads() == 3


def no_threads():
    return not [one for one in threading.enumerate() if one.name.startswith(PREFIX)]


def test_an_interrupted_run_goes_on_and_gives_the_same(tmp_path, monkeypatch):
    options = CASES["dropout"].options | {"members": 6}
    serial = one_by_one(tmp_path / "serial", **options)
    finish = side_by_side.ProgressBar.finish

    def finish_and_stop(bar, member):
        finish(bar, member)
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(side_by_side.ProgressBar, "finish", finish_and_stop)
        with pytest.raises(KeyboardInterrupt):
            run(tmp_path / "run", **options)
    assert no_threads()
    assert 0 < len(list((tmp_path / "run" / "members").glob("*.json"))) < 6
    assert differences(serial, run(tmp_path / "run", **options)) == []


class Fails(nn.Module):
    """Raises in training, once it runs in a thread of a member."""

    def forward(self, inputs):
        if self.training and threading.current_thread().name.startswith(PREFIX):
            raise ModelError("This network is broken.")
        return inputs


def failing():
    return nn.Sequential(nn.Linear(6, 8), Fails(), nn.ReLU(), nn.Linear(8, 3))


def test_an_error_of_a_member_ends_the_run_with_that_error(tmp_path):
    with pytest.raises(ModelError, match="This network is broken"):
        run(tmp_path / "run", network=failing)
    assert no_threads()


def exploding():
    """Build a network that diverges in every second member."""
    network = draws.plain()
    if torch.rand(()) < 0.5:
        nn.init.constant_(network[1].weight, 1e30)
    return network


def test_a_member_that_diverges_costs_itself_alone(tmp_path):
    options = CASES["plain"].options | {"network": exploding, "members": 6}
    found = run(tmp_path / "run", seed=1, **options)
    serial = one_by_one(tmp_path / "serial", seed=1, **options)
    assert 0 < (found["member_failed"] >= 0).sum() < 6
    assert differences(serial, found) == []


def test_a_run_inside_of_a_member_waits_for_no_thread(tmp_path):
    inner = []

    def train(module, dataset, recorder):
        inner.append(run(tmp_path / f"inner {len(inner)}", members=2, holdout=0.5))
        return untrained(module, dataset, recorder)

    run(tmp_path / "run", recipe=train, members=2, holdout=0.5)
    assert len(inner) == 2


@pytest.mark.parametrize(("recipe", "threads"), [(untrained, 4), (None, 2)])
def test_a_task_keeps_to_the_cores_that_are_its_own(
    tmp_path, monkeypatch, recipe, threads
):
    torch.set_num_threads(4)
    seen, make = [], workers.make_member

    def noted(*args, **named):
        seen.append(torch.get_num_threads())
        return make(*args, **named)

    monkeypatch.setattr(workers, "make_member", noted)
    chosen = {} if recipe is None else {"recipe": recipe}
    with ThreadPoolExecutor(2) as pool:
        run(tmp_path / "run", pool, **chosen)
    assert seen == [threads] * 5
    torch.set_num_threads(3)


def test_searches_at_the_end_get_the_cores_that_are_idle():
    seen, last = {}, threading.Event()

    def make(member, report, *, search_threads):
        if member == 0:
            assert last.wait(60)
        seen[member] = search_threads()

    class Bar(SimpleNamespace):
        def finish(self, member):
            if member == 1:
                last.set()

    side_by_side.make_on_threads(
        make, [0, 1], threads=2, bar=Bar(show=lambda epochs: None)
    )
    assert seen == {0: 3, 1: 1}


def test_the_bar_counts_members_that_are_made_at_the_same_time(tmp_path, capsys):
    ensemble = Ensemble(
        draws.plain,
        (POINTS.repeat(11, 1)[:, :64].reshape(-1, 1, 8, 8), LABELS),
        members=4,
        holdout=0.5,
        k=5,
        recipe=Recipe(epochs=3),
        projection=None,
    )
    ensemble.run(tmp_path / "run")
    shown = capsys.readouterr().err
    assert "0 of 4 members" in shown
    assert "4 of 4 members" in shown
    assert "16/16 epochs" in shown
