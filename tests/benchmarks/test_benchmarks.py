"""Both benchmarks run and print whole tables, and every exact way agrees.

Times are the machine's matter and are not asserted.
"""

import re

import pytest
import torch

from tests.benchmarks import contest, measure, neighbors
from tests.benchmarks.data import gaussian
from tests.benchmarks.machine import _mm, _products, threads
from tests.benchmarks.rivals import recall, same_sets, truth, ways, without_itself
from tests.benchmarks.tables import table, target


def rows_of(printed, first):
    """Cells of every line of the tables whose header starts with some columns."""
    found = []
    for block in printed.split("\n\n"):
        lines = [
            [cell.strip() for cell in line.strip("|").split("|")]
            for line in block.splitlines()
            if line.startswith("|")
        ]
        if lines and lines[0][: len(first)] == first:
            assert {len(line) for line in lines} == {len(lines[0])}
            found += [dict(zip(lines[0], line, strict=True)) for line in lines[2:]]
    return found


def test_neighbors_prints_its_tables_and_all_exact_ways_agree(capsys, data_dir):
    neighbors.main(["--quick", "--sizes", "64:300,512:300"])
    printed = capsys.readouterr().out
    rows = rows_of(printed, ["data", "F", "N"])
    speeds = [row for row in rows if "share of the peak" in row]
    answers = [row for row in rows if "ours" in row]
    assert len(speeds) == len(answers) == 8  # 2 data, 2 widths, alone or not
    for row in speeds:
        assert all(row[name] for name in ("ours, s", "scikit-learn", "torch"))
    for row in answers:
        assert float(row["ours"]) == 1
        assert all(float(row[name]) >= 0.97 for name in ("scikit-learn", "torch"))
    assert rows_of(printed, ["F", "N", "ours, s"])
    assert "target: at least 1.0" in printed


def test_measure_prints_its_tables_and_every_vote_is_right(capsys, data_dir):
    measure.main(["--quick", "--spill"])
    printed = capsys.readouterr().out
    assert [row["part"] for row in rows_of(printed, ["part"])][-1].startswith(
        "depthviz.measure"
    )
    probes = rows_of(printed, ["probe", "F"])
    assert len(probes) == 11
    assert all(float(row["equal votes"]) >= 0.97 for row in probes)
    assert "not all" not in printed
    assert [float(row["equal depths"]) for row in rows_of(printed, ["memory"])] == [
        1,
        1,
    ]
    assert re.search(r"target: at most 1.25", printed)


@pytest.mark.parametrize("alone", [False, True])
def test_every_exact_way_finds_the_neighbors_of_float64(alone):
    reference = gaussian(80, 20, 0)
    query = reference if alone else gaussian(70, 20, 1)
    exact = truth(query, reference, 7, torch.arange(len(query)))
    with threads(1):
        for name, way in ways(1, quick=True).items():
            assert same_sets(way(query, reference, 7), exact) == 1, name


@pytest.mark.parametrize(("slow", "rounds"), [(5.0, 2), (0.1, 4)])
def test_all_exact_ways_run_equally_often(monkeypatch, slow, rounds):
    rows, runs = gaussian(30, 5, 0), {"depthviz": 0, "torch": 0}
    found = ways(1, quick=True)

    def timed(run):
        name = next(name for name, way in found.items() if way is run.func)
        runs[name] += 1
        return (slow if name == "torch" else 0.01), run()

    monkeypatch.setattr(contest, "timed", timed)
    found = {name: found[name] for name in runs}
    contest.compete(rows, rows, 3, ways=found, products=list(_products(8, 8, 8)))
    assert runs == {"depthviz": rounds, "torch": rounds}


def test_products_are_written_where_memory_is():
    for product in _products(8, 8, 8):
        same = product.run() is product.run()
        assert same or product.name.startswith("oneDNN")
    assert _mm("half", *torch.ones(2, 8, 8).bfloat16()).run().dtype == torch.bfloat16


def test_recall_and_sets_count_what_is_missing():
    exact = torch.tensor([[1, 2], [3, 4]])
    other = torch.tensor([[2, 1], [3, 5]])
    assert recall(other, exact) == 0.75
    assert same_sets(other, exact) == 0.5


def test_a_row_is_dropped_once_even_where_it_is_not_among_its_neighbors():
    index = torch.tensor([[0, 2, 1], [0, 2, 1], [0, 1, 3]])
    assert without_itself(index).tolist() == [[2, 1], [0, 2], [0, 1]]


def test_a_table_has_as_many_cells_in_each_line():
    text = table("T.", ["a", "b"], [(1, None), (2.5, "x")])
    assert text.splitlines()[2:] == [
        "| a | b |",
        "|---|---|",
        "| 1 |  |",
        "| 2.50 | x |",
    ]


def test_a_target_says_when_it_is_missed():
    assert target("x", 0.5, least=0.85).startswith("- **missed**")
    assert target("x", 0.5, most=0.5).startswith("- met")


@pytest.mark.parametrize("bench", [neighbors, measure])
def test_what_cannot_be_measured_here_is_said(bench, capsys, monkeypatch):
    monkeypatch.setattr(bench, "have_pictures", lambda: False)
    monkeypatch.setattr(neighbors, "tells_memory", lambda: False)
    bench.main(["--quick", *(["--sizes", "64:100"] if bench is neighbors else [])])
    printed = capsys.readouterr().out
    assert "DEPTHVIZ_DATA" in printed
    assert bench is measure or "No table of memory" in printed
