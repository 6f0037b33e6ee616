"""Letters that no font of this machine has: asked of vl-convert itself.

It draws a box for such a letter, or nothing, and says nothing. So each letter of a
drawing that is not plain is drawn alone, and compared with one that nobody has.
"""

from __future__ import annotations

import html
import io
import re
import unicodedata
import warnings

from PIL import Image

from depthviz.charts.output.conversion import PER_INCH, to_png, version

__all__ = ["warn_of_letters"]

TEXT = re.compile(r"<text([^>]*)>([^<]*)</text>")
FAMILY = re.compile(r'font-family="([^"]*)"')
NOBODYS = "\U0010ffff"  # a code point that no font has
CELL = 48  # pixels
MOST_SHOWN = 10
NOT_DRAWN = {"Cc", "Cf", "Cs", "Co", "Zs", "Zl", "Zp", "Mn", "Me", "Mc"}
# Scripts whose letters join in ways that vl-convert before 2 does not know.
JOINED = {"BENGALI", "DEVANAGARI", "GUJARATI", "GURMUKHI", "KANNADA", "KHMER"} | {
    "MALAYALAM", "MYANMAR", "ORIYA", "SINHALA", "TAMIL", "TELUGU", "TIBETAN"
}  # fmt: skip


def warn_of_letters(svg: str, *, stacklevel: int) -> None:
    """Warn of letters in a drawing that no font has, or that come out wrong.

    Args:
        svg: The drawing.
        stacklevel: Of the warning.
    """
    by_family: dict[str, set[str]] = {}
    for attributes, text in TEXT.findall(svg):
        found = FAMILY.search(attributes)
        letters = {one for one in html.unescape(text) if _is_odd(one)}
        if letters:
            family = found[1] if found else ""
            by_family.setdefault(family, set()).update(letters)
    missing: set[str] = set()
    for family, letters in by_family.items():
        missing |= _missing(sorted(letters), family)
    if missing:
        warnings.warn(
            f"No font of this machine has {_listed(missing)}: they are boxes or "
            "missing in the picture. Install a font that has them, or write SVG or "
            "HTML, which the reader's fonts draw.",
            stacklevel=stacklevel,
        )
    joined = _scripts(set().union(*by_family.values()) - missing) & JOINED
    if joined and version() < (2, 0):
        warnings.warn(
            f"This vl-convert does not join the letters of "
            f"{' and '.join(name.title() for name in sorted(joined))}; write SVG or "
            "HTML, or use vl-convert 2.",
            stacklevel=stacklevel,
        )


def _is_odd(letter: str) -> bool:
    return ord(letter) > 126 and unicodedata.category(letter) not in NOT_DRAWN


def _missing(letters: list[str], family: str) -> set[str]:
    """Draw letters side by side, and find those that look like nobody's."""
    cells = "".join(
        f'<text x="{CELL * place + 4}" y="{CELL - 14}">{html.escape(one)}</text>'
        for place, one in enumerate([NOBODYS, *letters])
    )
    wide = CELL * (len(letters) + 1)
    drawn = to_png(
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide}" height="{CELL}">'
        f'<rect width="{wide}" height="{CELL}" fill="white"/>'
        f'<g font-family="{family}" font-size="24">{cells}</g></svg>',
        dpi=PER_INCH,
    )
    image = Image.open(io.BytesIO(drawn)).convert("L")
    blank = Image.new("L", (CELL, CELL), 255).tobytes()
    box, *each = (
        image.crop((CELL * place, 0, CELL * (place + 1), CELL)).tobytes()
        for place in range(len(letters) + 1)
    )
    pairs = zip(letters, each, strict=True)
    return {letter for letter, cell in pairs if cell in (box, blank)}


def _listed(letters: set[str]) -> str:
    shown = sorted(letters)[:MOST_SHOWN]
    named = [f"{one!r} ({unicodedata.name(one, 'no name')})" for one in shown]
    more = len(letters) - len(shown)
    return ", ".join(named) + (f" and {more} more letters" if more else "")


def _scripts(letters: set[str]) -> set[str]:
    return {unicodedata.name(one, "none").split()[0] for one in letters}
