"""What every view of a study is to its browser: data to pull, a selection, a state.

The browser owns the interaction: it filters, selects and redraws without asking Python.
Python answers its pulls for data, and receives selection and state, which it may also
set. Views of one study share both, here and in the page.
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import anywidget
import traitlets

from depthviz.study import Study
from depthviz.widgets.later_maps import complete
from depthviz.widgets.messages.pulls import answer_pull
from depthviz.widgets.messages.view_requests import answer_view_request
from depthviz.widgets.messages.written import Heard, read_mark, read_write
from depthviz.widgets.pages.bundle import bundle_for
from depthviz.widgets.payload.pack import Pack
from depthviz.widgets.release import note_gone, note_seen
from depthviz.widgets.session import session_of

if TYPE_CHECKING:
    from depthviz.widgets.annotating.desk import Desk

__all__ = ["LinkedView"]

_GONE = {"type": "gone"}  # what the page sends when the last place of a view is gone


class LinkedView(anywidget.AnyWidget):
    """A widget that shares selection and state with the other views of its study.

    Args:
        study: What to show.
        view: Which view it is.
        title: Heading; by default the study's own title.
        height: Height in pixels.
        options: What concerns this view alone.
        desk: Where decisions about the study are kept; None where nobody annotates.
    """

    _esm = traitlets.Unicode().tag(sync=True)
    _manifest = traitlets.Dict().tag(sync=True)
    _selection = traitlets.CBytes(b"").tag(sync=True)
    _ui_state = traitlets.Dict().tag(sync=True)
    _session_id = traitlets.Unicode().tag(sync=True)
    _height = traitlets.Int().tag(sync=True)
    _view = traitlets.Unicode("explorer").tag(sync=True)
    _options = traitlets.Dict().tag(sync=True)
    _annotations = traitlets.Any().tag(sync=True)  # how the study is annotated
    _written = traitlets.Any().tag(sync=True)  # which page wrote last, and how often

    def __init__(
        self,
        study: Study,
        *,
        view: str,
        title: str | None = None,
        height: int = 720,
        options: Mapping[str, Any] | None = None,
        desk: "Desk | None" = None,
    ) -> None:
        self._study = study = complete(study)
        self.listeners: list[Callable[[], object]] = []
        self._heard = Heard()
        self._session = session_of(study, desk)
        pack = self._session.pack
        manifest = {**pack.manifest, **({"title": title} if title else {})}
        self._pack = Pack(manifest, pack.chunks)
        super().__init__(
            _esm=bundle_for(manifest, annotating=desk is not None),
            _manifest=manifest,
            _selection=self._session.selection,
            _ui_state=self._session.ui_state,
            _session_id=self._session.session_id,
            _height=height,
            _view=view,
            _options=dict(options or {}),
            _annotations=None if desk is None else desk.settings,
        )
        self._own_layout = self.layout
        self._session.widgets.add(self)
        self.observe(self._receive, ["_selection", "_ui_state"])
        self.on_msg(self._answer)

    @property
    def study(self) -> Study:
        """The study that is shown, with the maps that it had waited for."""
        return self._study

    @property
    def ui_state(self) -> dict[str, Any]:
        """Filters, probe, color and sort of the view.

        May be set to an earlier one, or to a part of one: what it does not name stays,
        and what this study cannot follow is left out.
        """
        return dict(self._session.ui_state)

    @ui_state.setter
    def ui_state(self, state: Mapping[str, Any]) -> None:
        self._session.from_python(ui_state={**self._session.ui_state, **state})

    def open(self) -> None:
        """Open the way to the browser, again where it was closed."""
        if self.comm is None and hasattr(self, "_own_layout"):
            self._own_layout.open()
        super().open()

    def close(self) -> None:
        """Close it wherever it is shown.

        Selection and filters stay in Python, and it opens again where it is displayed.
        """
        if self.comm is None:
            return
        super().close()
        self.__dict__.pop("_repr_mimebundle_", None)  # None, so that nothing shows it
        self._own_layout.close()

    def apply(self, *, selection: bytes, ui_state: dict[str, Any]) -> None:
        """Send the browser a selection and a state that Python set in any view."""
        self._selection = selection
        self._ui_state = ui_state

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Take over what a page wrote, and tell it so.

        Args:
            sync_data: The traits that it sent, by name.
        """
        try:
            super().set_state(sync_data)
        finally:  # also where a callback of the selection raised
            mark = read_mark(sync_data.get("_written"))
            if mark is not None:
                self._heard.note(mark)
                self.send({"type": "heard", **mark})

    def _receive(self, change: dict[str, Any]) -> None:
        """Give the session a trait that the browser changed."""
        self._session.from_browser(**{change["name"].removeprefix("_"): change["new"]})

    def _answer(self, _: object, message: object, buffers: Any) -> None:
        """Answer a pull; note that the page shows the view, or shows it no more."""
        if message == _GONE:
            note_gone(self)
            return
        note_seen(self)
        written = read_write(message, buffers)
        if written is not None:
            self._receive_again(written)
            return
        desk = self._session.desk
        if desk is not None and desk.clerk.take(message, self.send):
            return
        named = answer_view_request(self, self._session, message)
        if named is not None:
            self.send(named)
            return
        answer = answer_pull(self._pack.chunks, message)
        if answer is not None:
            self.send(answer[0], buffers=answer[1] or None)

    def _receive_again(self, written: dict[str, Any]) -> None:
        """Take over what the page had no answer to, unless only the answer was lost."""
        mark = written["_written"]
        if self._heard.has(mark):
            self.send({"type": "heard", **mark})
        else:
            self.set_state(written)
