"""A class is put in the place of a label only where those who judge agree on it."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import depthviz as dv
from depthviz import annotations
from depthviz.annotations import Annotations
from depthviz.errors import ArgumentError
from depthviz.study import Study
from tests.studies import tiny_study

RULES = ["majority", "unanimous", "dawid-skene", "adjudicator"]
OWN = {
    "verdicts": [
        {"value": "fine", "confirms": True},
        {"value": "mist", "relabels": True},
        "unclear",
    ]
}


@pytest.fixture
def store(tmp_path: Path) -> Annotations:
    return annotations.open(tmp_path / "a.sqlite", annotator="ada")


def say(store: Annotations, example: Any, **said: str) -> None:
    """Record "verdict" or "verdict: class" of each annotator."""
    for annotator, words in said.items():
        verdict, _, name = words.partition(": ")
        if verdict:
            store.record(example, "verdict", verdict, annotator=annotator)
        if name:
            store.record(example, "label", name, annotator=annotator)


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize(
    "said",
    [
        {"ada": "wrong label: cat", "bob": "correct"},
        {"ada": "wrong label: cat", "bob": "ambiguous", "eve": "ambiguous"},
        {"ada": "not sure: cat"},
        {"ada": "wrong label: cat", "bob": "correct", "eve": "correct"},
        {"bob": "correct", "ada": ": cat"},
    ],
)
def test_a_class_that_does_not_hold_changes_nothing(
    store: Annotations, rule: str, said: dict[str, str]
) -> None:
    say(store, "x", **said)
    adjudicator = "bob" if "bob" in said else "ada"
    given = pd.Series(["dog"], ["x"])
    found = store.apply(given, rule=rule, adjudicator=adjudicator)
    assert (found.labels.tolist(), len(found.changes)) == (["dog"], 0)


def test_the_classes_of_those_who_vote_for_another_count_for_all(
    store: Annotations,
) -> None:
    say(store, "x", ada="wrong label: cat", bob="wrong label: cat", eve="correct: dog")
    say(store, "y", ada="wrong label: cat", bob="wrong label: frog")
    say(store, "z", ada="wrong label", bob=": frog")  # who gives no verdict agrees
    say(store, "u", ada=": cat")
    given = pd.Series(["dog"] * 4, ["x", "y", "z", "u"])
    assert store.apply(given).labels.tolist() == ["cat", "dog", "frog", "cat"]


def test_what_the_column_calls_disputed_has_no_truth(store: Annotations) -> None:
    study = Study(tiny_study().dataset)
    ids = study.frame().index
    for each, name in zip(ids[:2], study.classes, strict=False):
        say(store, str(each), ada=f"wrong label: {name}", bob="correct")
    assert store.columns(ids)["verdict"][:2].tolist() == ["disputed"] * 2
    assert store.truth(study)[:2].isna().all()


@pytest.mark.parametrize("how", ["open", "explore", "remembered", "merged", "copied"])
def test_a_schema_of_ones_own_says_what_its_verdicts_mean(
    tmp_path: Path, how: str
) -> None:
    study = Study(tiny_study().dataset)
    ids = study.frame().index
    place = tmp_path / "own.sqlite"
    store = annotations.open(place, annotator="ada")
    if how == "open":
        store = annotations.open(place, annotator="ada", schema=OWN)
    else:
        dv.explore(study, annotations=store, schema=OWN)
    if how == "remembered":
        store = annotations.open(place, annotator="ada")
    say(store, ids[0], ada=f"fine: {study.classes[0]}")
    say(store, ids[1], ada=f"mist: {study.classes[0]}")
    say(store, ids[2], ada=f"unclear: {study.classes[0]}")
    if how == "merged":
        other = annotations.open(tmp_path / "other.sqlite", annotator="ada")
        other.merge(store)
        store = other
    if how == "copied":
        store = annotations.open(store.backup(tmp_path / "copy.sqlite"))
    label = study.frame()["label"]
    truth = store.truth(study)
    assert truth[:2].tolist() == [label.iloc[0], 0]
    assert truth.isna().tolist()[2:] == [True] + [False] * (len(ids) - 3)
    labels = store.apply(label, classes=study.classes).labels
    assert labels.tolist() == [label.iloc[0], 0, *label[2:]]
    columns = store.columns(ids)
    for given in (columns, columns["verdict"]):
        _, known = annotations_known(study, given)
        assert known.tolist() == [True, False, False] + [True] * (len(ids) - 3)


def annotations_known(study: Study, given: Any) -> Any:
    from depthviz.ensembles.analysis.truth import find_truth

    return find_truth(study, given)


def test_a_class_beside_a_verdict_that_nobody_knows_is_asked_about(
    store: Annotations,
) -> None:
    say(store, "x", ada="mist: cat")
    given = pd.Series(["dog"], ["x"])
    with pytest.raises(ArgumentError, match=r"'mist', and nobody told.*schema="):
        store.apply(given)
    store.use_schema(OWN)
    assert store.apply(given).labels.tolist() == ["cat"]
    assert store.apply(given, exclude=["mist"]).labels.tolist() == ["dog"]


def test_what_stays_equally_likely_settles_nothing(store: Annotations) -> None:
    for each in range(4):
        say(store, each, ada="correct", bob="wrong label")
    assert store.resolve("dawid-skene").empty
    say(store, 0, eve="wrong label")
    assert store.resolve("dawid-skene").to_dict().get("0") == "wrong label"


def test_agreement_is_between_annotators_that_there_are(store: Annotations) -> None:
    say(store, "x", ada="correct", bob="correct")
    with pytest.raises(ArgumentError, match=r"named 'bbo'\. There are: 'ada', 'bob'"):
        store.agreement(annotators=["ada", "bbo"])
    assert store.agreement(annotators=["ada", "bob"]).examples == 1


@pytest.mark.parametrize(
    ("labels", "changes"),
    [
        (pd.Series([0, 0, None], dtype="Int64"), {"a": (0, 1)}),
        (pd.Series([0, 0, None], dtype=object), {"a": (0, 1)}),
        (pd.Series(np.array([0, 0, 1], "uint8")), {"a": (0, 1)}),
        (pd.Series(["dog", "dog", None]), {"a": ("dog", "cat")}),
        (pd.Series(["dog", "dog", np.nan], dtype=object), {"a": ("dog", "cat")}),
        (pd.Series(["dog", "cat", None], dtype="category"), {"a": ("dog", "cat")}),
        (pd.Series(["dog", "dog", None], dtype="category"), {"a": ("dog", "cat")}),
    ],
)
def test_labels_of_each_kind_stay_of_that_kind(
    store: Annotations, labels: pd.Series, changes: dict[str, Any]
) -> None:
    say(store, "a", ada="wrong label: cat")
    given = labels.set_axis(["a", "b", "c"])
    numbers = pd.api.types.infer_dtype(given.astype(object), skipna=True) == "integer"
    classes = ["dog", "cat"] if numbers else None
    found = store.apply(given, classes=classes)
    rows = found.changes.to_dict("index")
    assert {each: tuple(row.values()) for each, row in rows.items()} == changes
    same = found.labels.dtype if str(given.dtype) != "category" else "category"
    assert given.dtype == same
    assert found.labels[1:].isna().tolist() == given[1:].isna().tolist()
    served = found.dataset([(0, value) for value in given])
    assert served[2] is not None


@pytest.mark.parametrize(
    ("values", "kind"), [([False, True], "boolean"), ([0.0, 1.0], "floating")]
)
def test_labels_that_are_no_classes_take_none(
    store: Annotations, values: list[Any], kind: str
) -> None:
    given = pd.Series(values, ["a", "b"])
    say(store, "a", ada="correct")
    assert store.apply(given).labels.tolist() == values
    say(store, "a", ada="wrong label: cat")
    with pytest.raises(ArgumentError, match=f"of the kind '{kind}' take no class"):
        store.apply(given, classes=["dog", "cat"])


def test_numbers_that_are_all_missing_are_numbers(store: Annotations) -> None:
    say(store, "a", ada="wrong label: cat")
    given = pd.Series([None, None], ["a", "b"], dtype="Int64")
    found = store.apply(given, classes=["dog", "cat"]).labels
    assert (found.dtype, found.iloc[0]) == (given.dtype, 1)


def test_a_schema_that_says_less_takes_no_meaning_away(store: Annotations) -> None:
    store.use_schema({"verdicts": [{"value": "fine", "confirms": True}, "bad"]})
    store.use_schema({"verdicts": ["fine", "bad", "wrong label"]})
    assert store.roles["fine"] == "confirms"
    assert store.roles["wrong label"] == "relabels"
    with pytest.raises(ArgumentError, match="'fine' has the meaning 'confirms'"):
        store.use_schema({"verdicts": [{"value": "fine", "relabels": True}]})
    assert annotations.open(store.place).roles["fine"] == "confirms"


def test_ids_of_numpy_are_ids(store: Annotations) -> None:
    for each in np.arange(3):
        store.record(each, np.str_("verdict"), np.str_("correct"))
    assert store.columns(range(3))["annotators"].tolist() == [1, 1, 1]
