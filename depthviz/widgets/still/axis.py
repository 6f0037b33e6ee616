"""The axis of probes of the still picture: what settles where, accuracy, agreement."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from depthviz.widgets.still.sheet import Sheet
from depthviz.widgets.still.theme import ACCENT, INK, LINE, PAPER, SOFT, TINT, Rgb

__all__ = ["draw_axis", "settled_at", "telling_probe"]

_WORDS = 140  # pixels for what is said of the probe
_ENDS = 70  # and for the names of the lines
_FINE = 3
_BAR: Rgb = (222, 226, 231)
_OF_HERE: Rgb = (200, 218, 240)


def settled_at(frame: pd.DataFrame, probes: int) -> NDArray[np.int64]:
    """Count the examples that settle at each probe, shape `(P,)`."""
    names = ("train_label_depth", "train_depth", "depth")
    depth = frame[next(name for name in names if name in frame)].to_numpy(float)
    known = depth[np.isfinite(depth)].astype(int)
    return np.bincount(known[(known >= 0) & (known < probes)], minlength=probes)


def telling_probe(frame: pd.DataFrame, probes: int) -> int:
    """Where most examples settle, but not the input, whose map tells least."""
    later = settled_at(frame, probes)[1:]
    if not len(later):
        return 0
    return int(probes - 1 - later[::-1].argmax())


def draw_axis(
    sheet: Sheet,
    data: xr.Dataset,
    frame: pd.DataFrame,
    shown: NDArray[np.bool_],
    probe: int,
    *,
    box: tuple[int, int, int, int],
) -> None:
    """Draw the chart, and what is known of the probe at hand."""
    left, top, right, bottom = box
    names = [str(one) for one in data["probe"].values]
    settled = settled_at(frame[shown], len(names))
    lines = {
        word: data[f"probe_{word}"].values.astype(float)
        for word in ("agreement", "accuracy")
        if f"probe_{word}" in data
    }
    sheet.write((left, top), names[probe], size=16, ink=INK, bold=True, width=_WORDS)
    said = [
        f"{word} {lines[word][probe]:.0%}"
        for word in ("accuracy", "agreement")
        if word in lines and np.isfinite(lines[word][probe])
    ]
    for number, text in enumerate([*said, f"{settled[probe]:,} settle here"]):
        sheet.write((left, top + 24 + 16 * number), text, size=12, width=_WORDS)
    area = (left + _WORDS + 20, top, right - _ENDS, bottom - 20)
    _draw_chart(sheet, settled, lines, probe, area)
    _write_names(sheet, names, probe, area)
    _write_ends(sheet, lines, area)


def _draw_chart(
    sheet: Sheet,
    settled: NDArray[np.int64],
    lines: dict[str, NDArray[np.float64]],
    probe: int,
    area: tuple[int, int, int, int],
) -> None:
    wide, high = ((area[2] - area[0]) * _FINE, (area[3] - area[1]) * _FINE)
    image = Image.new("RGB", (wide, high), PAPER)
    pen = ImageDraw.Draw(image)
    band = wide / len(settled)

    def y(share: float) -> float:
        return (high - 1) * (1 - 0.92 * share)

    for share in (0, 0.5, 1):
        pen.line(
            (0, y(share), wide, y(share)),
            fill=LINE if share == 0 else TINT,
            width=_FINE,
        )
    for place, count in enumerate(settled.tolist()):
        if count:
            tall = max(0.02, 0.8 * count / int(settled.max()))
            corners = (place + 0.18) * band, y(tall), (place + 0.82) * band, y(0)
            pen.rectangle(corners, fill=_OF_HERE if place == probe else _BAR)
    for word, shares in lines.items():
        known = np.flatnonzero(np.isfinite(shares))
        path = [((i + 0.5) * band, y(float(np.clip(shares[i], 0, 1)))) for i in known]
        if word == "agreement":
            _dash(pen, path, SOFT)
            continue
        pen.line(path, fill=INK, width=round(1.5 * _FINE), joint="curve")
        for x, at in path:
            reach = 2.2 * _FINE
            pen.ellipse((x - reach, at - reach, x + reach, at + reach), fill=INK)
    here = (probe + 0.5) * band
    pen.line((here, 0, here, high), fill=ACCENT, width=2 * _FINE)
    size = (area[2] - area[0], area[3] - area[1])
    sheet.image.paste(image.resize(size, Image.Resampling.BOX), (area[0], area[1]))


def _dash(
    pen: ImageDraw.ImageDraw, path: Sequence[tuple[float, float]], ink: Rgb
) -> None:
    """Draw a path in dashes."""
    for (x, y), (x2, y2) in pairwise(path):
        steps = max(1, round(np.hypot(x2 - x, y2 - y) / (4 * _FINE)))
        ends = np.linspace((x, y), (x2, y2), steps + 1)
        for one, other in zip(ends[::2], ends[1::2], strict=False):
            pen.line((*one, *other), fill=ink, width=round(1.2 * _FINE))


def _write_names(
    sheet: Sheet, names: list[str], probe: int, area: tuple[int, int, int, int]
) -> None:
    """Write the probes below, those that there is room for; always the one at hand."""
    band = (area[2] - area[0]) / len(names)
    step = max(1, int(np.ceil(44 / band)))
    for place, name in enumerate(names):
        near = place != probe and abs(place - probe) < step
        if place != probe and (place % step or near):
            continue
        at = (area[0] + (place + 0.5) * band, area[3] + 5)
        here = place == probe
        ink, room = (ACCENT, max(90.0, band)) if here else (SOFT, step * band - 6)
        sheet.write(
            at, _short(name), size=12, ink=ink, bold=here, width=room, align="center"
        )


def _short(name: str) -> str:
    """The end of a dotted name; all of it where that is a bare number."""
    last = name.rpartition(".")[2]
    return name if last.isdigit() else last


def _write_ends(
    sheet: Sheet,
    lines: dict[str, NDArray[np.float64]],
    area: tuple[int, int, int, int],
) -> None:
    """Name the lines at their ends, never one upon the other."""
    ends = {
        word: shares[-1] for word, shares in lines.items() if np.isfinite(shares[-1])
    }
    high, before = area[3] - area[1], -99.0
    for word, share in sorted(ends.items(), key=lambda one: -one[1]):
        y = max(
            area[1] + high * (1 - 0.92 * float(np.clip(share, 0, 1))) - 8, before + 15
        )
        sheet.write(
            (area[2] + 4, y), word, size=12, ink=INK if word == "accuracy" else SOFT
        )
        before = y
