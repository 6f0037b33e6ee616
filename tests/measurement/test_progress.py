"""The bar of a search tells the probe, the rate and the time left of all."""

import io
import re

import numpy as np
import pytest
from tqdm import tqdm

from depthviz.machine import compilation
from depthviz.machine.compilation import compiled_loop
from depthviz.measurement.progress import (
    SearchBar,
    announced_compilation,
    examples_bar,
    report_lowest_recall,
    search_bar,
)
from tests.measurement.small import measured

SIZES = {
    "input": 872,
    "wide": 9_872,
    "softmax": 0,
}  # 1,000, 10,000 and 128 with ranking


def test_work_counts_and_not_examples():
    with tqdm(total=5 * 11_128, file=io.StringIO()) as bar:
        shown = SearchBar(bar, SIZES, {"input": 1, "wide": 2, "softmax": 3}, 3)
        shown.start_probe("input")(5)
        assert bar.n == 5 * 1_000
        shown.start_probe("wide")(2)
        assert bar.n == 5 * 1_000 + 2 * 10_000
        assert bar.desc == "Neighbors at wide (2 of 3): "
        assert re.fullmatch(r"[\d,.]+ examples/s", bar.postfix)


def test_the_bar_is_full_at_the_end_and_says_how_many_probes_there_were(capsys):
    order = list(SIZES)
    with search_bar(SIZES, ["input", "wide"], count=5, order=order, show=True) as bar:
        bar.start_probe("input")(5)
        bar.start_probe("wide")(3)
        bar.start_probe("wide")(2)
    last = capsys.readouterr().err.rpartition("\r")[2]
    assert last.startswith("Neighbors at 2 probes: 100%|")


def test_a_measurement_shows_passes_and_probes(capsys):
    measured(progress=True)
    shown = capsys.readouterr().err
    assert re.search(r"Embeddings: 100%\|.*\| 50\.0/50\.0 \[.*examples/s\]", shown)
    for probe, name in enumerate(["input", "dense1", "dense2", "softmax"], 1):
        assert f"Neighbors at {name} ({probe} of 4): " in shown
    assert "Neighbors at 4 probes: 100%|" in shown


@pytest.mark.parametrize("make", ["examples", "search"])
def test_what_is_not_wanted_is_not_shown(capsys, make):
    if make == "examples":
        with examples_bar("Embeddings", 9, show=False) as bar:
            bar.update(9)
    else:
        with search_bar(SIZES, ["wide"], count=9, order=["wide"], show=False) as bar:
            bar.start_probe("wide")(9)
    captured = capsys.readouterr()
    assert captured.out == captured.err == ""


def test_the_lowest_recall_is_told_where_it_is(capsys):
    report_lowest_recall(np.array([1, 0.874, 0.9], np.float32), list(SIZES))
    line = (
        "87.4% of the nearest neighbors were found at wide, the least of all probes.\n"
    )
    assert capsys.readouterr().out == line


@pytest.mark.parametrize(
    ("kept", "how_often"),
    [(True, "once after installation"), (False, "NUMBA_CACHE_DIR can name one")],
)
def test_a_compilation_is_told_with_its_seconds(capsys, kept, how_often):
    with announced_compilation("the search", show=True):
        for _ in range(2):
            for listener in compilation._listeners:
                listener.begin(kept=kept)
                listener.end(1.5)
    begun, ended = capsys.readouterr().out.splitlines()
    assert begun.startswith("Compiling the search, ")
    assert how_often in begun
    assert ended == "Compiled the search in 3.0 s."


def test_nothing_is_told_where_nothing_is_compiled_or_nobody_looks(capsys):
    with announced_compilation("the search", show=True):
        pass
    with announced_compilation("the search", show=False):
        assert not compilation._listeners
    assert capsys.readouterr().out == ""


def test_a_measurement_tells_what_it_has_to_compile(capsys, monkeypatch):
    kernels = pytest.importorskip("depthviz.neighbors.kernels", exc_type=ImportError)
    fresh = compiled_loop()(kernels.finish.py_func)
    fresh._cache.disable()  # nothing of it is read or kept
    monkeypatch.setattr(kernels, "finish", fresh)
    measured(k=3, progress=True)
    printed = capsys.readouterr().out
    assert "Compiling the search, " in printed
    assert "Compiled the search in" in printed
    measured(k=3, progress=True)
    assert "Compiling" not in capsys.readouterr().out


@pytest.mark.parametrize("progress", [False, True])
def test_recall_is_told_with_the_bars_alone(capsys, progress):
    pytest.importorskip("faiss", reason="needs faiss: pip install faiss-cpu")
    measured(search="faiss:Flat", progress=progress)
    assert ("100.0% of the nearest" in capsys.readouterr().out) == progress
