"""The paper that a still picture is drawn on: words and marks in pixels of it."""

from functools import lru_cache

from PIL import Image, ImageDraw

from depthviz.widgets.lettering import Font, fit_text
from depthviz.widgets.still.theme import INK, PAPER, SOFT, Mark, Rgb

__all__ = ["Sheet"]

_FINE = 8  # pixels of a mark in place of one while it is drawn


class Sheet:
    """An image with what all parts of the picture write on it.

    Args:
        width: In pixels.
        height: In pixels.
    """

    def __init__(self, width: int, height: int) -> None:
        self.image = Image.new("RGB", (width, height), PAPER)
        self.pen = ImageDraw.Draw(self.image)
        self._fitted: dict[tuple[str, int, float], tuple[str, Font]] = {}

    def write(
        self,
        at: tuple[float, float],
        text: str,
        *,
        size: int = 13,
        ink: Rgb = SOFT,
        bold: bool = False,
        width: float = 960,
        align: str = "left",
        halo: bool = False,
    ) -> float:
        """Write one line, cut to a width, and return how wide it came out."""
        line, font = self.fit(text, size=size, width=width)
        wide = font.getlength(line) + bold
        shift = {"left": 0.0, "center": wide / 2, "right": wide}[align]
        x, y = at[0] - shift, at[1]
        if halo:
            self.pen.text((x, y), line, PAPER, font, stroke_width=2, stroke_fill=PAPER)
        for step in (0, 1) if bold else (0,):
            self.pen.text((x + 0.6 * step, y), line, fill=ink, font=font)
        return wide

    def fit(self, text: str, *, size: int, width: float) -> tuple[str, Font]:
        """What of a text fits a width, and its font."""
        asked = (text, size, width)
        if asked not in self._fitted:
            self._fitted[asked] = fit_text(text, size=size, most=120, width=width)
        return self._fitted[asked]

    def fits(self, text: str, *, size: int, width: float) -> bool:
        """Whether a line of words is written whole within a width."""
        written, _ = self.fit(text, size=size, width=width)
        return text.endswith("…") or not written.endswith("…")

    def fit_name(self, name: str, code: int, *, width: float) -> tuple[str, Font]:
        """A class's name, or its number where no letter of it can be written."""
        line, font = self.fit(name, size=12, width=width)
        return (line, font) if line else self.fit(f"class {code}", size=12, width=width)

    def mark(self, at: tuple[float, float], mark: Mark, size: int = 9) -> None:
        """Draw a mark with its upper left corner at a place."""
        color, shape = mark
        mask = _stamp(shape, size)
        self.image.paste(color, (round(at[0]), round(at[1])), mask)

    def named(
        self,
        at: tuple[float, float],
        mark: Mark,
        text: str,
        *,
        width: float,
        size: int = 12,
        ink: Rgb = INK,
    ) -> float:
        """Write a name behind its mark, and return how wide both came out."""
        self.mark((at[0], at[1] + size / 2 - 3), mark)
        right = (at[0] + 13, at[1])
        return 13 + self.write(right, text, size=size, ink=ink, width=width - 13)


@lru_cache(maxsize=32)
def _stamp(shape: str, size: int) -> Image.Image:
    """Draw a shape, smooth at its edge."""
    side = size * _FINE
    large = Image.new("L", (side, side))
    pen = ImageDraw.Draw(large)
    end, half, edge = side - 1, side / 2, side / 10
    if shape == "square":
        pen.rectangle((edge, edge, end - edge, end - edge), fill=255)
    elif shape == "triangle":
        pen.polygon([(half, 0), (end, end - edge), (0, end - edge)], fill=255)
    elif shape == "diamond":
        pen.polygon([(half, 0), (end, half), (half, end), (0, half)], fill=255)
    elif shape == "ring":
        pen.ellipse((edge, edge, end - edge, end - edge), outline=255, width=side // 5)
    else:
        pen.ellipse((edge, edge, end - edge, end - edge), fill=255)
    return large.resize((size, size), Image.Resampling.BOX)
