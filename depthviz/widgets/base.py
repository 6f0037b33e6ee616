"""What a person does in Python with any view: select, filter, save, draw a picture."""

import base64
import os
import warnings
from collections.abc import Callable, Hashable, Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from depthviz.errors import DataError
from depthviz.machine.disk.failures import writing
from depthviz.machine.files import write_atomically
from depthviz.machine.paths import local_path
from depthviz.study.storage.saved_views import delete_view, read_views, save_view
from depthviz.widgets.conversion import is_conversion, show_picture
from depthviz.widgets.filter_code import write_filter_code
from depthviz.widgets.filter_mask import shown_mask
from depthviz.widgets.filters import decode_filters, encode_filters
from depthviz.widgets.linked_view import LinkedView
from depthviz.widgets.release import note_displayed
from depthviz.widgets.selection import pack_mask, selection_mask, unpack_mask
from depthviz.widgets.still import draw_still
from depthviz.widgets.ui_state import followed_state, initial_state, moved_boundaries

__all__ = ["StudyView"]

_LIVE = "A picture: run this cell in Jupyter to explore"


class StudyView(LinkedView):
    """A view of a study; use `depthviz.explore` or one of the single views."""

    @property
    def selection(self) -> list[Hashable]:
        """Ids of the selected examples, in the order of the study.

        May be set to ids; to a mask of N truth values in that order, or a Series of
        them indexed by `example_id` in any order; or to rows of `study.frame()`.
        """
        ids: list[Hashable] = self._ids[self._selected()].tolist()
        return ids

    @selection.setter
    def selection(self, examples: Iterable[Hashable] | pd.DataFrame) -> None:
        mask = selection_mask(self._ids, examples)
        self._session.from_python(selection=pack_mask(mask))

    @property
    def selected(self) -> pd.DataFrame:
        """The rows of `study.frame()` whose examples are selected."""
        return self._frame()[self._selected()]

    @property
    def filters(self) -> dict[str, Any]:
        """The filters of the view, by the name of their column.

        A list of values; `{"from": a, "to": b}`, both ends included, with `"missing":
        True` where examples without a value are kept; or `{"contains": "text"}`. May be
        set: to such a dict, or to `{}`.
        """
        return decode_filters(self._encoded_filters(), self._pack.manifest)

    @filters.setter
    def filters(self, filters: Mapping[str, Any]) -> None:
        self.ui_state = {"filters": encode_filters(filters, self._pack.manifest)}

    @property
    def shown(self) -> pd.DataFrame:
        """The rows of `study.frame()` whose examples pass the filters."""
        frame = self._frame()
        return frame[self._shown(frame)]

    def to_png(self, path: str | os.PathLike[str]) -> Path:
        """Write a still picture of the view: map, first examples, depths.

        Args:
            path: The PNG file to write; an existing one is replaced.

        Returns:
            The path of the picture.

        Raises:
            ArgumentError: If the path is none of a local disk.
            DataError: If the path is a folder.
            DiskError: If it cannot be written; an earlier picture is then unchanged.
        """
        target = local_path(path)
        picture = self._still()
        with writing(target):
            if target.is_dir():
                raise DataError(
                    f"Expected the path of a PNG file, got the folder {target}."
                )
            target.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(target, picture)
        return target

    def code(self, *, study: str = "study") -> str:
        """Write the Python that gives the examples which the view shows.

        Args:
            study: The name of the study's variable in that code.

        Returns:
            Lines of which the last is an expression: the rows of `study.frame()` that
            pass the filters, and with "show only" those of them that are selected.
            What is selected stands in them by name, as `selected`.
        """
        return write_filter_code(
            self._encoded_filters(),
            self._pack.manifest,
            study=study,
            boundaries=self._moved_boundaries(),
            selection=self.selection,
            selected_only=self._session.ui_state.get("selected_only") is True,
            decisions="" if self._session.desk is None else self._session.desk.code,
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
            DataError: If the name is empty or no text, or the state cannot be kept.
            DiskError: If their file cannot be read or written; nothing is lost then.
            FormatError: If their file is damaged; it is left as it is.
            StudyError: If another study is in the folder by now.
        """
        if not isinstance(name, str) or not name.strip():
            raise DataError(f"The name of a view must be text, got {name!r}.")
        kept = {"state": self.ui_state, "selection": list(map(str, self.selection))}
        save_view(self._study.dataset, name, kept)

    def restore_view(self, name: str) -> None:
        """Show what a view of that name was saved of.

        Args:
            name: One of `saved_views`.

        Raises:
            DataError: If no view bears the name.
        """
        view = self._find_view(name)
        mask = self._ids.astype(str).isin(_texts_in(view.get("selection")))
        manifest = self._pack.manifest
        kept = followed_state(view.get("state"), manifest)
        state = {**initial_state(manifest), **kept}
        self._session.from_python(selection=pack_mask(mask), ui_state=state)

    def delete_view(self, name: str) -> None:
        """Forget a named view.

        Args:
            name: One of `saved_views`.

        Raises:
            DataError: If no view bears the name.
        """
        self._find_view(name)
        delete_view(self._study.dataset, name)

    def on_selection(
        self, callback: Callable[[list[Hashable]], object]
    ) -> Callable[[], None]:
        """Call back with the selected ids whenever the selection changes.

        It ends with this view, at the latest.

        Args:
            callback: Called with the ids, in the order of the study. If it raises, the
                others are called all the same, and what it raised is shown.

        Returns:
            What ends it.
        """

        def listener() -> None:
            callback(self.selection)

        def stop() -> None:
            if listener in self.listeners:
                self.listeners.remove(listener)

        self.listeners.append(listener)
        return stop

    def _repr_mimebundle_(
        self, **kwargs: Any
    ) -> tuple[dict[str, Any], dict[str, Any]] | None:
        """The widget, and a still picture for where no kernel is."""
        self.open()
        note_displayed(self)
        bundle = super()._repr_mimebundle_(**kwargs)
        if bundle is None:
            return None
        data, metadata = bundle
        try:
            still = base64.b64encode(self._still(hint=_LIVE)).decode()
        except Exception as error:  # whatever it is, the widget itself can be shown
            warnings.warn(f"No still picture was drawn: {error}", stacklevel=2)
            return data, metadata
        if is_conversion():
            return self._converted(still), {}
        return {**data, "image/png": still}, metadata

    def _converted(self, still: str) -> dict[str, Any]:
        """What stands in a converted notebook, with a picture in base64."""
        page = show_picture(still, self._pack.manifest["title"])
        return {"text/html": page, "text/plain": repr(self), "image/png": still}

    def _still(self, *, hint: str = "") -> bytes:
        frame = self._frame()
        return draw_still(
            self._study.dataset,
            frame,
            title=self._pack.manifest["title"],
            shown=self._shown(frame),
            selected=self._selected(),
            ui_state=self._session.ui_state,
            hint=hint,
        )

    def _frame(self) -> pd.DataFrame:
        """The study's table; where it is annotated, with what is decided now."""
        frame, desk = self._study.frame(), self._session.desk
        return frame if desk is None else desk.frame(frame)

    @cached_property
    def _ids(self) -> "pd.Index[Any]":
        return self._study.frame().index

    def _selected(self) -> NDArray[np.bool_]:
        """Whether each example is selected, shape `(N,)`."""
        return unpack_mask(self._session.selection, self._pack.manifest["count"])

    def _shown(self, frame: pd.DataFrame) -> NDArray[np.bool_]:
        """Whether each example passes the filters, shape `(N,)`."""
        filters = self._encoded_filters()
        groups = self._moved_groups() if "group" in filters else None
        return shown_mask(frame, filters, self._pack.manifest, groups=groups)

    def _moved_groups(self) -> "NDArray[np.integer[Any]] | None":
        """Codes of the groups, shape `(N,)`, where their boundaries were moved."""
        moved = self._moved_boundaries()
        if moved is None:
            return None
        codes: NDArray[np.integer[Any]] = self._study.groups(
            boundaries=moved
        ).codes.numpy()
        return codes

    def _encoded_filters(self) -> dict[str, Any]:
        filters: dict[str, Any] = self._session.ui_state.get("filters", {})
        return filters

    def _moved_boundaries(self) -> tuple[float, float, float, float] | None:
        return moved_boundaries(self._session.ui_state, self._pack.manifest)

    def _find_view(self, name: str) -> dict[str, Any]:
        views = read_views(self._study.dataset)
        if name not in views:
            listed = ", ".join(map(repr, views)) or "none"
            raise DataError(f"No view is named {name!r}. Saved are: {listed}.")
        return views[name]


def _texts_in(kept: object) -> list[str]:
    """The ids in a saved selection of any origin."""
    ids = kept if isinstance(kept, list) else []
    return [each for each in ids if isinstance(each, str)]
