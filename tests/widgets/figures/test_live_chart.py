"""A chart that follows a view: which examples it is of, and when it is drawn."""

import asyncio
import gc
import json
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import altair as alt
import pytest

import depthviz as dv
from depthviz import charts
from depthviz.errors import ArgumentError, DependencyError, StudyError
from depthviz.study import Study
from depthviz.widgets.figures import live_chart
from depthviz.widgets.figures.live_chart import LiveChart
from tests.charts.test_hostile import foreign_settings, usual_settings
from tests.relabeling.suspects import planted, suspicious
from tests.studies import ensemble_study, tiny_study, vector_study

loop_of_now = live_chart.running_loop


@pytest.fixture(autouse=True)
def _no_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    """A browser of other tests may have left its loop running here."""
    monkeypatch.setattr(live_chart, "running_loop", lambda: None)


def view(study: Study | None = None) -> dv.Explorer:
    return dv.explore(Study((study or tiny_study()).dataset))


def drawn_of(chart: LiveChart) -> dict[str, Any]:
    return {**chart.spec, "title": str(chart.spec["title"])}


def test_it_is_of_what_is_selected_else_of_what_is_shown() -> None:
    explorer = view()
    chart = explorer.chart("depth_histogram", by="class")

    def wanted(examples: Any) -> dict[str, Any]:
        drawn = charts.depth_histogram(explorer.study, by="class", examples=examples)
        found: dict[str, Any] = drawn.to_dict()
        return found

    assert chart.spec == wanted(None)
    explorer.filters = {"label": [1]}
    assert chart.spec == wanted(explorer.shown)
    explorer.selection = explorer.study.frame().index[:9]
    assert chart.spec == wanted(explorer.selected)
    explorer.selection = []
    assert chart.spec == wanted(explorer.shown)
    explorer.filters = {}
    assert chart.spec == wanted(None)


def test_it_hears_of_what_the_page_does() -> None:
    explorer = view()
    chart = explorer.chart("depth_histogram")
    explorer._selection = b"\xff"
    assert "8 examples" in drawn_of(chart)["title"]
    explorer._selection = b""
    explorer._ui_state = {"filters": {"label": [0]}}
    assert f"{len(explorer.shown)} examples" in drawn_of(chart)["title"]


def test_what_changes_nothing_of_it_draws_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    explorer = view()
    chart = explorer.chart("depth_histogram")
    drawn: list[object] = []
    monkeypatch.setattr(chart, "_draw", lambda: drawn.append(1))
    for probe in (0.5, 1.0, 1.5):
        explorer.ui_state = {"probe": probe, "color": "label"}
    explorer.filters = {}
    assert drawn == []


class Loop:
    """A loop that runs what is to come when it is told so."""

    def __init__(self) -> None:
        self.waiting: list[Callable[[], None]] = []

    def call_later(self, seconds: float, done: Callable[[], None]) -> "Loop":
        assert 0.05 <= seconds <= 0.5
        self.waiting = [done]
        return self

    def cancel(self) -> None:
        self.waiting = []


def test_many_changes_are_drawn_once(monkeypatch: pytest.MonkeyPatch) -> None:
    loop = Loop()
    monkeypatch.setattr(live_chart, "running_loop", lambda: loop)
    explorer = view()
    chart = explorer.chart("depth_histogram")
    drawn: list[int] = []
    draw = chart._draw

    def counted() -> Any:
        drawn.append(len(explorer.selection))
        return draw()

    monkeypatch.setattr(chart, "_draw", counted)
    for count in range(1, 20):
        explorer.selection = explorer.study.frame().index[:count]
    assert drawn == []
    [refresh] = loop.waiting
    refresh()
    assert drawn == [19]
    assert "19 examples" in drawn_of(chart)["title"]
    explorer.selection = []
    chart.close()
    assert loop.waiting == []


def test_in_a_loop_it_waits_for_the_hand_to_rest() -> None:
    async def running() -> bool:
        return loop_of_now() is asyncio.get_running_loop()

    done: list[bool] = []
    thread = threading.Thread(target=lambda: done.append(asyncio.run(running())))
    thread.start()
    thread.join()
    assert done == [True]


def test_where_nothing_is_left_it_says_so_and_comes_back() -> None:
    explorer = view()
    chart = explorer.chart("depth_histogram")
    before = chart.spec
    explorer.filters = {"confidence": {"from": 2.0}}
    assert "No example is left to draw" in json.dumps(chart.spec["datasets"])
    late = explorer.chart("probe_curves", theme="dark")
    assert "No example is left to draw" in json.dumps(late.spec["datasets"])
    assert late.spec["config"]["background"] == "#15171b"
    explorer.filters = {}
    assert chart.spec == before
    assert late.spec == charts.probe_curves(explorer.study, theme="dark").to_dict()


def test_a_chart_of_all_examples_stays_as_it_is() -> None:
    explorer = view(planted(suspicious(ensemble_study())))
    chart = explorer.chart("suspect_precision")
    before = chart.spec
    explorer.selection = explorer.study.frame().index[:5]
    assert chart.spec == before


def test_what_cannot_be_drawn_is_an_error_at_once() -> None:
    explorer = view(vector_study())
    with pytest.raises(ArgumentError, match=r"Did you mean 'depth_histogram'\?"):
        explorer.chart("depth_histogramm")
    for name in ("save", "depth_histogram_table", "ChartOptions", "", "look"):
        with pytest.raises(ArgumentError, match=r"There are: .*'probe_curves'"):
            explorer.chart(name)
    with pytest.raises(ArgumentError, match="there are: title, width"):
        explorer.chart("depth_histogram", wide=3)
    with pytest.raises(
        ArgumentError, match=r"depthviz\.charts\.depth_histogram\(study"
    ):
        explorer.chart("depth_histogram", examples=[1])
    with pytest.raises(StudyError, match="needs projection"):
        explorer.chart("map_by_probe")
    explorer.selection = explorer.study.frame().index[:3]
    with pytest.raises(StudyError, match="needs projection"):
        explorer.chart("map_by_probe")


def test_its_script_is_its_own_and_the_persons_charts_stay_theirs() -> None:
    before = alt.JupyterChart._esm
    chart = view().chart("depth_histogram")
    assert isinstance(chart, alt.JupyterChart)
    for host in ("esm.sh", "cdn.", "jsdelivr", "unpkg"):
        assert host not in chart._esm
    assert "import(" not in chart._esm
    assert alt.JupyterChart._esm == before
    assert alt.JupyterChart._is_offline is False
    assert chart.embed_options["actions"]["editor"] is False


@pytest.mark.parametrize("transformer", ["csv", "json", "vegafusion"])
def test_settings_of_a_person_change_nothing_and_stay(
    transformer: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    explorer = view()
    plain = explorer.chart("depth_histogram").spec
    try:
        foreign_settings()
        if transformer in alt.data_transformers.names():
            alt.data_transformers.enable(transformer)
        chart = explorer.chart("depth_histogram")
        assert chart.spec == plain
        explorer.selection = explorer.study.frame().index[:5]
        explorer.selection = []
        assert chart.spec == plain
        assert alt.theme.active == "dark"
        assert list(tmp_path.iterdir()) == []
    finally:
        usual_settings()


def test_a_cell_shows_it_with_a_picture_and_a_page_for_latex() -> None:
    data, metadata = view().chart("depth_histogram")._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in data
    assert data["image/png"].startswith("iVBOR")
    assert data["application/pdf"].startswith("JVBERi")
    assert 100 < metadata["image/png"]["width"] < 1200
    assert "text/html" not in data


def test_where_a_notebook_is_only_converted_the_pictures_stand_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(live_chart, "is_conversion", lambda: True)
    data, _ = view().chart("depth_histogram")._repr_mimebundle_()
    assert sorted(data) == ["application/pdf", "image/png", "text/plain"]


def test_one_that_is_closed_is_not_drawn_and_leaves_nothing() -> None:
    explorer = view()
    chart = explorer.chart("depth_histogram")
    before = chart.spec
    chart.close()
    explorer.selection = explorer.study.frame().index[:5]
    assert chart.spec == before
    chart._repr_mimebundle_()
    assert "5 examples" in drawn_of(chart)["title"]
    chart.close()
    del chart
    gc.collect()
    assert len(explorer._session.followers) == 0


def test_without_vl_convert_the_extra_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    live_chart.script.cache_clear()
    monkeypatch.setitem(sys.modules, "vl_convert", None)
    with pytest.raises(DependencyError, match=r"torch-depthviz\[figures\]"):
        view().chart("depth_histogram")


def test_one_that_fails_while_it_follows_does_not_stop_the_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    explorer = view()
    heard: list[int] = []
    explorer.on_selection(lambda ids: heard.append(len(ids)))
    chart = explorer.chart("depth_histogram")
    fail: Callable[[], Any] = lambda: charts.map_by_probe(vector_study())  # noqa: E731
    monkeypatch.setattr(chart, "_draw", fail)
    explorer.selection = explorer.study.frame().index[:5]
    assert heard == [5]
    assert "needs projection" in json.dumps(chart.spec["datasets"])
