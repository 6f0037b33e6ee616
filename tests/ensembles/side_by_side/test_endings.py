"""Members made by several threads end together: by a Stop, by an error, or well."""

import os
import signal
import threading

import pytest
import torch
from torch import nn

from depthviz.ensembles.run import side_by_side
from depthviz.errors import ModelError
from depthviz.training import Recipe
from tests.ensembles.runs import differences, run
from tests.ensembles.side_by_side import draws
from tests.ensembles.side_by_side.draws import CASES, one_by_one

PREFIX = "depthviz-member"


class Stops(nn.Module):
    """Presses Stop at one step of one member, once, and counts the steps after it."""

    pressed, later, armed = threading.Event(), [0], [False]
    once = threading.Lock()

    def forward(self, inputs):
        here = threading.current_thread().name.startswith(PREFIX)
        if self.training and here and Stops.armed[0]:
            if Stops.pressed.is_set():
                Stops.later[0] += 1
            with Stops.once:  # a second Stop would end the wait for the others
                armed, Stops.armed[0] = Stops.armed[0], False
            Stops.pressed.set()
            if armed:
                os.kill(os.getpid(), signal.SIGINT)
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
