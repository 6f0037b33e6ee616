"""The Explorer: map, depth slider, image grid, filters and inspector, linked."""

import os
from pathlib import Path

from depthviz.study import Study
from depthviz.widgets.base import StudyView
from depthviz.widgets.pages.page import write_page
from depthviz.widgets.pages.page_state import carried_views
from depthviz.widgets.pages.site import write_site

__all__ = ["Explorer", "explore"]


class Explorer(StudyView):
    """Linked views of a study; see `explore`."""

    def __init__(
        self, study: Study, *, title: str | None = None, height: int = 720
    ) -> None:
        super().__init__(study, view="explorer", title=title, height=height)

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
        )


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
