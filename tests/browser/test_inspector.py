"""The inspector in an offline page: neighbors, the way back, the picture, the keys."""

import re
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

import depthviz as dv
from tests.browser.driver.explorer import ExplorerView, find_explorers
from tests.studies import ensemble_study, vector_study

FRAME = ".film-frame[data-probe='{probe}'][data-place='{place}']"


def opened(page: Page, path: Path) -> ExplorerView:
    page.goto(path.as_uri())
    return ExplorerView(page, find_explorers(page)).wait()


def inspector(view: ExplorerView) -> Locator:
    return view.root.locator("[data-depthviz-view=inspector]")


def id_shown(view: ExplorerView) -> Locator:
    return inspector(view).locator(".specimen-id")


def frame(view: ExplorerView, probe: int, place: int) -> Locator:
    return inspector(view).locator(FRAME.format(probe=probe, place=place))


def neighbor_of(shown: Locator) -> int:
    """The position of the example in a frame, once the page has read which it is."""
    expect(shown).to_have_attribute("data-neighbor", re.compile(r"^\d+$"))
    return int(shown.get_attribute("data-neighbor") or "")


def choose(view: ExplorerView, position: int) -> str:
    """Choose by a click on a cell, which an open panel may cover or move."""
    cell = view.root.locator(f"[data-depthviz-view=grid] [data-position='{position}']")
    name = cell.get_attribute("data-example-id") or ""
    cell.dispatch_event("click")
    expect(id_shown(view)).to_have_text(name)
    return name


def test_a_neighbor_is_a_click_away_and_there_is_a_way_back(
    report: Path, page: Page
) -> None:
    view = opened(page, report)
    start = choose(view, 4)
    data = ensemble_study().dataset
    ids = data["example_id"].values.astype(str).tolist()
    nearest = ids[data["neighbor_index"].values[2, ids.index(start), 1]]
    frame(view, 2, 1).click()
    expect(id_shown(view)).to_have_text(nearest)
    view.control("back").click()
    expect(id_shown(view)).to_have_text(start)
    view.control("forward").click()
    expect(id_shown(view)).to_have_text(nearest)
    page.keyboard.press("Alt+ArrowLeft")
    expect(id_shown(view)).to_have_text(start)


def test_the_strip_is_walked_and_followed_by_keys_alone(
    report: Path, page: Page
) -> None:
    view = opened(page, report)
    start = choose(view, 2)
    frame(view, 0, 0).focus()
    last = ensemble_study().dataset.sizes["probe"] - 1
    for _ in range(last):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("End")
    walked = inspector(view).locator(".film-frame:focus")
    expect(walked).to_have_attribute("data-probe", str(last))
    expect(walked).to_be_in_viewport(ratio=1)
    neighbor = ensemble_study().dataset["neighbor_index"].values
    ids = ensemble_study().dataset["example_id"].values.astype(str).tolist()
    page.keyboard.press("Enter")
    expect(id_shown(view)).to_have_text(ids[neighbor[last, ids.index(start), -1]])
    expect(frame(view, last, 0)).to_be_focused()
    page.keyboard.press(",")
    expect(id_shown(view)).to_have_text(start)


def test_the_picture_is_seen_pixel_by_pixel(report: Path, page: Page) -> None:
    view = opened(page, report)
    name = choose(view, 3)
    data = ensemble_study().dataset
    index = data["example_id"].values.astype(str).tolist().index(name)
    canvas = inspector(view).locator(".specimen-picture canvas")
    note = "6 \N{MULTIPLICATION SIGN} 8 px, lossless"
    expect(inspector(view).locator(".picture-note")).to_have_text(note)
    box = canvas.bounding_box()
    assert box is not None
    assert box["width"] >= 160
    pixels = canvas.evaluate(
        "canvas => [...canvas.getContext('2d')"
        ".getImageData(0, 0, canvas.width, canvas.height).data]"
    )
    seen = np.array(pixels).reshape(8, 6, 4)[..., :3]
    np.testing.assert_array_equal(seen, data["image"].values[index])


@pytest.mark.parametrize("width", [1440, 900, 420])
def test_nothing_runs_out_of_the_pane(report: Path, page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 1000})
    view = opened(page, report)
    beyond = """body => {
      const edge = body.getBoundingClientRect().right;
      return [...body.querySelectorAll("dt, dd, h3, p, svg, .note, .spread-strip")]
        .filter((part) => part.getBoundingClientRect().right > edge + 0.5)
        .map((part) => part.textContent);
    }"""
    for position in range(4):
        choose(view, position)
        assert inspector(view).locator(".inspector-body").evaluate(beyond) == []
        view.close_example()


def test_the_depths_of_the_members_are_counted_by_side(
    report: Path, page: Page
) -> None:
    view = opened(page, report)
    name = choose(view, 0)
    data = ensemble_study().dataset
    index = data["example_id"].values.astype(str).tolist().index(name)
    trained = data["in_train"].values[:-1, index]
    titles = inspector(view).locator(".spread-strip .aside")
    expect(titles.nth(0)).to_have_text(f"{trained.sum()} trained on it")
    expect(titles.nth(1)).to_have_text(f"{(~trained).sum()} held it out")


def test_without_pictures_labels_are_walked(page: Page, tmp_path: Path) -> None:
    study = vector_study()
    view = opened(page, dv.report(study, tmp_path / "vectors.html"))
    choose(view, 1)
    expect(inspector(view).locator(".specimen-picture")).to_be_hidden()
    index = neighbor_of(frame(view, 0, 0))
    label = study.frame()["label"].iloc[index]
    expect(frame(view, 0, 0).locator(".frame-words")).to_have_text(str(label))
    frame(view, 0, 0).click()
    expect(id_shown(view)).to_have_text(str(study.frame().index[index]))
