"""The offline page of an ensemble: groups, their plane, depths, by mouse and keys."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

import depthviz as dv
from tests.browser.driver.explorer import ExplorerView, find_explorers
from tests.studies import ensemble_study, tiny_study

CONTRAST = """
(selector) => [...document.querySelectorAll(selector)].filter((e) => e.offsetParent).map((e) => {
  const canvas = document.createElement("canvas");
  const paint = canvas.getContext("2d", { willReadFrequently: true });
  const over = (colors) => {
    for (const color of colors) { paint.fillStyle = color; paint.fillRect(0, 0, 1, 1); }
    return [...paint.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const grounds = [];
  for (let at = e; at; at = at.parentElement) grounds.unshift(getComputedStyle(at).backgroundColor);
  const light = (rgb) => {
    const [r, g, b] = rgb.map((v) => v / 255)
      .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = over(grounds);
  const ink = over([...grounds, getComputedStyle(e).color]);
  const [low, high] = [light(ground), light(ink)].sort((a, b) => a - b);
  return [e.textContent, (high + 0.05) / (low + 0.05)];
})
"""  # noqa: E501


def opened(page: Page, path: Path) -> ExplorerView:
    page.goto(path.as_uri())
    return ExplorerView(page, find_explorers(page)).wait()


def test_corner_and_chip_of_a_group_are_one_filter(report: Path, page: Page) -> None:
    view = opened(page, report)
    frame = ensemble_study().frame()
    names = ensemble_study().dataset["group"].attrs["names"]
    for code in range(4):
        corner = view.root.locator(f".corner-name[data-depthviz-corner='{code}']")
        chip = view.root.locator(
            f"[data-depthviz-filter=group] [data-depthviz-code='{code}']"
        )
        corner.click()
        expect(chip).to_have_attribute("aria-pressed", "true")
        assert view.shown == (frame["group"] == names[code]).sum()
        chip.click()
        assert view.shown == len(frame)


def test_the_keyboard_reaches_every_group(report: Path, page: Page) -> None:
    view = opened(page, report)
    chips = view.root.locator("[data-depthviz-filter=group] .chip")
    chips.first.focus()
    for _ in range(3):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(chips.nth(3)).to_have_attribute("aria-pressed", "true")
    frame = ensemble_study().frame()
    assert view.shown == (frame["group"] == "ambiguous").sum()


def test_sorted_by_validation_depth_the_hardest_come_first(
    report: Path, page: Page
) -> None:
    view = opened(page, report)
    view.control("sort").select_option("validation_depth")
    frame = ensemble_study().frame()
    hardest = frame["validation_depth"].sort_values(ascending=False, kind="stable")
    shown = view.grid_ids()
    assert len(shown) > 5
    assert shown[:5] == hardest.index.astype(str).tolist()[:5]


def test_inspector_tells_error_and_number_of_members(report: Path, page: Page) -> None:
    view = opened(page, report)
    cell = view.root.locator("[data-depthviz-view=grid] [data-example-id]").first
    cell.click()
    inspector = view.root.locator("[data-depthviz-view=inspector]")
    row = ensemble_study().frame().loc[_like(cell.get_attribute("data-example-id"))]
    expect(inspector).to_contain_text(f"({row['trained_on']:.0f} members)")
    expect(inspector).to_contain_text("±")
    expect(inspector).to_contain_text("Depth, held out")


def _like(text: str | None) -> object:
    """Find the id, of whatever type, that the page shows as this text."""
    return {str(one): one for one in ensemble_study().frame().index}[text or ""]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_texts_and_marks_stand_out(report: Path, page: Page, theme: str) -> None:
    page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
    view = opened(page, report)
    expect(view.root).to_have_attribute("data-depthviz-theme", theme)
    view.root.locator("[data-depthviz-filter=group] .chip").first.click()
    texts = (
        ".corner-name span, .axis-name, [data-depthviz-filter=group] .chip span, "
        ".cell .value, .cell .label, .pair .count, .pair .aside, .legend-item .name, "
        ".finding-title, .finding-line span, .line-name, .tick-name, .probe-words span"
    )
    found = page.evaluate(CONTRAST, texts)
    assert len(found) > 40
    assert [one for one in found if one[1] < 4.5] == []


def test_one_network_shows_none_of_it(page: Page, tmp_path: Path) -> None:
    view = opened(page, dv.report(tiny_study(), tmp_path / "one.html"))
    expect(view.root.locator("[data-depthviz-plane], .pair, .of-member")).to_have_count(
        0
    )
