"""The map of a view as a figure: what is seen, in the page's colors."""

import errno
import json
import re
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import depthviz as dv
from depthviz.charts.look.palette import FIXED, NUMBERS, mark_of
from depthviz.errors import ArgumentError, DataError, DiskError, StudyError
from depthviz.study import Study
from tests.paths import ROOT
from tests.studies import ensemble_study, repeated, tiny_study, vector_study

GREY = {"light": "#868e99", "dark": "#7d8591"}


def view(study: Study) -> dv.Explorer:
    return dv.explore(Study(study.dataset))


def spec_of(explorer: dv.Explorer, folder: Path, **options: Any) -> dict[str, Any]:
    path = explorer.save_figure(folder / "map.json", **options)
    spec: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return spec


def rows_of(explorer: dv.Explorer, folder: Path) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = spec_of(explorer, folder)["datasets"]["map"]
    return rows


def encodings(spec: Any, channel: str) -> list[dict[str, Any]]:
    return [
        layer["encoding"][channel]
        for layer in spec["layer"]
        if channel in layer["encoding"]
    ]


def test_what_is_filtered_shown_and_selected_is_told_apart(tmp_path: Path) -> None:
    explorer = view(tiny_study())
    explorer.filters = {"label": [0, 1]}
    explorer.selection = explorer.shown.index[:4]
    states = {row["example_id"]: row["state"] for row in rows_of(explorer, tmp_path)}
    assert len(states) == len(explorer.study)
    wanted = dict.fromkeys(map(str, explorer.study.frame().index), 0)
    wanted |= dict.fromkeys(map(str, explorer.shown.index), 1)
    wanted |= dict.fromkeys(map(str, explorer.selection), 2)
    assert states == wanted


def test_what_is_selected_and_filtered_out_is_grey(tmp_path: Path) -> None:
    explorer = view(tiny_study())
    explorer.selection = explorer.study.frame().query("label == 2").index[:3]
    explorer.filters = {"label": [0]}
    assert {row["state"] for row in rows_of(explorer, tmp_path)} == {0, 1}


def test_between_two_probes_points_stand_at_the_mix_of_both(tmp_path: Path) -> None:
    explorer = view(tiny_study())
    explorer.ui_state = {"probe": 1.25}
    one, other = explorer.study.dataset["projection"].values[1:3].astype(float)
    found = [[row["x"], row["y"]] for row in rows_of(explorer, tmp_path)]
    assert np.allclose(found, 0.75 * one + 0.25 * other, rtol=1e-4, atol=1e-5)
    title = spec_of(explorer, tmp_path)["title"]["text"]
    assert "25% of the way from" in "".join(title)


def test_columns_place_the_examples_in_their_own_units(tmp_path: Path) -> None:
    explorer = dv.explore(Study(tiny_study().dataset.drop_vars("projection")))
    explorer.ui_state = {"axes": ["depth", "confidence"]}
    frame = explorer.study.frame()
    rows = rows_of(explorer, tmp_path)
    found = [[row["x"], row["y"]] for row in rows]
    assert np.allclose(found, frame[["depth", "confidence"]], rtol=1e-4)
    spec = spec_of(explorer, tmp_path)
    assert "by Prediction depth and Confidence" in "".join(spec["title"]["text"])
    titles = [str(one["axis"]["title"]) for one in encodings(spec, "x")]
    assert all("placed by Prediction depth and Confidence" in one for one in titles)
    assert spec["datasets"]["names"] == []


def test_an_example_without_a_value_of_both_is_no_point(tmp_path: Path) -> None:
    study = tiny_study()
    some = np.where(np.arange(len(study)) % 8, np.linspace(0, 1, len(study)), np.nan)
    explorer = dv.explore(study.assign(own=some))
    explorer.ui_state = {"axes": ["depth", "own"]}
    assert len(rows_of(explorer, tmp_path)) == np.isfinite(some).sum()


def test_all_maps_stand_in_one_square(tmp_path: Path) -> None:
    explorer = view(tiny_study())
    scales = []
    for probe in (0, 2):
        explorer.ui_state = {"probe": probe}
        spec = spec_of(explorer, tmp_path)
        scales.append([encodings(spec, axis)[0]["scale"] for axis in "xy"])
    assert scales[0] == scales[1]
    sides = [np.ptp(one["domain"]) for one in scales[0]]
    assert sides[0] == pytest.approx(sides[1])


def test_a_line_says_what_it_is_of_and_can_be_switched_off(tmp_path: Path) -> None:
    explorer = view(tiny_study())
    explorer.ui_state = {"probe": 1, "color": "prediction"}
    explorer.filters = {"confidence": {"from": 0.25}}
    data = explorer.study.dataset
    wanted = (
        f"data {data.attrs['data_sha256'][:12]}",
        f"seed {data.attrs['seed']}",
        f"at {data['probe'].values[1]}",
        "colored by prediction",
        "confidence ≥ 0.25",
    )
    for name in ("map.svg", "map.html", "map.json"):
        path = explorer.save_figure(tmp_path / name)
        text = " ".join(path.read_text("utf-8").split()).replace("\\u2265", "≥")
        assert all(one.split()[1] in text for one in wanted)
        bare = explorer.save_figure(tmp_path / name, provenance=False)
        text = bare.read_text("utf-8")
        assert data.attrs["data_sha256"][:12] not in text
        assert "seed 0" not in text
    said = spec_of(explorer, tmp_path)["description"]
    assert all(one in said for one in wanted)


@pytest.mark.parametrize("theme", ["light", "dark", "print"])
def test_colors_are_those_of_the_page(theme: str, tmp_path: Path) -> None:
    explorer = view(ensemble_study())
    ground = "dark" if theme == "dark" else "light"
    for column in ("label", "group"):
        explorer.ui_state = {"color": column}
        spec = spec_of(explorer, tmp_path, theme=theme)
        scale = next(one["scale"] for one in encodings(spec, "color") if "scale" in one)
        info = next(
            one for one in explorer._manifest["columns"] if one["name"] == column
        )
        names = info.get("categories", explorer._manifest["classes"])
        for name, color in zip(scale["domain"], scale["range"], strict=True):
            wanted = GREY[ground]
            if name != "missing":
                wanted = mark_of(name, names.index(name), ground).color  # type: ignore[arg-type]
            assert color == wanted
        frame = explorer.study.frame()[column]
        drawn = [row["part"] for row in spec["datasets"]["map"]]
        codes = frame if column == "label" else frame.astype("category").cat.codes
        assert drawn == [[*names, "missing"][code] for code in codes]


def test_moved_boundaries_move_the_colors(tmp_path: Path) -> None:
    explorer = view(ensemble_study())
    explorer.ui_state = {"color": "group"}
    before = [row["part"] for row in rows_of(explorer, tmp_path)]
    low, high, *other = explorer._manifest["plane"]["boundaries"]
    moved = (low, high + 1.5, *other)
    explorer.ui_state = {"boundaries": list(moved)}
    after = [row["part"] for row in rows_of(explorer, tmp_path)]
    names = explorer.study.frame()["group"].cat.categories
    codes = explorer.study.groups(boundaries=moved).codes.numpy()
    assert after == [[*names, "missing"][code] for code in codes]
    assert after != before


def test_the_palette_is_the_pages() -> None:
    text = (ROOT / "js/src/views/parts/palette.ts").read_text("utf-8")
    listed = re.search(r'VIRIDIS = hexes\(\s*"([0-9a-f ]+)"', text)
    assert listed is not None
    stops = np.array([list(bytes.fromhex(one)) for one in listed[1].split()])
    ends = re.search(r'"light" \? \[0, ([\d.]+)\] : \[([\d.]+), 1\]', text)
    assert ends is not None
    spans = {"light": (0, float(ends[1])), "dark": (float(ends[2]), 1)}
    for ground, colors in NUMBERS.items():
        places = 10 * np.linspace(*spans[ground], len(colors))
        wanted = [np.interp(places, np.arange(11), stops[:, i]) for i in range(3)]
        found = np.array([list(bytes.fromhex(one[1:])) for one in colors])
        assert np.abs(found - np.array(wanted).T).max() <= 1
    for name in ("decided", "undecided"):
        assert (
            f'{name}: [hex("{FIXED[name][0][1:]}"), hex("{FIXED[name][1][1:]}")' in text
        )


def test_numbers_are_cut_as_in_the_page_and_missing_ones_are_told(
    tmp_path: Path,
) -> None:
    base = tiny_study()
    weight = np.linspace(0, 1, len(base))
    weight[0], weight[1], weight[2:5] = 1e9, -np.inf, np.nan
    explorer = view(base.assign(weight=weight))
    explorer.ui_state = {"color": "weight"}
    spec = spec_of(explorer, tmp_path)
    values = [row["value"] for row in spec["datasets"]["map"]]
    assert values.count(None) == 3
    assert max(one for one in values if one is not None) < 1.1
    assert values[1] == min(one for one in values if one is not None)
    said = json.dumps(spec["title"], ensure_ascii=False)
    assert "3 without a value, as grey rings" in said


def test_points_drawn_and_left_out_are_all_examples(tmp_path: Path) -> None:
    data = tiny_study().dataset
    places = data["projection"].values.copy()
    places[:, :5] = np.nan
    explorer = view(Study(data.assign(projection=(data["projection"].dims, places))))
    spec = spec_of(explorer, tmp_path)
    assert len(spec["datasets"]["map"]) == len(explorer.study) - 5
    assert "5 left out: points without a place" in json.dumps(spec["title"])


@pytest.mark.parametrize("kind", ["pdf", "svg"])
def test_sixty_thousand_points_are_a_small_file(kind: str, tmp_path: Path) -> None:
    data = repeated(tiny_study().dataset.drop_vars("image"), 60_000)
    spread = np.random.default_rng(0).normal(size=data["projection"].shape)
    explorer = view(
        Study(
            data.assign(
                projection=(data["projection"].dims, spread.astype(np.float32))
            ).assign_coords(example_id=("example", np.arange(60_000)))
        )
    )
    explorer.filters = {"label": [0, 1]}
    explorer.selection = explorer.shown.index[:300]
    begin = time.perf_counter()
    size = explorer.save_figure(tmp_path / f"map.{kind}").stat().st_size
    print(f"{kind}: {size:,} bytes, {time.perf_counter() - begin:.1f} s")  # noqa: T201
    assert size <= 1_000_000


def test_what_cannot_be_written_is_refused_before_the_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    explorer = view(tiny_study())
    worked: list[int] = []
    monkeypatch.setattr(type(explorer), "_now", lambda *_: worked.append(1))
    with pytest.raises(ArgumentError, match=r"ends in \.png, \.svg, \.pdf"):
        explorer.save_figure(tmp_path / "map.gif")
    with pytest.raises(DiskError) as caught:
        explorer.save_figure(tmp_path / "nowhere" / "map.pdf")
    assert caught.value.errno == errno.ENOENT
    (tmp_path / "map.png").mkdir()
    with pytest.raises(DataError, match="got the folder"):
        explorer.save_figure(tmp_path / "map.png")
    assert worked == []


def test_a_failure_leaves_the_earlier_file(tmp_path: Path) -> None:
    path = tmp_path / "map.svg"
    path.write_text("before")
    with pytest.raises(StudyError, match=r"needs projection.*depthviz\.add_maps"):
        view(vector_study()).save_figure(path)
    with pytest.raises(ArgumentError, match="there are: title, width"):
        view(tiny_study()).save_figure(path, wide=3)  # type: ignore[call-arg]
    assert path.read_text() == "before"
    assert [one.name for one in tmp_path.iterdir()] == ["map.svg"]


@pytest.mark.parametrize("count", [1, 2])
def test_few_examples_and_odd_names_are_drawn(count: int, tmp_path: Path) -> None:
    explorer = view(Study(tiny_study().dataset.isel(example=slice(count))))
    for color in ("label", "confidence", "prediction", "probe_vote", "nothing"):
        explorer.ui_state = {"color": color}
        assert explorer.save_figure(tmp_path / "map.png").read_bytes()[:4] == b"\x89PNG"


def test_where_nothing_passes_all_is_grey(tmp_path: Path) -> None:
    explorer = view(tiny_study())
    explorer.filters = {"confidence": {"from": 2.0}}
    assert {row["state"] for row in rows_of(explorer, tmp_path)} == {0}
    assert explorer.save_figure(tmp_path / "map.svg").exists()


def test_of_a_thousand_classes_the_legend_names_the_commonest(tmp_path: Path) -> None:
    data = repeated(tiny_study().dataset.drop_vars("image"), 3000)
    label = np.arange(3000) % 1000
    names = [f"class {code}" for code in range(1000)]
    fresh = data.drop_dims("class").assign(
        {name: ("example", label) for name in ("label", "prediction")}
    )
    study = Study(
        fresh.assign_coords(
            {"class": names, "example_id": ("example", np.arange(3000))}
        ).assign_attrs({**fresh.attrs, "classes": 1000})
    )
    spec = spec_of(view(study), tmp_path)
    color = next(one for one in encodings(spec, "color") if "scale" in one)
    assert len(color["scale"]["domain"]) == 1000
    assert len(color["legend"]["values"]) == 20
    assert "980 more classes" in json.dumps(spec["title"])
