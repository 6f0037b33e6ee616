"""What all views of one study share: the packed data, the selection, the state.

The browser links views by a session id; it is the study's. On this side the widgets of
a study keep one selection and one state between them, whichever of them hears of a
change. Knows nothing of widgets beyond their two traits.
"""

import uuid
from collections.abc import Callable
from functools import cached_property
from typing import Any, Protocol
from weakref import WeakKeyDictionary, WeakSet

from depthviz.study import Study
from depthviz.widgets.payload.pack import Pack, pack_study

__all__ = ["Shared", "shared_of"]


class Sharer(Protocol):
    """A widget, as far as it shares."""

    def adopt(self, *, selection: bytes, ui_state: dict[str, Any]) -> None:
        """Take over selection and state, and send them to the browser."""


class Shared:
    """The state of one study's views.

    Args:
        study: The study.

    Attributes:
        session_id: What the browser links them by.
        selection: One bit an example, the first lowest.
        ui_state: Filters, probe, color and sort.
        widgets: The widgets that share.
    """

    def __init__(self, study: Study) -> None:
        # Not the study itself, which would then never be let go.
        self._dataset = study.dataset
        self.session_id = uuid.uuid4().hex
        self.selection = b""
        self.ui_state: dict[str, Any] = {}
        self.widgets: WeakSet[Any] = WeakSet()
        self._listeners: list[Callable[[], object]] = []

    @cached_property
    def pack(self) -> Pack:
        """The data for the browser, packed once for all views."""
        return pack_study(Study(self._dataset))

    def listen(self, listener: Callable[[], object]) -> Callable[[], None]:
        """Be told of every change of the selection.

        Args:
            listener: Called without arguments.

        Returns:
            What ends it; calling it twice does no harm.
        """
        self._listeners.append(listener)

        def stop() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return stop

    def hear(
        self, *, selection: bytes | None = None, ui_state: dict[str, Any] | None = None
    ) -> None:
        """Take over what a browser said; its other views know already."""
        if ui_state is not None:
            self.ui_state = ui_state
        if selection is not None and selection != self.selection:
            self.selection = selection
            self._tell()

    def set(
        self, *, selection: bytes | None = None, ui_state: dict[str, Any] | None = None
    ) -> None:
        """Set what Python wants, in all views."""
        changed = selection is not None and selection != self.selection
        self.selection = self.selection if selection is None else selection
        self.ui_state = self.ui_state if ui_state is None else ui_state
        for widget in list(self.widgets):
            widget.adopt(selection=self.selection, ui_state=self.ui_state)
        if changed:
            self._tell()

    def _tell(self) -> None:
        """Call all listeners, then raise what they raised."""
        errors: list[Exception] = []
        for listener in list(self._listeners):
            try:
                listener()
            except Exception as error:
                errors.append(error)
        if len(errors) == 1:
            raise errors[0]
        if errors:
            raise ExceptionGroup("Callbacks of the selection failed.", errors)


_shared: "WeakKeyDictionary[Study, Shared]" = WeakKeyDictionary()


def shared_of(study: Study) -> Shared:
    """Find what the views of a study share.

    Args:
        study: The study; another object of the same data shares nothing with it.

    Returns:
        The one for this study.
    """
    if study not in _shared:
        _shared[study] = Shared(study)
    return _shared[study]
