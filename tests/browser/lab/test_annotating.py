"""Annotating in a notebook whose kernel dies, restarts or computes: nothing is lost."""

import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

import depthviz as dv
from tests.browser.driver.desk import PageDesk
from tests.browser.driver.ensemble_notebook import NAME, cells_of, opened
from tests.browser.driver.jupyter import Lab
from tests.browser.driver.review import find_review
from tests.browser.lab.test_kernel_loss import kill, restart, run_again

_ANNOTATE = """
from functools import partial
dv.explore = partial(dv.explore, annotations={place!r}, annotator="jana")
"""


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "people.sqlite"


@pytest.fixture
def desk(lab: Lab, page: Page, place: Path) -> Iterator[PageDesk]:
    with opened(lab, page, _ANNOTATE.format(place=str(place))):
        yield PageDesk(page).wait()


def kept(place: Path) -> list[str]:
    """Examples with a verdict that holds, as Python reads them."""
    with dv.annotations.open(place) as store:
        frame = store.frame()
    return sorted(frame.index.get_level_values("example"))


def test_a_kernel_that_is_lost_takes_nothing_along(
    lab: Lab, page: Page, place: Path, desk: PageDesk
) -> None:
    decided = 0
    for lose in (kill, restart):
        for _ in range(3):
            desk.decide(decided, verdict="correct")
            decided += 1
        desk.settle()
        lose(lab, page)
        page.wait_for_timeout(500)
        for _ in range(2):
            desk.decide(decided, verdict="ambiguous")
            decided += 1
        assert desk.unsaved == 2
        assert desk.done == decided
        assert "The kernel is gone" in desk.problem
        assert len(kept(place)) == decided - 2
        run_again(lab, page)
        desk.wait().settle(decided)
        assert len(kept(place)) == decided, lose.__name__
        assert desk.undo() == [decided - 1]
        desk.settle()
        decided -= 1
        assert len(kept(place)) == decided
    with dv.annotations.open(place) as store:
        history = store.history()
    assert history["id"].is_unique
    assert history["time"].is_monotonic_increasing


def test_a_review_by_keyboard_goes_on_after_a_restart(
    lab: Lab, page: Page, place: Path, desk: PageDesk
) -> None:
    find_review(page).open().press("1", "2", "3")
    desk.settle()
    assert len(kept(place)) == 3
    cells = cells_of(page)
    restart(lab, page)
    page.wait_for_timeout(500)
    review = find_review(page)
    review.press("2", "4")
    expect(review.panel).to_contain_text("2 not saved yet, kept in this browser")
    run_again(lab, page)
    review = find_review(page)
    desk.settle(5)
    assert len(kept(place)) == 5
    review.open()
    assert review.reviewed == 5
    for left in (4, 3):
        page.keyboard.press("Control+z")
        desk.settle()
        assert len(kept(place)) == left
    page.keyboard.press("Control+Shift+z")
    desk.settle()
    assert len(kept(place)) == 4
    assert [source for _, source, _ in cells_of(page)] == [each[1] for each in cells]


def test_what_was_not_kept_outlives_a_reload(
    lab: Lab, page: Page, place: Path, desk: PageDesk
) -> None:
    kill(lab, page)
    page.wait_for_timeout(500)
    desk.decide(4, verdict="wrong label", label="frog")
    assert desk.unsaved == 2
    page.wait_for_timeout(200)
    lab.open(page, NAME)
    run_again(lab, page)
    desk.wait().settle(1)
    assert desk.verdict(4) == "wrong label"
    assert len(kept(place)) == 1
    assert desk.undo() == [4]


def test_a_kernel_that_computes_keeps_each_once(
    page: Page, place: Path, desk: PageDesk
) -> None:
    page.evaluate(
        "code => { window.jupyterapp.shell.currentWidget.sessionContext.session.kernel"
        ".requestExecute({ code }) }",
        "import time; time.sleep(8)",
    )
    desk.decide(0, verdict="correct")
    page.wait_for_timeout(4500)  # by then it is sent again, where it was not answered
    desk.decide(1, verdict="correct")
    desk.settle()
    page.wait_for_timeout(4500)
    with dv.annotations.open(place) as store:
        assert len(store) == 2


def test_a_store_that_is_locked_blocks_no_kernel(
    lab: Lab, page: Page, place: Path, desk: PageDesk
) -> None:
    lock = (
        "import sqlite3, threading, time\n"
        f"held = sqlite3.connect({str(place)!r}, isolation_level=None, "
        "check_same_thread=False)\n"
        "held.execute('BEGIN IMMEDIATE')\n"
        "threading.Timer(6, held.rollback).start()"
    )
    lab.ask(lock)
    desk.decide(0, verdict="correct")
    page.wait_for_timeout(300)
    waits = []
    for _ in range(3):
        began = time.monotonic()
        answer = page.evaluate(
            "async () => { const { kernel } = window.jupyterapp.shell.currentWidget"
            ".sessionContext.session; const began = performance.now();"
            "await kernel.requestExecute({ code: '1+1' }).done;"
            "return performance.now() - began }"
        )
        waits.append(float(answer))
        assert time.monotonic() - began < 5
    words = ", ".join(f"{ms:.0f} ms" for ms in waits)
    sys.stdout.write(f"1+1 while the store was locked: {words}\n")
    assert desk.unsaved == 1
    assert max(waits) < 300
    desk.settle()
    assert len(kept(place)) == 1


def test_the_verdict_that_was_given_filters_in_python(
    lab: Lab, page: Page, desk: PageDesk
) -> None:
    desk.decide(2, verdict="not sure")
    desk.settle()
    lab.ask("explorer.filters = {'verdict': ['not sure']}")
    page.wait_for_function(
        "() => document.querySelector('[data-depthviz]')"
        ".getAttribute('data-depthviz-shown') === '1'"
    )
    shown = lab.ask("import json; print(json.dumps(explorer.shown.verdict.tolist()))")
    assert json.loads(shown) == ["not sure"]
