"""What the Explorer takes in an offline page: to appear, to move, to select, to filter.

Everything is timed by a script inside the page (`explorer_probe.js`), so that neither
the browser's driver nor its protocol counts. The browser has no graphics card.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, CDPSession, Page

from depthviz.study import Study
from depthviz.widgets import explore
from tests.benchmarks.explorer.lines import Line
from tests.benchmarks.explorer.studies import MEASURES, drawn_study
from tests.browser.driver.explorer import ExplorerView, find_explorers

__all__ = ["PROBE", "ROOT", "opened", "page_lines"]

PROBE = (Path(__file__).parent / "probe.js").read_text()
ROOT = "[data-depthviz=explorer]"
WHOLE = 200_000_000  # bytes: more than any of these pages
SECONDS = 2.0
COLUMNS = ("label", "split", "prediction", *MEASURES)
SIZE = {"width": 1440, "height": 1000}
OPEN = """async (root, names) => {
  const add = () => root.querySelector("[data-depthviz-control=add-histogram]");
  for (const name of names) {
    add().value = name;
    add().dispatchEvent(new Event("change", { bubbles: true }));
  }
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  await frame().then(frame);
  return root.querySelectorAll("[data-depthviz-histogram]").length;
}"""


@contextmanager
def opened(browser: Browser, address: str) -> Iterator[tuple[Page, ExplorerView]]:
    """Open a page with the script that measures, until its Explorer is whole."""
    context = browser.new_context(viewport=SIZE)  # type: ignore[arg-type]
    context.add_init_script(PROBE)
    page = context.new_page()
    page.set_default_timeout(60_000)
    page.goto(address)
    # Cheaper than what `wait` asks, which reads the whole page each time in vain.
    page.wait_for_selector(f"{ROOT}[data-depthviz-ready=true]", timeout=120_000)
    yield page, ExplorerView(page, find_explorers(page).first).wait()
    context.close()


def page_lines(browser: Browser, folder: Path, *, scale: float) -> Iterator[Line]:
    """Measure everything that needs no kernel.

    Args:
        browser: Where.
        folder: For the pages.
        scale: Share of the examples that are taken; 1 for the real question.

    Yields:
        Lines of the table.
    """
    seconds = SECONDS if scale == 1 else 0.2
    yield _idle(browser, seconds)
    for full, least in ((60_000, 30), (200_000, 10)):
        count = round(full * scale)
        file = _written(drawn_study(count), folder / f"{full}.html")
        with opened(browser, file.as_uri()) as (_, view):
            yield _morph(view, count, seconds, least)
            if full == 60_000:
                yield from _lasso(view, count)
                yield from _filters(view, count, most=15)
    count = round(100_000 * scale)
    study = drawn_study(count, images=True)
    file = _written(study, folder / "grid.html", max_bytes=WHOLE)
    with opened(browser, file.as_uri()) as (_, view):
        yield _scroll(view, count, seconds)
    count = round(1_000_000 * scale)
    file = _written(
        drawn_study(count, probes=2), folder / "million.html", max_bytes=WHOLE
    )
    with opened(browser, file.as_uri()) as (_, view):
        yield from _filters(view, count, most=150)
    yield from _first_paint(browser, folder, round(10_000 * scale))


def _written(study: Study, path: Path, max_bytes: int | None = None) -> Path:
    return explore(study).to_html(path, max_bytes=max_bytes)


def _ask(view: ExplorerView, function: str, *given: Any) -> Any:
    return view.root.evaluate(
        f"(root, given) => depthvizProbe.{function}(root, ...given)", list(given)
    )


def _idle(browser: Browser, seconds: float) -> Line:
    """How many frames this machine gives to a page that does nothing."""
    context = browser.new_context(viewport=SIZE)  # type: ignore[arg-type]
    context.add_init_script(PROBE)
    page = context.new_page()
    page.set_content("<p></p>")
    rate = page.evaluate("s => depthvizProbe.run(s, () => {})", seconds)["frames"]
    context.close()
    note = "what this machine gives just now; no frame rate below can be larger"
    return Line("an empty page, frames/s", rate, note=note)


def _busy(view: ExplorerView, seconds: float) -> float:
    """Milliseconds that the page's own thread works for each frame of a morph."""
    session = view.page.context.new_cdp_session(view.page)
    session.send("Performance.enable")
    before = _task_seconds(session)
    found = _ask(view, "morph", seconds)
    worked = _task_seconds(session) - before
    return 1000 * worked / max(1.0, found["draws"] * seconds)


def _task_seconds(session: CDPSession) -> float:
    metrics = session.send("Performance.getMetrics")["metrics"]
    return next(each["value"] for each in metrics if each["name"] == "TaskDuration")


def _morph(view: ExplorerView, count: int, seconds: float, least: float) -> Line:
    runs = [_ask(view, "morph", seconds) for _ in range(3)]
    found = max(runs, key=lambda run: run["draws"])
    renderer = view.map.get_attribute("data-depthviz-renderer")
    note = (
        f"{renderer}; best of 3; the page itself works {_busy(view, seconds):.0f} ms a"
        f" frame; {found['long']:.0f} frames over 50 ms, longest "
        f"{found['longest']:.0f} ms"
    )
    name = f"morph of {count:,} points, frames/s"
    return Line(name, found["draws"], least=least, note=note)


def _lasso(view: ExplorerView, count: int) -> Iterator[Line]:
    """Circles of two sizes in turn, so that each changes the selection."""
    found, caught = [], set()
    for number in range(6):
        share = (0.45, 0.35)[number % 2]
        found.append(
            view.canvas.evaluate(
                "(canvas, share) => depthvizProbe.lasso(canvas, share)", share
            )
        )
        caught.add(view.selected)
    best = sorted(found, key=lambda one: one["alone"])[3]
    sizes = " and ".join(f"{size:,}" for size in sorted(caught))
    note = f"{sizes} caught in turn; median of 6"
    yield Line(f"lasso of {count:,} points, ms", best["alone"], most=30, note=note)
    yield Line("  until all views are redrawn, ms", best["drawn"])
    yield Line("  until that is on the screen, ms", best["painted"])
    view.clear_selection()


def _filters(view: ExplorerView, count: int, *, most: float) -> Iterator[Line]:
    """One class is filtered while ten other columns show their histograms."""
    panels = view.root.evaluate(OPEN, list(COLUMNS))
    chip = view.root.locator(".chip[data-depthviz-class]")
    found = [
        chip.nth(number % 3).evaluate("chip => depthvizProbe.click(chip)")
        for number in range(7)
    ]
    best = sorted(found, key=lambda one: one["drawn"])[3]
    name = f"cross-filter of {panels} columns, {count:,} rows, ms"
    note = "a click on a class until all views and histograms are redrawn"
    yield Line(name, best["drawn"], most=most, note=note)
    yield Line("  the filter alone, ms", best["alone"])
    yield Line("  until that is on the screen, ms", best["painted"])


def _scroll(view: ExplorerView, count: int, seconds: float) -> Line:
    runs = [_ask(view, "scroll", seconds) for _ in range(4)]
    found = max(runs, key=lambda run: run["frames"])
    note = (
        f"{found['long']:.0f} frames over 50 ms, longest {found['longest']:.0f} ms; "
        "60 pixels a frame; best of 4"
    )
    name = f"grid scroll, {count:,} examples, frames/s"
    return Line(name, found["frames"], least=45, note=note)


def _first_paint(browser: Browser, folder: Path, count: int) -> Iterator[Line]:
    study = drawn_study(count, images=True)
    file = explore(study).to_html(folder / "pictures.html")
    found = []
    for _ in range(3):
        with opened(browser, file.as_uri()) as (page, _view):
            page.wait_for_function("() => depthvizProbe.seen.ready !== null")
            found.append(page.evaluate("depthvizProbe.seen"))
    first, ready = (
        sorted(one[name] / 1000 for one in found)[1] for name in ("firstDraw", "ready")
    )
    name = f"offline page of {count:,} pictures"
    note = "from navigation to the first points; median of 3"
    yield Line(f"{name}, first paint, s", first, most=0.5, note=note)
    yield Line("  until all of it is there, s", ready)
    size = file.stat().st_size / 1e6
    left_out = page_text(file)
    yield Line(f"{name}, MB", size, most=6, note=left_out)


def page_text(file: Path) -> str:
    """What the page says that it left out."""
    _, found, rest = file.read_text().partition("<p data-depthviz-left-out>")
    return rest.partition("</p>")[0] if found else "nothing is left out"
