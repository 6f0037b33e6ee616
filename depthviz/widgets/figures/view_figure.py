"""The map of a view, from what the view holds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from depthviz.charts.reading import need
from depthviz.study import Study
from depthviz.widgets.figures.map_figure import draw_map
from depthviz.widgets.figures.provenance import probe_words, provenance_line
from depthviz.widgets.figures.seen import Seen, coloring_of, places_at, probe_of
from depthviz.widgets.still.column_places import ColumnAxis, axes_of

__all__ = ["ViewNow", "draw_view"]

HOW = "Add maps with depthviz.add_maps(study)."


class ViewNow(NamedTuple):
    """What a view holds at one moment.

    Attributes:
        study: The study.
        manifest: As the page has it.
        frame: Its table, with what is decided.
        ui_state: Probe and color of the view.
        filters: As `explorer.filters` gives them.
        shown: Whether each example passes them, shape `(N,)`.
        selected: Whether each is selected, shape `(N,)`.
        groups: The groups' codes under moved boundaries, shape `(N,)`.
    """

    study: Study
    manifest: Mapping[str, Any]
    frame: pd.DataFrame
    ui_state: Mapping[str, Any]
    filters: Mapping[str, Any]
    shown: NDArray[np.bool_]
    selected: NDArray[np.bool_]
    groups: NDArray[np.integer[Any]] | None


def draw_view(view: ViewNow, options: Any, *, provenance: bool) -> alt.LayerChart:
    """Draw the map of a view.

    Args:
        view: What it holds.
        options: As `ChartOptions`.
        provenance: Whether a line below says what it is of.

    Returns:
        The chart.

    Raises:
        ArgumentError: If an option is out of range.
        StudyError: If the study has no maps.
    """
    data, axes = view.study.dataset, axes_of(view.frame, view.ui_state)
    if axes is None:
        need(view.study, "A figure of the map", "projection", how=HOW)
    probe = probe_of(view.frame, len(data["probe"]), view.ui_state)
    by = " and ".join(one.title for one in axes or ())
    places, square = _placed_by(axes) if axes else places_at(data, probe)
    coloring = coloring_of(
        data, view.frame, view.manifest, view.ui_state, groups=view.groups
    )
    seen = Seen(
        places=places,
        square=square,
        coloring=coloring,
        shown=view.shown,
        selected=view.selected,
        ids=view.frame.index.astype(str).to_numpy(object),
        axes=axes,
    )
    line = provenance_line(
        data, probe=probe, color=coloring.column, filters=view.filters, by=by
    )
    return draw_map(
        seen,
        options,
        title=_title(view, f"by {by}" if axes else f"at {probe_words(data, probe)}"),
        provenance=line if provenance else "",
    )


def _placed_by(
    axes: tuple[ColumnAxis, ColumnAxis],
) -> tuple[NDArray[np.float64], tuple[float, float, float]]:
    """Place the examples in the columns' own units; there is no common square."""
    places = np.stack([one.values for one in axes], axis=1)
    places[np.isnan(places).any(1)] = np.nan
    return places, (0.0, 0.0, 1.0)


def _title(view: ViewNow, where: str) -> str:
    count, all_ = int(view.shown.sum()), len(view.shown)
    part = f"{all_:,}" if count == all_ else f"{count:,} of {all_:,}"
    return f"{part} example{'s' * (all_ != 1)} {where}"
