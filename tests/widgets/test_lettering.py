"""Letters of still pictures are written, or others stand in for them; never boxes."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

import depthviz as dv
from depthviz.widgets import lettering
from depthviz.widgets.lettering import fit_text
from tests.studies import tiny_study

FONTS_OF_THE_MACHINE = lettering._font_files
LINE = {"size": 14, "most": 40, "width": 1000.0}


@pytest.fixture
def fonts(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The fonts of a machine, at first none."""
    found: list[str] = []
    monkeypatch.setattr(lettering, "_font_files", lambda: tuple(found))
    return found


def fit(text: str, **options: float) -> str:
    return fit_text(text, **{**LINE, **options})[0]  # type: ignore[arg-type]


def drawn(text: str) -> bytes:
    line, font = fit_text(text, **LINE)  # type: ignore[arg-type]
    picture = Image.new("L", (600, 30))
    ImageDraw.Draw(picture).text((2, 2), line, fill=255, font=font)
    return picture.tobytes()


def wide_font() -> str:
    """A font of this machine that has Greek and Cyrillic letters."""
    for path in FONTS_OF_THE_MACHINE():
        if all(lettering._has(path, one) for one in "äßΩЖ"):
            return path
    pytest.skip("no font on this machine has Greek and Cyrillic letters")


@pytest.mark.usefixtures("fonts")
@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("plain, with 9 signs: <>&%", "plain, with 9 signs: <>&%"),
        ("Käfer", "Kafer"),
        ("Ka\u0308fer", "Kafer"),
        ("Straße, Œuvre, Łódź, Ørsted", "Strasse, OEuvre, Lodz, Orsted"),
        ("cat – dog — fish → bird", "cat - dog - fish -> bird"),
        ("10 µm × 3, ½", "10 um x 3, 1/2"),
        ("ｆｕｌｌ ｗｉｄｔｈ, ①", "full width, 1"),
        ("日本 cat", "cat"),
        ("😀👩\u200d🚀️", ""),
        ("a\x00b\x07c\x7f\u202ed\u200be\ufeff", "abcde"),
        ("one\ntwo\r\n\tthree\u2028four", "one two three four"),
        ("\udcffodd", "odd"),
        ("", ""),
    ],
)
def test_without_fonts_others_stand_in_for_letters(text: str, written: str) -> None:
    assert fit(text) == written


def test_a_font_that_has_the_letters_writes_them(fonts: list[str]) -> None:
    fonts.append(wide_font())
    for text in ("Käfer", "Straße", "Ωμέγα", "Жук"):
        assert fit(text) == text
    assert fit("ä नमस्ते Ж") == "ä Ж"
    assert drawn("Käfer") != drawn("Küfer") != drawn("Kafer")
    assert drawn("Жук") != drawn("Жак")


def test_of_several_fonts_the_one_with_most_letters_is_taken(
    fonts: list[str], tmp_path: Path
) -> None:
    broken = tmp_path / "broken.ttf"
    broken.write_bytes(b"no font")
    fonts.extend([str(broken), str(tmp_path / "gone.ttf"), wide_font()])
    assert fit("Käfer \U0001f9ff") == "Käfer"


def test_plain_text_looks_the_same_on_every_machine(fonts: list[str]) -> None:
    without = drawn("airplane 42")
    fonts.append(wide_font())
    assert drawn("airplane 42") == without


@pytest.mark.parametrize("with_font", [False, True])
def test_no_letter_becomes_the_sign_for_a_missing_one(
    fonts: list[str], with_font: bool
) -> None:
    if with_font:
        fonts.append(wide_font())
    every = [chr(code) for code in range(1, 0x30000, 7)]
    for start in range(0, len(every), 64):
        line, font = fit_text(
            "".join(every[start : start + 64]), size=20, most=64, width=4000
        )
        assert isinstance(font, ImageFont.FreeTypeFont)
        missing = font.getmask("\U0010ffff")
        boxes = [
            one
            for one in line.replace(" ", "")
            if (mask := font.getmask(one)).size == missing.size
            and bytes(mask) == bytes(missing)
        ]
        assert boxes == []


def test_long_and_wide_text_ends_in_an_ellipsis() -> None:
    assert fit("x" * 100_000, most=9) == "x" * 8 + "…"
    assert fit("a" * 9, most=9) == "a" * 9
    line, font = fit_text("W" * 9, size=11, most=9, width=57)
    assert line.endswith("…")
    assert font.getlength(line) <= 57


def test_fonts_of_a_folder_are_found_plain_ones_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in (
        "zz/NotoSans-Bold.ttf",
        "zz/NotoSans-Regular.ttf",
        "DejaVuSans.TTF",
        "a/Unknown.otf",
        "a/readme.txt",
    ):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    monkeypatch.setattr(lettering, "_FOLDERS", (str(tmp_path), str(tmp_path / "no")))
    monkeypatch.setattr(lettering, "_bundled_folders", list)
    found = [Path(one).name for one in FONTS_OF_THE_MACHINE.__wrapped__()]
    assert found == [
        "DejaVuSans.TTF",
        "NotoSans-Regular.ttf",
        "NotoSans-Bold.ttf",
        "Unknown.otf",
    ]


@pytest.mark.parametrize("with_font", [False, True])
def test_names_with_any_letters_are_drawn_apart(
    fonts: list[str], with_font: bool, tmp_path: Path
) -> None:
    if with_font:
        fonts.append(wide_font())

    def still(name: str) -> bytes:
        data = tiny_study().dataset
        names = np.array([name, *data["class"].values[1:]], object)
        explorer = dv.explore(dv.Study(data.assign_coords({"class": names})))
        return explorer.to_png(tmp_path / "a.png").read_bytes()

    assert still("Käfer") != still("Küfer")
    assert still("Zoë\x00\n\u202e😀" * 100)
