"""What a chart is drawn of: a study, a view of one, or several by name."""

import inspect
import json
from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

import depthviz as dv
from depthviz import charts
from depthviz.charts.reading import read_source
from depthviz.errors import ArgumentError, StudyError
from tests.charts.studies import study_named
from tests.charts.test_contract import LACKING, NAMES, OF_STEPS, PLANTED, TABLES

SEVERAL = (
    "depth_histogram",
    "probe_curves",
    "accuracy_by_depth",
    "depth_plane",
    "group_accuracy",
    "rank_correlations",
    "evidence_by_probe",
    "learning_by_depth",
)


def table_of(name: str) -> Callable[..., pd.DataFrame]:
    found: Callable[..., pd.DataFrame] = getattr(
        charts, TABLES.get(name, f"{name}_table")
    )
    return found


@pytest.fixture
def explorer() -> Any:
    view = dv.explore(study_named("ensemble"))
    view.filters, view.selection = {}, []
    yield view
    view.filters, view.selection = {}, []


@pytest.mark.parametrize("name", SEVERAL)
def test_several_studies_stand_beside_each_other_by_their_names(name: str) -> None:
    studies = {
        "first": study_named("ensemble"),
        "second": study_named("planted labels"),
    }
    table = table_of(name)(studies)
    assert table.columns[0] == "study"
    for called, study in studies.items():
        own = table[table["study"] == called].drop(columns="study")
        alone = table_of(name)(study)
        pd.testing.assert_frame_equal(
            own.reset_index(drop=True), alone, check_dtype=False
        )
    text = json.dumps(getattr(charts, name)(studies).to_dict(validate=True))
    assert '"first' in text
    assert '"second' in text
    assert '"facet"' in text


@pytest.mark.parametrize("name", SEVERAL)
def test_a_study_that_lacks_something_is_named(name: str) -> None:
    studies = {"good": study_named("ensemble"), "bare": study_named("ensemble")}
    bare = studies["bare"].dataset
    lost = [n for n in bare.data_vars if "example" in bare[n].dims and n != "split"]
    studies["bare"] = dv.Study(bare.drop_vars(lost))
    with pytest.raises(StudyError, match="Of 'bare': "):
        table_of(name)(studies)


@pytest.mark.parametrize("name", SEVERAL)
def test_bad_mappings_are_refused(name: str) -> None:
    study = study_named("ensemble")
    for studies, said in (
        ({}, "From 1 to 12 studies are drawn side by side, got 0"),
        ({str(n): study for n in range(13)}, "side by side, got 13"),
        ({"a": study, "b": study.frame()}, "'b' is no study but DataFrame"),
        (study.dataset, "is no study but DataArray|side by side, got"),
        ({"": study}, "need names, got ''"),
    ):
        with pytest.raises(ArgumentError, match=said):
            getattr(charts, name)(studies)
    with pytest.raises(ArgumentError, match="No study is named 'c'; there are: 'a'"):
        table_of(name)({"a": study}, examples={"c": [0]})
    assert "study" in table_of(name)({"a": study})


@pytest.mark.parametrize("name", sorted(set(NAMES) - {*SEVERAL, OF_STEPS}))
def test_other_charts_say_that_they_take_one(name: str) -> None:
    study = study_named("ensemble")
    with pytest.raises(ArgumentError, match="One study is drawn at a time here"):
        getattr(charts, name)({"a": study})
    with pytest.raises(ArgumentError, match=r"Expected a study, .* got DataFrame"):
        table_of(name)(study.frame())


@pytest.mark.parametrize("name", sorted(set(NAMES) - {PLANTED, OF_STEPS}))
def test_a_view_is_drawn_as_what_it_shows_or_selects(name: str, explorer: Any) -> None:
    table, study = table_of(name), explorer.study
    assert table(explorer).equals(table(study))
    explorer.filters = {"split": ["train"]}
    seen = explorer.shown
    assert 0 < len(seen) < len(study)
    assert table(explorer).equals(table(study, examples=seen))
    explorer.selection = study.frame().index[5:45]
    assert table(explorer).equals(table(study, examples=explorer.selected))
    assert table(explorer, examples="shown").equals(table(study, examples=seen))
    assert getattr(charts, name)(explorer).to_dict()["description"]


def test_a_view_that_has_nothing_to_show_says_so(explorer: Any) -> None:
    with pytest.raises(StudyError, match="none is selected in the view"):
        read_source(explorer, "selected")
    with pytest.raises(ArgumentError, match="examples must be one of 'shown', 'sel"):
        read_source(explorer, "hidden")
    with pytest.raises(ArgumentError, match="examples='shown' needs a view"):
        read_source(explorer.study, "shown")
    assert read_source(explorer, [3, 4]) == (explorer.study, [3, 4])
    explorer.filters = {"confidence": {"from": 2.0, "to": 3.0}}
    with pytest.raises(StudyError, match="none is shown in the view"):
        read_source(explorer)


def test_the_marks_of_several_studies_are_on_the_same_scales() -> None:
    studies = {"a": study_named("ensemble"), "b": study_named("planted labels")}
    for name in SEVERAL:
        spec = getattr(charts, name)(studies).to_dict()
        for part in spec.get("vconcat", [spec]):
            resolved = part.get("resolve", {}).get("scale", {})
            assert resolved.get("y", "shared") == "shared"


def test_charts_take_what_the_guide_says() -> None:
    for name in NAMES:
        first = next(iter(inspect.signature(getattr(charts, name)).parameters.values()))
        expected = "Sources" if name in (*SEVERAL, OF_STEPS) else "Source"
        assert first.annotation == expected
    assert set(LACKING) <= set(NAMES)
