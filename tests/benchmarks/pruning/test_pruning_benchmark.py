"""A moment's worth of the benchmark: both tables, and the claims that they bear."""

import pytest

from tests.benchmarks.decodability.clothes import FOLDER
from tests.benchmarks.pruning import __main__ as benchmark
from tests.benchmarks.pruning.clothes import task_of
from tests.benchmarks.test_benchmarks import rows_of

needs_pictures = pytest.mark.skipif(
    not FOLDER.is_dir(), reason=f"needs {FOLDER}; DEPTHVIZ_DATA names its folder"
)


@needs_pictures
def test_the_command_prints_both_tables_and_goes_on_from_its_folder(capsys, tmp_path):
    asked = ["--quick", "--seeds", "0", "--folder", str(tmp_path)]
    benchmark.main(asked)
    printed = capsys.readouterr().out
    rows = rows_of(printed, ["kept"]) + rows_of(printed, ["kept (wrong labels kept)"])
    names = [next(iter(row.values())) for row in rows]
    assert names == 2 * ["all data", *benchmark._selections(lambda seed: None)]
    assert "(20.0%)" in rows[10]["100%"]
    assert "constants chosen on validation data" in printed
    assert "a fifth wrong, 10 % kept, CCS, low" in printed
    benchmark.main(asked)
    again = capsys.readouterr().out
    found = rows_of(again, ["kept"]) + rows_of(again, ["kept (wrong labels kept)"])
    assert found == rows


@needs_pictures
def test_a_fifth_of_the_labels_is_wrong_and_the_sets_share_no_picture():
    right = task_of(benchmark.QUICK, noise=0.0)
    noisy = task_of(benchmark.QUICK, noise=0.2)
    differs = (right.train[1] != noisy.train[1]).nonzero()[0]
    assert differs.tolist() == noisy.wrong
    assert len(noisy.wrong) == 40
    assert (right.test[1] == noisy.test[1]).all()
    sets = [{row.tobytes() for row in part[0]} for part in noisy[:3]]
    assert sum(map(len, sets)) == len(set.union(*sets)) == 360


def test_without_the_pictures_it_says_what_is_missing(capsys, monkeypatch, tmp_path):
    monkeypatch.setattr(benchmark, "FOLDER", tmp_path / "nothing")
    benchmark.main(["--quick"])
    assert "DEPTHVIZ_DATA" in capsys.readouterr().out
