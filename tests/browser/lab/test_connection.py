"""What the page sends may come late or be lost; Python gets it in the end."""

import json
import os
import signal
import sys
import time

import pytest
from playwright.sync_api import Page, expect

from tests.browser.driver.ensemble_notebook import opened
from tests.browser.driver.explorer import ExplorerView
from tests.browser.driver.jupyter import Lab

LOSE = """() => {
    const { send } = WebSocket.prototype;
    WebSocket.prototype.send = function (data) {
        const isText = typeof data === "string";
        const text = isText ? data : new TextDecoder().decode(data);
        if (!text.includes("_selection")) return send.call(this, data);
        window.lost = true;
        WebSocket.prototype.send = send;
    };
}"""


def selected_in_python(lab: Lab, wanted: list[str]) -> list[str]:
    """Ask for some seconds until Python has heard of it."""
    code = "import json; print(json.dumps(sorted(map(str, explorer.selection))))"
    end = time.monotonic() + 20
    while (selected := json.loads(lab.ask(code))) != wanted and time.monotonic() < end:
        time.sleep(0.2)
    return list(selected)


def click(view: ExplorerView, place: int) -> str:
    cell = view.root.locator(f"[data-depthviz-view=grid] [data-position='{place}']")
    cell.click()
    expect(cell).to_have_attribute("aria-selected", "true")
    return cell.get_attribute("data-example-id") or ""


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGSTOP")
def test_a_kernel_that_does_not_answer_is_waited_for(lab: Lab, page: Page) -> None:
    with opened(lab, page) as view:
        waits = view.root.locator(".notice.passing")
        expect(waits).to_be_hidden()
        kernel = int(lab.ask("import os; print(os.getpid())"))
        os.kill(kernel, signal.SIGSTOP)
        try:
            chosen = click(view, 2)
            expect(waits).to_be_visible(timeout=10_000)
            expect(waits).to_contain_text("Python has not answered yet")
        finally:
            os.kill(kernel, signal.SIGCONT)
        expect(waits).to_be_hidden(timeout=30_000)
        assert selected_in_python(lab, [chosen]) == [chosen]


def test_what_was_lost_on_the_way_is_sent_again(lab: Lab, page: Page) -> None:
    with opened(lab, page) as view:
        page.evaluate(LOSE)
        first = click(view, 1)
        page.wait_for_function("() => window.lost")
        assert selected_in_python(lab, [first]) == [first]
        second = click(view, 3)  # ipywidgets still waits for the end of the first
        assert selected_in_python(lab, [second]) == [second]
        expect(view.root.locator(".notice.passing")).to_be_hidden()
