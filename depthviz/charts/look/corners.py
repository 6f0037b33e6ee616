"""Pictures in the corners of the plane of two depths, above and below its marks."""

from __future__ import annotations

from typing import NamedTuple

import altair as alt
import numpy as np
import pandas as pd

from depthviz.charts.look.options import Look
from depthviz.charts.look.parts import of_kind
from depthviz.charts.look.thumbnails import has_pictures, picture_addresses
from depthviz.study import Study
from depthviz.study.members import train_axis

__all__ = ["Frame", "corner_pictures", "frame_of", "picture_layers"]

EACH = 3  # pictures of a corner
# By group, whether its corner is that of great depth: trained on, and held out.
CORNERS = {
    "easy": (False, False),
    "looks like a different class": (True, False),
    "ambiguous unless the label is given": (False, True),
    "ambiguous": (True, True),
}
EDGE = 6.0  # pixels between the axes and the first marks


class Frame(NamedTuple):
    """Where the plane ends, in depths.

    Attributes:
        last: The greatest depth.
        beside: What lies beyond it at the left and right.
        band: Likewise above and below, where pictures stand.
        wide: Of a picture.
        high: Of a picture.
    """

    last: int
    beside: float
    band: float
    wide: float
    high: float


def frame_of(last: int, look: Look, *, pictures: bool) -> Frame:
    """Divide the plot between the plane and its pictures.

    Args:
        last: The greatest depth.
        look: How large the plot is.
        pictures: Whether there are some.

    Returns:
        Where each is.
    """
    beside = last * EDGE / max(1.0, look.width - 2 * EDGE)
    unit = (last + 2 * beside) / look.width
    side = look.width / 9 if pictures else 0.0
    strip = min(side + EDGE, look.height / 4) + EDGE if pictures else EDGE
    tall = last / max(1.0, look.height - 2 * strip)
    return Frame(last, beside, tall * strip, unit * side, tall * (strip - 2 * EDGE))


def corner_pictures(study: Study, frame: Frame, name: str) -> pd.DataFrame:
    """Choose the pictures of each corner, and where they stand.

    Args:
        study: What is drawn, with groups.
        frame: Where the plane ends.
        name: The panel of the study.

    Returns:
        A row a picture, of the kind "picture", with its `group`, `example_id`, place
        and address; none where the study keeps no pictures.
    """
    table = study.frame()
    if not has_pictures(study) or "group" not in table:
        return pd.DataFrame()
    depths = table[[train_axis(study.dataset), "validation_depth"]].to_numpy(float)
    kept = table.get("group_confidence", pd.Series(0.0, table.index)).to_numpy(float)
    found = []
    for group, deep in CORNERS.items():
        far = np.abs(depths - np.where(deep, frame.last, 0)).sum(1)
        own = np.flatnonzero((table["group"] == group).to_numpy(bool))
        own = own[np.isfinite(far[own])]
        order = np.lexsort((far[own], -np.nan_to_num(kept[own], nan=-1.0)))
        rows = own[order[:EACH]]
        place = np.arange(len(rows)) * frame.wide * 1.08
        left = -frame.beside + place
        if deep[0]:
            left = frame.last + frame.beside - frame.wide - place
        low = frame.last + (frame.band - frame.high) / 2 + frame.high * 0.06
        low = low if deep[1] else -(frame.band + frame.high) / 2 - frame.high * 0.06
        columns = {
            "kind": "picture",
            "shown": name,
            "group": group,
            "example_id": table.index[rows].astype(str),
            "left": left,
            "right": left + frame.wide,
            "low": low,
            "high": low + frame.high,
            "picture": picture_addresses(study, rows),
        }
        found.append(pd.DataFrame(columns))
    return pd.concat(found, ignore_index=True)


def picture_layers(
    frame: Frame, look: Look, x: alt.X, y: alt.Y, color: alt.Color
) -> list[alt.Chart]:
    """Draw the pictures, each in a frame of the color of its group.

    Args:
        frame: Where they are.
        look: How large the plot is.
        x: The axis of the plane, of the column `left`.
        y: Likewise, of `low`.
        color: Of the groups.

    Returns:
        The drawings.
    """
    wide = look.width * frame.wide / (frame.last + 2 * frame.beside)
    high = look.height * frame.high / (frame.last + 2 * frame.band)
    tips = [alt.Tooltip("example_id:N"), alt.Tooltip("group:N")]
    image = of_kind("picture").mark_image(
        width=wide, height=high, align="left", baseline="bottom", aria=False
    )
    box = of_kind("picture").mark_rect(
        filled=False, strokeWidth=0.75 if look.on_paper else 1.5
    )
    return [
        image.encode(x, y, alt.Url("picture:N"), tooltip=tips),
        box.encode(x, alt.X2("right:Q"), y, alt.Y2("high:Q"), color, tooltip=tips),
    ]
