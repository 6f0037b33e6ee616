"""Colors of the still picture: those of the page, on a light ground.

Ten for classes; a group or verdict has its own color and shape everywhere.
"""

from depthviz.charts.look import palette

__all__ = [
    "ACCENT",
    "CLASSES",
    "FIXED",
    "GREY",
    "INK",
    "LINE",
    "PAPER",
    "SOFT",
    "TINT",
    "Mark",
    "Rgb",
]

Rgb = tuple[int, int, int]
Mark = tuple[Rgb, str]  # color and shape


def _rgb(text: str) -> Rgb:
    value = int(text, 16)
    return value >> 16, (value >> 8) & 255, value & 255


PAPER, TINT, LINE = _rgb("ffffff"), _rgb("f0f2f4"), _rgb("d5d9de")
INK, SOFT, GREY = _rgb("1b1e23"), _rgb("565c66"), _rgb("868e99")
ACCENT = _rgb("0a5fbf")
CLASSES = tuple(_rgb(one[1:]) for one in palette.CLASSES["light"])
_SHAPES = {
    "easy": "circle",
    "looks like a different class": "triangle",
    "ambiguous unless the label is given": "diamond",
    "ambiguous": "square",
    "intermediate": "ring",
}
FIXED: dict[str, Mark] = {
    name: (_rgb(palette.FIXED[name][0][1:]), shape) for name, shape in _SHAPES.items()
}
