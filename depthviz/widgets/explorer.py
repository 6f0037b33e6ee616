"""The Explorer: map, depth slider, image grid, filters and inspector, linked."""

import base64
import os
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from depthviz.errors import DepthvizError
from depthviz.study import Study
from depthviz.widgets.figures.drawn_view import DrawnView
from depthviz.widgets.pages.frame import Frame
from depthviz.widgets.pages.page import page_text, write_page
from depthviz.widgets.pages.page_state import carried_views
from depthviz.widgets.pages.site import write_site
from depthviz.widgets.payload.pack import Pack
from depthviz.widgets.session import session_of

if TYPE_CHECKING:
    from depthviz.annotations import Annotations
    from depthviz.widgets.annotating.desk import Desk

__all__ = ["Explorer", "explore"]


class Explorer(DrawnView):
    """Linked views of a study; see `explore`."""

    def __init__(
        self,
        study: Study,
        *,
        title: str | None = None,
        height: int = 720,
        desk: "Desk | None" = None,
    ) -> None:
        super().__init__(study, view="explorer", title=title, height=height, desk=desk)

    @property
    def annotations(self) -> "Annotations | None":
        """The open store of what is decided in this view; None where nothing is.

        A store that was given to `explore` is that very one. It has what the page has
        brought to Python, and the page reads what is recorded in it.
        """
        desk = self._session.desk
        return None if desk is None else desk.store

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
            ArgumentError: If the path is none of a local disk.
            DataError: If the path is a folder, or `max_bytes` is too few for the
                columns.
        """
        return write_page(
            self._study,
            self._pack,
            path,
            height=self._height,
            max_bytes=max_bytes,
            selection=self._session.selection,
            ui_state=self._session.ui_state,
            desk=self._session.desk,
        )

    def to_site(self, folder: str | os.PathLike[str]) -> Path:
        """Write this Explorer as a folder, for studies too large for one page.

        Nothing is left out. The folder works from any web server, and from a disk.

        Args:
            folder: Where to; a folder that an earlier call wrote is replaced.

        Returns:
            The path of the page in it.

        Raises:
            ArgumentError: If the path is none of a local disk.
            DataError: If the path is a file, or a folder with anything else in it.
        """
        return write_site(
            self._pack,
            folder,
            height=self._height,
            selection=self._session.selection,
            ui_state=self._session.ui_state,
            views=carried_views(self._study, self._pack.manifest),
            desk=self._session.desk,
        )

    def to_iframe(
        self, *, height: int | None = None, max_bytes: int | None = None
    ) -> Frame:
        """Make one HTML element that holds this Explorer, for a page of another kind.

        It is the page that `to_html` writes, in a sandboxed `iframe` with `srcdoc`: it
        needs no kernel, no network and no file beside it. As the last line of a cell
        it is drawn there, and stays interactive where the notebook becomes a page;
        `str()` of it is the element's text, for Markdown or a template. In it nobody
        annotates: a sandbox keeps nothing.

        Args:
            height: In pixels; by default that of this view.
            max_bytes: Size of the page, as for `to_html`.

        Returns:
            The element; a notebook shows it.

        Raises:
            DataError: If `max_bytes` is too few for the columns.
        """
        still = base64.b64encode(self._still()).decode()
        return self._frame_with(still, height=height, max_bytes=max_bytes)

    def _converted(self, still: str) -> dict[str, Any]:
        try:
            return self._frame_with(still)._repr_mimebundle_()
        except DepthvizError as error:
            warnings.warn(f"Only a picture is shown: {error}", stacklevel=2)
            return super()._converted(still)

    def _frame_with(
        self, still: str, *, height: int | None = None, max_bytes: int | None = None
    ) -> Frame:
        pack = session_of(self._study).pack  # without what is decided
        page = page_text(
            self._study,
            Pack({**pack.manifest, "title": self._pack.manifest["title"]}, pack.chunks),
            max_bytes=max_bytes,
            selection=self._session.selection,
            ui_state=self._session.ui_state,
        )
        return Frame(
            page,
            title=self._pack.manifest["title"],
            height=self._height if height is None else height,
            png=still,
        )


def explore(
    study: Study,
    *,
    annotations: "bool | str | os.PathLike[str] | Annotations | None" = None,
    annotator: str | None = None,
    schema: Mapping[str, Any] | str | os.PathLike[str] | None = None,
    blind: bool = False,
    title: str | None = None,
    height: int = 720,
) -> Explorer:
    """Show a study as linked views.

    Args:
        study: What to show.
        annotations: Where decisions about the examples are kept, for a view in which
            they can be made: True for `NAME.annotations.sqlite` beside the study's
            folder, a path, the URL of a database of PostgreSQL, or what
            `depthviz.annotations.open` gave.
        annotator: Whose decisions they are; by default that of a store that is given,
            else the page asks.
        schema: What may be decided: a dict, or the path of a JSON or TOML file, with
            `verdicts` (each with `value`, and where wanted `title`, `key`, `color`,
            `relabels` where it says that the label is wrong, and `confirms` where it
            says that it is right) and `tags`; by default "wrong label", "correct",
            "ambiguous" and "not sure". The store remembers what its verdicts mean.
        blind: Whether label, prediction, depth and what others say are hidden until
            one's own verdict.
        title: Heading; by default the study's own title.
        height: Height of the whole in pixels.

    Returns:
        The Explorer; as the last line of a notebook cell it is drawn there.

    Raises:
        ArgumentError: If the annotations have no place, as those of a study in memory,
            or the schema is none.
        DependencyError: If the widget's bundle was never built.
        DiskError: If the annotations cannot be opened.
        FormatError: If they are damaged, of a newer version, or something else.
        StudyError: If the study has no examples, or annotates one by an id that no
            store takes.
    """
    desk = None
    given = (annotations, annotator, schema, blind)
    # A store without events is one too, and as a truth value false.
    if any(each is not None and each is not False for each in given):
        from depthviz.widgets.annotating.opening import open_desk

        desk = open_desk(
            study, annotations, annotator=annotator, schema=schema, blind=blind
        )
    return Explorer(study, title=title, height=height, desk=desk)
