"""A review in a page, by the keyboard: examples one after another, and what is kept."""

import json
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.browser.driver.desk import PageDesk
from tests.browser.driver.explorer import ExplorerView, find_explorers

# Resolves when the example in focus has been seen: two frames with its picture.
_SEEN = """
async () => {
  const frame = () => new Promise(requestAnimationFrame);
  const panel = document.querySelector('[data-depthviz-view=annotate]');
  for (let i = 0; i < 600; i++) {
    await frame();
    const drawn = panel.querySelector('.bench-picture > .picture:not([data-empty])');
    if (drawn && !panel.hasAttribute('data-behind')) break;
  }
  await frame();
  await frame();
}
"""


@dataclass(frozen=True)
class Review:
    """One review, in the only Explorer of a page."""

    view: ExplorerView
    desk: PageDesk

    @property
    def page(self) -> Page:
        return self.view.page

    @property
    def panel(self) -> Locator:
        return self.view.root.locator("[data-depthviz-view=annotate]")

    @property
    def name(self) -> str:
        return self.panel.locator(".bench-name").inner_text()

    @property
    def reviewed(self) -> int:
        words = self.panel.locator(".review-who h3").inner_text()
        return int(words.split(" of ")[0].replace(",", ""))

    def wait(self) -> "Review":
        """Wait until the example in focus has been seen."""
        self.page.evaluate(_SEEN)
        return self

    def open(self) -> "Review":
        """Open it by its key, from the frame of the view."""
        self.view.root.focus()
        self.page.keyboard.press("a")
        expect(self.panel).to_be_visible()
        return self.wait()

    def press(self, *keys: str) -> None:
        """Press keys, each when the example in focus has been seen."""
        for key in keys:
            self.wait()
            self.page.keyboard.press(key)

    def events(self, field: str | None = None) -> list[dict[str, Any]]:
        """All events that the page knows of, or those of one field."""
        self.desk.settle()
        events = [json.loads(line) for line in self.desk.log.splitlines()]
        return [one for one in events if field in {None, one["field"]}]


def find_review(page: Page) -> Review:
    """Return the review of a page whose study is annotated, once all is drawn."""
    view = ExplorerView(page, find_explorers(page))
    expect(view.root).to_have_attribute("data-depthviz-ready", "true", timeout=120_000)
    return Review(view, PageDesk(page).wait())
