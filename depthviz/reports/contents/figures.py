"""The figures of a report, each under the sentence that it shows.

A sentence is made of the numbers of the chart's own table. What a study cannot show is
left out; where nothing can be drawn the sentences still stand.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import altair as alt

from depthviz import charts
from depthviz.errors import DataError, StudyError
from depthviz.reports.contents.finding import suspected_labels
from depthviz.reports.contents.sentences import (
    Said,
    mask_of,
    say_confusion,
    say_depths,
    say_evidence,
    say_plane,
    say_precision,
    say_trend,
    say_votes,
    without_groups,
)
from depthviz.reports.document import Figure
from depthviz.study import Study

__all__ = ["figures_of"]

HALF, PHONE = 350, 270  # width of a plot, in pixels
NAMED = 90  # what names at the ends of lines take of it
FONT = "Arial"  # as wide wherever it is read as where it was measured, nearly


class _Kind(NamedTuple):
    """One kind of figure.

    Attributes:
        name: Of the chart.
        say: Makes its sentence; None where there is nothing to say.
        half: Whether it takes half of the width.
        shape: Height of a plot, as a share of its width.
        width: Of a plot, in pixels.
        named: Whether names stand at the ends of its lines.
        draw: Draws it, where it is not the chart itself.
    """

    name: str
    say: Callable[[Study], Said | None]
    half: bool = True
    shape: float = 0.66
    width: float = HALF
    named: bool = False
    draw: Callable[..., alt.TopLevelMixin] | None = None


def figures_of(study: Study, *, draw: bool = True) -> list[Figure]:
    """Make the figures that a study can show.

    Args:
        study: The study.
        draw: Whether charts are made, besides the sentences.

    Returns:
        The figures, in the order of the report.
    """
    found = []
    for kind in _FIGURES:
        try:
            said = kind.say(study)
            if said is not None:
                found.append(_figure(study, kind, said, draw=draw))
        except (StudyError, DataError):
            continue  # this study lacks what the chart needs
    return found


def _figure(study: Study, kind: _Kind, said: Said, *, draw: bool) -> Figure:
    wide = narrow = None
    words = said.says
    if draw:
        make = kind.draw or getattr(charts, kind.name)
        less = NAMED if kind.named else 0
        wide = make(study, title="", font=FONT, **_size(kind, kind.width))
        narrow = make(study, title="", font=FONT, **_size(kind, PHONE - less))
        if isinstance(narrow, alt.FacetChart):
            narrow.columns = 1
        words = str(wide.to_dict()["description"])
    return Figure(
        name=kind.name,
        says=said.says,
        more=said.more,
        wide=wide,
        narrow=narrow,
        words=words,
        half=kind.half,
        view=said.view,
    )


def _size(kind: _Kind, width: float) -> dict[str, int]:
    """Size of a plot, in pixels."""
    return {"width": round(width), "height": round(width * kind.shape)}


def _confused(study: Study, **options: Any) -> alt.TopLevelMixin:
    """Suspected labels alone, in one panel whatever their groups."""
    rows = suspected_labels(study.frame())
    drawn: alt.TopLevelMixin = charts.confusion_by_group(
        without_groups(study),
        examples=mask_of(study, rows),
        against="suggested",
        **options,
    )
    return drawn


_FIGURES = (
    _Kind("probe_curves", say_votes, half=False, width=300, named=True),
    _Kind("depth_plane", say_plane, shape=1),
    _Kind("depth_histogram", say_depths, shape=0.8),
    _Kind("evidence_by_probe", say_evidence, shape=0.8, width=HALF - NAMED, named=True),
    _Kind("confusion_by_group", say_confusion, shape=1, width=300, draw=_confused),
    _Kind("accuracy_by_depth", say_trend, half=False, width=250),
    _Kind("suspect_precision", say_precision),
)
