"""What the Explorer takes in a real JupyterLab: to appear, and to go away again.

The kernel makes the studies by itself. Every cell is run through the notebook's own
command, and the clock is the page's.
"""

import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, CDPSession, Page

from tests.benchmarks.explorer.lines import Line
from tests.benchmarks.explorer.pages import PROBE, SIZE
from tests.browser.driver.jupyter import serve
from tests.paths import ROOT

__all__ = ["kernel_lines", "notebook", "run_cell"]

ROUNDS = 10
MAKE = """import sys, time
sys.path.insert(0, {place!r})
import depthviz as dv
from tests.benchmarks.explorer.studies import drawn_study
study = drawn_study({count}, probes=11, images={images})
"""
RUN = """async ([number, clear]) => {
  const panel = window.jupyterapp.shell.currentWidget;
  panel.content.activeCellIndex = number;
  panel.content.deselectAll();
  if (clear) {
    await window.jupyterapp.commands.execute("notebook:clear-cell-output");
    return 0;
  }
  const start = performance.now();
  await window.jupyterapp.commands.execute("notebook:run-cell");
  return start;
}"""


def notebook(*cells: str) -> str:
    """Write a notebook with these cells."""
    return json.dumps(
        {
            "cells": [
                {
                    "cell_type": "code",
                    "id": f"cell{number}",
                    "source": cell,
                    "metadata": {},
                    "outputs": [],
                    "execution_count": None,
                }
                for number, cell in enumerate(cells)
            ],
            "metadata": {
                "kernelspec": {
                    "name": "python3",
                    "display_name": "Python 3",
                    "language": "python",
                }
            },
            "nbformat": 4,
            "nbformat_minor": 5,
        }
    )


def run_cell(page: Page, number: int) -> float:
    """Run a cell to its end; the page's time in ms at which that was asked for."""
    start: float = page.evaluate(RUN, [number, False])
    return start


def kernel_lines(browser: Browser, folder: Path, *, scale: float) -> Iterator[Line]:
    """Measure what needs a kernel.

    Args:
        browser: Where.
        folder: For the server; it is made.
        scale: Share of the examples that are taken; 1 for the real question.

    Yields:
        Lines of the table.
    """
    folder.mkdir()
    count = round(60_000 * scale)
    place = str(ROOT)
    cells = [
        MAKE.format(place=place, count=count, images=False),
        "start = time.perf_counter()\nexplorer = dv.explore(study)\n"
        "packed = time.perf_counter() - start",
        "explorer",
    ]
    (folder / "speed.ipynb").write_text(notebook(*cells))
    context = browser.new_context(viewport=SIZE)  # type: ignore[arg-type]
    context.add_init_script(PROBE)
    page = context.new_page()
    with serve(sys.executable, folder) as lab:
        lab.open(page, "speed.ipynb")
        for number in (0, 1):
            run_cell(page, number)
        page.evaluate("depthvizProbe.forget()")
        start = run_cell(page, 2)
        page.wait_for_function("depthvizProbe.seen.ready !== null", timeout=120_000)
        seen = page.evaluate("depthvizProbe.seen")
        packed = float(lab.ask("print(packed)"))
        name = f"first paint from a kernel, {count:,} x 11 probes, s"
        took = (seen["firstDraw"] - start) / 1000
        note = "from running the cell to the first points"
        yield Line(name, took, most=1.5, note=note)
        yield Line("  until all of it is there, s", (seen["ready"] - start) / 1000)
        yield Line("  explore(study) in Python before, s", packed)
        yield from _rounds(page)
    context.close()


def _rounds(page: Page) -> Iterator[Line]:
    """Close and open again ten times; what the first two leave is not a leak."""
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.enable")
    counts = []
    for _ in range(ROUNDS + 2):
        page.evaluate(RUN, [2, True])
        page.wait_for_function("!document.querySelector('[data-depthviz]')")
        counts.append(_held(session, page))
        page.evaluate("depthvizProbe.forget()")
        run_cell(page, 2)
        page.wait_for_function("depthvizProbe.seen.ready !== null", timeout=120_000)
    first, last = counts[1], counts[-1]
    grown = {name: last[name] - first[name] for name in last}
    note = (
        f"heap and arrays {first['heap'] / 1e6:.1f} → {last['heap'] / 1e6:.1f} MB, "
        f"{grown['nodes']:+} nodes, {grown['listeners']:+} listeners; "
        f"{last['contexts']} GL contexts alive"
    )
    growth = grown["heap"] / 1e6
    name = f"memory kept after {ROUNDS} open-close rounds, MB"
    yield Line(name, growth, most=5, note=note)


def _held(session: CDPSession, page: Page) -> dict[str, Any]:
    for _ in range(2):
        session.send("HeapProfiler.collectGarbage")
        time.sleep(0.2)  # finalizers run between two collections
    dom = session.send("Memory.getDOMCounters")
    heap = session.send("Runtime.getHeapUsage")
    return {
        # With the typed arrays, which live outside of the heap.
        "heap": heap["usedSize"] + heap.get("backingStorageSize", 0),
        "nodes": dom["nodes"],
        "listeners": dom["jsEventListeners"],
        "contexts": page.evaluate("depthvizProbe.live()"),
    }
