"""What holds for every chart, whatever the study."""

import inspect
import json
import re

import altair as alt
import pandas as pd
import pytest

from depthviz import charts
from depthviz.charts.output.conversion import to_png, to_svg
from depthviz.errors import ArgumentError, DataError, StudyError
from tests.charts.studies import STUDIES, study_named
from tests.charts.test_hostile import foreign_settings, usual_settings

TABLES = {"evidence_by_probe": "evidence_table"}
COLUMN = 252  # points, 3.5 inches
PLANTED = "suspect_precision"  # needs planted labels
OF_STEPS = "accuracy_over_training"  # needs steps, and chooses examples of several
# What the study of planted labels lacks: maps, pictures, steps of a training.
LACKING = ("map_by_probe", "contact_sheet", OF_STEPS)
NO_CHARTS = {"ChartOptions", "save"}
NAMES = sorted(
    name for name in set(charts.__all__) - NO_CHARTS if not name.endswith("_table")
)


def test_each_chart_has_its_table_and_takes_a_study_alone() -> None:
    for name in NAMES:
        table = getattr(charts, TABLES.get(name, f"{name}_table"))
        for function in (getattr(charts, name), table):
            first, *rest = inspect.signature(function).parameters.values()
            assert first.name == "study"
            assert all(one.kind in (one.KEYWORD_ONLY, one.VAR_KEYWORD) for one in rest)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("study", STUDIES)
def test_a_chart_is_drawn_or_says_in_one_sentence_what_is_missing(
    name: str, study: str
) -> None:
    found = study_named(study)
    try:
        spec = getattr(charts, name)(found).to_dict(validate=True)
    except StudyError as error:
        said = str(error)
        assert 20 < len(said) < 400
        assert said.endswith(".")
        assert study not in ("ensemble", "1,000 classes") or name == PLANTED
        assert study != "planted labels" or name in LACKING
        return
    assert spec["description"].endswith(".")
    assert "nan" not in re.sub("[a-z]+nan|nan[a-z]+", "", spec["description"].lower())
    json.dumps(spec, allow_nan=False)
    drawn = to_svg(spec)
    assert ">NaN<" not in drawn
    assert ">undefined<" not in drawn
    assert to_png(drawn, dpi=36).startswith(b"\x89PNG")


@pytest.mark.parametrize("name", NAMES)
def test_every_kind_of_study_that_can_be_drawn_is(name: str) -> None:
    drawn = 0
    for study in STUDIES:
        try:
            getattr(charts, name)(study_named(study))
            drawn += 1
        except StudyError:
            continue
    assert drawn >= 1


@pytest.mark.parametrize("name", NAMES)
def test_settings_of_a_person_change_no_chart(name: str) -> None:
    study = study_named("planted labels" if name == PLANTED else "ensemble")
    chart = getattr(charts, name)(study)
    plain = chart.to_dict()
    try:
        foreign_settings()
        assert getattr(charts, name)(study).to_dict() == plain
        assert alt.theme.active == "dark"
    finally:
        usual_settings()


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("theme", ["dark", "print"])
def test_themes_sizes_and_titles_are_shared(name: str, theme: str) -> None:
    study = study_named("planted labels" if name == PLANTED else "ensemble")
    draw = getattr(charts, name)
    spec = draw(study, theme=theme, width=123, height=77, title="Mine").to_dict()
    text = json.dumps(spec)
    assert spec["title"]["text"] == "Mine"
    assert '"width": 123' in text
    assert '"height": 77' in text
    assert (spec["config"]["background"] == "#15171b") == (theme == "dark")
    with pytest.raises(ArgumentError, match="Unknown option 'colour'"):
        draw(study, colour="red")


@pytest.mark.parametrize("name", NAMES)
def test_some_examples_are_drawn_where_a_chart_takes_them(name: str) -> None:
    table = getattr(charts, TABLES.get(name, f"{name}_table"))
    if "examples" not in inspect.signature(table).parameters or name == OF_STEPS:
        return
    study = study_named("ensemble")
    ids = study.frame().index[:30]
    part = table(study, examples=ids)
    assert isinstance(part, pd.DataFrame)
    assert not part.equals(table(study))
    with pytest.raises(DataError):
        table(study, examples=["nobody"])
    with pytest.raises(StudyError, match="No example is left"):
        table(study, examples=[])


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("study", ["ensemble", "planted labels", "1,000 classes"])
def test_a_printed_chart_fits_one_column(name: str, study: str) -> None:
    try:
        chart = getattr(charts, name)(study_named(study), theme="print")
    except StudyError:
        return
    wide = re.search(r'<svg [^>]*width="([0-9.]+)"', to_svg(chart.to_dict()))
    assert wide is not None
    assert float(wide[1]) <= COLUMN


def test_a_last_row_that_is_not_full_has_an_axis_below_each_of_its_panels() -> None:
    study = study_named("ensemble")
    parts = charts.depth_histogram_table(study, by="group")["part"].nunique()
    chart = charts.depth_histogram(study, by="group", theme="print")
    drawn = to_svg(chart.to_dict())
    axes = drawn.count('aria-roledescription="axis" aria-label="X-axis')
    assert parts % 3
    assert axes == parts
