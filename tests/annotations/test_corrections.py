"""What was decided goes into labels by id, with a log, or not at all."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch
from torch.utils.data import TensorDataset

from depthviz import annotations
from depthviz.errors import ArgumentError, DataError

CLASSES = ("cat", "dog", "frog")
IDS = ["a", "b", "c", "d"]


@pytest.fixture
def store(tmp_path: Path) -> annotations.Annotations:
    opened = annotations.open(tmp_path / "x.annotations.sqlite", annotator="ada")
    opened.record("a", "verdict", "wrong label", data="d1")
    opened.record("a", "label", "dog", data="d1")
    opened.record("b", "label", "frog", data="d1")
    opened.record("b", "verdict", "correct", data="d1")
    opened.record("c", "verdict", "out of place", data="d1")
    return opened


def test_numbers_names_and_series_are_corrected(store: annotations.Annotations) -> None:
    found = store.apply(np.array([0, 0, 2, 1]), IDS, classes=CLASSES)
    assert found.labels.to_dict() == {"a": 1, "b": 0, "c": 2, "d": 1}
    assert found.labels.dtype == np.int64
    assert found.changes.to_dict("index") == {"a": {"given": 0, "label": 1}}
    assert found.excluded.tolist() == [False, False, True, False]
    series = pd.Series(["cat", "cat", "frog", "dog"], IDS)
    assert store.apply(series).labels["a"] == "dog"
    assert series["a"] == "cat"


def test_positions_alone_find_nothing(store: annotations.Annotations) -> None:
    with pytest.raises(ArgumentError, match="never by position"):
        store.apply(np.array([0, 0, 2, 1]), classes=CLASSES)
    with pytest.raises(ArgumentError, match="3 ids, but labels of shape"):
        store.apply(np.array([0, 0, 2, 1]), IDS[:3], classes=CLASSES)
    with pytest.raises(DataError, match=r"do not have, such as 'a'"):
        store.apply(np.array([0, 0, 2]), ["x", "b", "c"], classes=CLASSES)
    kept = store.apply(np.array([0]), ["b"], classes=CLASSES, others="ignore")
    assert kept.labels.tolist() == [0]


def test_other_data_and_unknown_classes_are_refused(
    store: annotations.Annotations,
) -> None:
    labels = np.array([0, 0, 2, 1])
    assert len(store.apply(labels, IDS, classes=CLASSES, data="d1").changes) == 1
    with pytest.raises(DataError, match="made of other data"):
        store.apply(labels, IDS, classes=CLASSES, data="d2")
    with pytest.raises(ArgumentError, match=r"'dog' is no class .* Give classes="):
        store.apply(labels, IDS)
    with pytest.raises(ArgumentError, match="The classes are: 'x'"):
        store.apply(labels, IDS, classes=["x"])


def test_inputs_that_are_not_those_looked_at_are_refused(
    store: annotations.Annotations,
) -> None:
    inputs = [annotations.fingerprint(np.full((2, 2), each)) for each in range(4)]
    store.record("d", "verdict", "wrong label", input=inputs[3])
    labels = np.array([0, 0, 2, 1])
    found = store.apply(labels, IDS, classes=CLASSES, inputs=inputs)
    assert len(found.changes) == 1
    turned = store.apply(labels[::-1], IDS[::-1], classes=CLASSES, inputs=inputs[::-1])
    assert turned.changes.equals(found.changes)
    with pytest.raises(DataError, match=r"inputs of 1 annotated.*'d'"):
        store.apply(labels, IDS, classes=CLASSES, inputs=inputs[::-1])
    with pytest.raises(ArgumentError, match="one fingerprint for each of the 4"):
        store.apply(labels, IDS, classes=CLASSES, inputs=inputs[:3])
    store.undo()
    assert store.apply(labels, IDS, classes=CLASSES, inputs=inputs[::-1])


def test_a_fingerprint_is_of_type_shape_and_content() -> None:
    picture = np.arange(12, dtype=np.uint8).reshape(3, 4)
    same = [picture.copy(), picture[::-1][::-1], torch.from_numpy(picture)]
    assert {annotations.fingerprint(each) for each in same} == {
        annotations.fingerprint(picture)
    }
    swapped = picture.astype(">i2")
    assert annotations.fingerprint(swapped) == annotations.fingerprint(
        picture.astype("<i2")
    )
    others = [picture, picture.T, picture + 1, picture.astype(float), "a", "b", b"a"]
    assert len({annotations.fingerprint(each) for each in others}) == len(others)
    with pytest.raises(ArgumentError, match="got dict"):
        annotations.fingerprint({"a": 1})


def test_a_data_set_serves_what_was_corrected(store: annotations.Annotations) -> None:
    inputs = torch.arange(4.0)
    data = TensorDataset(inputs, torch.tensor([0, 0, 2, 1]))
    found = store.apply(np.array([0, 0, 2, 1]), IDS, classes=CLASSES).dataset(data)
    assert [(float(x), y) for x, y in (found[i] for i in range(len(found)))] == [
        (0.0, 1),
        (1.0, 0),
        (3.0, 1),
    ]
    assert found.ids.tolist() == ["a", "b", "d"]
    batches = list(torch.utils.data.DataLoader(found, batch_size=2))
    assert [each.tolist() for _, each in batches] == [[1, 0], [1]]
    assert found[-1][1] == 1
    with pytest.raises(IndexError):
        found[3]
    other = TensorDataset(inputs, torch.tensor([0, 1, 2, 1]))
    turned = store.apply([0, 0, 2, 1], IDS, classes=CLASSES).dataset(other)
    assert turned[0][1] == 1
    with pytest.raises(DataError, match=r"Item 1 .* has the label 1, but .* is 0"):
        turned[1]
    with pytest.raises(DataError, match="has 1 examples, but 4 labels"):
        store.apply([0, 0, 2, 1], IDS, classes=CLASSES).dataset([(0, 0)])


def test_rules_settle_what_several_say(store: annotations.Annotations) -> None:
    for annotator, value in (("bob", "ambiguous"), ("eve", "ambiguous")):
        store.record("a", "verdict", value, annotator=annotator)
    store.record("d", "verdict", "correct", annotator="bob")
    store.record("d", "verdict", "ambiguous", annotator="eve")
    assert store.resolve()["a"] == "ambiguous"
    assert "d" not in store.resolve()
    assert "a" not in store.resolve("unanimous")
    assert store.resolve("adjudicator", adjudicator="ada")["a"] == "wrong label"
    assert set(store.resolve("dawid-skene").index) == {"a", "b", "c", "d"}
    with pytest.raises(ArgumentError, match="rule must be one of 'majority'"):
        store.resolve("vote")
    with pytest.raises(ArgumentError, match="adjudicator must be one of"):
        store.resolve("adjudicator", adjudicator="zoe")


def test_decisions_become_columns_of_a_study(store: annotations.Annotations) -> None:
    store.record("a", "verdict", "correct", annotator="bob")
    columns = store.columns(IDS)
    assert columns["verdict"].tolist() == ["disputed", "correct", "out of place", ""]
    assert columns["annotators"].tolist() == [2, 1, 1, 0]
    assert columns["disagreement"].fillna(-1).tolist() == [1, -1, -1, -1]


def test_ratings_are_as_other_tools_take_them(store: annotations.Annotations) -> None:
    store.record("a", "verdict", "correct", annotator="bob")
    long = store.ratings("long")
    assert list(long.columns) == ["task", "worker", "label"]
    wide = store.ratings("wide")
    assert wide.loc["a"].tolist() == ["wrong label", "correct"]
    assert pd.isna(wide.loc["b", "bob"])
    with pytest.raises(ArgumentError, match="'long' or 'wide'"):
        store.ratings("tall")
