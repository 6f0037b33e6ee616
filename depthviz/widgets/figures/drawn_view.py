"""A view whose map becomes a figure, and that charts follow."""

import json
import os
from collections.abc import Hashable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Unpack

from depthviz.widgets.base import StudyView

if TYPE_CHECKING:
    from depthviz.charts import ChartOptions
    from depthviz.widgets.figures.live_chart import LiveChart
    from depthviz.widgets.figures.view_figure import ViewNow

__all__ = ["DrawnView"]


class DrawnView(StudyView):
    """A view that is drawn by others than itself; use `depthviz.explore`."""

    def save_figure(
        self,
        path: str | os.PathLike[str],
        *,
        provenance: bool = True,
        dpi: float | None = None,
        **options: "Unpack[ChartOptions]",
    ) -> Path:
        """Write the map as it is seen: its probe, colors, filters and selection.

        The whole map is drawn, also where the page is zoomed into it.

        Args:
            path: A file that ends in .png, .svg, .pdf, .html or .json; an existing one
                is replaced.
            provenance: Whether a line below says which data, seed, probe and filters
                it is of.
            dpi: As for `depthviz.charts.save`.
            options: As for every chart, such as `theme="print"`; see `ChartOptions`.

        Returns:
            The path.

        Raises:
            ArgumentError: If the name ends in something else, or an option is unknown
                or out of range.
            DataError: If the path is a folder.
            DependencyError: If vl-convert is missing.
            DiskError: If it cannot be written; an earlier file is then unchanged.
            StudyError: If the study has no maps.
        """
        from depthviz.charts.output.saving import write_chart
        from depthviz.widgets.figures.view_figure import draw_view

        return write_chart(
            lambda: draw_view(self._now(), options, provenance=provenance), path, dpi
        )

    def chart(self, name: str, **options: Any) -> "LiveChart":
        """Draw a chart that follows the view: of what is selected, else what is shown.

        Args:
            name: A chart of `depthviz.charts`, such as "depth_histogram".
            options: What that function takes besides the study and the examples.

        Returns:
            A widget, Altair's `JupyterChart` without a network; as the last line of a
            cell it is drawn there, and anew when the selection or the filters change.
            A chart of all examples, such as "suspect_precision", stays as it is.

        Raises:
            ArgumentError: If there is no such chart, or an option is unknown or out of
                range.
            DependencyError: If vl-convert is missing.
            StudyError: If the study lacks what the chart draws.
        """
        from depthviz.widgets.figures.live_chart import LiveChart
        from depthviz.widgets.figures.named_charts import draws_part
        from depthviz.widgets.figures.words import draw_words

        draw = draws_part(name, self._study, options)
        chart = LiveChart(
            lambda: draw(self._drawn()),
            self._part,
            whole=lambda: draw(None),
            say=lambda words: draw_words(words, options),
        )
        self._session.followers.add(chart)
        return chart

    def _part(self) -> Hashable:
        """What tells the examples that a chart is of from others."""
        if self._session.selection:
            return self._session.selection
        filters = self._encoded_filters()
        moved = self._moved_boundaries() if "group" in filters else None
        return json.dumps([filters, moved], sort_keys=True) if filters else ""

    def _drawn(self) -> Any:
        """Which examples a chart is of: None for all, or a mask, shape `(N,)`."""
        if self._session.selection:
            return self._selected()
        return self._shown(self._frame()) if self._encoded_filters() else None

    def _now(self) -> "ViewNow":
        from depthviz.widgets.figures.view_figure import ViewNow

        frame = self._frame()
        return ViewNow(
            study=self._study,
            manifest=self._pack.manifest,
            frame=frame,
            ui_state=self._session.ui_state,
            filters=self.filters,
            shown=self._shown(frame),
            selected=self._selected(),
            groups=self._moved_groups(),
        )
