"""The still picture: beside the widget in what a cell shows, small, and of the view."""

import base64
import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import depthviz as dv
from depthviz.study import Study
from tests.studies import ensemble_study, repeated, tiny_study, vector_study

WIDGET = "application/vnd.jupyter.widget-view+json"


def shown(view: object) -> bytes:
    data, _ = view._repr_mimebundle_()  # type: ignore[attr-defined]
    assert WIDGET in data
    return base64.b64decode(data["image/png"])


@pytest.mark.parametrize("study", [tiny_study, ensemble_study, vector_study])
def test_a_cell_shows_a_picture_beside_the_widget(study: object) -> None:
    picture = shown(dv.explore(study()))  # type: ignore[operator]
    assert Image.open(io.BytesIO(picture)).size == (1000, 560)
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
    from depthviz.widgets import still

    frame = tiny_study().frame()
    name, order = still._order(frame, {})
    assert name == "suspicion_rank"
    assert frame["suspicion_rank"].iloc[order].is_monotonic_decreasing
    assert still._order(frame.drop(columns=name), {})[0] == "depth"


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
    from depthviz.widgets import still

    explorer = dv.explore(Study(tiny_study().dataset))
    monkeypatch.setattr(still, "_MOST_POINTS", 4)
    strong = []
    for position in range(5):
        explorer.selection = explorer.study.frame().index[[position]]
        picture = Image.open(explorer.to_png(tmp_path / "a.png")).convert("HSV")
        ink = np.asarray(picture.crop((17, 65, 479, 527)))[..., 1]
        strong.append(int((ink > 150).sum()))
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
    inked = [(np.asarray(one.crop((20, 68, 470, 500))) < 250) for one in pictures]
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
