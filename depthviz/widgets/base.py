"""What every view of a study is on this side: data to pull, a selection, a state.

The browser owns the interaction: it filters, selects and redraws without asking Python.
Python answers its pulls for data, and receives selection and state, which it may also
set. Views of one study share both, here and in the page.
"""

import base64
import os
import warnings
from collections.abc import Callable, Hashable, Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import anywidget
import numpy as np
import pandas as pd
import traitlets
from numpy.typing import NDArray

from depthviz.errors import DataError, DepthvizError
from depthviz.study import Study
from depthviz.study.storage.saved_views import read_views, write_views
from depthviz.widgets.filter_code import python_lines
from depthviz.widgets.filters import (
    from_browser,
    readable_filters,
    shown_mask,
    to_browser,
)
from depthviz.widgets.pages.bundle import read_bundle
from depthviz.widgets.payload.pack import Pack
from depthviz.widgets.session import shared_of
from depthviz.widgets.still import draw_still

__all__ = ["StudyView"]

_LARGEST_CHUNK = 4 * 2**20
_BOUNDARIES = 4


class StudyView(anywidget.AnyWidget):
    """A view of a study; use `depthviz.explore` or one of the single views.

    Args:
        study: What to show.
        view: Which view it is.
        title: Heading; by default the study's own title.
        height: Height in pixels.
        options: What this view alone is told.
    """

    _esm = traitlets.Unicode().tag(sync=True)
    _manifest = traitlets.Dict().tag(sync=True)
    _selection = traitlets.CBytes(b"").tag(sync=True)
    _ui_state = traitlets.Dict().tag(sync=True)
    _session_id = traitlets.Unicode().tag(sync=True)
    _height = traitlets.Int().tag(sync=True)
    _view = traitlets.Unicode("explorer").tag(sync=True)
    _options = traitlets.Dict().tag(sync=True)

    def __init__(
        self,
        study: Study,
        *,
        view: str,
        title: str | None = None,
        height: int = 720,
        options: Mapping[str, Any] | None = None,
    ) -> None:
        self._study = study
        self._shared = shared_of(study)
        pack = self._shared.pack
        manifest = {**pack.manifest, **({"title": title} if title else {})}
        self._pack = Pack(manifest, pack.chunks)
        super().__init__(
            _esm=read_bundle(),
            _manifest=manifest,
            _selection=self._shared.selection,
            _ui_state=self._shared.ui_state,
            _session_id=self._shared.session_id,
            _height=height,
            _view=view,
            _options=dict(options or {}),
        )
        self._shared.widgets.add(self)
        self.observe(self._hear, ["_selection", "_ui_state"])
        self.on_msg(self._answer)

    @property
    def study(self) -> Study:
        """The study that is shown."""
        return self._study

    @property
    def selection(self) -> list[Hashable]:
        """Ids of the selected examples, in the order of the study.

        May be set to ids, to a mask of N truth values, or to rows of `study.frame()`.
        """
        ids: list[Hashable] = self._ids[self._positions()].tolist()
        return ids

    @selection.setter
    def selection(self, examples: Iterable[Hashable] | pd.DataFrame) -> None:
        mask = _mask(self._ids, examples)
        bits = np.packbits(mask, bitorder="little").tobytes() if mask.any() else b""
        self._shared.set(selection=bits)

    @property
    def selected(self) -> pd.DataFrame:
        """The rows of `study.frame()` whose examples are selected."""
        return self._study.frame().iloc[self._positions()]

    @property
    def ui_state(self) -> dict[str, Any]:
        """Filters, probe, color and sort of the view.

        May be set to an earlier one, or to a part of one: what it does not name stays,
        and what this study cannot follow is left out.
        """
        return dict(self._shared.ui_state)

    @ui_state.setter
    def ui_state(self, state: Mapping[str, Any]) -> None:
        self._shared.set(ui_state={**self._shared.ui_state, **state})

    @property
    def filters(self) -> dict[str, Any]:
        """What the view is filtered by, for each column that filters.

        A list of values; `{"from": a, "to": b}`, both ends included, with `"missing":
        True` where examples without a value are kept; or `{"contains": "text"}`. May be
        set: to such a dict, or to `{}`.
        """
        return from_browser(self._kept(), self._pack.manifest)

    @filters.setter
    def filters(self, filters: Mapping[str, Any]) -> None:
        kept = to_browser(filters, self._pack.manifest)
        self._shared.set(ui_state={**self._shared.ui_state, "filters": kept})

    @property
    def shown(self) -> pd.DataFrame:
        """The rows of `study.frame()` whose examples pass the filters."""
        return self._study.frame()[self._passing()]

    def to_png(self, path: str | os.PathLike[str]) -> Path:
        """Write a still picture of the view: map, first examples, depths.

        Args:
            path: The PNG file to write; an existing one is replaced.

        Returns:
            The path of the picture.
        """
        target = Path(path)
        target.write_bytes(self._still())
        return target

    def code(self, *, study: str = "study") -> str:
        """Write the Python that gives the examples which the view shows.

        Args:
            study: The name of the study's variable in that code.

        Returns:
            Lines of which the last is an expression: rows of `study.frame()`.
        """
        return python_lines(
            self._kept(),
            self._pack.manifest,
            study=study,
            boundaries=self._moved_boundaries(),
        )

    @property
    def saved_views(self) -> list[str]:
        """Names of the views that were saved with the study, first saved first."""
        return list(read_views(self._study.dataset))

    def save_view(self, name: str) -> None:
        """Keep filters, selection, probe, color and sort with the study.

        A study that was opened from a folder keeps them there at once; one in memory
        keeps them until it is saved, and with it.

        Args:
            name: What to find them by; an earlier view of that name is replaced.

        Raises:
            DataError: If the name is empty or no text.
        """
        if not isinstance(name, str) or not name.strip():
            raise DataError(f"The name of a view must be text, got {name!r}.")
        kept = {"state": self.ui_state, "selection": list(map(str, self.selection))}
        views = read_views(self._study.dataset)
        write_views(self._study.dataset, {**views, name: kept})

    def restore_view(self, name: str) -> None:
        """Show what a view of that name was saved of.

        Args:
            name: One of `saved_views`.

        Raises:
            DataError: If no view bears the name.
        """
        view = self._find_view(name)
        ids = self._ids.astype(str)
        mask = ids.isin(view.get("selection", []))
        bits = np.packbits(mask, bitorder="little").tobytes() if mask.any() else b""
        state = {**self._unfiltered(), **view.get("state", {})}
        self._shared.set(selection=bits, ui_state=state)

    def delete_view(self, name: str) -> None:
        """Forget a named view.

        Args:
            name: One of `saved_views`.

        Raises:
            DataError: If no view bears the name.
        """
        self._find_view(name)
        views = read_views(self._study.dataset)
        del views[name]
        write_views(self._study.dataset, views)

    def on_selection(
        self, callback: Callable[[list[Hashable]], object]
    ) -> Callable[[], None]:
        """Call back with the selected ids whenever the selection changes.

        Args:
            callback: Called with the ids, in the order of the study. If it raises, the
                others are called all the same, and what it raised is shown.

        Returns:
            What ends it.
        """
        return self._shared.listen(lambda: callback(self.selection))

    def adopt(self, *, selection: bytes, ui_state: dict[str, Any]) -> None:
        """Take over what Python set in another view of the study."""
        self._selection = selection
        self._ui_state = ui_state

    def _repr_mimebundle_(
        self, **kwargs: Any
    ) -> tuple[dict[str, Any], dict[str, Any]] | None:
        """The widget, and a still picture for where no kernel is."""
        bundle = super()._repr_mimebundle_(**kwargs)
        if bundle is None:
            return None
        data, metadata = bundle
        try:
            still = {"image/png": base64.b64encode(self._still()).decode()}
        except Exception as error:  # whatever it is, the widget itself can be shown
            warnings.warn(f"No still picture was drawn: {error}", stacklevel=2)
            still = {}
        return {**data, **still}, metadata

    def _still(self) -> bytes:
        frame = self._study.frame()
        selected = np.zeros(len(frame), bool)
        selected[self._positions()] = True
        return draw_still(
            self._study.dataset,
            frame,
            title=self._pack.manifest["title"],
            shown=self._passing(),
            selected=selected,
            ui_state=self._shared.ui_state,
        )

    def _passing(self) -> NDArray[np.bool_]:
        frame, kept = self._study.frame(), self._kept()
        groups, moved = None, self._moved_boundaries()
        if "group" in kept and moved is not None:
            groups = self._study.groups(boundaries=moved).codes.numpy()
        return shown_mask(frame, kept, self._pack.manifest, groups=groups)

    def _hear(self, change: dict[str, Any]) -> None:
        if change["name"] == "_selection":
            self._shared.hear(selection=change["new"])
        else:
            self._shared.hear(ui_state=change["new"])

    @cached_property
    def _ids(self) -> "pd.Index[Any]":
        return self._study.frame().index

    def _kept(self) -> dict[str, Any]:
        """The filters of the state, as far as this study can follow them."""
        return readable_filters(
            self._shared.ui_state.get("filters"), self._pack.manifest
        )

    def _moved_boundaries(self) -> tuple[float, float, float, float] | None:
        """The boundaries of the groups, where they are not the study's own."""
        moved = self._shared.ui_state.get("boundaries")
        plane = self._pack.manifest.get("plane")
        if not isinstance(moved, list) or len(moved) != _BOUNDARIES or plane is None:
            return None
        if moved == list(plane["boundaries"]):
            return None
        train_low, train_high, validation_low, validation_high = map(float, moved)
        return train_low, train_high, validation_low, validation_high

    def _unfiltered(self) -> dict[str, Any]:
        """What a view was saved of before any browser had told its state."""
        plane = self._pack.manifest.get("plane")
        boundaries = {"boundaries": list(plane["boundaries"])} if plane else {}
        return {"filters": {}, "selected_only": False, **boundaries}

    def _find_view(self, name: str) -> dict[str, Any]:
        views = read_views(self._study.dataset)
        if name not in views:
            listed = ", ".join(map(repr, views)) or "none"
            raise DataError(f"No view is named {name!r}. Saved are: {listed}.")
        return views[name]

    def _positions(self) -> NDArray[np.intp]:
        bits = np.frombuffer(self._shared.selection, np.uint8)
        mask = np.unpackbits(bits, bitorder="little")
        return np.flatnonzero(mask[: self._pack.manifest["count"]])

    def _answer(self, _: object, message: object, __: object) -> None:
        """Answer a pull for a piece of a chunk; leave any other message alone."""
        if not isinstance(message, dict) or message.get("type") != "pull":
            return
        asked = {key: message.get(key) for key in ("id", "name", "offset")}
        try:
            total, piece = self._piece(asked["name"], asked["offset"])
        except (DepthvizError, OSError) as error:  # the study's folder may be gone
            self.send({"type": "refused", "reason": str(error), **asked})
        else:
            self.send({"type": "chunk", "total": total, **asked}, buffers=[piece])

    def _piece(self, name: object, offset: object) -> tuple[int, memoryview]:
        if not isinstance(name, str) or name not in self._pack.chunks:
            raise DataError(f"Unknown chunk {name!r}.")
        chunk = memoryview(self._pack.chunks[name])
        if not isinstance(offset, int) or not 0 <= offset <= len(chunk):
            raise DataError(
                f"Chunk {name!r} has {len(chunk)} bytes; none is at {offset!r}."
            )
        return len(chunk), chunk[offset : offset + _LARGEST_CHUNK]


def _mask(
    index: "pd.Index[Any]", examples: Iterable[Hashable] | pd.DataFrame
) -> NDArray[np.bool_]:
    if isinstance(examples, str) or not isinstance(examples, Iterable):
        raise DataError(
            "A selection is a list of example ids, a mask of N truth values, or rows "
            f"of study.frame(), got {examples!r}."
        )
    wanted = pd.Index(
        examples.index if isinstance(examples, pd.DataFrame) else list(examples)
    )
    if wanted.dtype == bool and len(wanted) == len(index):
        return np.asarray(wanted, bool)
    unknown = wanted.difference(index).tolist()
    if unknown:
        raise DataError(
            f"Unknown example {unknown[0]!r} ({len(unknown)} of {len(wanted)} ids "
            f"are not in this study); its first is {index.tolist()[0]!r}."
        )
    return np.asarray(index.isin(wanted), bool)
