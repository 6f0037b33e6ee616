"""Members made by several threads, and tasks of an executor, share the cores."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest
import torch
from torch import nn

from depthviz.ensembles import Ensemble
from depthviz.ensembles.run import side_by_side, workers
from depthviz.training import Recipe
from tests.ensembles.runs import LABELS, POINTS, run, untrained
from tests.ensembles.side_by_side import draws

PREFIX = "depthviz-member"
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


class OneReader:
    """A data set that does not serve two threads at a time."""

    def __init__(self):
        self.busy = threading.Lock()

    def __len__(self):
        return len(LABELS)

    def __getitem__(self, row):
        assert self.busy.acquire(blocking=False)
        time.sleep(1e-4)
        self.busy.release()
        return POINTS[row], int(LABELS[row])


def test_a_data_set_is_read_by_one_thread_at_a_time(tmp_path):
    with ThreadPoolExecutor(3) as pool:
        run(tmp_path / "run", pool, data=OneReader(), members=3)
