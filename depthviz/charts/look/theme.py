"""The configuration that each chart carries: two themes for screens, one for print.

It stands in the chart itself, so that no setting of the person's is read or changed.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from depthviz.charts.look.options import Look
from depthviz.charts.look.palette import CLASSES

__all__ = ["Inks", "config_of", "inks_of"]


class Inks(NamedTuple):
    """Colors that are no class's: of text, lines and marks without a class."""

    paper: str
    text: str
    faint: str
    line: str
    mark: str
    accent: str


LIGHT = Inks("#ffffff", "#1b1e23", "#565c66", "#dfe2e6", "#868e99", "#0a5fbf")
DARK = Inks("#15171b", "#e9ebee", "#a5acb7", "#32373f", "#7d8591", "#7ab8ff")


def inks_of(look: Look) -> Inks:
    """Find the colors of text, lines and marks without a class.

    Args:
        look: How a chart is drawn.

    Returns:
        Colors as `#rrggbb`.
    """
    return DARK if look.theme == "dark" else LIGHT


def config_of(look: Look) -> dict[str, Any]:
    """Make the `config` of a chart.

    Args:
        look: How it is drawn.

    Returns:
        What Vega-Lite takes; it leaves nothing to a theme of the person's.
    """
    inks = inks_of(look)
    gap = 8 if look.on_paper else 14
    return {
        "background": inks.paper,
        "font": look.font,
        "padding": 2 if look.on_paper else 8,
        "view": {"stroke": None, "fill": None},
        "axis": _axis(look, inks),
        "axisX": {"grid": False},
        "axisY": {"domain": False, "ticks": False},
        **_words(look, inks),
        "range": {
            "category": list(CLASSES[look.ground]),
            "heatmap": {"scheme": "viridis"},
            "ramp": {"scheme": "viridis"},
        },
        "line": {"strokeWidth": 1 if look.on_paper else 2},
        "bar": {"color": inks.mark},
        "rule": {"color": inks.mark},
        "facet": {"spacing": gap},
        "concat": {"spacing": gap},
    }


def _axis(look: Look, inks: Inks) -> dict[str, Any]:
    fine = 0.5 if look.on_paper else 1
    return {
        **_letters(look),
        "labelColor": inks.faint,
        "titleColor": inks.faint,
        "titlePadding": 4 if look.on_paper else 8,
        "domainColor": inks.mark,
        "domainWidth": fine,
        "tickColor": inks.mark,
        "tickWidth": fine,
        "tickSize": 3 if look.on_paper else 4,
        "gridColor": inks.line,
        "gridWidth": fine,
        "labelLimit": 14 * look.font_size,
        "labelOverlap": "greedy",
    }


def _words(look: Look, inks: Inks) -> dict[str, Any]:
    """Legends, headers of panels, titles and words in the plot."""
    colors = {"labelColor": inks.text, "titleColor": inks.faint}
    size = look.font_size
    return {
        "legend": {
            **_letters(look),
            **colors,
            "labelLimit": 16 * size,
            "symbolLimit": 0,
        },
        "header": {**_letters(look), **colors, "labelPadding": 3},
        "title": {
            "font": look.font,
            "subtitleFont": look.font,
            "color": inks.text,
            "subtitleColor": inks.faint,
            "fontSize": round(size * 13 / 12, 1),
            "fontWeight": 600,
            "subtitleFontSize": size,
            "anchor": "start",
            "frame": "group",
            "offset": 4 if look.on_paper else 10,
        },
        "text": {"font": look.font, "fontSize": size, "color": inks.text},
    }


def _letters(look: Look) -> dict[str, Any]:
    return {
        "labelFont": look.font,
        "titleFont": look.font,
        "labelFontSize": look.font_size,
        "titleFontSize": look.font_size,
        "titleFontWeight": "normal",
    }
