"""The still picture: beside the widget in what a cell shows, small, and of the view."""

import base64
import io
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from PIL import Image

import depthviz as dv
from depthviz.study import Study
from tests.paths import ROOT
from tests.studies import ensemble_study, repeated, tiny_study, vector_study

MAP = (512, 108, 984, 472)  # without its heading and legend
WIDGET = "application/vnd.jupyter.widget-view+json"


def shown(view: object) -> bytes:
    data, _ = view._repr_mimebundle_()  # type: ignore[attr-defined]
    assert WIDGET in data
    return base64.b64decode(data["image/png"])


@pytest.mark.parametrize("study", [tiny_study, ensemble_study, vector_study])
def test_a_cell_shows_a_picture_beside_the_widget(study: object) -> None:
    picture = shown(dv.explore(study()))  # type: ignore[operator]
    assert Image.open(io.BytesIO(picture)).size == (1000, 640)
    assert len(picture) <= 150_000


def test_it_follows_filters_selection_and_probe(tmp_path: Path) -> None:
    explorer = dv.explore(Study(tiny_study().dataset))
    pictures = [explorer.to_png(tmp_path / "a.png").read_bytes()]
    for change in (
        lambda: setattr(explorer, "filters", {"label": [0]}),
        lambda: setattr(explorer, "selection", explorer.shown.index[:3].tolist()),
        lambda: setattr(explorer, "ui_state", {"probe": 3}),
    ):
        change()
        pictures.append(shown(explorer))
    assert len(set(pictures)) == len(pictures)


def test_the_grid_begins_with_the_most_suspicious_of_either_split() -> None:
    from depthviz.widgets.still.grid import order_of

    frame = tiny_study().frame()
    name, order = order_of(frame, {})
    assert name == "suspicion_rank"
    assert frame["suspicion_rank"].iloc[order].is_monotonic_decreasing
    assert order_of(frame.drop(columns=name), {})[0] == "depth"


ODD_TEXTS = ["", "word " * 300, "w" * 300, "שלום", "👩‍👩‍👧‍👦", "a\nb", "<b>", *"cdefg"]


def test_texts_and_rows_stand_in_its_cells(tmp_path: Path) -> None:
    plain, filled = vector_study(), pd.DataFrame({"kind": list("uvwx") * 3})
    worded = plain.assign(text=ODD_TEXTS)
    shots = [
        np.asarray(Image.open(dv.explore(one).to_png(tmp_path / "one.png")), int)
        for one in (plain, worded, plain.with_preview(filled))
    ]
    cells = [shot[108:500, :980].sum() for shot in shots]
    assert len(set(cells)) == len(cells)


def test_lines_of_a_cell_are_of_whole_words_and_say_where_there_are_more() -> None:
    from depthviz.widgets.still.excerpts import write_excerpt
    from depthviz.widgets.still.sheet import Sheet

    class Lines(Sheet):
        def write(self, at: object, text: str, **_: object) -> float:
            written.append(text)
            return 0.0

    written: list[str] = []
    write_excerpt(Lines(100, 100), ["one two three four five six"], (0, 0), 60)
    assert " ".join(written) == "one two three four five six"
    assert len(written) > 1
    written.clear()
    write_excerpt(Lines(100, 100), ["word " * 99], (0, 0), 60)
    assert len(written) == 6
    assert written[-1].endswith(" …")
    written.clear()
    write_excerpt(Lines(100, 100), ["  "], (0, 0), 60)
    assert written == ["empty text"]


def test_its_colors_are_the_pages() -> None:
    from depthviz.widgets.still.theme import CLASSES, FIXED

    palette = (ROOT / "js/src/views/parts/palette.ts").read_text("utf-8")
    light = re.search(r'light: hexes\("([0-9a-f ]+)"\)', palette)
    assert light is not None
    assert [bytes(one).hex() for one in CLASSES] == light[1].split()
    for name, (color, _) in FIXED.items():
        quoted = name if " " not in name else f'"{name}"'
        assert f'{quoted}: [hex("{bytes(color).hex()}")' in palette


def test_no_color_stands_for_two_classes() -> None:
    from depthviz.widgets.still.coloring import choose_coloring

    codes = np.repeat(np.arange(1000), np.arange(1000) % 17 + 1)
    names = [f"class {code}" for code in range(1000)]
    data = xr.Dataset({"label": ("example", codes)}, {"class": names})
    found = choose_coloring(data, pd.DataFrame({"label": codes}), {})
    colors = [color for color, _ in found.marks.values()]
    assert len(colors) == len(set(colors)) == 10
    assert min(np.bincount(codes)[list(found.marks)]) == 17
    grey = found.rgb[~np.isin(codes, list(found.marks))]
    assert len(np.unique(grey, axis=0)) == 1


def test_it_is_colored_as_the_view_is(tmp_path: Path) -> None:
    from depthviz.widgets.still.theme import FIXED

    explorer = dv.explore(Study(ensemble_study().dataset))
    pictures = []
    for color in ("label", "group"):
        explorer.ui_state = {"color": color, "probe": 1}
        picture = Image.open(explorer.to_png(tmp_path / "a.png")).convert("RGB")
        pictures.append(np.asarray(picture.crop((512, 470, 984, 508))).astype(int))
    easy = np.asarray(FIXED["easy"][0])
    near = [(np.abs(one - easy).max(-1) < 12).sum() for one in pictures]
    assert near[1] > near[0]


def test_it_says_how_to_see_more_where_a_cell_shows_it(tmp_path: Path) -> None:
    explorer = dv.explore(Study(tiny_study().dataset))
    corner = (700, 10, 990, 40)
    saved = Image.open(explorer.to_png(tmp_path / "a.png")).convert("L").crop(corner)
    cell = Image.open(io.BytesIO(shown(explorer))).convert("L").crop(corner)
    assert np.asarray(saved).min() > 240
    assert np.asarray(cell).min() < 150


def test_it_opens_at_the_probe_that_tells_most() -> None:
    from depthviz.widgets.still.axis import telling_probe

    frame = pd.DataFrame({"depth": [0] * 9 + [1, 2, 2, 3, 3, 4, np.nan]})
    assert telling_probe(frame, 4) == 3
    assert telling_probe(frame[:9], 4) == 3
    assert telling_probe(frame, 1) == 0


def test_findings_are_counted_and_hold_for_some() -> None:
    from depthviz.widgets.still.findings import find_findings

    frame = ensemble_study().frame()
    counts = frame["group"].value_counts()
    found = {words: count for count, words, _ in find_findings(xr.Dataset(), frame)}
    name = "looks like a different class"
    assert found.get("look like a different class", 0) == counts.get(name, 0)
    assert set(found.values()) <= set(counts)
    one = tiny_study()
    late = int((one.frame()["depth"] == len(one.probes)).sum())
    found = {
        words: count for count, words, _ in find_findings(one.dataset, one.frame())
    }
    assert found["never settle"] == late


NAMES = {
    "long": ["x" * 200, "W" * 200],
    "right to left": ["שלום עולם", "قطة صغيرة"],
    "emoji": ["😀🐸", "\U0001f469\u200d\U0001f680"],
    "nothing": ["", " "],
}


@pytest.mark.parametrize("names", NAMES.values(), ids=NAMES)
def test_any_names_are_drawn(names: list[str]) -> None:
    data = tiny_study().dataset
    some = np.array([*names, *data["class"].values[2:]], object)
    assert shown(dv.explore(Study(data.assign_coords({"class": some}))))


@pytest.mark.parametrize("lost", [["image"], ["projection"], ["image", "projection"]])
def test_without_pictures_or_maps_the_rest_is_drawn(lost: list[str]) -> None:
    data = tiny_study().dataset
    gone = [name for name in data if str(name).startswith(tuple(lost))]
    assert shown(dv.explore(Study(data.drop_vars(gone))))


@pytest.mark.parametrize("count", [1, 2])
def test_one_or_two_examples_are_drawn(count: int) -> None:
    data = tiny_study().dataset.isel(example=slice(count))
    assert shown(dv.explore(Study(data)))


def test_a_view_without_any_example_says_so(tmp_path: Path) -> None:
    explorer = dv.explore(Study(tiny_study().dataset))
    before = explorer.to_png(tmp_path / "a.png").read_bytes()
    explorer.filters = {"depth": [0], "confidence": {"from": 2.0}}
    assert len(explorer.shown) == 0
    assert explorer.to_png(tmp_path / "a.png").read_bytes() != before


def test_noise_of_many_colors_stays_small() -> None:
    data = tiny_study().dataset
    some = repeated(data, 2000)
    noise = np.random.default_rng(0).integers(0, 256, (2000, 64, 64, 3), np.uint8)
    spread = np.random.default_rng(1).normal(size=some["projection"].shape)
    dims = some["image"].dims
    study = Study(
        some.assign(
            image=(dims, noise), projection=(some["projection"].dims, spread)
        ).assign_coords(example_id=("example", np.arange(2000)))
    )
    assert len(shown(dv.explore(study))) <= 150_000


def test_of_many_points_the_selected_are_drawn_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from depthviz.widgets.still import points

    explorer = dv.explore(Study(tiny_study().dataset))
    monkeypatch.setattr(points, "_MOST_POINTS", 4)
    strong = []
    for position in range(5):
        explorer.selection = explorer.study.frame().index[[position]]
        picture = Image.open(explorer.to_png(tmp_path / "a.png")).convert("HSV")
        ink = np.asarray(picture.crop(MAP))[..., 1]
        strong.append(int((ink > 90).sum()))
    assert min(strong) >= 3


def test_an_example_without_a_place_moves_no_other(tmp_path: Path) -> None:
    data = tiny_study().dataset
    far = data["projection"].values + 100
    far[:, 3] = np.nan
    placed = Study(data.assign(projection=(data["projection"].dims, far)))
    near = Study(data.assign(projection=(data["projection"].dims, far - 100)))
    pictures = [
        Image.open(dv.explore(one).to_png(tmp_path / f"{i}.png")).convert("L")
        for i, one in enumerate((placed, near))
    ]
    inked = [(np.asarray(one.crop(MAP)) < 250) for one in pictures]
    assert inked[0].sum() == pytest.approx(inked[1].sum(), rel=0.05)


def test_a_picture_that_fails_does_not_take_the_widget_along(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from depthviz.widgets import base as view

    def fail(*_: object, **__: object) -> bytes:
        raise OSError("no font")

    monkeypatch.setattr(view, "draw_still", fail)
    with pytest.warns(UserWarning, match="No still picture was drawn: no font"):
        data, _ = dv.explore(tiny_study())._repr_mimebundle_()  # type: ignore[misc]
    assert WIDGET in data
    assert "image/png" not in data


def test_it_follows_the_columns_that_place_the_examples(tmp_path: Path) -> None:
    study = Study(tiny_study().dataset)
    explorer = dv.explore(study)
    before = np.asarray(Image.open(explorer.to_png(tmp_path / "map.png")), int)
    explorer.ui_state = {"axes": ["depth", "confidence"]}
    after = np.asarray(Image.open(explorer.to_png(tmp_path / "by.png")), int)
    assert (before[108:480, 512:] != after[108:480, 512:]).any()
    mapless = dv.explore(Study(study.dataset.drop_vars("projection")))
    mapless.ui_state = {"axes": ["depth", "confidence"]}
    alone = np.asarray(Image.open(mapless.to_png(tmp_path / "none.png")), int)
    assert (after[108:480, 512:] == alone[108:480, 512:]).all()
