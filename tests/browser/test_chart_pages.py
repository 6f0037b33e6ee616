"""A chart's HTML file draws itself, asks for nothing, and runs no text (E1)."""

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from playwright.sync_api import Page, expect

import depthviz as dv
from depthviz.study import Study
from tests.relabeling.suspects import one

HOSTILE = "</script><script>window.x=1</script><img src=x onerror=window.x=2>"


def named_so() -> Study:
    names = [HOSTILE, "b", "c"]
    study = Study(one().dataset.assign_coords({"class": names}))
    return study.assign(**{HOSTILE: range(len(study))})


def opened(path: Path, page: Page) -> list[str]:
    """Open a page; what it asks for, and which faults it says."""
    heard: list[str] = []
    page.on("request", lambda request: heard.append(request.url))
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.goto(path.as_uri())
    return heard


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("confusion_by_group", {}),
        ("map_by_probe", {}),
        ("depth_histogram", {"by": "class"}),
        ("rank_correlations", {"measures": ["depth", "suspicion", HOSTILE]}),
    ],
)
def test_a_page_is_drawn_without_requests_and_text_stays_text(
    name: str, options: dict[str, Any], page: Page, tmp_path: Path
) -> None:
    chart = getattr(dv.charts, name)(named_so(), title=HOSTILE, **options)
    path = dv.charts.save(chart, tmp_path / "chart.html")
    heard = opened(path, page)
    drawn = page.locator("#chart svg")
    expect(drawn).to_have_count(1)
    expect(drawn).to_contain_text("</script><script>window.x=1")
    assert heard == [path.as_uri()]
    assert page.evaluate("window.x") is None
    assert page.locator("img").count() == 0


def test_a_tooltip_shows_the_name_as_it_is(page: Page, tmp_path: Path) -> None:
    study = named_so()
    chart = dv.charts.confusion_by_group(study, classes=[HOSTILE])
    opened(dv.charts.save(chart, tmp_path / "chart.html"), page)
    page.locator("#chart svg .mark-rect path").first.hover()
    expect(page.locator(".vg-tooltip")).to_contain_text(HOSTILE)
    assert page.evaluate("window.x") is None
    assert page.locator("img").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_table_is_read_on_both_grounds_and_text_stays_text(
    scheme: Any, page: Page, tmp_path: Path
) -> None:
    table = pd.DataFrame({HOSTILE: [HOSTILE, "cat"], "share": [0.25, None]})
    path = dv.charts.save_table(table, tmp_path / "table.html", caption=HOSTILE)
    page.emulate_media(color_scheme=scheme)
    heard = opened(path, page)
    assert heard == [path.as_uri()]
    assert page.evaluate("window.x") is None
    assert page.locator("img").count() == 0
    for place in ("caption", "th >> nth=0", "td >> nth=0"):
        expect(page.locator(place)).to_have_text(HOSTILE)
    ink, ground = page.evaluate(
        "[getComputedStyle(document.body).color, "
        "getComputedStyle(document.body).backgroundColor]"
    )
    assert ("255, 255, 255" in ink) == (scheme == "dark"), ink
    assert ("255, 255, 255" in ground) == (scheme == "light"), ground
