"""Two pairs of hands that do the same things: one on the keyboard, one on the mouse.

The keyboard's never touch the pointer and never focus anything from outside: they walk
with Tab and arrows, as a person must who has nothing else.
"""

from dataclasses import dataclass
from typing import Protocol

from playwright.sync_api import Locator, Page, expect

from tests.browser.driver.explorer import ExplorerView

MOST_STOPS = 80
_ACTIVE = """
selector => {
  let at = document.activeElement;
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  return at?.closest(selector) !== null && at?.closest(selector) !== undefined;
}
"""


class Hands(Protocol):
    """What a person does in the script."""

    def filter_to(self, group: int) -> None: ...
    def move_through_the_depths(self, probes: int) -> None: ...
    def open_third(self) -> None: ...
    def walk_to_neighbor(self) -> None: ...
    def select(self) -> None: ...
    def press(self, control: str) -> None: ...


@dataclass(frozen=True)
class Keyboard:
    """Hands that only press keys."""

    view: ExplorerView

    @property
    def _page(self) -> Page:
        return self.view.page

    def tab_to(self, selector: str) -> None:
        """Press Tab until the focus is in what the selector names."""
        for _ in range(MOST_STOPS):
            if self._page.evaluate(_ACTIVE, selector):
                return
            self._page.keyboard.press("Tab")
        raise AssertionError(f"{MOST_STOPS} Tabs do not lead to {selector}")

    def filter_to(self, group: int) -> None:
        self.tab_to("[data-depthviz-filter=group] .chip")
        for _ in range(group):
            self._page.keyboard.press("ArrowDown")
        self._page.keyboard.press("Space")

    def move_through_the_depths(self, probes: int) -> None:
        for _ in range(probes):
            self._page.keyboard.press("[")
        expect(self.view.map).to_have_attribute("data-depthviz-probe", "0")
        for probe in range(1, probes):
            self._page.keyboard.press("]")
            expect(self.view.map).to_have_attribute("data-depthviz-probe", str(probe))
        self._page.keyboard.press("[")
        expect(self.view.map).to_have_attribute("data-depthviz-probe", str(probes - 2))

    def open_third(self) -> None:
        self.tab_to("[data-depthviz-view=grid] [data-example-id]")
        self._page.keyboard.press("ArrowRight")
        self._page.keyboard.press("ArrowRight")
        self._page.keyboard.press("Enter")

    def walk_to_neighbor(self) -> None:
        self.tab_to("[data-neighbor]")
        self._page.keyboard.press("ArrowDown")
        self._page.keyboard.press("ArrowRight")
        self._page.keyboard.press("Enter")

    def select(self) -> None:
        self._page.keyboard.press("s")

    def press(self, control: str) -> None:
        self.tab_to(f"[data-depthviz-control={control}]")
        self._page.keyboard.press("Enter")


@dataclass(frozen=True)
class Mouse:
    """Hands that only point and click."""

    view: ExplorerView

    def _click(self, selector: str) -> None:
        target: Locator = self.view.root.locator(selector)
        target.scroll_into_view_if_needed()
        target.click()

    def filter_to(self, group: int) -> None:
        self._click(f"[data-depthviz-filter=group] [data-depthviz-code='{group}']")

    def move_through_the_depths(self, probes: int) -> None:
        for probe in (probes - 1, probes - 2):
            self._click(f".tick[data-probe='{probe}']")
            expect(self.view.map).to_have_attribute("data-depthviz-probe", str(probe))

    def open_third(self) -> None:
        self._click("[data-depthviz-view=grid] [data-position='2']")

    def walk_to_neighbor(self) -> None:
        self._click("[data-probe-row='1'] [data-place='1']")

    def select(self) -> None:
        self._click("[data-depthviz-control=select-focus]")

    def press(self, control: str) -> None:
        self._click(f"[data-depthviz-control={control}]")
