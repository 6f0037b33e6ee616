"""A moment's worth of the benchmark: where a strong patch is read, and the class."""

import pytest

from depthviz.study import decodability
from tests.benchmarks.decodability import __main__ as benchmark
from tests.benchmarks.decodability.clothes import FOLDER
from tests.benchmarks.decodability.patches import SIDE, patched, study_of
from tests.benchmarks.test_benchmarks import rows_of

needs_pictures = pytest.mark.skipif(
    not FOLDER.is_dir(), reason=f"needs {FOLDER}; DEPTHVIZ_DATA names its folder"
)


@needs_pictures
def test_a_strong_patch_is_read_early_and_a_faint_one_nowhere() -> None:
    read = {}
    for strength in (0.02, 1.0):
        data = patched(700, strength, seed=0)
        study = study_of(data, held_out=300, epochs=3, seed=0)
        table = decodability(study, ["patch", "label"])
        held_out = table[table["over"] == "held out"]
        read[strength] = held_out.set_index(["column", "probe"])
    strong, faint = read[1.0], read[0.02]
    assert strong.loc["patch", "input"]["low"] > 0.9
    assert strong.loc["patch", "softmax"]["high"] < strong.loc["patch", "input"]["low"]
    assert (faint.loc["patch"]["low"] < 0.45).all()
    for found in read.values():
        label = found.loc["label"]
        assert (label["low"] > label["chance"]).all()


@needs_pictures
def test_a_patch_is_one_bright_square_of_one_color() -> None:
    data = patched(20, 0.5, seed=1)
    corner = data.pictures[:, :, :SIDE, :SIDE]
    for patch, color in zip(corner, data.color, strict=True):
        assert (patch[color] == 0.5).all()
        assert patch.sum() == pytest.approx(0.5 * SIDE**2)


def test_the_command_prints_a_row_a_column_and_a_time(
    capsys: pytest.CaptureFixture[str],
) -> None:
    benchmark.main(["--quick", "--strengths", "1"])
    printed = capsys.readouterr().out
    assert "seconds for 10,000 examples at 11 probes" in printed
    if FOLDER.is_dir():
        rows = rows_of(printed, ["patch", "column"])
        assert [row["column"] for row in rows] == ["patch", "label"]
        assert all(" to " in row["softmax"] for row in rows)
    else:
        assert "DEPTHVIZ_DATA" in printed
