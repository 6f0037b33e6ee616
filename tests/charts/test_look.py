"""How charts look: colors as in the Explorer, names cut, options checked."""

import re
from itertools import pairwise

import pandas as pd
import pytest

import depthviz as dv
from depthviz.charts.look.ends import spread_apart
from depthviz.charts.look.figures import to_rows
from depthviz.charts.look.names import choose_classes, short_names
from depthviz.charts.look.options import read_options
from depthviz.charts.look.palette import CLASSES, FIXED, SHAPES, marks_of
from depthviz.charts.look.theme import DARK, LIGHT
from depthviz.errors import ArgumentError
from tests.paths import ROOT
from tests.studies import ensemble_study

PALETTE = (ROOT / "js/src/views/parts/palette.ts").read_text("utf-8")


@pytest.mark.parametrize("ground", ["light", "dark"])
def test_colors_of_classes_are_the_explorers(ground: str) -> None:
    found = re.search(rf'{ground}: hexes\("([0-9a-f ]+)"\)', PALETTE)
    assert found is not None
    assert [color[1:] for color in CLASSES[ground]] == found[1].split()  # type: ignore[index]


def test_colors_of_groups_are_the_explorers_on_both_grounds() -> None:
    for name, (light, dark, _) in FIXED.items():
        quoted = name if " " not in name else f'"{name}"'
        assert f'{quoted}: [hex("{light[1:]}"), hex("{dark[1:]}"), ' in PALETTE


def test_color_and_shape_tell_seventy_classes_apart() -> None:
    count = len(CLASSES["light"]) * len(SHAPES)
    names = [(f"class {code}", 13 * code) for code in range(count)]
    for ground in ("light", "dark"):
        assert len(set(marks_of(names, ground))) == len(names) == 70  # type: ignore[arg-type]


def luminance(color: str) -> float:
    def linear(value: int) -> float:
        share = value / 255
        return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(one) for one in bytes.fromhex(color[1:]))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("inks", [LIGHT, DARK], ids=["light", "dark"])
def test_all_text_can_be_read(inks: tuple[str, ...]) -> None:
    paper = luminance(inks[0])
    for ink in inks[1:3]:
        low, high = sorted([luminance(ink), paper])
        assert (high + 0.05) / (low + 0.05) >= 4.5


def test_names_are_cut_and_stay_different() -> None:
    names = [f"{'long ' * 40}{number}" for number in range(12)] + ["cat"]
    found = short_names(names, longest=12)
    assert len(set(found)) == len(names)
    assert all("…" in name and len(name) <= 12 for name in found[:-1])
    assert found[-1] == "cat"
    assert short_names(["a\ud800b\x07", "two\nlines"]) == ["a?b�", "two lines"]


def test_of_many_classes_the_commonest_are_chosen_and_the_others_counted() -> None:
    names = [f"c{code}" for code in range(60)]
    counts = pd.Series(range(60)).to_numpy()
    assert choose_classes(names, counts, None) == (list(range(40, 60)), 39)
    assert choose_classes(names, counts, ["c7", "c3"]) == ([7, 3], 58)
    assert choose_classes(names[:20], counts[:20] + 1, None) == (list(range(20)), 0)
    with pytest.raises(
        ArgumentError, match=r"Unknown class 'dog'\. This study has: 'c0"
    ):
        choose_classes(names, counts, ["dog"])


def test_what_is_no_number_becomes_null() -> None:
    table = pd.DataFrame(
        {"a": [1.5, float("nan"), float("inf")], "b": ["x", None, "y"]}
    )
    assert to_rows(table) == [
        {"a": 1.5, "b": "x"},
        {"a": None, "b": None},
        {"a": None, "b": "y"},
    ]


def test_words_that_would_overlap_are_moved_apart() -> None:
    moved = spread_apart([5.0, 5.0, 6.0, 90.0], 10)
    assert all(b - a >= 10 - 1e-9 for a, b in pairwise(moved))
    assert moved[-1] == 90
    held = spread_apart([95.0, 96.0, 97.0], [10, 20, 10], within=(0, 100))
    assert held == pytest.approx([65, 80, 95])


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"heigth": 3}, r"Unknown option 'heigth' of a chart; there are: title, width"),
        ({"width": 0}, "width must be a number of pixels from 10"),
        ({"width": float("nan")}, "width must be"),
        ({"theme": "blue"}, "theme must be one of 'light', 'dark', 'print'"),
        ({"title": 3}, "title must be text"),
        ({"font": " "}, "font must be the name"),
    ],
)
def test_options_are_checked(options: dict[str, object], said: str) -> None:
    with pytest.raises(ArgumentError, match=said):
        read_options(options, width=400, height=200)


def test_print_is_as_wide_as_a_column_and_reads_at_8_points() -> None:
    look = read_options({"theme": "print"}, width=400, height=200)
    assert (look.width, look.height, look.font_size) == (190, 95, 8)
    assert read_options({"font": "Lato"}, width=1, height=1).font.endswith("sans-serif")


def test_a_chart_without_title_and_notes_has_none() -> None:
    chart = dv.charts.probe_curves(ensemble_study(), title="")
    assert "title" not in chart.to_dict()
