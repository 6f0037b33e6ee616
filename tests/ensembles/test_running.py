"""Runs: resumed, shared, killed, and always the same study."""

import errno
import os
import pickle
import shutil
import signal
import subprocess
import sys
import time
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context

import numpy as np
import pytest
import torch

from depthviz.ensembles.run import folder as folders
from depthviz.ensembles.run import resume
from depthviz.errors import FormatError, ScratchError, StudyError, TaskError
from depthviz.machine.switches.threads import torch_threads
from depthviz.study import open_study
from depthviz.training import Recipe
from tests.ensembles.runs import (
    LABELS,
    POINTS,
    RECIPE,
    Lost,
    begin,
    differences,
    run,
    small_ensemble,
    untrained,
)
from tests.paths import ROOT


@pytest.fixture(scope="module")
def serial(tmp_path_factory):
    return run(tmp_path_factory.mktemp("serial") / "run")


def test_a_run_is_repeated_to_the_bit(serial, tmp_path):
    torch.manual_seed(99)
    assert differences(serial, run(tmp_path / "run")) == []


def test_threads_of_one_process_give_the_same(serial, tmp_path):
    with ThreadPoolExecutor(3) as executor:
        assert differences(serial, run(tmp_path / "run", executor)) == []


def test_other_processes_give_the_same(serial, tmp_path):
    with ProcessPoolExecutor(2, get_context("spawn")) as executor:
        assert differences(serial, run(tmp_path / "run", executor)) == []


SCRIPT = """
import sys
from pathlib import Path
from tests.ensembles.runs import run
run(Path(sys.argv[1]))
"""


def markers(path):
    return list((path / "members").glob("[0-9]*.json"))


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
@pytest.mark.parametrize("after", [0, 1, 3])
def test_a_killed_run_goes_on_and_gives_the_same(serial, tmp_path, after):
    path = tmp_path / "run"
    root = ROOT
    process = subprocess.Popen([sys.executable, "-c", SCRIPT, str(path)], cwd=root)
    deadline = time.monotonic() + 60
    while len(markers(path)) < after or not (path / "run.json").exists():
        assert time.monotonic() < deadline
        time.sleep(0.002)
    process.send_signal(signal.SIGKILL)
    process.wait()
    if len(markers(path)) < 5:
        with pytest.raises(FormatError, match=r"has . of 5 members; run"):
            open_study(path)
    assert differences(serial, run(path)) == []


def test_a_worker_that_is_killed_costs_its_member_alone(serial, tmp_path):
    distributed = pytest.importorskip(
        "distributed", reason="Dask's LocalCluster needs the package distributed"
    )
    path = tmp_path / "run"
    cluster = distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=None, silence_logs=50
    )
    with cluster, distributed.Client(cluster) as client:
        victim = next(iter(client.run(os.getpid).values()))
        killer = ThreadPoolExecutor(1)

        def kill():
            while not markers(path):
                time.sleep(0.01)
            os.kill(victim, signal.SIGKILL)
            return True

        killed = killer.submit(kill)
        found = run(path, client.get_executor(), members=10, recipe=LONGER)
        assert killed.result(timeout=1)
    expected = run(tmp_path / "serial", members=10, recipe=LONGER)
    assert differences(expected, found) == []


LONGER = Recipe(epochs=12, batch_size=16, checkpoints=4)


def test_more_members_may_be_asked_for_later(tmp_path):
    run(tmp_path / "grown", recipe=untrained)
    grown = run(tmp_path / "grown", recipe=untrained, members=8)
    at_once = run(tmp_path / "at once", recipe=untrained, members=8)
    assert differences(grown, at_once) == []
    with pytest.raises(StudyError, match="a run of 8 members, more than 5"):
        run(tmp_path / "grown", recipe=untrained)


def test_an_executor_that_loses_members_is_told_and_the_others_are_kept(
    serial, tmp_path
):
    path = tmp_path / "run"
    with pytest.raises(TaskError, match=r"3 of 5 members were lost \(2, 3, 4\).*gone"):
        run(path, Lost(kept=2))
    assert len(markers(path)) == 2
    assert differences(serial, run(path)) == []


def test_a_recipe_that_cannot_be_sent_is_told(tmp_path):
    pool = ProcessPoolExecutor(1, get_context("spawn"))
    with pool, pytest.raises(TaskError, match="define them in a module"):
        run(tmp_path / "run", pool, network=lambda: torch.nn.Linear(6, 3))


def test_a_member_that_is_half_written_is_made_again(serial, tmp_path):
    path = tmp_path / "run"
    with pytest.raises(TaskError):
        run(path, Lost(kept=3))
    written = (path / "study.zarr" / "member_vote" / "c" / "2").rglob("*")
    chunk = next(file for file in written if file.is_file())
    chunk.write_bytes(chunk.read_bytes()[:7])
    (path / "members" / "00002.json").unlink()
    left = chunk.with_name("0.abc.partial")
    left.write_bytes(b"torn")
    assert differences(serial, run(path)) == []
    assert not left.exists()


def test_a_member_whose_files_are_gone_is_made_again(serial, tmp_path):
    path = tmp_path / "run"
    with pytest.raises(TaskError):
        run(path, Lost(kept=3))
    written = (path / "study.zarr" / "member_depth" / "c" / "1").rglob("*")
    next(file for file in written if file.is_file()).unlink()
    assert differences(serial, run(path)) == []


def test_growing_that_is_killed_at_once_goes_on_growing(tmp_path, monkeypatch):
    path = tmp_path / "run"
    run(path, recipe=untrained)
    with monkeypatch.context() as patched:
        patched.setattr(resume, "create_regions", interrupt)
        with pytest.raises(KeyboardInterrupt):
            run(path, recipe=untrained, members=8)
    with pytest.raises(FormatError, match="has 5 of 8 members"):
        open_study(path)
    grown = run(path, recipe=untrained, members=8)
    at_once = run(tmp_path / "at once", recipe=untrained, members=8)
    assert differences(grown, at_once) == []


def interrupt(*_):
    raise KeyboardInterrupt


def test_a_beginning_that_was_killed_leaves_a_folder_that_is_taken(serial, tmp_path):
    path = tmp_path / "run"
    path.mkdir()
    (path / ".run.json.123.part").write_text("{")
    assert differences(serial, run(path)) == []


def test_a_task_of_an_earlier_run_writes_into_no_other(tmp_path):
    late = Late()
    with pytest.raises(TaskError):
        run(tmp_path / "run", late)
    shutil.rmtree(tmp_path / "run")
    begin(tmp_path / "run")
    call, task = late.calls[-1]
    with pytest.raises(StudyError, match="is not the folder of the run"):
        call(task)


class Late(Executor):
    """Keeps the tasks for later, and says that they were lost."""

    def __init__(self):
        self.calls = []

    def submit(self, fn, /, *args, **kwargs):
        self.calls.append((fn, *args))
        future = Future()
        future.set_exception(RuntimeError("The worker is slow."))
        return future


def test_pictures_of_the_users_own_travel_with_the_shown_member_alone(tmp_path):
    counting = Counting(kept=9)
    pictures = np.random.default_rng(0).integers(0, 256, (90, 40, 40), dtype=np.uint8)
    run(tmp_path / "run", counting, images=pictures, recipe=untrained)
    assert counting.sizes[0] > pictures.nbytes
    assert max(counting.sizes[1:]) < 20_000


def test_a_full_disk_is_told_and_the_run_goes_on_later(serial, tmp_path, monkeypatch):
    path = tmp_path / "run"

    def full(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patched:
        patched.setattr(folders, "write_region", full)
        with pytest.raises(ScratchError, match="is full"):
            run(path)
    assert not markers(path)
    assert differences(serial, run(path)) == []


def test_a_finished_run_trains_nothing(serial, tmp_path):
    run(tmp_path / "run")
    study = open_study(tmp_path / "run")
    ensemble = small_ensemble(title="Anew")
    again = ensemble.run(tmp_path / "run", Lost(kept=0), progress=False)
    assert differences(serial, again.dataset) == []
    assert again.dataset.attrs["title"] == "Anew"
    assert study.frame().equals(again.frame())  # opened before, and still whole


def test_the_bar_counts_members_and_epochs(tmp_path, capsys):
    with torch_threads(1):
        small_ensemble().run(tmp_path / "run", progress=True)
    shown = capsys.readouterr().err
    assert "Member 1 of 5" in shown
    assert "5 of 5 members" in shown
    assert f"{5 * (RECIPE.epochs + 1)}/{5 * (RECIPE.epochs + 1)} epochs" in shown


def test_arrays_are_sent_to_other_processes_once(tmp_path):
    counting = Counting(kept=9)
    big = np.tile(POINTS, (40, 50))
    run(
        tmp_path / "run",
        counting,
        data=(big, np.tile(LABELS, 40)),
        network=wide,
        recipe=untrained,
        members=2,
        holdout=0.5,
        input_margin=False,
    )
    assert max(counting.sizes) < 50_000 < big.nbytes
    assert (tmp_path / "run" / "data" / "inputs.npy").stat().st_size > big.nbytes


class Counting(Lost):
    """Notes how large each task is."""

    def __init__(self, kept):
        super().__init__(kept)
        self.sizes = []

    def submit(self, fn, /, *args, **kwargs):
        self.sizes.append(len(pickle.dumps(args)))
        return super().submit(fn, *args, **kwargs)


def wide():
    return torch.nn.Linear(300, 3)
