"""What all views of one study share: the packed data, the selection, the state.

The browser links views by a session id; it is the study's, and of views that annotate
the store's. On this side the widgets of
a study keep one selection and one state between them, whichever of them receives a
change. Knows nothing of widgets beyond their two traits.
"""

import uuid
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol
from weakref import WeakKeyDictionary, WeakSet

from depthviz.study import Study
from depthviz.widgets.payload.pack import Pack, pack_study
from depthviz.widgets.ui_state import followed_state

if TYPE_CHECKING:
    from depthviz.widgets.annotating.desk import Desk

__all__ = ["Session", "session_of"]


class View(Protocol):
    """A widget, as far as a session knows it.

    Attributes:
        listeners: What is called when the selection changes.
    """

    listeners: list[Callable[[], object]]

    def apply(self, *, selection: bytes, ui_state: dict[str, Any]) -> None:
        """Take over selection and state, and send them to the browser."""


class Follower(Protocol):
    """What is drawn of a view, beside it."""

    def follow(self) -> None:
        """Note that what the views show may have changed."""


class Session:
    """The state that one study's views share.

    Args:
        study: The study.
        desk: Where decisions about it are kept; None where nobody annotates.

    Attributes:
        desk: Where decisions about it are kept; None where nobody annotates.
        session_id: What the browser links them by.
        selection: One bit an example, the first lowest.
        ui_state: Filters, probe, color and sort, as far as the study can follow them.
        widgets: The widgets that share it.
        followers: What is drawn anew as it changes.
    """

    def __init__(self, study: Study, desk: "Desk | None" = None) -> None:
        self.desk = desk
        # A reference to the study itself would keep it in memory for ever.
        self._dataset = study.dataset
        self.session_id = uuid.uuid4().hex
        self.selection = b""
        self.ui_state: dict[str, Any] = {}
        self.widgets: WeakSet[View] = WeakSet()
        self.followers: WeakSet[Follower] = WeakSet()

    @cached_property
    def pack(self) -> Pack:
        """The data for the browser, packed once for all views."""
        pack = pack_study(Study(self._dataset))
        return pack if self.desk is None else self.desk.pack(pack)

    def from_browser(
        self, *, selection: bytes | None = None, ui_state: dict[str, Any] | None = None
    ) -> None:
        """Take over what a browser sent; its other views have it already."""
        if ui_state is not None:
            self.ui_state = followed_state(ui_state, self.pack.manifest)
        changed = selection is not None and selection != self.selection
        self.selection = self.selection if selection is None else selection
        self._tell(changed=changed)

    def from_python(
        self, *, selection: bytes | None = None, ui_state: dict[str, Any] | None = None
    ) -> None:
        """Take over what Python set, and apply it to all views."""
        changed = selection is not None and selection != self.selection
        self.selection = self.selection if selection is None else selection
        if ui_state is not None:
            self.ui_state = followed_state(ui_state, self.pack.manifest)
        for widget in list(self.widgets):
            widget.apply(selection=self.selection, ui_state=self.ui_state)
        self._tell(changed=changed)

    def _tell(self, *, changed: bool) -> None:
        for follower in list(self.followers):
            follower.follow()
        if changed:
            self._notify()

    def _notify(self) -> None:
        """Call what listens to any view, then raise what it raised."""
        errors: list[Exception] = []
        for listener in [each for view in self.widgets for each in view.listeners]:
            try:
                listener()
            except Exception as error:
                errors.append(error)
        if len(errors) == 1:
            raise errors[0]
        if errors:
            raise ExceptionGroup("Callbacks of the selection failed.", errors)


_sessions: "WeakKeyDictionary[Study, Session]" = WeakKeyDictionary()
_annotated: "WeakKeyDictionary[Study, dict[str, Session]]" = WeakKeyDictionary()


def session_of(study: Study, desk: "Desk | None" = None) -> Session:
    """Find the session of a study; another object of the same data has another one.

    Args:
        study: The study.
        desk: Where decisions about it are kept. Views that annotate share a session
            among themselves where they do so alike.

    Returns:
        The session.
    """
    if desk is not None:
        sessions = _annotated.setdefault(study, {})
        return sessions.setdefault(desk.key, Session(study, desk))
    if study not in _sessions:
        _sessions[study] = Session(study)
    return _sessions[study]
