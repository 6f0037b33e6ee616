"""A study of sounds in an offline page: seen as waves, and played without a network."""

from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, expect

import depthviz as dv
from tests.browser.driver.axe import faults
from tests.browser.driver.explorer import ExplorerView, find_explorers
from tests.studies import vector_study

RATES = (8_000, 11_025, 44_100, 48_000)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    sounds = [
        (np.sin(np.arange(rate // 4) / 9), rate)
        for rate in (RATES[row % 4] for row in range(24))
    ]
    sounds[5] = (np.zeros(0), 8_000)
    study = vector_study(24, projection="pca").with_preview(sounds)
    return dv.explore(study).to_html(tmp_path_factory.mktemp("sounds") / "page.html")


def opened(page: Page, path: Path) -> ExplorerView:
    page.goto(path.as_uri())
    return ExplorerView(page, find_explorers(page)).wait()


def look_at(view: ExplorerView, index: int) -> None:
    view.control("find").fill(str(index))
    view.control("find").press("Enter")
    expect(view.root.locator(".specimen-id")).to_have_text(str(index))


@pytest.mark.parametrize("index", range(4))
def test_a_sound_of_any_rate_is_played(path: Path, page: Page, index: int) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    view = opened(page, path)
    look_at(view, index)
    note = view.root.locator(".player + .note")
    expect(note).to_have_text(f"0.25 s, {RATES[index]:,} Hz")
    player = view.root.locator(".player")
    played = player.evaluate(
        "async player => { player.muted = true; await player.play();"
        " return [player.error, player.duration]; }"
    )
    assert played[0] is None
    assert played[1] == pytest.approx(0.25, abs=0.01)
    assert said == []


def test_a_sound_without_length_says_so(path: Path, page: Page) -> None:
    view = opened(page, path)
    look_at(view, 5)
    note = view.root.locator(".player + .note")
    expect(note).to_have_text("There is no sound: it is 0 seconds long")
    expect(view.root.locator(".player")).to_be_hidden()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1500, 500])
def test_axe_finds_no_serious_fault_in_sounds(
    path: Path, page: Page, theme: str, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 1000})
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")  # type: ignore[arg-type]
    view = opened(page, path)
    view.root.locator("[data-depthviz-view=grid] [data-position='1']").click()
    assert faults(page) == []
