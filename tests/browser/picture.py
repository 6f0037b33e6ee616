"""Makes the README's picture: the demo's report, after a few clicks.

Run with `python -m tests.browser.picture`; it writes `notebooks/explorer.png`.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser.driver.chromium import FLAGS, find_chromium
from tests.browser.driver.explorer import ExplorerView, find_explorers
from tests.paths import ROOT

PICTURE = ROOT / "notebooks" / "explorer.png"
PROBE, DEPTH = 3, 5


def main() -> None:
    """Run the demo, open its report, and save the picture of the Explorer."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        subprocess.run(
            [sys.executable, "-m", "depthviz", "demo", "--out", folder], check=True
        )
        browser = playwright.chromium.launch(
            executable_path=find_chromium(), args=list(FLAGS)
        )
        page = browser.new_page(viewport={"width": 1440, "height": 1000})
        page.goto((Path(folder) / "report.html").as_uri())
        view = ExplorerView(page, find_explorers(page)).wait()
        view.set_probe(PROBE)
        view.root.locator(f"[data-depthviz-depth='{DEPTH}']").click()
        view.root.locator("[data-example-id]:visible").first.click()
        view.picture()
        view.root.screenshot(path=PICTURE)
        browser.close()


if __name__ == "__main__":
    main()
