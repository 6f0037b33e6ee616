"""A person's whole way, by keyboard alone and by mouse, in JupyterLab and in the page.

They filter to a group, move through the depths, open the third example, walk to one of
its neighbors, select it, and find the ids where they go on working.
"""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.driver.ensemble_notebook import opened
from tests.browser.driver.explorer import ExplorerView, find_explorers
from tests.browser.driver.hands import Hands, Keyboard, Mouse
from tests.browser.driver.jupyter import Lab
from tests.studies import ensemble_study

HANDS = pytest.mark.parametrize("hands_of", [Keyboard, Mouse])
HandsOf = Callable[[ExplorerView], Hands]


def go_the_way(view: ExplorerView, hands: Hands) -> list[str]:
    """Do all of it; return the ids that are selected at the end."""
    study = ensemble_study()
    frame = study.frame()
    names = list(study.dataset["group"].attrs["names"])
    group = names.index(str(frame["group"].value_counts().idxmax()))

    hands.filter_to(group)
    members = frame.index[frame["group"] == names[group]].astype(str)
    expect(view.root).to_have_attribute("data-depthviz-shown", str(len(members)))

    hands.move_through_the_depths(len(study.probes))

    third = view.grid_ids()[2]
    hands.open_third()
    inspected = view.root.locator(".specimen-id")
    expect(inspected).to_have_text(third)
    assert third in members
    expect(view.root).to_have_attribute("data-depthviz-selected", "1")

    hands.walk_to_neighbor()
    expect(inspected).not_to_have_text(third)
    neighbor = inspected.text_content() or ""
    hands.select()
    expect(view.root).to_have_attribute("data-depthviz-selected", "2")
    return sorted([third, neighbor])


@HANDS
def test_the_ids_arrive_in_python(lab: Lab, page: Page, hands_of: HandsOf) -> None:
    with opened(lab, page) as view:
        ids = go_the_way(view, hands_of(view))
        assert selected_in_python(lab, ids) == ids


@HANDS
def test_the_ids_are_in_the_list_that_the_page_saves(
    report: Path, page: Page, hands_of: HandsOf
) -> None:
    page.goto(report.as_uri())
    view = ExplorerView(page, find_explorers(page)).wait()
    hands = hands_of(view)
    ids = go_the_way(view, hands)
    with page.expect_download() as download:
        hands.press("download")
    saved = Path(download.value.path()).read_text()
    lines = saved.splitlines()
    assert sorted(line.split(",")[0] for line in lines[1:]) == ids


def selected_in_python(lab: Lab, wanted: list[str]) -> list[str]:
    """Ask until Python has heard of the last selection, which the browser debounces."""
    code = "import json; print(json.dumps(sorted(map(str, explorer.selection))))"
    for _ in range(50):
        selected: list[str] = json.loads(lab.ask(code))
        if selected == wanted:
            break
    return selected
