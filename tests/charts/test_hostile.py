"""Charts among settings, fonts and names that are not kind to them (D1, D3, E1)."""

import json
import os
import subprocess
import sys
import threading
import warnings
from pathlib import Path

import altair as alt
import numpy as np
import pytest

from depthviz.charts import save
from depthviz.charts.output.offline_page import embedded_json
from tests.charts.drawn import pixels, points
from tests.paths import ROOT

LETTERS = ("猫", "बिल्ली", "قطة", "고양이", "🐱")
HOSTILE = "</script><script>window.x=1</script><img src=x onerror=window.x=2>"


def foreign_settings() -> None:
    alt.theme.enable("dark")
    alt.data_transformers.enable("csv")
    alt.renderers.enable("png")
    alt.data_transformers.consolidate_datasets = False


def usual_settings() -> None:
    alt.theme.enable("default")
    alt.data_transformers.enable("default")
    alt.renderers.enable("default")
    alt.data_transformers.consolidate_datasets = True


@pytest.mark.parametrize("transformer", ["csv", "json", "vegafusion"])
def test_settings_of_a_person_change_no_chart_and_stay(
    transformer: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    chart = points(40)
    plain, drawn = chart.to_dict(), save(chart, tmp_path / "a.svg").read_text()
    saved = {name for name in os.listdir(tmp_path)}
    try:
        foreign_settings()
        if transformer in alt.data_transformers.names():
            alt.data_transformers.enable(transformer)
        assert chart.to_dict() == plain
        assert save(chart, tmp_path / "a.svg").read_text() == drawn
        assert set(os.listdir(tmp_path)) == saved
        assert alt.theme.active == "dark"
        assert alt.renderers.active == "png"
        found: list[object] = []
        thread = threading.Thread(target=lambda: found.append(chart.to_dict()))
        thread.start()
        thread.join()
        assert found == [plain]
    finally:
        usual_settings()


def test_a_chart_validates_and_keeps_its_own_config() -> None:
    chart = points(10, theme="dark")
    assert chart.to_dict(validate=True)["config"]["background"] == "#15171b"
    again = alt.Chart.from_dict(chart.to_dict())
    assert again.to_dict()["datasets"] == chart.to_dict()["datasets"]
    assert chart.properties(width=90).to_dict()["width"] == 90
    assert json.loads(chart.to_json()) == chart.to_dict()


def test_letters_that_no_font_has_are_named_and_the_rest_is_drawn(
    tmp_path: Path,
) -> None:
    (tmp_path / "fonts").mkdir()
    (tmp_path / "fonts.conf").write_text(
        '<?xml version="1.0"?><fontconfig><dir prefix="cwd">fonts</dir></fontconfig>'
    )
    code = (
        "import sys, warnings; from tests.charts.drawn import points\n"
        "with warnings.catch_warnings(record=True) as said:\n"
        "    warnings.simplefilter('always')\n"
        "    for theme in ('light', 'print'):\n"
        "        points(9, theme=theme, title=sys.argv[1]).save(theme + '.png')\n"
        "said = [str(one.message) for one in said]\n"
        "print([ascii(one) for one in said if 'No font' in one])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "Cat " + " ".join(LETTERS)],
        cwd=tmp_path,
        env={
            **os.environ,
            "FONTCONFIG_FILE": str(tmp_path / "fonts.conf"),
            "PYTHONPATH": str(ROOT),
        },
        capture_output=True,
        text=True,
        check=True,
    )
    for name in (
        "CJK UNIFIED IDEOGRAPH-732B",
        "DEVANAGARI LETTER BA",
        "ARABIC LETTER QAF",
        "HANGUL SYLLABLE GO",
        "CAT FACE",
    ):
        assert done.stdout.count(name) == 2
    for theme in ("light", "print"):
        found = pixels(tmp_path / f"{theme}.png")[..., :3].astype(int)
        ink = (found.max(-1) < 150).astype(int)
        high, wide = ink.shape
        assert ink[: high // 8].any()  # title
        assert ink[-high // 8 :, : wide * 3 // 4].any()  # axis below
        assert ink[:, : wide // 12].any()  # axis at the left
        assert ink[:, -wide // 12 :].any()  # legend


def test_plain_letters_are_not_warned_of(tmp_path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        save(points(9, title="Café, 3 ≤ 4 … Größe"), tmp_path / "a.png")


def test_a_name_that_ends_scripts_is_text_in_the_page(tmp_path: Path) -> None:
    text = save(points(9, title=HOSTILE), tmp_path / "a.html").read_text("utf-8")
    assert "window.x=1</script>" not in text
    assert "<img src=x" not in text
    assert text.count("</script>") == 2
    data = text.split('id="spec">')[1].split("</script>")[0]
    assert HOSTILE[:30] in " ".join(json.loads(data)["title"]["text"])
    assert json.loads(embedded_json({"a": HOSTILE})) == {"a": HOSTILE}


def test_a_name_with_markup_is_text_in_the_drawing(tmp_path: Path) -> None:
    text = save(points(9, title=HOSTILE), tmp_path / "a.svg").read_text("utf-8")
    assert "<script" not in text
    assert "<img" not in text
    assert np.count_nonzero(pixels(save(points(9, title=HOSTILE), tmp_path / "a.png")))
