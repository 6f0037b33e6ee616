"""A chart's HTML file draws itself, asks for nothing, and runs no text (E1)."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

import depthviz as dv
from depthviz.study import Study
from tests.relabeling.suspects import one

HOSTILE = "</script><script>window.x=1</script><img src=x onerror=window.x=2>"


def named_so() -> Study:
    names = [HOSTILE, "b", "c"]
    return Study(one().dataset.assign_coords({"class": names}))


@pytest.mark.parametrize("name", ["confusion_by_group", "map_by_probe"])
def test_a_page_is_drawn_without_requests_and_text_stays_text(
    name: str, page: Page, tmp_path: Path
) -> None:
    chart = getattr(dv.charts, name)(named_so(), title=HOSTILE)
    path = dv.charts.save(chart, tmp_path / "chart.html")
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(path.as_uri())
    drawn = page.locator("#chart svg")
    expect(drawn).to_have_count(1)
    expect(drawn).to_contain_text("</script><script>window.x=1")
    assert asked == [path.as_uri()]
    assert said == []
    assert page.evaluate("window.x") is None
    assert page.locator("img").count() == 0
