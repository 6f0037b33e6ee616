"""A study of rows of a table in an offline page: what differs is seen first."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import Page, expect

import depthviz as dv
from tests.browser.driver.axe import faults
from tests.browser.driver.explorer import ExplorerView, find_explorers
from tests.studies import vector_study

MARKUP = "<img src=x onerror=window.x=1>"


def table() -> pd.DataFrame:
    draw = np.random.default_rng(0)
    found = pd.DataFrame(draw.normal(size=(120, 6)), columns=[*"abcde", MARKUP])
    found["kind"] = ["red"] * 119 + ["white"]
    found.loc[7, "c"] = 1_000.0
    return found


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    study = vector_study(120, projection="pca").with_preview(table())
    return dv.explore(study).to_html(tmp_path_factory.mktemp("rows") / "page.html")


def opened(page: Page, path: Path) -> ExplorerView:
    page.goto(path.as_uri())
    return ExplorerView(page, find_explorers(page)).wait()


def test_the_field_that_differs_most_stands_first_beside_the_neighbors(
    path: Path, page: Page
) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    view = opened(page, path)
    view.control("find").fill("7")
    view.control("find").press("Enter")
    expect(view.root.locator(".specimen-id")).to_have_text("7")
    first = view.root.locator(".full-text tbody tr").first
    expect(first.locator("th")).to_have_text("c")
    expect(first.locator("td").first).to_have_text("1000")
    expect(view.root.locator(".full-text tbody tr")).to_have_count(7)
    cells = view.root.locator("[data-depthviz-view=grid] .cell:visible .excerpt")
    expect(cells.first).to_contain_text(": ")
    assert said == []
    assert page.evaluate("window.x") is None


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1500, 500])
def test_axe_finds_no_serious_fault_in_rows(
    path: Path, page: Page, theme: str, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 1000})
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")  # type: ignore[arg-type]
    view = opened(page, path)
    view.root.locator("[data-depthviz-view=grid] [data-position='1']").click()
    assert faults(page) == []
