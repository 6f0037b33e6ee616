"""A notebook whose store is a server that is away for a while, or whose answer is lost.

The panel counts what is not saved and blocks nobody; afterwards each event is there
once.
"""

import json
import re
import sys
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

import depthviz as dv
from tests.annotations.postgres import Server, running_server
from tests.annotations.proxy import Proxy, running_proxy
from tests.browser.driver.ensemble_notebook import opened
from tests.browser.driver.jupyter import Lab
from tests.browser.driver.review import Review, find_review

AWAY = 5.0
_ANNOTATE = """
from functools import partial
dv.explore = partial(dv.explore, annotations={place!r}, annotator="jana")
"""


@pytest.fixture(scope="module")
def postgres() -> Iterator[Server]:
    with running_server() as started:
        yield started


@pytest.fixture
def proxy(postgres: Server) -> Iterator[Proxy]:
    with running_proxy(postgres.socket) as started:
        yield started


@pytest.fixture
def url(postgres: Server) -> str:
    return postgres.new_database()


@pytest.fixture
def review(lab: Lab, page: Page, url: str, proxy: Proxy) -> Iterator[Review]:
    """A review in a notebook that reaches the store by the proxy alone."""
    name = re.search(r"@/(\w+)\?", url)
    assert name is not None
    place = f"postgresql+psycopg://tester@127.0.0.1:{proxy.port}/{name[1]}"
    with opened(lab, page, _ANNOTATE.format(place=place)):
        yield find_review(page).open()


def ids_in(url: str) -> list[str]:
    """Ids of the rows of the store, asked without the proxy."""
    with dv.annotations.open(url) as store:
        return sorted(event.id for event in store.events()[0])


def made(review: Review) -> list[str]:
    """Ids of the events that the page has made."""
    return sorted(event["id"] for event in review.events())


def count_in(review: Review) -> int:
    return int(review.panel.get_attribute("data-depthviz-unsaved") or 0)


def test_a_server_that_is_away_is_counted_and_blocks_nobody(
    lab: Lab, url: str, proxy: Proxy, review: Review
) -> None:
    review.press("2")
    review.desk.settle()
    before = ids_in(url)
    assert before == made(review)
    words = review.panel.locator(".unsaved")
    expect(words).to_be_hidden()

    proxy.shut()
    began = time.monotonic()
    seen = [review.name]
    for decided, key in enumerate("234", 1):
        review.press(key)
        seen.append(review.wait().name)
        assert count_in(review) == review.desk.unsaved == decided
    took = time.monotonic() - began
    assert len({*seen}) == 4, "the next example comes all the same"
    assert review.reviewed == 4
    expect(words).to_have_text("3 not saved yet, kept in this browser")
    assert lab.ask("print(1 + 1)") == "2\n", "the kernel goes on as well"
    assert ids_in(url) == before
    while time.monotonic() < began + AWAY:
        review.page.wait_for_timeout(100)
    assert count_in(review) == 3
    proxy.open()
    opened_at = time.monotonic()
    review.desk.settle(4)
    waited = time.monotonic() - opened_at
    expect(words).to_be_hidden()
    assert (count_in(review), review.desk.problem) == (0, "")
    kept = ids_in(url)
    assert kept == made(review)
    assert len(kept) == len({*kept}) == len(before) + 3
    sys.stdout.write(
        f"away for {AWAY:.0f} s: 3 verdicts in {took:.1f} s, counted, and kept "
        f"{waited:.1f} s after it was back\n"
    )


def test_an_answer_to_a_commit_that_is_lost_leaves_one_row(
    lab: Lab, url: str, proxy: Proxy, review: Review
) -> None:
    for key in "232":
        before = len(ids_in(url))
        proxy.lose = 1
        review.press(key)
        review.desk.settle()
        assert proxy.lose == 0
        kept = ids_in(url)
        assert kept == made(review)
        assert len(kept) == len({*kept}) == before + 1
    assert proxy.lost == 3
    review.press("Control+z")
    review.desk.settle()
    assert len(ids_in(url)) == 4
    said = lab.ask(
        "import json; print(json.dumps(explorer.annotations.frame().verdict.tolist()))"
    )
    assert json.loads(said) == ["correct", "ambiguous"]
    expect(review.panel.locator(".unsaved-problem")).to_be_hidden()
