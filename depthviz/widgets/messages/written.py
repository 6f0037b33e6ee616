"""What a page has written, and the answer by which it knows that Python has it.

A connection may lose a message without a word. Each write of a page bears the page's
name and a number; Python sends both back, and takes what is sent again only once.
"""

from collections.abc import Sequence
from typing import Any, TypedDict

__all__ = ["Heard", "read_mark", "read_write"]

_LONGEST_NAME = 64
_LARGEST_NUMBER = 2**53  # beyond it a page cannot count
_MOST_PAGES = 64


class Mark(TypedDict):
    """Which page wrote, and which of its writes it was."""

    page: str
    number: int


class Heard:
    """The last number that was heard of each page, for as many as may be open."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def has(self, mark: Mark) -> bool:
        """Whether a write, or a later one of the same page, has been heard."""
        return self._numbers.get(mark["page"], 0) >= mark["number"]

    def note(self, mark: Mark) -> None:
        """Remember a write; the pages that were silent longest are forgotten."""
        page = mark["page"]
        number = max(self._numbers.pop(page, 0), mark["number"])
        self._numbers[page] = number
        while len(self._numbers) > _MOST_PAGES:
            del self._numbers[next(iter(self._numbers))]


def read_mark(value: object) -> Mark | None:
    """Read page and number of a write, or None where it is no such thing."""
    if not isinstance(value, dict):
        return None
    page, number = value.get("page"), value.get("number")
    if not isinstance(page, str) or not 0 < len(page) <= _LONGEST_NAME:
        return None
    if not isinstance(number, int) or isinstance(number, bool):
        return None
    in_range = 0 < number <= _LARGEST_NUMBER
    return Mark(page=page, number=number) if in_range else None


def read_write(
    message: object, buffers: Sequence[bytes | memoryview] | None
) -> dict[str, Any] | None:
    """Read the traits of a message by which a page writes again.

    Args:
        message: What the page sent: `type` "write", `written` and `ui_state`.
        buffers: Its buffers, the first of which is the selection.

    Returns:
        The traits by name, or None for another message.
    """
    if not isinstance(message, dict) or message.get("type") != "write":
        return None
    mark, state = read_mark(message.get("written")), message.get("ui_state")
    if mark is None or not isinstance(state, dict) or not buffers:
        return None
    return {"_selection": bytes(buffers[0]), "_ui_state": state, "_written": mark}
