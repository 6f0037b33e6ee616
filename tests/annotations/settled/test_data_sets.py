"""Ids that are numbers mean other examples in other data: each data set has its own."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import depthviz as dv
from depthviz import annotations
from depthviz.annotations import Annotations
from depthviz.errors import ArgumentError, DataError
from depthviz.study import Study
from tests.ensembles.synthetic import ensemble_study
from tests.studies import tiny_study
from tests.widgets.annotating.annotated import Pages, event
from tests.widgets.code_runner import run

ONE, TWO = "d1" * 32, "d2" * 32


@pytest.fixture
def store(tmp_path: Path) -> Annotations:
    """Example 5 of two data sets, of which a third event does not say which."""
    opened = annotations.open(tmp_path / "a.sqlite", annotator="ada")
    opened.record(5, "verdict", "wrong label", data=ONE)
    opened.record(5, "label", "class 1", data=ONE)
    opened.record(5, "verdict", "correct", data=TWO)
    opened.record(6, "verdict", "correct")
    return opened


def test_one_number_of_two_data_sets_is_two_examples(store: Annotations) -> None:
    for given, verdict in ((ONE, "wrong label"), (TWO, "correct")):
        assert store.frame(data=given)["verdict"].tolist() == [verdict, "correct"]
        assert store.ratings(data=given)["label"].tolist() == [verdict, "correct"]
        assert store.resolve(data=given).to_dict() == {"5": verdict, "6": "correct"}
        assert store.columns([5, 7], data=given)["verdict"].tolist() == [verdict, ""]
    assert store.agreement(data=ONE).annotators == ("ada",)
    for read in (store.frame, store.ratings, store.resolve, store.agreement):
        with pytest.raises(DataError, match=r"1 numbers such as '5'.*data="):
            read()
    assert store.frame(data=[ONE, TWO])["verdict"].tolist() == ["correct", "correct"]
    store.undo()
    store.undo()
    assert store.frame()["verdict"].tolist() == ["wrong label"]


def test_numbers_are_of_data_that_is_told(store: Annotations) -> None:
    labels = pd.Series(["0"] * 10)  # whose index nobody gave
    for given in (labels, labels.set_axis([*range(10)])):
        with pytest.raises(ArgumentError, match=r"ids are numbers.*d1d1.*data="):
            store.apply(given)
    with pytest.raises(ArgumentError, match="ids are numbers"):
        store.apply(np.zeros(10, int), [*range(10)])
    with pytest.raises(ArgumentError, match="ids are numbers"):
        store.columns(range(10))
    with pytest.raises(DataError, match=r"other data.*d2d2"):
        store.apply(labels, data=ONE)
    found = store.apply(labels, data=ONE, others="ignore")
    assert found.changes.to_dict("index") == {5: {"given": "0", "label": "class 1"}}
    assert len(store.apply(labels, data=TWO, others="ignore").changes) == 0
    ours = annotations.open(Path(store.place).with_name("b.sqlite"), annotator="ada")
    ours.record(5, "label", "1")
    assert len(ours.apply(labels).changes) == 1  # nobody says that it is of other data


def test_tasks_of_label_studio_are_of_one_data_set(
    store: Annotations, tmp_path: Path
) -> None:
    frame = pd.DataFrame({"depth": [1, 2]}, [5, 6])
    path = tmp_path / "tasks.json"
    with pytest.raises(DataError, match="'5'"):
        store.to_label_studio(path)
    with pytest.raises(ArgumentError, match="ids are numbers"):
        store.to_label_studio(path, frame=frame)
    store.to_label_studio(path, frame=frame, data=TWO)
    text = path.read_text().replace('"correct"', '"ambiguous"').replace('"ids"', '"-"')
    path.write_text(text)
    other = annotations.open(tmp_path / "b.sqlite")
    assert other.merge(path) == 2
    assert [each.data for each in other.events()[0]] == [TWO, TWO]
    assert other.frame()["verdict"].tolist() == ["ambiguous", "ambiguous"]


def test_truth_leaves_out_numbers_of_other_data_where_that_is_asked(
    store: Annotations,
) -> None:
    dataset = ensemble_study(seed=1).dataset
    study = Study(dataset.assign_attrs(data_sha256=ONE))
    with pytest.raises(DataError, match=r"others='ignore'"):
        store.truth(study)
    found = store.truth(study, others="ignore")
    assert (found != study.frame()["label"]).sum() == 1
    assert found[5] == 1
    assert store.truth(study, data=[TWO])[5] == study.frame()["label"][5]
    nameless = Study(dataset.assign_attrs(data_sha256=""))
    with pytest.raises(ArgumentError, match="ids are numbers"):
        store.truth(nameless)


def test_a_page_gets_what_is_of_its_own_data(
    store: Annotations, tmp_path: Path
) -> None:
    dataset = tiny_study().dataset.assign_attrs(data_sha256=ONE)
    study = Study(dataset)
    with pytest.warns(UserWarning, match=r"numbers.*are not shown here"):
        view = dv.explore(study, annotations=store)
    page = Pages(view)
    read = page.ask(act="read", after=0)
    assert [each["data"] for each in read["events"]] == [ONE, ONE, ""]
    assert view.shown.loc[[5, 6], "verdict"].tolist() == ["wrong label", "correct"]
    view.filters = {"verdict": ["wrong label"]}
    assert run(view.code(), study).index.tolist() == view.shown.index.tolist() == [5]
    text = view.to_html(tmp_path / "page.html").read_text("utf-8")
    assert ONE in text
    assert TWO not in text
    page.keep(event(example="5", data=ONE, annotator="bob"))
    assert store.frame(data=TWO).index.tolist() == [("5", "ada"), ("6", "ada")]


def test_pieces_of_a_page_skip_what_is_not_its_own(
    store: Annotations, monkeypatch: pytest.MonkeyPatch
) -> None:
    from depthviz.widgets.annotating import requests

    monkeypatch.setattr(requests, "MOST_EVENTS", 2)
    dataset = tiny_study().dataset.assign_attrs(data_sha256=TWO)
    with pytest.warns(UserWarning, match="not shown here"):
        page = Pages(dv.explore(Study(dataset), annotations=store))
    found, number, more = [], 0, True
    store.record(7, "verdict", "correct", data=TWO)
    while more:
        read = page.ask(act="read", after=number)
        found += [each["example"] for each in read["events"]]
        number, more = read["number"], read["more"]
    assert found == ["5", "6", "7"]


def test_one_number_of_examples_that_look_alike_is_one_example(
    store: Annotations,
) -> None:
    for data, verdict in ((ONE, "wrong label"), (TWO, "correct")):
        store.record(9, "verdict", verdict, data=data, input="f" * 64)
    told = store.frame(data=[ONE, TWO])["verdict"]
    assert told.tolist()[-1] == "correct"
    alike = annotations.open(Path(store.place).with_name("b.sqlite"), annotator="ada")
    for data, verdict in ((ONE, "wrong label"), (TWO, "correct")):
        alike.record(9, "verdict", verdict, data=data, input="f" * 64)
    assert alike.frame()["verdict"].tolist() == ["correct"]
    alike.record(9, "verdict", "correct", data="d3" * 32, input="0" * 64)
    with pytest.raises(DataError, match="several data sets"):
        alike.frame()
