"""axe-core, from the development packages, run on an Explorer where it stands."""

from functools import cache
from typing import Any

from playwright.sync_api import Page

from tests.node import JS, install

PATIENCE = 3
_RUN = """
async root => {
  const results = await axe.run(root, { resultTypes: ["violations"] });
  return results.violations.flatMap(({ id, impact, nodes }) => nodes.map(
    ({ target, failureSummary }) => ({ id, impact, target, failureSummary })));
}
"""


@cache
def _source() -> str:
    install()
    file = JS / "node_modules" / "axe-core" / "axe.min.js"
    return file.read_text(encoding="utf-8")


def faults(page: Page, selector: str = "[data-depthviz=explorer]") -> list[str]:
    """Return what axe calls serious or critical in what the selector names.

    What is found must be there a moment later too: a page may not be drawn yet.
    """
    page.evaluate(_source())
    found = _serious(page, selector)
    for _ in range(PATIENCE):
        if not found:
            break
        page.wait_for_timeout(500)
        found = _serious(page, selector)
    return found


def _serious(page: Page, selector: str) -> list[str]:
    found: list[dict[str, Any]] = page.evaluate(_RUN, selector)
    return [
        f"{one['id']} at {one['target']}: {one['failureSummary']}"
        for one in found
        if one["impact"] in {"serious", "critical"}
    ]
