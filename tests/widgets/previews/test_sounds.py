"""Sounds reach the page as WAV files, as many as fit."""

import io
import wave
from functools import cache
from pathlib import Path

import numpy as np

import depthviz as dv
from depthviz.study import Study
from depthviz.widgets.pages.page_payload import fit_payload
from depthviz.widgets.payload.pack import pack_study
from tests.studies import vector_study


@cache
def sounding(count: int = 12, length: int = 900) -> Study:
    draw = np.random.default_rng(0)
    sounds = [(draw.uniform(-1, 1, length), 8_000 + row) for row in range(count)]
    sounds[3] = (np.zeros(0), 44_100)
    return vector_study(count).with_preview(sounds)


def test_each_sound_is_a_file_that_others_read() -> None:
    study = sounding()
    pack = pack_study(study)
    assert pack.manifest["previews"] == ["sound"]
    for row in range(12):
        with wave.open(io.BytesIO(pack.chunks[f"sound/{row}"])) as file:
            assert file.getparams()[:2] == (1, 2)
            assert file.getframerate() == (44_100 if row == 3 else 8_000 + row)
            assert file.getnframes() == (0 if row == 3 else 900)
            samples = np.frombuffer(file.readframes(900), "<i2")
            stored = study.dataset["sound"].values[row][: len(samples)]
            np.testing.assert_array_equal(samples, stored)


def test_the_waves_are_the_pictures() -> None:
    assert pack_study(sounding()).manifest["images"]["cell"] == [64, 32]


def test_a_page_carries_as_many_sounds_as_fit_and_says_how_many() -> None:
    study = sounding(60, 8_000)
    pack = pack_study(study)
    payload = fit_payload(study, pack, max_bytes=500_000)
    count = sum(name.startswith("sound/") for name in payload.chunks)
    assert 0 < count < 60
    assert f"the sounds of {count} of 60 examples" in payload.left_out
    assert sum(map(len, payload.chunks.values())) < 500_000


def test_the_policy_of_a_page_lets_sounds_be_made_in_it(tmp_path: Path) -> None:
    page = dv.explore(sounding()).to_html(tmp_path / "page.html").read_text("utf-8")
    policy = page.split('Content-Security-Policy" content="')[1].split('"')[0]
    assert "media-src blob: data:;" in policy
    assert policy.startswith("default-src 'none'; ")
