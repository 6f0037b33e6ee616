"""One Chromium for all browser tests; a fresh page for each."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

import depthviz as dv
from tests.browser.driver.chromium import FLAGS, NoBrowserError, find_chromium
from tests.kept import kept
from tests.studies import ensemble_study

expect.set_options(timeout=30_000)  # a busy machine draws late


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    try:
        path = find_chromium()
    except NoBrowserError as error:
        pytest.fail(str(error), pytrace=False)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1440, "height": 1000})
    page = context.new_page()
    yield page
    context.close()


@pytest.fixture(scope="session")
def ensemble_folder(request: pytest.FixtureRequest) -> Path:
    """The small ensemble as a saved study, for kernels that open it."""
    cache = request.config.cache.mkdir("studies")
    return kept(cache, "ensemble", lambda folder: ensemble_study().save(folder))


@pytest.fixture(scope="session")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small ensemble's Explorer as an offline page."""
    folder = tmp_path_factory.mktemp("report")
    return dv.explore(ensemble_study()).to_html(folder / "r.html")
