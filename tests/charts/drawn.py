"""Charts for tests, and what their files show."""

import io
from pathlib import Path
from typing import Any

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from PIL import Image

from depthviz.charts.look.figures import finish, rows_from
from depthviz.charts.look.options import read_options


def points(count: int, *, title: str = "Points", **options: Any) -> alt.Chart:
    """Draw points at random, in three classes."""
    draw = np.random.default_rng(0)
    table = pd.DataFrame(
        {
            "x": draw.normal(size=count),
            "y": draw.normal(size=count),
            "name": draw.integers(0, 3, count).astype(str),
        }
    )
    look = read_options(options, width=300, height=200)
    chart = alt.Chart(rows_from("points")).mark_point(
        filled=True, size=9, stroke=None, opacity=1, fillOpacity=0.6
    )
    encoded = chart.encode(alt.X("x:Q"), alt.Y("y:Q"), alt.Color("name:N"))
    return finish(
        encoded.properties(width=look.width, height=look.height),
        look,
        rows={"points": table},
        title=title,
        description="Points at random.",
    )


def pixels(path: Path | bytes) -> NDArray[np.uint8]:
    """Read a picture, shape `(H, W, 4)`."""
    source = io.BytesIO(path) if isinstance(path, bytes) else path
    with Image.open(source) as image:
        return np.asarray(image.convert("RGBA"))
