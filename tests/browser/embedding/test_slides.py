"""An Explorer on a slide of reveal.js: keys move either the slide or the Explorer."""

import os
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.embedding.conftest import Watched
from tests.browser.embedding.notebooks import OFFLINE, convert, framed, write_notebook

pytest.importorskip("nbconvert")
FOLDER = os.environ.get("DEPTHVIZ_SLIDES", "")


@pytest.mark.skipif(
    not FOLDER,
    reason="needs a folder that DEPTHVIZ_SLIDES names, with reveal.js, require.js and "
    "jquery.min.js in it; they are not installed",
)
def test_keys_move_the_slide_or_the_explorer(
    tmp_path: Path, hostile_folder: Path, watched: Watched
) -> None:
    shutil.copytree(FOLDER, tmp_path, dirs_exist_ok=True)
    write_notebook(tmp_path, hostile_folder, slides=True)
    options = (
        "require_js_url=require.js",
        "jquery_url=jquery.min.js",
        "mathjax_url=",
        "font_awesome_url=",
        "reveal_url_prefix=reveal.js",
        "reveal_theme=white",
    )
    convert(
        tmp_path, "slides", OFFLINE[0], *(f"--SlidesExporter.{one}" for one in options)
    )
    watched.open(tmp_path / "one.slides.html")
    page = watched.page
    view = framed(page)
    view.set_probe(1)
    view.control("probe").focus()
    page.keyboard.press("ArrowRight")
    expect(view.map).to_have_attribute("data-depthviz-probe", "2")
    assert page.url.rpartition("#")[2] in ("/", page.url)
    page.locator("body").click(position={"x": 5, "y": 5})
    page.keyboard.press("ArrowRight")
    page.wait_for_url("**#/1")
    assert view.map.get_attribute("data-depthviz-probe") == "2"
    foreign = [one for one in watched.asked if "mermaid" not in one]
    assert foreign == []
