"""Other widgets beside the Explorer, on the same points in the same JupyterLab's kind.

They live in an environment of their own (`build/rivals`), made when first asked for.
What one draws is told from the pixels of a picture of its cell: WebGPU alone draws
nothing where the browser has none.
"""

import io
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
from PIL import Image
from playwright.sync_api import Browser, Page

from tests.benchmarks.explorer.kernel import notebook, run_cell
from tests.benchmarks.explorer.lines import Line
from tests.benchmarks.explorer.pages import PROBE, SECONDS, SIZE
from tests.benchmarks.explorer.studies import positions
from tests.browser.driver.jupyter import Lab, serve
from tests.paths import ROOT

__all__ = ["rival_lines"]

HOME = ROOT / "build" / "rivals"
WHOLE = ("jupyterlab", "jupyter-scatter", "pyarrow", "duckdb", "narwhals", "inquirer")
ALONE = ("embedding-atlas",)  # its other needs embed texts, with gigabytes
WAIT = 60.0
DRAWN = 0.002  # share of pixels that are colored


class Rival(NamedTuple):
    """How one is asked to show points.

    Attributes:
        name: Its name on the index.
        show: The cell that shows points `x`, `y` of `table`, colored by `label`.
        move: The cell that moves them to `x2`, `y2`, where it can.
        size: An expression for the bytes of its module.
    """

    name: str
    show: str
    move: str
    size: str


RIVALS = (
    Rival(
        "jupyter-scatter",
        "import jscatter\n"
        "one = jscatter.Scatter('x', 'y', data=table, color_by='label', height=480)\n"
        "one.show()",
        "one.xy('x2', 'y2')",
        "len(str(one.widget._esm).encode())",
    ),
    Rival(
        "embedding-atlas",
        "from embedding_atlas.widget import EmbeddingAtlasWidget\n"
        "one = EmbeddingAtlasWidget(table, x='x', y='y')\n"
        "one",
        "",
        "len(str(one._esm).encode())",
    ),
)


def rival_lines(browser: Browser, folder: Path, *, scale: float) -> Iterator[Line]:
    """Measure what each rival does with the same points.

    Args:
        browser: Where.
        folder: For the server; it is made.
        scale: Share of the 60,000 points that are taken.

    Yields:
        Lines of the table.
    """
    folder.mkdir()
    count = round(60_000 * scale)
    read = (
        "import numpy as np, pandas as pd\n"
        "found = np.load('points.npz')\n"
        "table = pd.DataFrame({name: found[name] for name in found})\n"
        "table['label'] = table['label'].astype(str).astype('category')"
    )
    for rival in RIVALS:
        place = folder / rival.name
        place.mkdir()
        _save_points(place / "points.npz", count)
        cells = notebook(read, rival.show, rival.move)
        (place / "points.ipynb").write_text(cells)
    python = _environment()
    for rival in RIVALS:
        yield from _lines(browser, python, folder / rival.name, rival, count)


def _lines(
    browser: Browser, python: str, folder: Path, rival: Rival, count: int
) -> Iterator[Line]:
    """A server of its own for each, so that it has one kernel."""
    with serve(python, folder) as lab:
        yield from _asked(browser, lab, rival, count)


def _asked(browser: Browser, lab: Lab, rival: Rival, count: int) -> Iterator[Line]:
    context = browser.new_context(viewport=SIZE)  # type: ignore[arg-type]
    context.add_init_script(PROBE)
    page = context.new_page()
    lab.open(page, "points.ipynb")
    run_cell(page, 0)
    page.evaluate("depthvizProbe.forget()")
    start = time.monotonic()
    run_cell(page, 1)
    shown = _wait_for_ink(page, start)
    title = f"{rival.name}, {count:,} points"
    note = f"{shown.ink:.1%} of the pixels of its cell are colored"
    if shown.seconds is None:
        note = f"nothing is drawn in {WAIT:.0f} s: {note}{_words(page)}"
    yield Line(f"{title}: first paint, s", shown.seconds, note=note)
    size = float(lab.ask(f"print({rival.size})")) / 1e3
    yield Line(f"{rival.name}: bytes of one instance's module, kB", size)
    if rival.move and shown.seconds is not None:
        page.evaluate("s => { window.moved = depthvizProbe.run(s, () => {}) }", SECONDS)
        run_cell(page, 2)
        found = page.evaluate("window.moved")
        note = f"its own transition, by time; longest frame {found['longest']:.0f} ms"
        yield Line(f"{title}: transition, frames/s", found["draws"], note=note)
    context.close()


class Shown(NamedTuple):
    """When points were seen, and how much of the picture was colored at the end."""

    seconds: float | None
    ink: float


def _wait_for_ink(page: Page, start: float) -> Shown:
    cell = page.locator(".jp-CodeCell").nth(1).locator(".jp-Cell-outputArea")
    ink = 0.0
    while time.monotonic() - start < WAIT:
        if cell.count() and cell.first.is_visible():
            picture = Image.open(io.BytesIO(cell.first.screenshot())).convert("RGB")
            pixels = np.asarray(picture, dtype=np.int16)
            took = time.monotonic() - start
            ink = float((np.ptp(pixels, axis=2) > 40).mean())
            if ink > DRAWN:
                return Shown(took, ink)
        page.wait_for_timeout(50)
    return Shown(None, ink)


def _words(page: Page) -> str:
    text = page.locator(".jp-CodeCell").nth(1).locator(".jp-Cell-outputArea")
    words = " ".join(text.first.inner_text().split())[:160] if text.count() else ""
    return f"; it says: {words}" if words else ""


def _save_points(path: Path, count: int) -> None:
    draw = np.random.default_rng(0)
    label = draw.integers(0, 10, count).astype(np.uint16)
    first, second = positions(label, 2, 0)
    np.savez(
        path,
        x=first[:, 0],
        y=first[:, 1],
        x2=second[:, 0],
        y2=second[:, 1],
        label=label,
    )


def _environment() -> str:
    """Make the rivals' environment, unless it is there; the path of its Python."""
    python = HOME / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(HOME)], check=True)
        install = [str(python), "-m", "pip", "install", "-q"]
        subprocess.run([*install, *WHOLE], check=True)
        subprocess.run([*install, "--no-deps", *ALONE], check=True)
    return str(python)
