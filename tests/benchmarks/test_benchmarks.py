"""The benchmarks run and print whole tables, and every exact way agrees.

Times are the machine's matter and are not asserted.
"""

import re

import numpy as np
import pytest
import torch
from scipy.stats import spearmanr
from sklearn.metrics import roc_auc_score

from tests.benchmarks import (
    contest,
    figures,
    maps,
    measure,
    members,
    neighbors,
    record_measures,
    ties,
)
from tests.benchmarks.data import gaussian
from tests.benchmarks.demo import __main__ as demo
from tests.benchmarks.machine import _mm, _products, threads
from tests.benchmarks.protocol import __main__ as protocol
from tests.benchmarks.protocol.data import cifar_question, digits, fashion
from tests.benchmarks.protocol.scores import (
    auroc,
    label_quality,
    resampled,
    spearman,
)
from tests.benchmarks.rivals import recall, same_sets, truth, ways, without_itself
from tests.benchmarks.tables import table, target
from tests.ensembles.synthetic import ensemble_study

TINY = ["--members", "2", "--holdout", "0.5", "--epochs", "1", "--workers", "0"]


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
    [tied] = rows_of(printed, ["F", "N", "distinct, s"])
    assert float(tied["distinct"]) == 1
    assert all(float(tied[name]) > 0 for name in ties.KINDS)
    assert "target: at least 1.0" in printed
    assert printed.startswith("Processor: ")


def test_figures_prints_a_table_of_small_files(capsys):
    figures.main(["--share", "0.1"])
    printed = capsys.readouterr().out
    rows = rows_of(printed, figures.HEADER[:2])
    assert [row["chart"] for row in rows] == figures.chart_names()
    assert [row["chart"] for row in rows if not row["marks"]] == []
    sizes = [float(row[name]) for row in rows for name in ("PDF, kB", "SVG, kB")]
    assert max(sizes) <= figures.MOST_BYTES / 1000
    assert "slowest, made and written, s" in printed


def test_maps_prints_its_table_and_all_targets(capsys):
    maps.main(["--quick", "digits"])
    printed = capsys.readouterr().out
    [row] = rows_of(printed, ["data", "maps of"])
    assert row["data"] == "digits"
    assert float(row["trust"]) > 0.8
    for ratio in ("trust", "neighbors kept", "movement", "times as fast"):
        assert f"digits: {ratio}" in printed


def test_maps_compares_many_with_one_of_umap_learns(capsys, data_dir):
    maps.main(["--large", "500"])
    [row] = rows_of(capsys.readouterr().out, ["examples", "11 maps, s"])
    assert row["examples"] == "500"
    assert float(row["one of umap-learn's, s"]) > 0


def test_the_demo_tells_first_use_and_warm_use_apart(capsys):
    demo.main(["--quick"])
    rows = rows_of(capsys.readouterr().out, ["", "first use", "warm use"])
    by_stage = {row[""]: row for row in rows}
    assert float(by_stage["processor seconds"]["warm use"]) > 0
    compiled = by_stage["compilation"]
    assert _share(compiled["first use"]) > _share(compiled["warm use"])


def _share(cell):
    return float(cell.rstrip("%"))


def test_members_prints_its_table_and_all_ways_give_the_same_bits(capsys):
    members.main(["--quick"])
    printed = capsys.readouterr().out
    rows = rows_of(printed, ["members made by"])
    assert [row["members made by"] for row in rows] == list(members.WAYS)
    assert [row["equal bits"] for row in rows] == ["yes"] * 4
    assert float(rows[0]["times one thread"]) == 1
    assert printed.count("target: at least 1.7") == 2


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
    by_stage = {row[""]: row for row in rows_of(printed, ["", "first use"])}
    assert float(by_stage["seconds"]["first use"]) > 0
    assert {"compilation", "forward", "search"} <= set(by_stage)


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


def test_the_protocol_prints_every_seed_and_goes_on_from_its_folder(capsys, tmp_path):
    asked = ["--examples", "150", "--seeds", "3", "4", "--folder", str(tmp_path)]
    printed = []
    for _ in range(2):
        protocol.main(["digits", *TINY, *asked])
        printed.append(capsys.readouterr())
    found = [rows_of(each.out, ["seed"]) for each in printed]
    assert [row["seed"] for row in found[0]] == ["3", "4", "3", "4"]
    for row in found[0][:2]:
        assert 0 <= float(row["suspicion"]) <= 1
        assert row["N"] == "150"
    sizes = [re.findall(r"(\d+):", " ".join(row.values())) for row in found[0][2:]]
    assert [sum(map(int, row)) for row in sizes] == [150, 150]
    for row in found[0][:2] + found[1][:2]:
        del row["seconds"]
    assert found[0] == found[1]
    assert "of 2 members" in printed[0].err
    assert "of 2 members" not in printed[1].err


def test_the_protocol_compares_with_c_scores_and_human_labels(
    capsys, data_dir, tmp_path
):
    asked = ["--examples", "120", "--folder", str(tmp_path)]
    protocol.main(["cifar", *TINY, *asked])
    printed = capsys.readouterr().out
    names = [row["column"] for row in rows_of(printed, ["column"])]
    assert names[0] == "validation_depth"
    beside = [row["score"] for row in rows_of(printed, ["score"])]
    assert beside.count("suspicion") == beside.count("cleanlab, -self_confidence") == 2
    for name in ("aggre", "worse"):
        wrong = cifar_question(name, 120).wrong
        assert f"{wrong.sum()} of 120 are noisy" in printed


def test_the_protocol_tells_the_cost_of_a_study(capsys, tmp_path):
    asked = ["--examples", "800", "--members", "3", "--holdout", "0.5"]
    protocol.main(["scale", *asked, "--folder", str(tmp_path)])
    printed = capsys.readouterr().out
    assert len(rows_of(printed, ["question"])) == 3 or "No table of memory" in printed


def test_a_tenth_of_the_labels_is_planted_by_the_seed(data_dir):
    for make, count in ((digits, 1797), (fashion, 500)):
        one, same, other = make(0, count), make(0, count), make(1, count)
        assert len(one.labels) == len(one.pictures) == count
        assert one.wrong.sum() == round(0.1 * count)
        assert np.array_equal(one.labels, same.labels)
        assert not np.array_equal(one.wrong, other.wrong)
    right, wrong = fashion(0, 500), fashion(0, 500).wrong
    means = [right.pictures[~wrong & (right.labels == each)].mean() for each in (5, 9)]
    assert means[0] < means[1]  # a sandal is less than an ankle boot


def test_scores_are_those_of_the_reference_libraries():
    draw = np.random.default_rng(0)
    score, wrong = draw.integers(0, 9, 80) / 4, draw.random(80) < 0.3
    assert np.isclose(auroc(score, wrong), roc_auc_score(wrong, score))
    other = score + draw.integers(0, 5, 80)
    assert np.isclose(spearman(score, other), spearmanr(score, other).statistic)
    known = np.append(score, np.nan), np.append(other, 1)
    assert spearman(*known) == spearman(score, other)
    interval = resampled(spearman, score, other)
    assert interval.low < interval.value < interval.high


def test_label_quality_is_the_mean_probability_where_an_example_was_held_out():
    data = ensemble_study(examples=80, members=8, failed=(1,), seed=2)
    data, found = data.dataset, label_quality(data)
    for example in range(80):
        part = data.isel(example=example)
        which = ~part["in_train"].values & (data["member_failed"].values < 0)
        wanted = part["member_label_probability"].values[which].astype(float).mean()
        assert np.isclose(found[example], wanted)


def test_record_measures_are_all_timed(monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["record_measures", "50", "12"])
    record_measures.main()
    printed = capsys.readouterr().out
    assert all(f"\n{name} " in printed for name in record_measures.MEASURES)
