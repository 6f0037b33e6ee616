"""Labels in the forms that stand for a class beyond doubt, and their order."""

import numpy as np
import pandas as pd
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from depthviz.datasets.forms import as_examples
from depthviz.datasets.labels import (
    KnownNames,
    find_values,
    read_classes,
    read_label,
    renumber,
)
from depthviz.errors import LabelError
from tests.datasets.listed import Listed, labels_of

CODES = [2, 0, 1, 2]
WORDS = ["cow", "ant", "bee", "cow"]


@pytest.mark.parametrize(
    "labels",
    [
        np.array(CODES, float),
        np.array(CODES, np.float16),
        torch.tensor(CODES, dtype=torch.float32),
        np.eye(3)[CODES],
        np.eye(3, dtype=bool)[CODES],
        torch.eye(3)[CODES],
        np.array([2.0, 0, np.int8(1), True + 1], object),
        [torch.tensor(2), torch.tensor(0), torch.tensor(1), torch.tensor(2)],
        pd.Series(CODES, dtype="category"),
        pd.get_dummies(pd.Series(CODES)),
    ],
)
def test_every_form_of_a_number_is_the_same_class(labels):
    found = as_examples((np.zeros((4, 2)), labels))
    assert labels_of(found) == CODES
    assert found.labels.tolist() == CODES
    assert found.class_names is None


@pytest.mark.parametrize("label", [1.0, True, np.bool_(True), np.float32(1), [0, 1, 0]])
def test_a_label_of_an_item_may_be_a_whole_float_a_truth_value_or_one_hot(label):
    assert labels_of(Listed([(torch.zeros(2), label)])) == [1]


def test_truth_values_are_zero_and_one():
    found = as_examples((np.zeros((3, 2)), np.array([True, False, True])))
    assert labels_of(found) == [1, 0, 1]


@pytest.mark.parametrize(
    "labels",
    [
        WORDS,
        np.array(WORDS),
        np.array(WORDS, object),
        np.array(WORDS, "S"),
        pd.Series(WORDS, dtype="string"),
        pd.Categorical(WORDS),
    ],
)
def test_words_are_numbered_in_their_order_and_name_the_classes(labels):
    found = as_examples((np.zeros((4, 2)), labels))
    assert labels_of(found) == CODES
    assert found.class_names == ("ant", "bee", "cow")
    assert "the classes are 'ant', 'bee', 'cow'" in found.labels_note


def test_categories_keep_their_own_order_and_those_without_an_example():
    labels = pd.Categorical(["low", "high"], ["low", "middle", "high"], ordered=True)
    found = read_classes(pd.Series(labels, index=[5, 3]), "train")
    assert found.labels.tolist() == [0, 2]
    assert found.names == ("low", "middle", "high")
    assert "the order of their categories" in found.note


def test_words_that_are_numbers_are_sorted_as_numbers():
    found = read_classes(["10", "9", "0"], "train")
    assert found.names == ("0", "9", "10")


def test_columns_of_one_hot_rows_name_the_classes():
    found = read_classes(pd.get_dummies(pd.Series(WORDS)), "train")
    assert (found.labels.tolist(), found.names) == (CODES, ("ant", "bee", "cow"))


def test_names_that_are_known_decide_the_order():
    known = KnownNames(("cow", "bee", "ant"))
    found = read_classes(WORDS, "train", known=known)
    assert (found.labels.tolist(), found.note) == ([0, 2, 1, 0], None)
    items = Listed([(torch.zeros(2), word) for word in WORDS])
    batches = as_examples(items, known=known).batches(9)
    assert next(batches)[1].tolist() == [0, 2, 1, 0]


def test_names_of_a_network_that_are_other_words_decide_nothing():
    known = KnownNames(("POSITIVE", "NEGATIVE"), complete=False)
    assert read_classes(["no", "yes"], "train", known=known).names == ("no", "yes")


def test_a_word_that_is_no_class_is_named():
    with pytest.raises(LabelError, match=r"train\[1\] has the label 'bee', which is n"):
        read_classes(WORDS[1:], "train", known=KnownNames(("ant", "cow")))
    items = Listed([(torch.zeros(2), "bee")], classes=["ant", "cow"])
    with pytest.raises(LabelError, match="'bee', which is none of the 2 classes"):
        labels_of(items)


def test_a_data_set_that_names_its_classes_may_label_by_words():
    items = Listed([(torch.zeros(2), word) for word in WORDS], ["ant", "bee", "cow"])
    assert labels_of(items) == CODES


def test_ten_thousand_words_are_ten_thousand_classes():
    words = [f"word {i:05}" for i in range(10_000)]
    found = read_classes(words[::-1], "train")
    assert found.labels.tolist() == list(range(10_000))[::-1]
    assert len(found.note) < 300


@given(st.lists(st.integers(0, 5), min_size=1, max_size=20))
def test_one_hot_rows_are_read_as_argmax_reads_them(labels):
    rows = np.eye(6)[labels]
    assert read_classes(rows, "train").labels.tolist() == labels
    assert [read_label(row, "train[0]") for row in rows] == labels


@given(st.lists(st.integers(0, 40), min_size=1, max_size=20), st.integers(1, 20))
def test_values_stand_for_classes_only_where_nothing_else_can_be_meant(labels, classes):
    values = find_values([torch.tensor(labels)], classes)
    expected = sorted(set(labels))
    beyond_doubt = len(expected) == classes and expected[-1] >= classes
    assert values == (tuple(expected) if beyond_doubt else None)
    if values is not None:
        places = renumber(torch.tensor(labels), values).tolist()
        assert [values[place] for place in places] == labels


def test_negative_labels_never_stand_for_classes():
    assert find_values([torch.tensor([-1, 3])], 2) is None
