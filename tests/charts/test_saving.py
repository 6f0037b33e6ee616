"""Charts as files: each kind, many marks, odd paths, no vl-convert."""

import errno
import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import altair as alt
import numpy as np
import pytest

from depthviz.charts import agreement_heatmap, save
from depthviz.charts.output.conversion import to_png
from depthviz.charts.output.raster import rasterized
from depthviz.errors import (
    ArgumentError,
    DataError,
    DependencyError,
    DiskError,
    TaskError,
)
from tests.charts.drawn import pixels, points
from tests.ensembles.synthetic import ensemble_study
from tests.paths import ROOT

KINDS = ("png", "svg", "pdf", "html", "json")
BEGINNINGS = {
    "png": b"\x89PNG",
    "svg": b"<svg",
    "pdf": b"%PDF",
    "html": b"<!doctype html>",
    "json": b"{",
}


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_written_over_what_was_there(kind: str, tmp_path: Path) -> None:
    path = tmp_path / f"chart.{kind}"
    path.write_text("before")
    assert save(points(30), path) == path
    assert path.read_bytes().startswith(BEGINNINGS[kind])
    assert points(30).save(path, dpi=100) == path
    assert [one.name for one in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("theme", ["light", "dark", "print"])
def test_a_picture_is_never_transparent(theme: str, tmp_path: Path) -> None:
    found = pixels(save(points(30, theme=theme), tmp_path / "a.png"))
    assert (found[..., 3] == 255).all()
    ground = (0x15, 0x17, 0x1B) if theme == "dark" else (255, 255, 255)
    assert tuple(found[0, 0, :3].tolist()) == ground


def test_a_chart_of_ones_own_gets_a_ground(tmp_path: Path) -> None:
    data = alt.InlineData([{"a": 1}])
    own = alt.Chart(data).mark_point().encode(alt.X("a:Q"))
    clear = own.configure(background="transparent")
    for chart in (own, clear):
        assert (pixels(save(chart, tmp_path / "a.png"))[..., 3] == 255).all()


def test_dpi_is_pixels_for_72_of_the_charts(tmp_path: Path) -> None:
    wide = [
        pixels(save(points(5), tmp_path / "a.png", dpi=dpi)).shape[1]
        for dpi in (72, 216)
    ]
    assert wide[1] == pytest.approx(3 * wide[0], abs=3)
    with pytest.raises(ArgumentError, match="dpi must be a number from 36"):
        save(points(5), tmp_path / "a.png", dpi=-1)


@pytest.mark.parametrize("kind", ["svg", "pdf"])
def test_sixty_thousand_points_are_a_small_file(kind: str, tmp_path: Path) -> None:
    begin = time.perf_counter()
    size = save(points(60_000), tmp_path / f"a.{kind}").stat().st_size
    print(f"{kind}: {size:,} bytes, {time.perf_counter() - begin:.1f} s")  # noqa: T201
    assert size <= 1_000_000


def test_many_marks_look_as_few_and_their_axes_stay_drawn(tmp_path: Path) -> None:
    text = save(points(6000), tmp_path / "a.svg").read_text("utf-8")
    assert text.count("<image ") == 1
    assert text.count("<path ") < 100
    assert text.count("data:image/png") == 1
    assert ">Points<" in text
    assert ">\N{MINUS SIGN}2<" in text


def test_a_raster_is_what_the_vectors_are(monkeypatch: pytest.MonkeyPatch) -> None:
    from depthviz.charts.output import raster
    from depthviz.charts.output.saving import _drawing

    vectors = _drawing(points(2000).to_dict())
    monkeypatch.setattr(raster, "MOST_MARKS", 10)
    picture = rasterized(vectors, dpi=144)
    assert picture.count("<path ") < vectors.count("<path ") - 1900
    one, two = (
        pixels(to_png(svg, dpi=144))[..., :3].astype(int) for svg in (vectors, picture)
    )
    assert np.abs(one - two).mean() < 3
    assert np.abs(one.mean((0, 1)) - two.mean((0, 1))).max() < 1.5


@pytest.mark.parametrize(("probes", "pictures"), [(16, 0), (20, 1)])
def test_a_heat_map_of_many_examples_is_small_at_any_number_of_probes(
    probes: int, pictures: int, tmp_path: Path
) -> None:
    study = ensemble_study(examples=900, members=3, probes=probes)
    text = save(agreement_heatmap(study), tmp_path / "a.svg").read_text("utf-8")
    assert text.count("<image ") == pictures
    assert (text.count("<path ") > 300 * probes) == (not pictures)
    assert "of about 3" in text
    assert len(text) < 600_000  # of so many marks none is told one by one


def test_names_in_a_drawing_are_its_own(tmp_path: Path) -> None:
    found = []
    for count in (20, 21):
        chart = points(count)
        clipped = chart.mark_point(clip=True)
        text = save(clipped, tmp_path / "a.svg").read_text("utf-8")
        ids = set(re.findall(r'id="([^"]+)"', text))
        assert ids
        assert set(re.findall(r"url\(#([^)]+)\)", text)) <= ids
        found.append(ids)
    assert not found[0] & found[1]


def test_the_alt_text_is_in_the_drawing_and_the_page(tmp_path: Path) -> None:
    for kind in ("svg", "html"):
        text = save(points(9), tmp_path / f"a.{kind}").read_text("utf-8")
        assert "Points. Points at random." in text


def test_what_cannot_be_written_is_refused_before_the_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chart = points(5)
    worked: list[int] = []
    monkeypatch.setattr(type(chart), "to_dict", lambda *_, **__: worked.append(1))
    with pytest.raises(DiskError) as caught:
        save(chart, tmp_path / "nowhere" / "a.png")
    assert caught.value.errno == errno.ENOENT
    (tmp_path / "folder.png").mkdir()
    with pytest.raises(DataError, match="got the folder"):
        save(chart, tmp_path / "folder.png")
    with pytest.raises(ArgumentError, match=r"ends in \.png, \.svg, \.pdf, \.html"):
        save(chart, tmp_path / "a.gif")
    with pytest.raises(ArgumentError, match="local disk"):
        save(chart, "s3://bucket/a.png")
    assert worked == []


def test_a_failure_leaves_the_earlier_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.png"
    path.write_text("before")
    with pytest.raises(ArgumentError, match="save writes a chart"):
        save("chart", path)  # type: ignore[arg-type]
    assert path.read_text() == "before"
    assert [one.name for one in tmp_path.iterdir()] == ["a.png"]


def test_without_vl_convert_the_extra_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "vl_convert", None)
    for kind in ("png", "svg", "pdf", "html"):
        with pytest.raises(DependencyError, match=r"torch-depthviz\[figures\]"):
            save(points(5), tmp_path / f"a.{kind}")
    assert json.loads(save(points(5), tmp_path / "a.json").read_text())["datasets"]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_forked_child_is_refused_and_does_not_wait(tmp_path: Path) -> None:
    save(points(5), tmp_path / "a.png")
    child = os.fork()
    if child == 0:
        try:
            save(points(5), tmp_path / "b.png")
        except TaskError:
            os._exit(7)
        os._exit(8)
    end = time.monotonic() + 10
    while (done := os.waitpid(child, os.WNOHANG))[0] == 0 and time.monotonic() < end:
        time.sleep(0.05)
    if done[0] == 0:
        os.kill(child, 9)
        os.waitpid(child, 0)
    assert done[0]
    assert os.waitstatus_to_exitcode(done[1]) == 7


CHILD = """
import os, sys, altair as alt, vl_convert
sys.path.insert(0, sys.argv[1])
chart = alt.Chart(alt.InlineData([{"a": 1}])).mark_bar().encode(x="a:Q")
if sys.argv[2] == "before":
    vl_convert.vegalite_to_svg(chart.to_dict())
if os.fork():
    os._exit(os.waitstatus_to_exitcode(os.wait()[1]))
if sys.argv[2] == "since":
    vl_convert.vegalite_to_svg(chart.to_dict())
from depthviz.charts import agreement_heatmap, save
from depthviz.errors import TaskError
try:
    save(chart, sys.argv[3])
except TaskError:
    os._exit(7)
os._exit(8)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="asks Linux")
@pytest.mark.parametrize(("when", "status"), [("before", 7), ("since", 8)])
def test_a_child_is_refused_whoever_had_loaded_vl_convert_before(
    when: str, status: int, tmp_path: Path
) -> None:
    command = [sys.executable, "-W", "ignore", "-c", CHILD, str(ROOT), when]
    done = subprocess.run([*command, str(tmp_path / "a.png")], timeout=60, check=False)
    assert done.returncode == status
    assert (tmp_path / "a.png").exists() == (status == 8)
