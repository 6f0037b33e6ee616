"""A study with names that are markup, and what pages ask for and run."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import Browser, Page

from depthviz.study import Study
from tests.studies import ensemble_study

HOSTILE = "</script><script>window.x=1</script><img src=x onerror=window.x=2>"


class Watched(NamedTuple):
    """A page without a network, what it asked other hosts for, and its errors."""

    page: Page
    asked: list[str]
    said: list[str]

    def open(self, path: Path) -> None:
        self.page.goto(path.as_uri())

    def check(self) -> None:
        """Check that nothing was asked for, and that no text ran."""
        assert self.asked == []
        assert self.said == []
        assert [frame.evaluate("window.x") for frame in self.page.frames] == [
            None for _ in self.page.frames
        ]


@pytest.fixture
def watched(browser: Browser) -> Iterator[Watched]:
    context = browser.new_context(viewport={"width": 1440, "height": 1000})
    context.set_offline(True)
    page = context.new_page()
    found = Watched(page, [], [])

    def note(url: str) -> None:
        if not url.startswith(("file:", "data:", "blob:", "about:")):
            found.asked.append(url)

    page.on("request", lambda request: note(request.url))
    page.on("pageerror", lambda error: found.said.append(str(error)))
    yield found
    context.close()


@pytest.fixture(scope="session")
def hostile_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small ensemble whose classes, title and a column are named by markup."""
    data = ensemble_study().dataset
    names = [HOSTILE, "b & c", '"d"']
    study = Study(data.assign_coords({"class": names}).assign_attrs(title=HOSTILE))
    named = study.assign(note=[HOSTILE] * len(study))
    return named.save(tmp_path_factory.mktemp("hostile") / "study.zarr")
