"""A chart as a notebook keeps it: pictures that need no script and no network."""

from __future__ import annotations

import base64
import io
from typing import Any

from PIL import Image

from depthviz.charts.output.conversion import PER_INCH, to_pdf, to_png
from depthviz.charts.output.letters import warn_of_letters
from depthviz.charts.output.raster import rasterized
from depthviz.charts.output.saving import PAGE, SCREEN, draw_svg

__all__ = ["pictures"]


def pictures(chart: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """Draw a chart for the cell of a notebook, and for what a notebook is turned into.

    Args:
        chart: A chart.

    Returns:
        By media type a PNG, which notebooks, pages and previews show, and a PDF, which
        LaTeX takes, in base64; and how large the first is to be shown, in pixels,
        with what it shows in words.

    Raises:
        DependencyError: If vl-convert is missing.
        TaskError: If it cannot run in this process.
    """
    svg, words = draw_svg(chart), chart.description
    warn_of_letters(svg, stacklevel=2)
    png = to_png(rasterized(svg, dpi=SCREEN), dpi=SCREEN)
    pdf = to_pdf(rasterized(svg, dpi=PAGE))
    with Image.open(io.BytesIO(png)) as picture:
        wide, high = (round(side * PER_INCH / SCREEN) for side in picture.size)
    data = {
        "image/png": base64.b64encode(png).decode(),
        "application/pdf": base64.b64encode(pdf).decode(),
    }
    size = {"width": wide, "height": high}
    told = {"alt": words} if isinstance(words, str) else {}
    return data, {"image/png": {**size, **told}}
