"""A moment's worth of the benchmark: every method is timed, the targets are told."""

import numpy as np

from depthviz.selection import METHODS
from depthviz.selection.methods.graphs import cosine_graph
from tests.benchmarks.selection import __main__ as benchmark
from tests.benchmarks.test_benchmarks import rows_of


def test_the_command_prints_a_row_a_method_and_its_targets(capsys):
    benchmark.main(["--share", "0.01", "--features", "32"])
    printed = capsys.readouterr().out
    rows = rows_of(printed, [benchmark.HEADER[0]])
    assert [row["method"] for row in rows[: len(METHODS)]] == list(METHODS)
    assert all(float(row["seconds"].replace(",", "")) >= 0 for row in rows)
    notes = {row["method"]: row["note"] for row in rows}
    for name in ("neighborhood", "facility location", "message passing"):
        assert "neighbors on average" in notes[name]
    for words in ("seconds of k-center", "seconds of facility location", "one search"):
        assert words in printed


def test_the_clouds_have_near_examples_and_far_ones():
    rows = benchmark.embeddings_of(2000, 64)
    assert rows.dtype == np.float32
    graph, highest = cosine_graph(rows, benchmark.TAU)
    assert highest < 1
    assert 0 < graph.mean_degree < 200
