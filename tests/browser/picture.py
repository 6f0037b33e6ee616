"""Makes the README's pictures: the demo's report after a few clicks, and its evidence.

Run with `python -m tests.browser.picture`; it writes `notebooks/explorer.png` and
`notebooks/evidence.svg`.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

import depthviz as dv
from tests.browser.driver.chromium import FLAGS, find_chromium
from tests.browser.driver.explorer import ExplorerView, find_explorers
from tests.paths import ROOT

PICTURE = ROOT / "notebooks" / "explorer.png"
EVIDENCE = ROOT / "notebooks" / "evidence.svg"
PROBE = 3


def draw_evidence(study: Path, file: Path) -> None:
    """Draw the evidence by probe of the demo's planted labels."""
    found = dv.open_study(study)
    planted = found.frame()["planted"]
    title = f"{planted.sum()} planted wrong labels, in a network that knows them"
    chart = dv.charts.evidence_by_probe(found, examples=planted, title=title)
    chart.save(file)


def main() -> None:
    """Run the demo, and save a picture of its report and one of the evidence."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        subprocess.run(
            [sys.executable, "-m", "depthviz", "demo", "--out", folder], check=True
        )
        draw_evidence(Path(folder) / "by-heart-seed-0.zarr", EVIDENCE)
        browser = playwright.chromium.launch(
            executable_path=find_chromium(), args=list(FLAGS)
        )
        page = browser.new_page(viewport={"width": 1440, "height": 1000})
        page.goto((Path(folder) / "report.html").as_uri())
        view = ExplorerView(page, find_explorers(page)).wait()
        view.control("close-filters").click()
        view.root.locator("[data-depthviz-finding]:visible").first.click()
        view.set_probe(PROBE)
        grid = view.root.locator("[data-depthviz-view=grid]")
        grid.locator("[data-example-id]:visible").first.click()
        view.picture()
        view.root.screenshot(path=PICTURE)
        browser.close()


if __name__ == "__main__":
    main()
