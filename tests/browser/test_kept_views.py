"""What an offline page keeps: over a reload, in a link, in the browser, in a file."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import Page, expect

import depthviz as dv
from tests.browser.driver.axe import faults
from tests.browser.driver.explorer import ExplorerView, find_explorers
from tests.studies import ensemble_study
from tests.widgets.code_runner import run


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    study = dv.Study(ensemble_study().dataset.copy())
    explorer = dv.explore(study)
    explorer.filters = {"label": [0]}
    explorer.save_view("brought along")
    explorer.filters = {}
    return explorer.to_html(tmp_path_factory.mktemp("kept") / "page.html")


def opened(page: Page, url: str) -> ExplorerView:
    page.goto(url)
    page.reload()  # a link to the page that is open would load nothing
    return ExplorerView(page, find_explorers(page)).wait()


def change(view: ExplorerView) -> None:
    """Filter, sort, color, go to a probe, select two and compare them."""
    view.root.locator("[data-depthviz-filter=label] button").nth(1).click()
    view.control("sort").select_option("depth")
    view.control("color").select_option("label")
    view.set_probe(1)
    cells = view.root.locator("[data-depthviz-view=grid] [data-example-id]")
    cells.nth(2).click(modifiers=["Control"])
    cells.nth(4).click(modifiers=["Control"])
    view.control("compare-two").click()


def seen(view: ExplorerView) -> list[object]:
    return [
        view.shown,
        view.selected,
        view.control("sort").input_value(),
        view.control("color").input_value(),
        view.map.get_attribute("data-depthviz-probe"),
        view.root.locator(".compare-head .note").text_content(),
        view.grid_ids()[:3],
    ]


def test_a_reload_and_a_link_bring_all_back(path: Path, page: Page) -> None:
    failures: list[str] = []
    page.on("pageerror", lambda error: failures.append(str(error)))
    view = opened(page, path.as_uri())
    change(view)
    before = seen(view)
    page.wait_for_function("() => location.hash.startsWith('#dv=')")
    page.wait_for_timeout(300)
    page.reload()
    assert seen(view.wait()) == before
    link = page.url
    context = page.context.browser.new_context()  # type: ignore[union-attr]
    other = context.new_page()
    other.set_viewport_size({"width": 1440, "height": 1000})
    assert seen(opened(other, link)) == before
    context.close()
    assert failures == []


@pytest.mark.parametrize("end", ["#dv=garbage", "#dv=eyJzdHVkeSI6IngiLCJzdGF0ZSI6e319"])
def test_a_damaged_link_is_told_in_one_notice(path: Path, page: Page, end: str) -> None:
    failures: list[str] = []
    page.on("pageerror", lambda error: failures.append(str(error)))
    view = opened(page, path.as_uri() + end)
    alerts = view.root.locator("[role=alert]:visible")
    expect(alerts).to_have_count(1)
    expect(alerts).to_contain_text("link to this view is damaged")
    assert view.shown == len(ensemble_study())
    assert failures == []


def test_views_are_kept_beside_those_of_the_study(path: Path, page: Page) -> None:
    view = opened(page, path.as_uri())
    view.root.locator("[data-depthviz-filter=label] button").nth(1).click()
    filtered = view.shown
    view.control("views").click()
    view.root.get_by_label("Name of this view").fill("mine")
    page.keyboard.press("Enter")
    expect(view.control("restore-view")).to_have_text(["brought along", "mine"])
    expect(view.control("delete-view").locator("visible=true")).to_have_count(1)
    assert faults(page) == []
    view = opened(page, path.as_uri().split("#")[0])
    view.control("views").click()
    view.control("restore-view").get_by_text("mine").click()
    expect(view.root).to_have_attribute("data-depthviz-shown", str(filtered))
    view.control("restore-view").get_by_text("brought along").click()
    labels = ensemble_study().frame()["label"]
    expect(view.root).to_have_attribute(
        "data-depthviz-shown", str(int((labels == 0).sum()))
    )


@pytest.fixture
def copied(page: Page) -> Callable[[], str]:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    return lambda: str(page.evaluate("navigator.clipboard.readText()"))


def test_what_is_taken_out_is_what_the_page_shows(
    path: Path, page: Page, copied: Callable[[], str]
) -> None:
    study = ensemble_study()
    view = opened(page, path.as_uri())
    change(view)
    view.control("export").click()
    with page.expect_download() as download:
        view.control("table-selected").click()
    table = pd.read_csv(download.value.path(), index_col="example_id")
    view.control("python-selected").click()
    expect(view.root.locator(".menu:visible [aria-live]")).to_have_text("Copied.")
    rows = run(copied(), study)
    assert rows.index.tolist() == table.index.tolist()
    assert table["depth"].tolist() == pytest.approx(rows["depth"].tolist())
    view.control("views").click()
    view.control("copy-code").click()
    expect(view.root.locator(".menu:visible [aria-live]")).to_have_text("Copied.")
    assert len(run(copied(), study)) == view.shown
