"""A moment's worth of the benchmark: every network has a row, a sentence, mistakes."""

import numpy as np
import pytest

from tests.benchmarks.decodability.clothes import FOLDER
from tests.benchmarks.failures import __main__ as benchmark
from tests.benchmarks.failures import settings
from tests.benchmarks.test_benchmarks import rows_of


def test_the_command_prints_a_row_and_a_sentence_a_network(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    few = settings.SETTINGS[1], settings.SETTINGS[-1]
    monkeypatch.setattr(benchmark, "SETTINGS", few)
    monkeypatch.setattr(settings, "HEART", 2)
    benchmark.main(["--quick"])
    printed = capsys.readouterr().out
    if not FOLDER.is_dir():
        assert "DEPTHVIZ_DATA" in printed
        return
    rows = rows_of(printed, ["network", "mistakes"])
    gains = rows_of(printed, ["network", "depth"])
    for number, setting in enumerate(few):
        assert f"{setting.name}: " in printed
        assert rows[number]["network"] == gains[number]["network"] == setting.name
        assert 0 <= float(rows[number]["largest softmax"]) <= 1
        assert " to " in gains[number]["depth"]


def test_held_out_pictures_are_changed_and_stay_pictures() -> None:
    draw = np.random.default_rng(0)
    pictures = draw.random((6, 1, 5, 5), np.float32)
    noisy = settings.noisy(pictures, draw)
    assert noisy.dtype == np.float32
    assert 0 <= noisy.min() <= noisy.max() <= 1
    turned = settings.turned(pictures, draw)
    for one, other in zip(pictures[:, 0], turned[:, 0], strict=True):
        ways = [np.rot90(one, turns) for turns in (1, 3)]
        assert any(np.array_equal(other, way) for way in ways)
