"""How fast the Explorer is, in a browser without a graphics card.

Run with `python -m tests.benchmarks.explorer [--quick] [--rivals]`; it prints one table
of what was measured, what is wanted, and whether it is met. A real graphics card is far
faster; a machine that does other work meanwhile is slower.
"""

import argparse
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from depthviz.widgets.pages.bundle import read_bundle
from tests.benchmarks.explorer.kernel import kernel_lines
from tests.benchmarks.explorer.lines import Line, lines_table
from tests.benchmarks.explorer.pages import page_lines
from tests.benchmarks.processor import describe_processor
from tests.browser.driver.chromium import FLAGS, find_chromium

__all__ = ["main"]

QUICK = 0.01


def main(words: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="tiny studies; form only")
    parser.add_argument("--rivals", action="store_true", help="measure others beside")
    parser.add_argument("--no-kernel", action="store_true", help="offline pages only")
    given = parser.parse_args(words)
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        flags = [*FLAGS, "--enable-precise-memory-info"]
        browser = playwright.chromium.launch(
            executable_path=find_chromium(), args=flags
        )
        print(describe_processor())
        title = f"**Explorer**, Chromium {browser.version}, software rendering."
        print(lines_table(title, _lines(browser, Path(folder), given)))
        browser.close()


def _lines(browser: Browser, folder: Path, given: argparse.Namespace) -> Iterator[Line]:
    scale = QUICK if given.quick else 1.0
    size = len(read_bundle().encode()) / 1e3
    yield Line("bundle, kB", size, most=300, note="one instance's module, minified")
    yield from page_lines(browser, folder, scale=scale)
    if not given.no_kernel:
        yield from kernel_lines(browser, folder / "lab", scale=scale)
    if given.rivals:
        from tests.benchmarks.explorer.rivals import rival_lines

        yield from rival_lines(browser, folder / "rivals", scale=scale)


if __name__ == "__main__":
    main()
