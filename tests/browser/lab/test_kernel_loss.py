"""A kernel that dies or restarts in the middle: what was loaded keeps working.

What is still to be fetched, and that nothing reaches Python any more, is said in words,
with a way to try again; a cell that is run again gives a whole Explorer.
"""

import os
import signal

from playwright.sync_api import ConsoleMessage, Page, expect

from tests.browser.driver.ensemble_notebook import opened
from tests.browser.driver.explorer import ExplorerView, find_explorers
from tests.browser.driver.jupyter import Lab
from tests.browser.lab.test_person import selected_in_python
from tests.studies import ensemble_study

BLOCK = 8
_SMALL_BLOCKS = f"import depthviz.widgets.payload.details as d; d.PER_BLOCK = {BLOCK}"
_KERNEL = "window.jupyterapp.shell.currentWidget.sessionContext.session.kernel"
_FORGET = "() => window.jupyterapp.commands.execute('notebook:clear-all-cell-outputs')"


def kill(lab: Lab, page: Page) -> None:
    """End the kernel as a system short of memory does; JupyterLab starts another."""
    os.kill(int(lab.ask("import os; print(os.getpid())")), signal.SIGKILL)
    page.locator(".jp-Dialog button", has_text="Ok").click()


def restart(lab: Lab, page: Page) -> None:
    page.evaluate(f"() => {_KERNEL}.restart()")


def test_a_view_outlives_its_kernel(lab: Lab, page: Page) -> None:
    errors: list[str] = []

    def keep(message: ConsoleMessage) -> None:
        if message.type == "error":
            errors.append(message.text)

    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", keep)
    with opened(lab, page, _SMALL_BLOCKS) as view:
        for lose in (kill, restart):
            lose(lab, page)
            warning = view.root.locator(".notice", has_text="no longer reaches Python")
            expect(warning).to_be_visible()
            use_what_was_loaded(view)
            say_what_was_not(view)
            warning.locator("[data-depthviz-control=dismiss]").click()
            expect(warning).to_be_hidden()
            run_again(lab, page)
            chosen = choose(view.wait())
            assert selected_in_python(lab, [chosen]) == [chosen]
            assert errors == [], lose.__name__


def run_again(lab: Lab, page: Page) -> None:
    """Run all cells, with none of their earlier outputs in the page."""
    page.wait_for_function(f"() => {_KERNEL}.status === 'idle'")
    page.evaluate(_FORGET)
    expect(find_explorers(page)).to_have_count(0)
    lab.run_all(page)


def choose(view: ExplorerView) -> str:
    """Select the third example; return its id."""
    expect(view.root).to_have_attribute("data-depthviz-selected", "0")
    cell = view.root.locator("[data-depthviz-view=grid] [data-position='2']")
    cell.click()
    chosen = cell.get_attribute("data-example-id")
    assert chosen is not None
    return chosen


def use_what_was_loaded(view: ExplorerView) -> None:
    """Filter, move through the depths, lasso and select, without a kernel."""
    everything = view.shown
    chip = view.root.locator("[data-depthviz-filter=group] [data-depthviz-code='0']")
    chip.click()
    expect(chip).to_have_attribute("aria-pressed", "true")
    assert 0 < view.shown < everything
    view.set_probe(1)
    view.control("clear-filters").click()
    expect(view.root).to_have_attribute("data-depthviz-shown", str(everything))
    view.lasso()
    expect(view.root).not_to_have_attribute("data-depthviz-selected", "0")
    view.clear_selection()


def say_what_was_not(view: ExplorerView) -> None:
    """Open an example whose neighbors and members never came, and retry in vain."""
    inspector = view.root.locator("[data-depthviz-view=inspector]")
    notice = inspector.locator(".notice")
    ids = list(ensemble_study().frame().index.astype(str))
    block_of = {name: place // BLOCK for place, name in enumerate(ids)}
    seen = view.grid_ids()
    looked_at = {block_of[name] for name in seen[:3]}
    other = next(name for name in seen if block_of[name] not in looked_at)
    view.root.locator(f"[data-example-id='{other}']").click()
    expect(inspector).to_contain_text("The neighbors were not loaded.")
    expect(notice).to_contain_text("The kernel does not answer")
    notice.locator("[data-depthviz-control=retry]").click()
    expect(notice).to_contain_text("The kernel does not answer")
