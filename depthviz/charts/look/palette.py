"""The colors and shapes of classes and groups, those of the Explorer.

Ten colors for classes, told apart by color-blind people too, and five of groups with a
shape each; on dark ground others of the same hue. Above ten classes the pair of color
and shape tells them apart. Print has the colors of the light ground.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

__all__ = [
    "CLASSES",
    "FIXED",
    "NUMBERS",
    "RING",
    "SHAPES",
    "Ground",
    "Mark",
    "mark_of",
    "marks_of",
]

Ground = Literal["light", "dark"]

TIMES = (
    "M-.9,-.5L-.5,-.9L0,-.4L.5,-.9L.9,-.5L.4,0L.9,.5L.5,.9L0,.4L-.5,.9L-.9,.5L-.4,0Z"
)
STAR = (
    "M0,-1.2L.29,-.4L1.14,-.37L.48,.15L.71,.97L0,.5L-.71,.97L-.48,.15L-1.14,-.37"
    "L-.29,-.4Z"
)
RING = "M1,0A1,1,0,1,1,-1,0A1,1,0,1,1,1,0ZM.5,0A.5,.5,0,1,0,-.5,0A.5,.5,0,1,0,.5,0Z"
SHAPES = ("circle", "square", "triangle-up", "diamond", TIMES, "cross", STAR)
CLASSES: dict[Ground, tuple[str, ...]] = {
    "light": (
        *("#466fcb", "#f25f36", "#8c1737", "#b43b9e", "#905211"),
        *("#c778a1", "#426d64", "#02a05e", "#a974f7", "#6e1895"),
    ),
    "dark": (
        *("#497ef7", "#f8a87e", "#f57fa7", "#f5b8fa", "#b6753b"),
        *("#db4781", "#52f0be", "#7cc22a", "#a468c7", "#b59be6"),
    ),
}
# Names that mean the same in every study: their color on light and dark, their shape.
FIXED: dict[str, tuple[str, str, str]] = {
    "easy": ("#747d89", "#7f8896", "circle"),
    "looks like a different class": ("#d1500c", "#ff8a50", "triangle-up"),
    "ambiguous unless the label is given": ("#7a5be0", "#a892ff", "diamond"),
    "ambiguous": ("#00675f", "#4fd6c8", "square"),
    "intermediate": ("#8c94a0", "#6b7380", RING),
    "right": ("#747d89", "#7f8896", "circle"),
    "wrong": ("#d1500c", "#ff8a50", TIMES),
    "decided": ("#747d89", "#7f8896", "circle"),
    "undecided": ("#d1500c", "#ff8a50", TIMES),
}
# Numbers from low to high, without the end that the ground would swallow.
NUMBERS: dict[Ground, tuple[str, ...]] = {
    "light": (
        *("#440154", "#482273", "#424084", "#38598c", "#2d718e", "#24888d"),
        *("#229e87", "#33b47a", "#5cc762", "#93d641", "#d0e126"),
    ),
    "dark": (
        *("#472a79", "#404687", "#355e8d", "#2c748e", "#248a8d", "#229f87"),
        *("#32b37a", "#57c565", "#8ad447", "#c5e026", "#fde725"),
    ),
}


class Mark(NamedTuple):
    """How one class or group is drawn."""

    color: str
    shape: str


def mark_of(name: str, code: int, ground: Ground) -> Mark:
    """Find the mark of a class or group.

    Args:
        name: Its name.
        code: Its position among all classes, drawn or not.
        ground: What it is drawn on.

    Returns:
        Color and shape, the same in every chart of a study.

    Example:
        >>> mark_of("cat", 11, "light")
        Mark(color='#f25f36', shape='square')
    """
    if name in FIXED:
        light, dark, shape = FIXED[name]
        return Mark(light if ground == "light" else dark, shape)
    colors = CLASSES[ground]
    return Mark(colors[code % len(colors)], SHAPES[code // len(colors) % len(SHAPES)])


def marks_of(keys: Sequence[tuple[str, int]], ground: Ground) -> list[Mark]:
    """Find the marks of some classes or groups, no two of which are the same.

    Args:
        keys: Name and position among all classes, of up to 70.
        ground: What they are drawn on.

    Returns:
        A mark each: its own, or where an earlier one has that, the next that is free.
    """
    found: list[Mark] = []
    for name, code in keys:
        mark, step = mark_of(name, code, ground), 1
        while mark in found and step < len(SHAPES) * len(CLASSES[ground]):
            mark, step = mark_of("", code + step, ground), step + 1
        found.append(mark)
    return found
