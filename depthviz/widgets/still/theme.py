"""Colors of the still picture: those of the page, on a light ground.

Ten for classes; a group or verdict has its own color and shape everywhere.
"""

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
CLASSES = tuple(
    _rgb(one)
    for one in (
        *("466fcb", "f25f36", "8c1737", "b43b9e", "905211"),
        *("c778a1", "426d64", "02a05e", "a974f7", "6e1895"),
    )
)
FIXED: dict[str, Mark] = {
    "easy": (_rgb("747d89"), "circle"),
    "looks like a different class": (_rgb("d1500c"), "triangle"),
    "ambiguous unless the label is given": (_rgb("7a5be0"), "diamond"),
    "ambiguous": (_rgb("00675f"), "square"),
    "intermediate": (_rgb("8c94a0"), "ring"),
}
