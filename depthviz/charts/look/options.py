"""What every chart can be asked for besides its data: size, title, theme, font."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Literal, TypedDict, get_args

from depthviz.charts.look.palette import Ground
from depthviz.checks import one_of
from depthviz.errors import ArgumentError

__all__ = ["ChartOptions", "Look", "Theme", "read_options"]

Theme = Literal["light", "dark", "print"]

SANS = {
    "light": "system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif",
    "print": "Helvetica, Arial, 'Liberation Sans', sans-serif",
}
SMALLEST, LARGEST = 10, 4000  # pixels of a plot


class ChartOptions(TypedDict, total=False):
    """What every chart takes by keyword.

    Attributes:
        title: Above the chart; by default what it shows. "" for none.
        width: Of the plot, or of each of several, in pixels.
        height: Likewise.
        theme: "light" or "dark" for a screen; "print" for a page, where a chart is as
            wide as a column and its letters are of 8 pt.
        font: The family of the letters, where another one is wanted.
        font_size: Of most letters in pixels, which are points in a PDF.
    """

    title: str | None
    width: float | None
    height: float | None
    theme: Theme
    font: str | None
    font_size: float | None


@dataclass(frozen=True)
class Look:
    """The options of one chart, with what it has by default.

    Attributes:
        title: Above the chart; None for the chart's own.
        width: Of the plot in pixels.
        height: Of the plot in pixels.
        theme: What the chart is made for.
        font: The family of the letters, which always ends in one that every machine
            has.
        font_size: Of most letters in pixels.
    """

    title: str | None
    width: float
    height: float
    theme: Theme
    font: str
    font_size: float

    @property
    def ground(self) -> Ground:
        """Which of both palettes it has."""
        return "dark" if self.theme == "dark" else "light"

    @property
    def on_paper(self) -> bool:
        """Whether it is printed, and so small."""
        return self.theme == "print"


def read_options(
    options: Any,
    *,
    width: float,
    height: float,
    print_width: float = 190,
    print_height: float | None = None,
) -> Look:
    """Check options, and fill in a chart's own.

    Args:
        options: As `ChartOptions`.
        width: What a chart has on a screen, in pixels.
        height: Likewise.
        print_width: What it has in print, in points.
        print_height: Likewise; by default of the same shape.

    Returns:
        How to draw it.

    Raises:
        ArgumentError: If one is unknown or out of range.
    """
    known = ChartOptions.__annotations__
    for name in options:
        if name not in known:
            raise ArgumentError(
                f"Unknown option {name!r} of a chart; there are: {', '.join(known)}."
            )
    theme = one_of("theme", options.get("theme", "light"), get_args(Theme))
    if theme == "print":
        height = print_height or print_width * height / width
        width = print_width
    title = options.get("title")
    if title is not None and not isinstance(title, str):
        raise ArgumentError(f"title must be text, got {title!r}.")
    sans = SANS["print" if theme == "print" else "light"]
    font = options.get("font")
    if font is not None and (not isinstance(font, str) or not font.strip()):
        raise ArgumentError(f"font must be the name of a family, got {font!r}.")
    return Look(
        title=title,
        width=_pixels("width", options.get("width"), width),
        height=_pixels("height", options.get("height"), height),
        theme=theme,
        font=sans if font is None else f"{font}, {sans}",
        font_size=_pixels(
            "font_size", options.get("font_size"), 8 if theme == "print" else 12, low=4
        ),
    )


def _pixels(name: str, value: Any, usual: float, *, low: float = SMALLEST) -> float:
    if value is None:
        return usual
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if not number or not math.isfinite(value) or not low <= value <= LARGEST:
        raise ArgumentError(
            f"{name} must be a number of pixels from {low:g} to {LARGEST:,}, got "
            f"{value!r}."
        )
    return float(value)
