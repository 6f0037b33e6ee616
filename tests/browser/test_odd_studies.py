"""Studies that are odd: small, huge, without this or that, with markup for labels.

Each opens in an offline page, shows all of its examples, and takes every color, order
and histogram that it offers without a word on the console.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr
from playwright.sync_api import Browser, Page, expect

import depthviz as dv
from depthviz.study import Study
from tests.browser.driver.explorer import ExplorerView, find_explorers
from tests.studies import HOSTILE, tiny_study

EVIL = (
    "</script><script>window.hacked = 1; alert(1)</script><img src=x onerror=hacked=1>"
)
EVERY = """async (root) => {
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  const choose = async (name) => {
    const select = root.querySelector(`[data-depthviz-control=${name}]`);
    const values = select ? [...select.options].map((option) => option.value) : [];
    for (const value of values.filter((one) => one !== "")) {
      select.value = value;
      select.dispatchEvent(new Event("change", { bubbles: true }));
      await frame();
    }
    return values.length;
  };
  return [await choose("color"), await choose("sort"), await choose("add-histogram")];
}"""
CARD = """
const read = WebGL2RenderingContext.prototype.getParameter;
WebGL2RenderingContext.prototype.getParameter = function (name) {
  return name === 0x9246 || name === this.RENDERER ? "A graphics card" : read.call(this, name);
};
"""  # noqa: E501


def small(count: int, classes: int = 3, probes: int = 4, **columns: Any) -> Study:
    """Draw a study with no more than what is promised, a map, and these columns."""
    draw = np.random.default_rng(0)
    label = (np.arange(count) % classes).astype(np.uint16)
    variables = {
        "split": ("example", np.zeros(count, np.uint8)),
        "label": ("example", label),
        "prediction": ("example", draw.permutation(label)),
        "depth": ("example", draw.integers(0, probes + 1, count).astype(np.uint8)),
        "projection": (
            ("probe", "example", "axis"),
            draw.normal(size=(probes, count, 2)).astype(np.float32),
        ),
    }
    data = xr.Dataset(
        variables,
        {
            "probe": [f"p{number}" for number in range(probes)],
            "class": [f"c{number}" for number in range(classes)],
            "example_id": ("example", np.arange(count)),
        },
    )
    return Study(data).assign(**columns)


def _bare() -> Study:
    return Study(small(20).dataset.drop_vars(["projection", "split"]))


def _hostile() -> Study:
    data = small(12, note=[f"{EVIL}{number}" for number in range(12)]).dataset
    data = data.assign_coords({"class": [EVIL + "a", EVIL + "b", HOSTILE[2]]})
    data = data.assign_coords(example_id=("example", [f"{EVIL}{n}" for n in range(12)]))
    return Study(
        data.assign_attrs(title=EVIL).assign_coords(
            probe=[EVIL + str(n) for n in range(4)]
        )
    )


def _missing() -> Study:
    nothing = np.full(30, np.nan)
    some = np.where(np.arange(30) % 2, np.nan, np.arange(30))
    ends = np.where(np.arange(30) % 2, np.inf, -np.inf)
    return small(
        30, confidence=nothing, aum=some, input_margin=ends, word=[""] * 30, mine=some
    )


def _all_in_one_place() -> Study:
    data = small(9).dataset
    return Study(data.assign(projection=data["projection"] * 0))


ODD = {
    "no images": lambda: small(40),
    "nothing optional": _bare,
    "missing values": _missing,
    "one class": lambda: small(20, classes=1),
    "a thousand classes": lambda: small(3000, classes=1000),
    "markup": _hostile,
    "three examples": lambda: small(3),
    "one example": lambda: small(1, classes=1),
    "one probe": lambda: small(9, probes=1),
    "all in one place": _all_in_one_place,
}


class Complaints(list[str]):
    """What a page says on its console, its errors and its dialogs."""

    def hear(self, page: Page) -> None:
        page.on("console", lambda message: self.append(message.text))
        page.on("pageerror", lambda error: self.append(str(error)))
        page.on(
            "dialog", lambda dialog: (self.append(dialog.message), dialog.dismiss())
        )


@pytest.fixture(scope="module")
def shared(browser: Browser) -> Iterator[tuple[Page, Complaints]]:
    context = browser.new_context(viewport={"width": 1440, "height": 1000})
    page, complaints = context.new_page(), Complaints()
    complaints.hear(page)
    yield page, complaints
    context.close()


def opened(page: Page, path: Path) -> ExplorerView:
    page.goto(path.as_uri())
    return ExplorerView(page, find_explorers(page).first).wait()


@pytest.mark.parametrize("name", ODD)
def test_an_odd_study_opens_and_takes_all_that_it_offers(
    shared: tuple[Page, Complaints], tmp_path: Path, name: str
) -> None:
    page, complaints = shared
    complaints.clear()
    study = ODD[name]()
    view = opened(page, dv.explore(study).to_html(tmp_path / "odd.html"))
    assert view.shown == len(study)
    assert len(view.grid_ids()) > 0
    assert min(view.root.evaluate(EVERY)) > 0
    view.root.locator("[data-example-id]:visible").first.click()
    expect(view.root).to_have_attribute("data-depthviz-selected", "1")
    if "projection" in study.dataset:
        view.clear_selection()
        view.control("color").select_option("label")
        assert view.ink() > 0
    assert page.evaluate("window.hacked") is None
    assert complaints == []


def page_of_many(study: Study, path: Path, count: int) -> Path:
    """Write a page that shows a study so many times, one below the other."""
    text = dv.explore(study).to_html(path).read_text(encoding="utf-8")
    start = text.index("<div data-depthviz-mount>")
    end = text.index("</script>", start) + len("</script>")
    path.write_text(text[:end] + text[start:end] * (count - 1) + text[end:], "utf-8")
    return path


def test_two_explorers_of_a_study_in_a_page_are_linked(
    page: Page, tmp_path: Path
) -> None:
    view = opened(page, page_of_many(small(40), tmp_path / "two.html", 2))
    other = ExplorerView(page, find_explorers(page).nth(1)).wait()
    view.root.locator("button[data-depthviz-class='1']").click()
    expect(other.root).to_have_attribute("data-depthviz-shown", str(view.shown))
    assert view.shown < 40
    other.root.locator("[data-example-id]:visible").first.click()
    expect(view.root).to_have_attribute("data-depthviz-selected", "1")
    assert view.grid_ids() == other.grid_ids()


def test_twenty_explorers_all_show_a_picture_when_they_are_scrolled_to(
    browser: Browser, tmp_path: Path
) -> None:
    context = browser.new_context(viewport={"width": 1440, "height": 1000})
    context.add_init_script(CARD)
    page = context.new_page()
    opened(page, page_of_many(small(40), tmp_path / "twenty.html", 20))
    views = [ExplorerView(page, root) for root in find_explorers(page).all()]
    assert len(views) == 20
    for view in [*views, views[0]]:
        view.wait()
        expect(view.map).to_have_attribute("data-depthviz-renderer", "webgl2")
        page.wait_for_function(INKED, arg=view.canvas.element_handle())
        assert view.ink() > 0.001
    context.close()


INKED = """canvas => new Promise((resolve) => requestAnimationFrame(() => {
  const gl = canvas.getContext("webgl2");
  resolve(gl !== null && !gl.isContextLost());
}))"""
LOSE = """canvas => {
  const gl = canvas.getContext("webgl2");
  canvas.loss = gl.getExtension("WEBGL_lose_context");
  const lost = new Promise((resolve) => canvas.addEventListener("webglcontextlost", resolve));
  canvas.loss.loseContext();
  return lost.then(() => gl.isContextLost());
}"""  # noqa: E501


def test_a_lost_context_draws_the_same_again_when_it_is_back(
    browser: Browser, tmp_path: Path
) -> None:
    context = browser.new_context(viewport={"width": 1440, "height": 1000})
    context.add_init_script(CARD)
    page = context.new_page()
    view = opened(page, dv.explore(small(40)).to_html(tmp_path / "lost.html"))
    before = view.picture()
    assert view.canvas.evaluate(LOSE)
    assert view.ink() > 0, "a lost context leaves an empty map"
    view.canvas.evaluate("canvas => canvas.loss.restoreContext()")
    page.wait_for_function(INKED, arg=view.canvas.element_handle())
    assert np.abs(view.picture() - before).max() <= 8
    context.close()


def test_an_element_without_size_draws_when_it_is_shown(
    page: Page, tmp_path: Path
) -> None:
    path = dv.explore(tiny_study()).to_html(tmp_path / "hidden.html")
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("<main>", "<main hidden>", 1), "utf-8")
    page.goto(path.as_uri())
    view = ExplorerView(page, find_explorers(page).first)
    expect(view.root).to_have_attribute("data-depthviz-ready", "true")
    page.locator("main").evaluate("main => { main.hidden = false; }")
    view.wait()
    expect(view.root.locator("[data-example-id]:visible").first).to_be_visible()
    assert view.ink() > 0.0005
