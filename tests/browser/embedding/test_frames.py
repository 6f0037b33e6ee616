"""An Explorer as one element of other pages: pandoc's, Sphinx's with MyST-NB, any."""

import shutil
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import expect

import depthviz as dv
from tests.browser.embedding.conftest import Watched
from tests.browser.embedding.notebooks import framed, run, use

PAGE = """# Hard examples

{before}
{frame}
{after}

The text goes on, with *emphasis*.
"""
CONF = """
extensions = ["myst_nb"]
html_theme = "basic"
nb_execution_mode = "force"
nb_execution_raise_on_error = True
nb_execution_timeout = 300
nb_ipywidgets_js = {}
"""
INDEX = """---
file_format: mystnb
kernelspec:
  name: python3
---

# Hard examples

```{code-cell}
import depthviz as dv
study = dv.open_study(STUDY)
explorer = dv.explore(study)
explorer
```

```{code-cell}
explorer.to_iframe(height=600)
```

```{code-cell}
explorer.chart("depth_histogram")
```
"""


def explorer_of(folder: Path) -> dv.Explorer:
    return dv.explore(dv.open_study(folder))


@pytest.mark.parametrize("fence", ["```{=html}", ""], ids=["fenced", "bare"])
def test_in_a_page_of_pandoc(
    fence: str, tmp_path: Path, hostile_folder: Path, watched: Watched
) -> None:
    pandoc = shutil.which("pandoc")
    if pandoc is None:
        pytest.skip("needs pandoc on the PATH: apt-get install pandoc")
    frame = explorer_of(hostile_folder).to_iframe()
    text = PAGE.format(before=fence, frame=frame, after="```" if fence else "")
    (tmp_path / "page.md").write_text(text, "utf-8")
    command = [pandoc, "--standalone", "--metadata", "title=Page", "page.md"]
    subprocess.run([*command, "-o", "page.html"], cwd=tmp_path, check=True)
    watched.open(tmp_path / "page.html")
    assert use(framed(watched.page))
    expect(watched.page.locator("em")).to_have_text("emphasis")
    watched.check()


def test_in_a_page_of_sphinx(
    tmp_path: Path, hostile_folder: Path, watched: Watched
) -> None:
    pytest.importorskip("myst_nb")
    pages = tmp_path / "pages"
    pages.mkdir()
    (pages / "conf.py").write_text(CONF, "utf-8")
    index = INDEX.replace("STUDY", repr(str(hostile_folder)))
    (pages / "index.md").write_text(index, "utf-8")
    run("sphinx", "-b", "html", "pages", "built", folder=tmp_path)
    watched.open(tmp_path / "built" / "index.html")
    for number in (0, 1):
        assert use(framed(watched.page, number))
    chart = watched.page.locator("img:visible")
    expect(chart).to_have_count(1)
    assert chart.evaluate("one => one.naturalWidth > 300")
    watched.check()


def test_a_frame_begins_with_what_is_selected_and_filtered(
    tmp_path: Path, hostile_folder: Path, watched: Watched
) -> None:
    explorer = explorer_of(hostile_folder)
    explorer.filters = {"label": ["b & c"]}
    explorer.selection = explorer.shown.index[:3]
    page = tmp_path / "page.html"
    page.write_text(f"<!doctype html>{explorer.to_iframe(height=500)}", "utf-8")
    watched.open(page)
    view = framed(watched.page)
    assert (view.shown, view.selected) == (len(explorer.shown), 3)
    box = watched.page.locator("iframe").bounding_box()
    assert box is not None
    assert box["height"] == 500
    watched.check()


def test_a_frame_reaches_nothing_around_it(
    tmp_path: Path, hostile_folder: Path, watched: Watched
) -> None:
    page = tmp_path / "page.html"
    frame = explorer_of(hostile_folder).to_iframe()
    page.write_text(f"<!doctype html>{frame}", "utf-8")
    watched.open(page)
    framed(watched.page)
    inner = watched.page.frames[1]
    reached = inner.evaluate(
        "() => { try { return String(parent.document.title); } catch { return null; } }"
    )
    assert reached is None
    assert inner.evaluate("origin") == "null"
    watched.check()
