"""The line of findings: what a study holds that is worth a look, in numbers.

The page computes its own, with pictures and filters; here are those that a count
tells, in the same words.
"""

import pandas as pd
import xarray as xr

from depthviz.widgets.still.sheet import Sheet
from depthviz.widgets.still.theme import FIXED, INK, SOFT, Mark

__all__ = ["draw_findings", "find_findings"]

Finding = tuple[int, str, Mark | None]

_SURE = 0.9
_OF_GROUPS = {
    "looks like a different class": "look like a different class",
    "ambiguous": "are ambiguous",
    "ambiguous unless the label is given": "are clear only once seen",
}


def find_findings(data: xr.Dataset, frame: pd.DataFrame) -> list[Finding]:
    """Count what is worth a look: the number, the words after it, the group's mark.

    Args:
        data: The study's dataset.
        frame: `study.frame()`.

    Returns:
        Those that hold for some examples and not for all.
    """
    if "group" in frame:
        counts = frame["group"].value_counts()
        found: list[Finding] = [
            (int(counts.get(name, 0)), words, FIXED[name])
            for name, words in _OF_GROUPS.items()
        ]
    else:
        found = [(count, words, None) for words, count in _of_one(data, frame)]
        late = int((frame["depth"] >= len(data["probe"])).sum())
        found.append((late, "never settle", None))
    return [one for one in found if 0 < one[0] < len(frame)]


def _of_one(data: xr.Dataset, frame: pd.DataFrame) -> list[tuple[str, int]]:
    """Count the labels to check and the sure mistakes of one network."""
    found = []
    if {"suspicion", "suggested_label", "label"} <= set(data):
        label, other = (data[name].values for name in ("label", "suggested_label"))
        doubted = (data["suspicion"].values > 0) & (other >= 0) & (other != label)
        found.append(("have neighbors of another class", int(doubted.sum())))
    if {"correct", "confidence"} <= set(frame):
        wrong = ~frame["correct"].fillna(True).to_numpy(bool)
        sure = wrong & (frame["confidence"].to_numpy(float) >= _SURE)
        found.append(("are wrong with confidence", int(sure.sum())))
    return found


def draw_findings(
    sheet: Sheet, found: list[Finding], *, left: float, top: float, right: float
) -> None:
    """Write the findings side by side, as many as there is room for."""
    x = left
    for count, words, mark in found:
        number, more = f"{count:,}", sheet.fit(words, size=14, width=400)
        wide = 13 * (mark is not None) + 8 * len(number) + 10 + more[1].getlength(words)
        if x + wide > right:
            break
        if mark:
            sheet.mark((x, top + 4), mark, 10)
            x += 15
        x += sheet.write((x, top), number, size=14, ink=INK, bold=True) + 6
        x += sheet.write((x, top), words, size=14, ink=SOFT) + 28
