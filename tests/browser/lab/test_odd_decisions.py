"""Odd text that is decided in a notebook is kept as Python keeps it."""

from pathlib import Path

from pandas.testing import assert_frame_equal
from playwright.sync_api import Page

import depthviz as dv
from tests.browser.driver.desk import PageDesk
from tests.browser.driver.ensemble_notebook import opened
from tests.browser.driver.jupyter import Lab
from tests.browser.driver.odd_text import ODD_IDS, ODD_TEXTS, kept_text

_ANNOTATE = """
from functools import partial
from tests.browser.driver.odd_text import with_odd_ids
open_study = dv.open_study
dv.open_study = lambda path: dv.Study(with_odd_ids(open_study(path).dataset))
dv.explore = partial(dv.explore, annotations={place!r}, annotator="jana")
"""
_FIELDS = ["example", "field", "value", "previous", "annotator", "kind", "latency"]


def test_odd_text_goes_through_the_kernel_as_it_is(
    lab: Lab, page: Page, tmp_path: Path
) -> None:
    place = tmp_path / "page.sqlite"
    with opened(lab, page, _ANNOTATE.format(place=str(place))):
        desk = PageDesk(page).wait()
        for example, text in enumerate(ODD_TEXTS):
            name = text[:200]
            desk.decide(example, note=text, label=name, tags={name: True})
            desk.decide(example, tags={name: False}, note=None)
            desk.decide(example, note=text)
            desk.settle()
        assert desk.problem == ""
    with (
        dv.annotations.open(place) as store,
        dv.annotations.open(tmp_path / "python.sqlite", annotator="jana") as python,
    ):
        for told_id, text in zip(ODD_IDS, ODD_TEXTS, strict=True):
            name = text[:200]
            python.record(told_id, "label", name, latency=1.5)
            python.record(told_id, "note", text)
            python.record(told_id, "tag", name)
            python.record(told_id, "note", None, previous=text, latency=1.5)
            python.record(told_id, "tag", None, previous=name)
            python.record(told_id, "note", text, latency=1.5)
        pages, written = store.history(), python.history()
        assert_frame_equal(pages[_FIELDS], written[_FIELDS])
        said, told = store.frame(), python.frame()
        assert_frame_equal(said.drop(columns="time"), told.drop(columns="time"))
        assert said["note"].tolist() == [*map(kept_text, ODD_TEXTS)]
        assert said["tags"].tolist() == [()] * len(ODD_IDS)
