"""An Explorer as one element of HTML: one line, sandboxed, of what is shown."""

import base64
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

import depthviz as dv
from depthviz.errors import DataError
from depthviz.study import Study
from depthviz.widgets.pages.bundle import read_bundle
from tests.studies import tiny_study

HOSTILE = '</iframe><script>window.x=1</script>"&'


class Elements(HTMLParser):
    """The elements of a text, with their attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def explorer() -> dv.Explorer:
    data = tiny_study().dataset.assign_attrs(title=HOSTILE)
    return dv.explore(Study(data))


def test_it_is_one_line_and_one_element_that_holds_the_page(tmp_path: Path) -> None:
    view = explorer()
    view.filters = {"label": [0]}
    view.selection = view.shown.index[:2]
    text = str(view.to_iframe(height=333))
    assert "\n" not in text
    [(tag, attributes)] = Elements(text).found
    assert tag == "iframe"
    assert attributes["title"] == f"Explorer: {HOSTILE}"
    assert "height:333px" in str(attributes["style"])
    assert attributes["sandbox"] == "allow-scripts allow-downloads"
    page = view.to_html(tmp_path / "page.html").read_text("utf-8")
    assert attributes["srcdoc"] == page


def test_a_cell_shows_it_with_a_picture() -> None:
    frame = explorer().to_iframe()
    data = frame._repr_mimebundle_()
    assert base64.b64decode(data["image/png"]).startswith(b"\x89PNG")
    tags = [tag for tag, _ in Elements(data["text/html"]).found]
    assert tags == ["iframe", "details", "summary", "img"]
    assert re.fullmatch(r"<Frame of .*, [\d,]+ bytes>", data["text/plain"])


def test_its_bytes_can_be_limited() -> None:
    view = explorer()
    large, small = (
        len(str(view.to_iframe(max_bytes=most))) for most in (None, 330_000)
    )
    assert small <= large
    with pytest.raises(DataError):
        view.to_iframe(max_bytes=1000)


def test_in_it_nobody_annotates(tmp_path: Path) -> None:
    study = dv.open_study(tiny_study().save(tmp_path / "study.zarr"))
    view = dv.explore(study, annotations=True, annotator="ada")
    assert view.annotations is not None
    view.annotations.record(study.frame().index[0], "verdict", "wrong label")
    [(_, attributes)] = Elements(str(view.to_iframe())).found
    page = str(attributes["srcdoc"])
    assert read_bundle() in page
    assert read_bundle(annotating=True) not in page
    data = page[page.index("data-depthviz-page>") :]
    assert '"annotations"' not in data
    assert "wrong label" not in data.replace(read_bundle(), "")
