"""Pages without a kernel: kept small, told in words, and as folders of files."""

import functools
import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import Page, expect

import depthviz as dv
from depthviz.study import Study
from tests.browser.driver.explorer import ExplorerView, find_explorers
from tests.studies import repeated, tiny_study


def opened(page: Page, url: str) -> ExplorerView:
    page.goto(url)
    return ExplorerView(page, find_explorers(page)).wait()


@pytest.fixture(scope="module")
def crowded() -> Study:
    """tiny_study, repeated, with pictures of noise."""
    data = tiny_study().dataset
    some = repeated(data, 1500)
    noise = np.random.default_rng(0).integers(0, 256, (1500, 16, 16, 3), np.uint8)
    pictured = some.assign(image=(some["image"].dims, noise))
    return Study(pictured.assign_coords(example_id=("example", np.arange(1500))))


def test_a_page_that_left_much_out_works_and_says_what(
    crowded: Study, page: Page, tmp_path: Path
) -> None:
    explorer = dv.explore(crowded)
    explorer.selection = [3, 1400]
    explorer.filters = {"example_id": {"contains": "3"}}
    path = explorer.to_html(tmp_path / "page.html", max_bytes=330_000)
    assert path.stat().st_size <= 330_000
    faults: list[str] = []
    page.on("console", lambda message: faults.append(message.text))
    view = opened(page, path.as_uri())
    assert view.selected == 2
    assert view.shown == len(explorer.shown)
    expect(page.locator("[data-depthviz-left-out]")).to_contain_text("without loss")
    expect(view.root.locator("[role=alert]:visible")).to_have_count(0)
    view.clear_selection()
    view.root.locator("[data-depthviz-view=grid] [data-example-id]").first.click()
    expect(view.root.locator(".picture-note")).to_contain_text("lossless")
    assert faults == []


def test_selected_ids_are_a_file(crowded: Study, page: Page, tmp_path: Path) -> None:
    explorer = dv.explore(crowded)
    explorer.selection = [7, 1100]
    view = opened(page, explorer.to_html(tmp_path / "page.html").as_uri())
    with page.expect_download() as download:
        view.control("download").click()
    found = pd.read_csv(download.value.path())
    assert found["example_id"].tolist() == [7, 1100]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    serve = functools.partial(Quiet, directory=str(tmp_path))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), serve) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_port}/site/index.html"
        running.shutdown()


@pytest.mark.parametrize("origin", ["disk", "server"])
def test_a_folder_works_from_a_server_and_from_a_disk(
    crowded: Study, page: Page, tmp_path: Path, server: str, origin: str
) -> None:
    explorer = dv.explore(crowded)
    explorer.filters, explorer.selection = {}, [5]
    path = explorer.to_site(tmp_path / "site")
    faults: list[str] = []
    page.on("console", lambda message: faults.append(message.text))
    view = opened(page, path.as_uri() if origin == "disk" else server)
    assert (view.shown, view.selected) == (1500, 1)
    view.root.locator("[data-depthviz-view=grid] [data-example-id]").nth(2).click()
    expect(
        view.root.locator("[data-depthviz-film] [data-neighbor]").first
    ).to_be_visible()
    assert faults == []
