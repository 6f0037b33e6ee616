"""Answers to the browser about named views, and about the code of what it shows.

A page may send anything, so each part of a request is checked: what is no request gets
no answer, and what cannot be done is answered with the reason. What the browser shows
goes along with a request, since the traits that say it may still be on their way.
"""

import base64
import binascii
from collections.abc import Mapping
from typing import Any, Protocol

import numpy as np

from depthviz.errors import DataError, DepthvizError
from depthviz.widgets.selection import pack_mask
from depthviz.widgets.session import Session

__all__ = ["answer_view_request", "read_bits"]

_LONGEST_NAME = 200
_LARGEST = 2**20


class NamedViews(Protocol):
    """A view of a study, as far as these requests know it."""

    saved_views: list[str]

    def save_view(self, name: str) -> None:
        """Keep what is shown under a name."""

    def restore_view(self, name: str) -> None:
        """Show what was kept under a name."""

    def delete_view(self, name: str) -> None:
        """Forget a name."""

    def code(self) -> str:
        """Write the Python that gives what is shown."""


def answer_view_request(
    view: Any, session: Session, message: object
) -> dict[str, Any] | None:
    """Answer a request about named views.

    Args:
        view: The view whose page asks; a `NamedViews`.
        session: What the views of its study share.
        message: What the browser sent: `type` "views", `id`, `act` (one of list, save,
            restore, delete, code), `name`, `state` and `selection`.

    Returns:
        The answer: the names that are saved then, and the code where that was asked
        for, or the reason why it was not done. None for a message of another type.
    """
    if not isinstance(message, dict) or message.get("type") != "views":
        return None
    number = message.get("id")
    answer = {"type": "views", "id": number if isinstance(number, int) else None}
    try:
        code = _act(view, session, message)
        return {**answer, "views": view.saved_views, "code": code}
    except (DepthvizError, OSError) as error:
        return {**answer, "views": [], "code": "", "reason": str(error)}


def _act(view: NamedViews, session: Session, message: Mapping[str, Any]) -> str:
    """Do what is asked; returns the code where that is it."""
    act = message.get("act")
    if act in ("save", "code"):
        _take_over(session, message)
    if act == "code":
        return view.code()
    name = message.get("name")
    if act == "save":
        view.save_view(_read_name(name))
    elif act in ("restore", "delete"):
        if not isinstance(name, str) or name not in view.saved_views:
            raise DataError("There is no view of that name any more.")
        (view.restore_view if act == "restore" else view.delete_view)(name)
    elif act != "list":
        raise DataError(f"Unknown request {str(act)[:_LONGEST_NAME]!r}.")
    return ""


def _read_name(name: object) -> str:
    if not isinstance(name, str) or not name.strip():
        raise DataError("A view needs a name.")
    if len(name) > _LONGEST_NAME:
        raise DataError(
            f"A name can have {_LONGEST_NAME} characters, got {len(name):,}."
        )
    return name.strip()


def _take_over(session: Session, message: Mapping[str, Any]) -> None:
    """Note what the page shows, as if its traits had come first."""
    count = session.pack.manifest["count"]
    state = message.get("state")
    session.from_browser(
        selection=read_bits(message.get("selection"), count),
        ui_state=state if isinstance(state, dict) else None,
    )


def read_bits(selection: object, count: int) -> bytes | None:
    """Read a selection of any origin: bits in base64, or the numbers of the examples.

    Args:
        selection: Anything.
        count: Number of the examples.

    Returns:
        One bit an example, the first lowest; None where it is no selection.
    """
    if isinstance(selection, str) and len(selection) < _LARGEST:
        try:
            padded = selection + "=" * (-len(selection) % 4)
            bits = base64.b64decode(padded, altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            return None
        return bits if len(bits) <= -(-count // 8) else None
    if not isinstance(selection, list):
        return None
    mask = np.zeros(count, bool)
    mask[[each for each in selection if type(each) is int and 0 <= each < count]] = True
    return pack_mask(mask)
