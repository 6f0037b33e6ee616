"""Embeddings that exceed the memory wait on the disk, and change nothing."""

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from depthviz.embeddings import StoredRows
from depthviz.errors import ArgumentError, FeatureError, ScratchError, TaskError
from depthviz.measurement import embedding_store, pass_plan
from depthviz.measurement.pass_plan import StorageBudget, find_storage, plan_passes
from tests.measurement.small import LABELS, POINTS, asked, measured, perceptron, same

WIDEST = 2 * 4 * 50 * 9  # limit of memory that holds the widest probe alone


@pytest.mark.parametrize("projection", ["umap", "pca"])
@pytest.mark.parametrize("metric", ["euclidean", "cosine"])
def test_memory_and_disk_cost_time_and_change_nothing(monkeypatch, projection, metric):
    options = {"projection": projection, "metric": metric}
    roomy = measured(**options)
    on_disk = measured(**options, memory_limit=1)
    both = measured(**options, memory_limit=WIDEST)
    monkeypatch.setattr(pass_plan, "free_space", lambda folder: 0)
    passes = measured(**options, memory_limit=WIDEST)
    made = [
        (study.dataset.attrs["passes"], study.dataset.attrs["on_disk"])
        for study in (roomy, on_disk, both, passes)
    ]
    names = list(roomy.probes)
    assert made == [(1, []), (1, names), (1, ["input", "dense2", "softmax"]), (3, [])]
    for other in (on_disk, both, passes):
        same(roomy, other)


def test_float16_rounds_what_is_on_the_disk_and_says_so():
    points = POINTS.astype(np.float16).astype(np.float32)
    options = {"train": (points, LABELS), "validation": None, "probes": ["0"]}
    exact = measured(**options).dataset
    half = measured(**options, memory_limit=1, scratch_type="float16").dataset
    assert half.attrs["scratch_type"] == "float16"
    assert half.attrs["on_disk"] == ["input", "0", "softmax"]
    for name in ("neighbor_index", "neighbor_distance"):
        assert np.array_equal(half[name][0], exact[name][0])  # float16 holds the input
    assert not np.array_equal(
        half["neighbor_distance"][1], exact["neighbor_distance"][1]
    )
    assert np.allclose(half["neighbor_distance"], exact["neighbor_distance"], atol=0.01)


def test_float16_is_stored_in_half_the_bytes_but_for_the_softmax(monkeypatch):
    sizes = {}

    class Noted(StoredRows):
        def write(self, start, rows):
            super().write(start, rows)
            size = os.fstat(self._file._file.fileno()).st_size
            sizes[self.shape[1]] = size // len(self)  # bytes by the number of features

    monkeypatch.setattr(embedding_store, "StoredRows", Noted)
    measured(memory_limit=1, scratch_type="float16")
    assert sizes == {6: 12, 9: 18, 7: 14, 3: 12}
    measured(memory_limit=1)
    assert sizes == {6: 24, 9: 36, 7: 28, 3: 12}


def test_small_shares_of_the_softmax_are_told_apart_whatever_is_stored():
    model = perceptron()
    with torch.no_grad():
        model[-1].weight *= 100
    exact, half = (
        measured(model, memory_limit=1, scratch_type=kind).dataset
        for kind in ("float32", "float16")
    )
    assert np.array_equal(half["neighbor_index"][-1], exact["neighbor_index"][-1])
    assert np.array_equal(half["neighbor_distance"][-1], exact["neighbor_distance"][-1])


def test_numbers_beyond_float16_are_told_with_their_probe():
    model = perceptron()
    with torch.no_grad():
        model[0].weight *= 1e6
    with pytest.raises(
        FeatureError, match=r"At probe 'dense1': .* 65,504, .*'float32'"
    ):
        measured(model, memory_limit=1, scratch_type="float16")


def plan(memory, disk, **options):
    chosen = asked(**options)
    budget = StorageBudget(memory, find_storage(chosen).folder, disk)
    sizes = {"input": 10, "wide": 1000, "softmax": 5}
    return plan_passes(sizes, 100, budget=budget, options=chosen)


def test_a_disk_holds_twice_the_numbers_in_float16():
    assert plan(10_000, 250_000, scratch_type="float16")[0].spilled == ["wide"]
    with pytest.raises(ScratchError):
        plan(10_000, 250_000)


def test_a_disk_has_room_for_the_softmax_in_float32():
    sizes = {"softmax": 1000}
    options = asked(scratch_type="float16")
    budget = StorageBudget(0, find_storage(options).folder, 400_000)
    found = plan_passes(sizes, 100, budget=budget, options=options)
    assert found[0].spilled == ["softmax"]
    with pytest.raises(ScratchError, match=r"or 400\.0 kB on the disk"):
        plan_passes(sizes, 100, budget=budget._replace(disk=399_999), options=options)


def test_what_nothing_holds_is_told_with_the_numbers():
    message = (
        r"at probe 'wide', 100 examples of 1,000 numbers, take 400\.0 kB in memory or "
        r"400\.0 kB on the disk\. Memory .* is 10\.0 kB \(half of memory_limit\), "
        r"and 20\.0 kB may be written to .* with scratch=\. scratch_type='float16' hal"
    )
    with pytest.raises(ScratchError, match=message):
        plan(10_000, 20_000, memory_limit=20_000)


def test_a_limit_that_nobody_gave_is_not_spoken_of():
    message = (
        r"10\.0 kB \(a quarter of what is free\).* Give a memory_limit if more may"
    )
    with pytest.raises(ScratchError, match=message):
        plan(10_000, 20_000)


def no_folder():
    raise FileNotFoundError(2, "No usable temporary directory")


def test_without_a_temporary_folder_what_fits_the_memory_is_measured(monkeypatch):
    monkeypatch.setattr("tempfile.gettempdir", no_folder)
    assert measured().dataset.attrs["on_disk"] == []
    message = r"0 bytes may be written to the disk, where no temporary folder takes"
    with pytest.raises(ScratchError, match=message):
        measured(Untried(), memory_limit=1)


class Untried(nn.Module):
    """A network that runs no example but those of the first look."""

    def __init__(self):
        super().__init__()
        self.last = nn.Linear(6, 3)

    def forward(self, inputs):
        assert len(inputs) <= 8
        return self.last(inputs)


def test_what_nothing_holds_is_told_before_a_pass(monkeypatch):
    monkeypatch.setattr(pass_plan, "free_space", lambda folder: 0)
    with pytest.raises(ScratchError, match="at probe 'input', 50 examples of 6"):
        measured(Untried(), memory_limit=1)


def test_a_disk_that_was_filled_meanwhile_is_told_before_a_pass(monkeypatch):
    monkeypatch.setattr("depthviz.machine.scratch.free_space", lambda folder: 1000)
    with pytest.raises(ScratchError, match=r"no room .*: 1\.2 kB wanted, 1\.0 kB free"):
        measured(Untried(), memory_limit=1)


@pytest.mark.parametrize("kind", [ArgumentError, FeatureError, ScratchError, TaskError])
def test_what_fails_in_a_search_is_told_with_its_probe(monkeypatch, kind):
    failure = kind("on purpose")

    def fail(*_, **__):
        raise failure

    monkeypatch.setattr("depthviz.measurement.probe_arrays.nearest_neighbors", fail)
    with pytest.raises(kind, match=r"^At probe 'input': on purpose$") as told:
        measured()
    assert type(told.value) is kind
    assert told.value.__cause__ is failure


def test_scratch_files_are_closed_when_something_fails(monkeypatch):
    made = []

    class Noted(StoredRows):
        def write(self, start, rows):
            made.append(self._file._file)
            super().write(start, rows)

    def fail(*_, **__):
        raise FeatureError("on purpose")

    monkeypatch.setattr(embedding_store, "StoredRows", Noted)
    monkeypatch.setattr("depthviz.measurement.probe_arrays.nearest_neighbors", fail)
    with pytest.raises(FeatureError, match="At probe 'input': on purpose"):
        measured(memory_limit=1)
    assert len(made) == 4 * 2
    assert all(file.closed for file in made)


MEASURED = """
import resource, sys
import numpy as np, torch
from torch import nn
from depthviz.measurement import measure

def peak():
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit

def run(count, wide, limit):
    generator = np.random.default_rng(0)
    points = generator.normal(size=(count, 8)).astype(np.float32)
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(8, wide), nn.ReLU(), nn.Linear(wide, 3))
    measure(model, (points, np.arange(count) % 3), k=5, projection=None, batch_size=16,
            probes=["0"], memory_limit=limit, progress=False)

wide, limit, *counts = map(int, sys.argv[1:])
torch.set_num_threads(2)
run(25, wide, limit)  # what the libraries take themselves
before = peak()
for count in counts:
    run(count, wide, limit)
    print(peak() - before)
"""
LIMIT, WIDE, COUNTS = 32_000_000, 32_768, (400, 800)


@pytest.mark.skipif(sys.platform == "win32", reason="needs the peak of a process")
def test_the_peak_is_that_of_the_limit_however_many_examples_there_are():
    command = [sys.executable, "-c", MEASURED, *map(str, (WIDE, LIMIT, *COUNTS))]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    peaks = list(map(int, done.stdout.split()))
    for peak, count in zip(peaks, COUNTS, strict=True):
        held = 4 * count * WIDE  # 52 and 105 MB
        assert peak < LIMIT + 10_000_000 < held


KILLED = """
import sys
import numpy as np
from torch import nn
from depthviz.measurement import measure

class Waits(nn.Linear):
    def forward(self, inputs):
        if len(inputs) == 11:  # the last batch
            print("spilled", flush=True)
            sys.stdin.read()
        return super().forward(inputs)

points = np.random.default_rng(0).normal(size=(2011, 5_000)).astype(np.float32)
measure(Waits(5_000, 3), (points, np.arange(2011) % 3), k=5, projection=None,
        batch_size=1000, memory_limit=1, scratch=sys.argv[1], progress=False)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="looks at files through /proc")
def test_a_killed_measurement_leaves_nothing_on_the_disk(tmp_path):
    command = [sys.executable, "-c", KILLED, str(tmp_path)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout.readline() == "spilled\n"
        links = list(Path(f"/proc/{process.pid}/fd").iterdir())
        files = [link for link in links if os.readlink(link).startswith(str(tmp_path))]
        sizes = sorted(file.stat().st_size for file in files)
        assert sizes == [4 * 2011 * 3, 4 * 2011 * 5_000]
        process.send_signal(signal.SIGKILL)
    assert not list(tmp_path.iterdir())


def test_a_small_disk_takes_more_passes_or_is_told(tmp_path):
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "none", str(tmp_path)]
    if sys.platform != "linux" or subprocess.run(mount, check=False).returncode:
        pytest.skip("needs the right to mount a small disk")
    try:
        wide = nn.Sequential(nn.Linear(6, 250), nn.ReLU(), nn.Linear(250, 200))
        names = list(map(str, range(200)))
        options = {"model": wide, "class_names": names, "probes": ["0", "1"]}
        study = measured(**options, memory_limit=1, scratch=tmp_path)
        assert study.dataset.attrs["passes"] == 3
        same(study, measured(**options))
        wider = nn.Sequential(nn.Linear(6, 900), nn.Linear(900, 3))
        with pytest.raises(ScratchError, match="at probe 'dense1', 50 examples of 900"):
            measured(wider, memory_limit=WIDEST, scratch=tmp_path)
    finally:
        subprocess.run(["umount", str(tmp_path)], check=True)


@pytest.mark.parametrize("memory_limit", [None, 1])
def test_what_an_approximate_search_finds_is_measured_at_each_probe(memory_limit):
    pytest.importorskip("faiss", reason="needs faiss: pip install faiss-cpu")
    exact = measured().dataset
    flat = measured(search="faiss:Flat", memory_limit=memory_limit).dataset
    assert flat["search_recall"].dims == ("probe",)
    assert (flat["search_recall"] == 1).all()
    assert flat["search_recall"].attrs == {"sample": 50, "seed": 0}
    assert flat.attrs["search"] == "faiss:Flat"
    assert np.array_equal(flat["vote"], exact["vote"])
    coarse = measured(search="faiss:PQ1x2", memory_limit=memory_limit, probes=["0"])
    assert 0 < coarse.dataset["search_recall"].min() < 1
    assert "search_recall" not in exact


def test_an_executor_changes_nothing():
    with ThreadPoolExecutor(2) as executor:
        same(measured(), measured(executor=executor))
        same(measured(), measured(executor=executor, memory_limit=1))
