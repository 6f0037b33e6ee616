"""The desk of a page, asked and used without hands: what is kept, and what is not."""

import json
from typing import Any

from playwright.sync_api import Page

_ENTRIES = "[...(globalThis[Symbol.for('depthviz/1')] ?? new Map()).entries()]"
_DESK = f"({_ENTRIES}.filter(([key]) => key.endsWith('/desk')).at(-1)?.[1].value.desk)"


class PageDesk:
    """The desk of the last view that was opened in a page."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def wait(self) -> "PageDesk":
        """Wait until there is one, with what its place has."""
        self.page.wait_for_function(f"() => {_DESK}")
        self.page.evaluate(f"() => {_DESK}.refresh()")
        return self

    def decide(self, example: int, **decisions: Any) -> None:
        """Decide about an example, as a view does."""
        given = json.dumps(decisions)
        self.page.evaluate(f"() => {_DESK}.decide([{example}], {given}, 1.5)")

    def settle(self, done: int | None = None) -> None:
        """Wait until all is acknowledged, and so many examples have a verdict.

        A view that has just opened may not have found yet what an earlier one left.
        """
        self.page.wait_for_function(
            f"done => {_DESK}.unsaved === 0 && {_DESK}.done === (done ?? {_DESK}.done)",
            arg=done,
        )

    @property
    def unsaved(self) -> int:
        return int(self.page.evaluate(f"() => {_DESK}.unsaved"))

    @property
    def done(self) -> int:
        return int(self.page.evaluate(f"() => {_DESK}.done"))

    @property
    def problem(self) -> str:
        return str(self.page.evaluate(f"() => {_DESK}.problem"))

    @property
    def log(self) -> str:
        return str(self.page.evaluate(f"() => {_DESK}.log()"))

    def undo(self) -> list[int]:
        return list(self.page.evaluate(f"() => {_DESK}.undo()"))

    def verdict(self, example: int) -> str | None:
        found = self.page.evaluate(f"() => {_DESK}.mine({example})?.verdict ?? null")
        return None if found is None else str(found)
