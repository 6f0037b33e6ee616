"""A chart in a cell: pictures that need no script, or what the person chose."""

import base64
import sys
from typing import Any

import altair as alt
import pytest

from tests.charts.drawn import pixels, points


def shown(chart: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    found = chart._repr_mimebundle_()
    return found if isinstance(found, tuple) else (found, {})


def test_a_cell_shows_a_picture_and_keeps_a_drawing_for_latex() -> None:
    chart = points(30, title="Three classes")
    data, metadata = shown(chart)
    assert sorted(data) == ["application/pdf", "image/png", "text/plain"]
    png, pdf = (
        base64.b64decode(data[kind]) for kind in ("image/png", "application/pdf")
    )
    assert pdf.startswith(b"%PDF")
    said = metadata["image/png"]
    high, wide = pixels(png).shape[:2]
    assert (said["width"], said["height"]) == (round(wide / 2), round(high / 2))
    assert said["alt"] == "Three classes. Points at random."


def test_many_points_are_small_in_a_notebook() -> None:
    data, _ = shown(points(60_000))
    assert len(data["application/pdf"]) + len(data["image/png"]) < 2_000_000


def test_how_a_person_shows_charts_counts() -> None:
    alt.renderers.enable("mimetype")
    try:
        data, _ = shown(points(5))
        assert any(kind.startswith("application/vnd.vegalite") for kind in data)
        assert "image/png" not in data
    finally:
        alt.renderers.enable("default")


def test_without_vl_convert_altair_shows_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "vl_convert", None)
    data, _ = shown(points(5))
    assert "image/png" not in data
    assert "text/html" in data
