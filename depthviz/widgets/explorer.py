"""The Explorer: map, depth slider, image grid and filters, linked in the browser.

The browser owns the interaction: it filters, selects and redraws without asking Python.
Python packs the data, answers the browser's pulls for it, and receives the selection,
which it may also set.
"""

import os
import uuid
from collections.abc import Hashable, Iterable
from pathlib import Path
from typing import Any

import anywidget
import numpy as np
import pandas as pd
import traitlets
from numpy.typing import NDArray

from depthviz.errors import DataError
from depthviz.study import Study
from depthviz.widgets.bundle import read_bundle
from depthviz.widgets.packing import pack_study
from depthviz.widgets.page import write_page

__all__ = ["Explorer", "explore"]

_LARGEST_CHUNK = 4 * 2**20


class Explorer(anywidget.AnyWidget):
    """Linked views of a study; see `explore`."""

    _esm = traitlets.Unicode().tag(sync=True)
    _manifest = traitlets.Dict().tag(sync=True)
    _selection = traitlets.CBytes(b"").tag(sync=True)
    _ui_state = traitlets.Dict().tag(sync=True)
    _session_id = traitlets.Unicode().tag(sync=True)
    _height = traitlets.Int().tag(sync=True)

    def __init__(
        self, study: Study, *, title: str | None = None, height: int = 720
    ) -> None:
        self._study = study
        self._pack = pack_study(study, title=title)
        super().__init__(
            _esm=read_bundle(),
            _manifest=self._pack.manifest,
            _session_id=uuid.uuid4().hex,
            _height=height,
        )
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
        ids: list[Hashable] = self._study.frame().index[self._positions()].tolist()
        return ids

    @selection.setter
    def selection(self, examples: Iterable[Hashable] | pd.DataFrame) -> None:
        mask = _mask(self._study.frame().index, examples)
        self._selection = np.packbits(mask, bitorder="little").tobytes()

    @property
    def ui_state(self) -> dict[str, Any]:
        """Filters, probe, color and sort of the view; may be set to an earlier one."""
        return dict(self._ui_state)

    @ui_state.setter
    def ui_state(self, state: dict[str, Any]) -> None:
        self._ui_state = dict(state)

    @property
    def selected(self) -> pd.DataFrame:
        """The rows of `study.frame()` whose examples are selected."""
        return self._study.frame().iloc[self._positions()]

    def to_html(
        self, path: str | os.PathLike[str], *, max_bytes: int | None = None
    ) -> Path:
        """Write this Explorer as one offline HTML page, with its selection and filters.

        Args:
            path: The HTML file to write; an existing one is replaced.
            max_bytes: Size of the page; by default 6,000,000, and more where the
                columns and maps of a large study leave too little of that for pictures.
                What does not fit is left out, and the page says so: pictures are
                reduced, but whole for the selected and the hardest examples.

        Returns:
            The path of the page.

        Raises:
            DataError: If the path is a folder, or `max_bytes` is too few for the
                columns.
        """
        return write_page(
            self._study,
            self._pack,
            path,
            height=self._height,
            max_bytes=max_bytes,
            selection=self._selection,
            ui_state=self._ui_state,
        )

    def _positions(self) -> NDArray[np.intp]:
        mask = np.unpackbits(
            np.frombuffer(self._selection, np.uint8), bitorder="little"
        )
        return np.flatnonzero(mask[: self._pack.manifest["count"]])

    def _answer(self, _: object, message: object, __: object) -> None:
        """Answer a pull for a piece of a chunk; leave any other message alone."""
        if not isinstance(message, dict) or message.get("type") != "pull":
            return
        asked = {key: message.get(key) for key in ("id", "name", "offset")}
        try:
            total, piece = self._piece(asked["name"], asked["offset"])
        except DataError as error:
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


def explore(study: Study, *, title: str | None = None, height: int = 720) -> Explorer:
    """Show a study as linked views.

    Args:
        study: What to show.
        title: Heading; by default the study's own title.
        height: Height of the whole in pixels.

    Returns:
        The Explorer; as the last line of a notebook cell it is drawn there.

    Raises:
        DependencyError: If the widget's bundle was never built.
        StudyError: If the study has no examples.
    """
    return Explorer(study, title=title, height=height)
