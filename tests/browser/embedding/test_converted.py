"""An executed notebook becomes a page, a text for LaTeX, a preview: all of it shows.

Names of classes that are markup stay text in each (E1), and no other host is asked.
"""

import base64
import os
import re
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from playwright.sync_api import Browser, Page, expect

from tests.browser.embedding.conftest import Watched
from tests.browser.embedding.notebooks import (
    OFFLINE,
    convert,
    framed,
    use,
    write_notebook,
)
from tests.paths import ROOT

pytest.importorskip("nbconvert")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, hostile_folder: Path) -> Path:
    found = tmp_path_factory.mktemp("converted")
    write_notebook(found, hostile_folder)
    return found


def test_the_explorer_works_in_a_page_without_a_network(
    folder: Path, watched: Watched
) -> None:
    convert(folder, "html", *OFFLINE)
    watched.open(folder / "one.html")
    for number in (0, 1):
        assert use(framed(watched.page, number))
    pictures = watched.page.locator("img:visible")
    expect(pictures).to_have_count(2)
    for number in (0, 1):
        picture = pictures.nth(number)
        assert picture.evaluate("one => one.naturalWidth > 300")
        assert picture.get_attribute("alt")
    watched.check()
    text = (folder / "one.html").read_text("utf-8")
    assert "application/vnd.jupyter.widget-view+json" not in text
    assert "<script>window.x" not in text


def test_latex_refers_to_the_pictures(folder: Path) -> None:
    convert(folder, "latex")
    text = (folder / "one.tex").read_text("utf-8")
    named = re.findall(r"\{(one_files/[^}]+)\}", text)
    assert [Path(name).suffix for name in named] == [".png", ".pdf", ".pdf", ".png"]
    for name in named:
        found = (folder / name).read_bytes()
        assert found.startswith((b"\x89PNG", b"%PDF"))
        assert len(found) > 3000
    assert "window.x" not in text


@pytest.fixture
def bare(browser: Browser) -> Iterator[Page]:
    """A page that runs no script, as a preview of a notebook."""
    context = browser.new_context(java_script_enabled=False, offline=True)
    yield context.new_page()
    context.close()


def test_a_preview_without_scripts_shows_pictures(
    tmp_path: Path,
    hostile_folder: Path,
    bare: Page,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT)]))
    notebook = write_notebook(tmp_path, hostile_folder)
    NotebookClient(notebook, timeout=300, kernel_name="python3").execute()
    outputs = [cell.outputs[0] for cell in notebook.cells]
    shown = []
    for output in outputs[:3]:
        assert "text/html" not in output.data
        data = base64.b64decode(output.data["image/png"])
        assert data.startswith(b"\x89PNG")
        shown.append(output.data["image/png"].strip())
    kept = nbformat.v4.new_notebook(cells=notebook.cells[:3])
    for cell in kept.cells:
        for output in cell.outputs:
            output.data = {"image/png": output.data["image/png"]}
    from nbconvert.exporters import HTMLExporter

    text, _ = HTMLExporter().from_notebook_node(kept)
    (tmp_path / "preview.html").write_text(text, "utf-8")
    bare.goto((tmp_path / "preview.html").as_uri())
    expect(bare.locator("img")).to_have_count(3)
    assert all(one[:200] in text.replace("\n", "") for one in shown)


def test_a_frame_that_is_taken_away_leaves_its_picture(
    tmp_path: Path, folder: Path, bare: Page
) -> None:
    convert(folder, "html", *OFFLINE)
    text = (folder / "one.html").read_text("utf-8")
    without = re.sub(r"<iframe.*?</iframe>", "", text, flags=re.S)
    (tmp_path / "bare.html").write_text(without, "utf-8")
    bare.goto((tmp_path / "bare.html").as_uri())
    folded = bare.locator("details")
    expect(folded).to_have_count(2)
    folded.first.locator("summary").click()
    expect(folded.first.locator("img")).to_be_visible()
