"""A report on paper: its page, printed by the Chromium or Chrome of this machine."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from depthviz.errors import DependencyError, TaskError
from depthviz.machine.disk.failures import writing
from depthviz.machine.files import write_atomically

__all__ = ["find_browser", "write_pdf"]

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome", "msedge")
PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
)
FLAGS = (
    "--headless",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-gpu",
    "--no-pdf-header-footer",
)
SECONDS = 180
TOLD = 300  # letters of what a browser says


def find_browser() -> str:
    """Find a browser that can print.

    Returns:
        Its path.

    Raises:
        DependencyError: If there is none.
    """
    found = next(filter(None, map(shutil.which, NAMES)), None)
    found = found or next((place for place in PLACES if Path(place).is_file()), None)
    if found is None:
        raise DependencyError(
            "A PDF is printed by Chromium or Chrome, and neither was found. Install "
            "one, or write the report as .html and print that from any browser."
        )
    return found


def write_pdf(page: str, target: Path) -> Path:
    """Print a page.

    Args:
        page: HTML without a network.
        target: The PDF; an existing one is replaced.

    Returns:
        The path.

    Raises:
        DependencyError: If no browser is found.
        DiskError: If it cannot be written; an earlier file is then unchanged.
        TaskError: If the browser prints nothing.
    """
    browser = find_browser()
    with writing(target):
        target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="depthviz-") as folder:
        place = Path(folder)
        (place / "report.html").write_text(page, encoding="utf-8")
        printed = place / "report.pdf"
        _print(browser, place, printed)
        with writing(target):
            write_atomically(target, printed.read_bytes())
    return target


def _print(browser: str, place: Path, printed: Path) -> None:
    command = [
        browser,
        *FLAGS,
        *_unboxed(),
        f"--user-data-dir={place / 'profile'}",
        f"--print-to-pdf={printed}",
        (place / "report.html").as_uri(),
    ]
    try:
        done = subprocess.run(  # noqa: S603  # a browser, and a page of our own
            command, capture_output=True, text=True, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise TaskError(f"{browser} printed nothing in {SECONDS} s.") from error
    if done.returncode or not printed.is_file():
        raise TaskError(
            f"{browser} printed nothing (exit {done.returncode}): "
            f"{done.stderr.strip()[-TOLD:]}"
        )


def _unboxed() -> list[str]:
    """A browser of root starts only without its sandbox; the page is our own."""
    is_root = sys.platform == "linux" and os.geteuid() == 0
    return ["--no-sandbox"] if is_root else []
