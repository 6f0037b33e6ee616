"""What is decided in an offline page stays in the browser, each page's by itself."""

import json
import os
import shutil
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page

import depthviz as dv
from tests.browser.driver.chromium import FLAGS, find_chromium
from tests.browser.driver.desk import PageDesk
from tests.studies import named_study, tiny_study


@contextmanager
def profile(browser: Browser, folder: Path) -> Iterator[BrowserContext]:
    """Another browser of the same driver, with what it kept in a folder."""
    context = browser.browser_type.launch_persistent_context(
        folder, executable_path=find_chromium(), args=list(FLAGS)
    )
    yield context
    with suppress(Error):  # where it was killed
        context.close()


def write(study: dv.Study, folder: Path, name: str) -> Path:
    """An offline page in which a study is annotated."""
    store = folder / f"{name}.sqlite"
    explorer = dv.explore(study, annotations=store, annotator="jana")
    return explorer.to_html(folder / f"{name}.html")


def opened(page: Page, path: Path) -> PageDesk:
    page.goto(path.as_uri())
    return PageDesk(page).wait()


def test_pages_of_one_disk_keep_their_own(browser: Browser, tmp_path: Path) -> None:
    x, y = (
        write(study, tmp_path, name)
        for name, study in (("x", tiny_study()), ("y", named_study()))
    )
    copy = tmp_path / "a copy of x.html"
    shutil.copy(x, copy)
    acknowledged: dict[Path, int] = {}
    with profile(browser, tmp_path / "profile") as context:
        page = context.new_page()
        for round_, path in enumerate((x, y, copy)):
            desk = opened(page, path)
            for example in range(3):
                desk.decide(3 * round_ + example, verdict="correct")
            desk.settle()
            acknowledged[path] = 3
            page.reload()
            assert desk.wait().done >= 3
    logs = []
    with profile(browser, tmp_path / "profile") as context:
        page = context.new_page()
        for path in (x, y, copy):
            desk = opened(page, path)
            assert desk.done >= acknowledged[path]
            own = {"0", "1", "2", "6", "7", "8"}
            named = set(named_study().frame().index[3:6].astype(str))
            decided = {each["example"] for each in events_in(desk.log)}
            assert decided <= (named if path == y else own)
            logs.append(tmp_path / f"{path.stem}.jsonl")
            logs[-1].write_text(desk.log, encoding="utf-8")
    with dv.annotations.open(tmp_path / "merged.sqlite") as store:
        first = [store.merge(log) for log in logs]
        frame = store.frame()
        again = [store.merge(log) for log in logs]
        sys.stdout.write(f"logs of {first} new events; merged again {again}\n")
        assert (len(store), len(frame), sum(again)) == (9, 9, 0)
        assert store.frame().equals(frame)


def events_in(log: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in log.splitlines()]


@pytest.mark.parametrize("round_", range(10))
def test_what_was_acknowledged_outlives_the_browser(
    browser: Browser, tmp_path: Path, round_: int
) -> None:
    path = write(tiny_study(), tmp_path, "x")
    kept = tmp_path / "profile"
    with profile(browser, kept) as context:
        desk = opened(context.new_page(), path)
        for example in range(5):
            desk.decide(example, verdict="ambiguous")
        desk.settle()
        time.sleep(0.1)
        assert kill(kept) > 1
    with profile(browser, kept) as context:
        assert opened(context.new_page(), path).done == 5


def kill(kept: Path) -> int:
    """End every process of a browser at once; return how many there were."""
    found: dict[int, int] = {}
    browsers = set()
    for each in Path("/proc").iterdir():
        if not each.name.isdigit():
            continue
        try:
            words = (each / "cmdline").read_bytes().decode("utf-8", "replace")
            found[int(each.name)] = parent_of(each)
        except OSError:
            continue
        if str(kept) in words:
            browsers.add(int(each.name))
    doomed = set(browsers)
    while more := {pid for pid, parent in found.items() if parent in doomed} - doomed:
        doomed |= more
    for pid in doomed:
        os.kill(pid, signal.SIGKILL)
    return len(doomed)


def parent_of(process: Path) -> int:
    return int((process / "stat").read_text().rpartition(")")[2].split()[1])
