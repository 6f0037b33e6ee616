"""The chart of what can be read where has the numbers of the study's own table."""

import pandas as pd
import pytest

from depthviz import charts
from depthviz.errors import ArgumentError, StudyError
from depthviz.study import decodability
from tests.charts.studies import study_named
from tests.study.decoding.small import colored


def test_the_table_is_that_of_the_study() -> None:
    study = colored()
    table = charts.decodability_table(study, columns=["color", "bold"])
    pd.testing.assert_frame_equal(table, decodability(study, ["color", "bold"]))
    part = study.frame().index[10:50]
    pd.testing.assert_frame_equal(
        charts.decodability_table(study, columns=["color"], examples=part),
        decodability(study, "color", examples=part),
    )


def test_the_label_and_few_columns_of_ones_own_are_drawn_by_default() -> None:
    study = colored()
    table = charts.decodability_table(study)
    assert list(dict.fromkeys(table["column"])) == ["label", "color", "bold", "level"]
    names = [f"picture {row}" for row in range(len(study))]
    more = study.assign(name=names, same=["x"] * len(study))
    assert charts.decodability_table(more).equals(table)
    alone = charts.decodability_table(study_named("one network"))
    assert set(alone["column"]) == {"label"}


def test_columns_stand_beside_each_other_with_chance_and_both_sides() -> None:
    study = colored()
    spec = charts.decodability(study, columns=["color", "level"]).to_dict(validate=True)
    rows = spec["datasets"]["rates"]
    assert spec["facet"]["sort"] == ["color", "level"]
    lines = [row for row in rows if row["kind"] == "line"]
    table = decodability(study, ["color", "level"])
    assert [row["accuracy"] for row in lines] == pytest.approx(list(table["accuracy"]))
    assert {row["words"] for row in rows if row["kind"] == "end"} == {
        "trained on",
        "held out",
    }
    assert "Decodable is not used" in " ".join(spec["title"]["subtitle"])
    assert "left out: they have no value" in " ".join(spec["title"]["subtitle"])
    assert "color, held out: " in spec["description"]


def test_numbers_are_drawn_in_bins_where_it_is_said() -> None:
    study = colored()
    with pytest.raises(StudyError, match="Say bins=4"):
        charts.decodability(study, columns=["brightness"])
    table = charts.decodability_table(study, columns=["brightness"], bins=3)
    assert set(table["values"]) == {3}
    with pytest.raises(ArgumentError, match="Unknown column 'shade'"):
        charts.decodability(study, columns=["shade"])


def test_a_member_of_many_is_named() -> None:
    spec = charts.decodability(study_named("ensemble")).to_dict()
    assert "Of member 0, the one that is shown" in spec["title"]["subtitle"]
