"""A report as a page: asks for nothing, leads into its Explorer, prints whole."""

import base64
import json
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import Page, expect

import depthviz as dv
from depthviz.study import Study
from tests.browser.driver.axe import faults
from tests.browser.driver.explorer import ExplorerView, find_explorers
from tests.charts.studies import ensemble
from tests.relabeling.suspects import one

HOSTILE = "</script><script>window.x=1</script><img src=x onerror=window.x=2>"


@pytest.fixture(scope="module")
def study() -> Study:
    return ensemble()


@pytest.fixture(scope="module")
def path(study: Study, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return dv.report(study, tmp_path_factory.mktemp("document") / "report.html")


def opened(page: Page, path: Path) -> ExplorerView:
    page.goto(path.as_uri())
    return ExplorerView(page, find_explorers(page)).wait()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_it_asks_for_nothing_and_axe_finds_no_serious_fault(
    path: Path, page: Page, theme: str, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    opened(page, path)
    for summary in page.locator("details.table > summary").all():
        summary.click()
    assert [url for url in asked if not url.startswith(("blob:", "data:"))] == [
        path.as_uri()
    ]
    assert said == []
    assert faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_each_figure_is_drawn_at_two_widths_and_has_words(
    path: Path, page: Page
) -> None:
    opened(page, path)
    figures = page.locator("figure[data-depthviz-figure]")
    assert figures.count() >= 5
    for figure in figures.all():
        expect(figure.locator("svg.wide")).to_be_visible()
        expect(figure.locator("svg.narrow")).to_be_hidden()
        words = figure.locator("svg.wide").get_attribute("aria-label") or ""
        assert len(words) > 40
    page.set_viewport_size({"width": 390, "height": 900})
    for figure in figures.all():
        expect(figure.locator("svg.wide")).to_be_hidden()
        expect(figure.locator("svg.narrow")).to_be_visible()


def test_colors_follow_the_page(path: Path, page: Page) -> None:
    page.emulate_media(color_scheme="light")
    opened(page, path)
    drawn = page.locator("figure svg.wide").first
    read = "svg => getComputedStyle(svg.querySelector('text')).fill"
    light = drawn.evaluate(read)
    page.emulate_media(color_scheme="dark")
    dark = drawn.evaluate(read)
    assert light != dark
    assert "rgb" in light


def test_a_link_shows_its_examples_in_the_explorer(
    path: Path, page: Page, study: Study
) -> None:
    view = opened(page, path)
    link = page.locator("#findings .go").first
    state = json.loads(base64.b64decode((link.get_attribute("href") or "")[4:]))
    assert state["state"]["filters"]
    link.click()
    count = (study.frame()["group"] == "looks like a different class").sum()
    expect(view.root).to_have_attribute("data-depthviz-shown", str(count))
    expect(view.root).to_be_in_viewport()
    view.control("clear-filters").first.click()
    expect(view.root).to_have_attribute("data-depthviz-shown", str(len(study)))


def test_the_contents_say_where_a_reader_is(path: Path, page: Page) -> None:
    opened(page, path)
    links = page.locator("nav[aria-label=Contents] a")
    assert links.all_inner_texts()[0] == "Findings"
    page.evaluate("scrollTo(0, 0)")
    expect(links.first).to_have_attribute("aria-current", "true")
    links.get_by_text("Groups").click()
    expect(page.locator("#groups h2")).to_be_in_viewport()
    marked = page.locator("nav a[aria-current]")
    expect(marked).to_have_text("Groups")


def test_the_list_of_suspicious_labels_is_a_file(
    path: Path, page: Page, study: Study
) -> None:
    opened(page, path)
    page.get_by_text("Most suspicious labels").click()
    with page.expect_download() as download:
        page.get_by_text("Download as CSV").click()
    assert download.value.suggested_filename == "suspicious_labels.csv"
    found = pd.read_csv(download.value.path())
    assert {"given", "suggested", "suspicion"} <= set(found)
    assert (found["given"] != found["suggested"]).all()


def test_text_of_a_study_stays_text(page: Page, tmp_path: Path) -> None:
    data = one().dataset.assign_coords({"class": [HOSTILE, "b", "c"]})
    notes = {HOSTILE: [HOSTILE, pd.DataFrame({HOSTILE: [HOSTILE]})]}
    path = dv.report(
        Study(data),
        tmp_path / "r.html",
        title=HOSTILE,
        introduction=HOSTILE,
        notes=notes,
    )
    opened(page, path)
    assert page.evaluate("window.x") is None
    expect(page.locator("h1")).to_have_text(HOSTILE)
    expect(page.locator("#notes h3")).to_have_text(HOSTILE)
    assert page.locator("figure svg.wide").count() >= 4


def test_without_an_explorer_a_report_is_small(page: Page, tmp_path: Path) -> None:
    sections = ["findings", "figures", "provenance"]
    path = dv.report(one(), tmp_path / "r.html", sections=sections)
    assert path.stat().st_size < 700_000
    page.goto(path.as_uri())
    assert page.locator("[data-depthviz=explorer], .go").count() == 0
    expect(page.locator("figure svg.wide").first).to_be_visible()


def test_tables_are_open_on_paper_and_folded_again_afterwards(
    path: Path, page: Page
) -> None:
    opened(page, path)
    folded = page.locator("details.table:not([open])")
    before = folded.count()
    assert before >= 3
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert folded.count() == 0
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert folded.count() == before


def test_a_printed_report_cuts_no_figure(
    study: Study, page: Page, tmp_path: Path
) -> None:
    """Each figure is on one page: none is higher than a page, none lies on two."""
    path = dv.report(study, tmp_path / "r.pdf")
    assert path.read_bytes().startswith(b"%PDF")
    assert path.stat().st_size < 3_000_000
    html = dv.report(study, tmp_path / "r.html")
    page.goto(html.as_uri())
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 688, "height": 1000})  # A4 less its margins
    expect(page.locator("[data-depthviz-mount]")).to_be_hidden()
    for part in page.locator("figure[data-depthviz-figure], #groups > .group").all():
        box = part.bounding_box()
        assert box is not None
        assert box["height"] < 990
        assert box["x"] + box["width"] <= 689
        assert part.evaluate("one => getComputedStyle(one).breakInside") == "avoid"
    for svg in page.locator("figure svg.wide").all():
        wide = svg.bounding_box()
        assert wide is not None
        assert wide["x"] >= 0
        assert wide["x"] + wide["width"] <= 689
