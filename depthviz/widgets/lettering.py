"""Letters for still pictures: a font of this machine that has them, or others instead.

Pillow's own font has the letters of ASCII and a few signs, and draws every other one as
the same box. So a text is written in the first font of the machine that has all its
letters, or most of them. What that font lacks is replaced by letters that stand for it,
as "ss" for "ß", or left out: no box is ever drawn. Knows nothing of studies.
"""

import os
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from PIL import ImageFont

from depthviz.machine.letters import PLAIN_LETTERS

__all__ = ["Font", "fit_text"]

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont

_BUILT_IN = ""
_FOLDERS = (
    "~/.fonts",
    "~/.local/share/fonts",
    "/usr/local/share/fonts",
    "/usr/share/fonts",
    "/run/current-system/sw/share/X11/fonts",
    "~/Library/Fonts",
    "/Library/Fonts",
    "/System/Library/Fonts",
    "$LOCALAPPDATA/Microsoft/Windows/Fonts",
    "$WINDIR/Fonts",
)
_KINDS = {".ttf", ".otf", ".ttc"}
# Families by how even they look in one picture, and how much they hold.
_FAMILIES = (
    "dejavusans",
    "notosans",
    "liberationsans",
    "arial",
    "segoeui",
    "helvetica",
    "pingfang",
    "hiragino",
    "yugoth",
    "msyh",
    "malgun",
)
_STYLES = ("bold", "italic", "oblique", "light", "black", "thin", "condensed", "mono")
_MOST_FONTS = 300
_LONGEST = 4096
_TRIED_AT = 20  # pixels
_NOBODYS = "\U0010ffff"  # a code point that no font has
_UNREADABLE = {"Cc", "Cf", "Cs", "Co", "Cn"}


def fit_text(text: str, *, size: int, most: int, width: float) -> tuple[str, Font]:
    """Find what of a text can be written on a line, and the font for it.

    Args:
        text: Any text; line breaks become blanks.
        size: Height of the letters in pixels.
        most: Number of letters; a longer text ends in an ellipsis.
        width: Pixels that the line may take, likewise.

    Returns:
        The text to draw, empty where nothing of it can be, and the font, which has a
        glyph for each of its letters.
    """
    line = _clean(text)[: most + 1]
    path = _choose_font(line)
    font = _load(path, size)
    written = _write_with(path, line)
    if len(written) <= most and font.getlength(written) <= width:
        return written, font
    more = _write_with(path, "…")
    fitting = range(1, min(len(written), most - 1) + 1)
    end = bisect_right(
        fitting, width, key=lambda end: font.getlength(written[:end] + more)
    )
    return written[:end].rstrip() + more, font


def _clean(text: str) -> str:
    """Leave out what has no shape of its own: controls, marks of direction, halves."""
    line = unicodedata.normalize("NFC", " ".join(text[:_LONGEST].split()))
    return "".join(one for one in line if unicodedata.category(one) not in _UNREADABLE)


def _choose_font(line: str) -> str:
    """Find the first font that has all letters of a line, else that with most."""
    letters = frozenset(line)
    best, fewest = _BUILT_IN, len(letters) + 1
    for path in (_BUILT_IN, *_font_files()):
        missing = sum(not _has(path, letter) for letter in letters)
        if missing < fewest:
            best, fewest = path, missing
        if not missing:
            break
    return best


def _write_with(path: str, line: str) -> str:
    """Replace the letters that a font lacks, or leave them out with their marks."""
    written, lost = "", False
    for one in line:
        if unicodedata.category(one).startswith("M") and lost:
            continue
        part = one if _has(path, one) else "".join(_stand_in(path, one))
        written, lost = written + part, not part
    return " ".join(written.split())


def _stand_in(path: str, letter: str) -> Iterator[str]:
    """Take a letter apart into those that the font has; marks above or below go."""
    for part in unicodedata.normalize("NFKD", letter):
        for one in PLAIN_LETTERS.get(part, part):
            if not unicodedata.combining(one) and _has(path, one):
                yield one


@lru_cache(maxsize=1)
def _font_files() -> tuple[str, ...]:
    """List the fonts of this machine, those that suit a picture first."""
    folders = [os.path.expandvars(os.path.expanduser(one)) for one in _FOLDERS]
    found = {
        os.path.join(folder, name)
        for top in [*folders, *_bundled_folders()]
        for folder, _, names in os.walk(top)
        for name in names
        if Path(name).suffix.lower() in _KINDS
    }
    return tuple(sorted(found, key=_preference)[:_MOST_FONTS])


def _bundled_folders() -> list[str]:
    """Find the fonts that an installed matplotlib brings along, without loading it."""
    spec = find_spec("matplotlib")
    if spec is None or not spec.origin:
        return []
    return [str(Path(spec.origin).parent / "mpl-data" / "fonts" / "ttf")]


def _preference(path: str) -> tuple[int, bool, str, str]:
    """Order fonts: known families first, plain before bold or slanted."""
    name = "".join(one for one in Path(path).stem.lower() if one.isalnum())
    family = [i for i, known in enumerate(_FAMILIES) if name.startswith(known)]
    styled = any(style in name for style in _STYLES)
    return (family or [len(_FAMILIES)])[0], styled, name, path


@lru_cache(maxsize=1 << 16)
def _has(path: str, letter: str) -> bool:
    """Whether a font draws a letter as itself, not as the sign for a missing one."""
    if letter == " ":
        return True
    mask = _mask(path, letter)
    return mask is not None and mask != _mask(path, _NOBODYS)


@lru_cache(maxsize=1 << 10)
def _mask(path: str, letter: str) -> tuple[tuple[int, int], bytes] | None:
    """Draw a letter: size and pixels; None where the font cannot be read."""
    try:
        mask = _load(path, _TRIED_AT).getmask(letter)
    except OSError:  # damaged, or made of colored pictures of another size
        return None
    return mask.size, bytes(mask)


@lru_cache(maxsize=64)
def _load(path: str, size: int) -> Font:
    if path == _BUILT_IN:
        return ImageFont.load_default(size)
    return ImageFont.truetype(path, size)
