"""The examples' own names, from the call to every place where examples are named."""

import json

import numpy as np
import pandas as pd
import pytest

import depthviz as dv
from depthviz.errors import ArgumentError, ShapeError, StudyError
from tests.measurement.small import TRAIN, measured

ODD = ["a/1.png", "<img src=x onerror=alert(1)>", "שלום", "🙂👩‍👩‍👧", "'\"&", "a b\tc"]
IDS = ODD + [f"example {i}" for i in range(50 - len(ODD))]


@pytest.fixture(scope="module")
def study():
    return measured(ids=IDS)


def test_they_are_the_index_of_the_table_and_survive_saving(study, tmp_path):
    assert study.frame().index.tolist() == IDS
    opened = dv.open_study(study.save(tmp_path / "study"))
    assert opened.frame().equals(study.frame())
    assert opened.subset(ODD[::-1]).frame().index.tolist() == ODD[::-1]


def test_everything_else_is_as_without_them(study):
    plain = measured().frame()
    assert study.frame().reset_index(drop=True).equals(plain.reset_index(drop=True))


def test_a_selection_and_annotations_are_by_name(study, tmp_path):
    explorer = dv.explore(study)
    explorer.selection = ODD
    assert explorer.selected.index.tolist() == ODD
    with dv.annotations.open(tmp_path / "decisions.db", annotator="ada") as store:
        for name in ODD:
            store.record(name, "verdict", "wrong label")
        kept = store.frame()
    assert sorted(kept.index.get_level_values(0)) == sorted(ODD)


def test_a_page_holds_them_as_text_alone(study, tmp_path):
    page = dv.report(study, tmp_path / "page.html").read_text("utf-8")
    assert ODD[1] not in page
    pack = dv.explore(study)._pack
    column = next(x for x in pack.manifest["columns"] if x["name"] == "example_id")
    assert column["kind"] == "id"
    assert json.loads(pack.chunks["column/example_id"]) == IDS


@pytest.mark.parametrize(
    "ids", [np.array(IDS), pd.Series(IDS), tuple(IDS), np.array(IDS, object)]
)
def test_they_come_in_any_list(ids):
    assert measured(ids=ids).frame().index.tolist() == IDS


def test_whole_numbers_are_names_too():
    numbers = np.arange(50)[::-1] * 7
    assert measured(ids=numbers).frame().index.tolist() == numbers.tolist()


@pytest.mark.parametrize(
    ("ids", "error", "message"),
    [
        (["x"] * 50, ArgumentError, r"'x' is that of ids\[0\] and of ids\[1\]"),
        ([*IDS[:-1], IDS[0]], ArgumentError, r"of ids\[0\] and of ids\[49\]"),
        (IDS[:-1], ShapeError, "each of the 50 examples.*got 49"),
        ([*IDS[:-1], ""], ArgumentError, r"ids\[49\] is ''"),
        ([*IDS[:-1], 3], ArgumentError, r"ids\[49\] is 3"),
        ([0.5] * 50, ArgumentError, r"ids\[0\] is 0\.5"),
        ([*IDS[:-1], None], ArgumentError, r"ids\[49\] is None"),
        ("name", ArgumentError, "got 'name'"),
        (5, ArgumentError, "got 5"),
        ([*IDS[:-1], "\udce9"], StudyError, "not UTF-8"),
    ],
)
def test_what_does_not_tell_examples_apart_is_refused_before_the_work(
    ids, error, message
):
    with pytest.raises(error, match=message):
        measured(ids=ids)


def test_positions_are_the_names_of_those_without():
    assert measured(train=TRAIN).frame().index.tolist() == list(range(50))
