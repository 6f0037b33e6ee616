"""Data that is refused, and what the refusal says."""

import numpy as np
import pandas as pd
import pytest
import torch
from torch.utils.data import DataLoader, TensorDataset

from depthviz.datasets.forms import as_examples
from depthviz.errors import DataError, FeatureError, LabelError, ShapeError
from tests.datasets.listed import Listed, labels_of


@pytest.mark.parametrize("array", [np.zeros((4, 2)), torch.zeros(4, 2)])
def test_an_array_without_labels_is_refused_with_the_remedy(array):
    with pytest.raises(DataError, match=r"without labels; give the pair \(inputs"):
        as_examples(array)


@pytest.mark.parametrize(
    "label",
    [
        3.5,
        "cat",
        None,
        torch.tensor([3]),
        torch.tensor(3.5),
        np.array([1, 1]),
        [3],
    ],
)
def test_other_labels_of_a_data_set_are_refused_by_place(label):
    data = Listed([(torch.zeros(2), 0), (torch.zeros(2), label)])
    with pytest.raises(LabelError, match=r"label of train\[1\] must be an integer"):
        labels_of(data)


@pytest.mark.parametrize(
    ("label", "message"),
    [
        (np.array([1]), r"shape \(1,\): squeeze it.* int\(label\[0\]\)"),
        ([1], r"shape \(1,\): squeeze it"),
        (np.array([0.2, 0.8, 0.0]), "shape .3,.*argmax over the classes"),
        (1.5, "got float 1.5; make it a whole number"),
        (1j, "make it a whole number"),
        ("cat", r"np\.unique\(labels, return_inverse=True\)"),
        (None, "leave out the examples without a label"),
        (float("nan"), "leave out the examples without a label"),
        (pd.NA, "leave out the examples without a label"),
    ],
)
def test_a_refused_label_comes_with_its_remedy(label, message):
    with pytest.raises(LabelError, match=message):
        labels_of(Listed([(torch.zeros(2), label)]))


@pytest.mark.parametrize(
    ("labels", "error", "message"),
    [
        (np.eye(2) / 2, LabelError, r"shape \(2, 2\), .*argmax"),
        (np.ones((2, 2)), LabelError, r"shape \(2, 2\), .*argmax"),
        (np.zeros((2, 1), int), LabelError, r"shape \(2, 1\): squeeze it"),
        (np.zeros((2, 4, 4), int), LabelError, "not for each pixel"),
        (None, LabelError, "one integer per example, got None"),
        (np.array([0.0, np.nan]), LabelError, r"\[1\] has .*nan.*; leave out"),
        (pd.Series([0, None], dtype="Int64"), LabelError, r"\[1\] has .*leave out"),
        ([0, "dog"], LabelError, r"\[0\] has 0, words elsewhere"),
        (["cat", None], LabelError, r"\[1\] has None; leave out"),
        (pd.Series(["cat", pd.NA]), LabelError, r"\[1\] has (<NA>|nan); leave out"),
        (pd.Categorical(["a", None]), LabelError, r"\[1\] has nan; leave out"),
        (np.ma.masked_array([0, 1], [0, 1]), DataError, "1 of 2 are masked.* number 1"),
    ],
)
def test_refused_label_arrays_come_with_their_remedy(labels, error, message):
    with pytest.raises(error, match=message):
        as_examples((np.zeros((2, 3)), labels))


def test_labels_beyond_64_bits_are_outside_the_classes():
    large = np.array([2**63 + 1], np.uint64)
    assert labels_of((np.zeros((1, 3)), large)) == [2**63 - 1]
    assert labels_of(Listed([(torch.zeros(2), 2**70)])) == [2**63 - 1]


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        (np.array([0.0, 1.5]), r"integers, got float64; train\[1\] has .*1\.5"),
        (np.array(["2020-01-01", "2021"], "M8[D]"), "integers, got datetime64"),
        (1 - np.eye(3, dtype=int)[:2], r"shape \(N,\).*got shape \(2, 3\)"),
        (torch.tensor([0.5, 1.5]), "integers, got float32"),
    ],
)
def test_other_label_arrays_are_refused(labels, message):
    with pytest.raises(LabelError, match=message):
        as_examples((np.zeros((2, 3)), labels))


@pytest.mark.parametrize(
    ("item", "message"),
    [
        (torch.zeros(2), r"valid\[0\] must be \(input, label\), got Tensor"),
        ((torch.zeros(2), 1, 5), r"valid\[0\] must be .* got tuple of 3"),
        ({"x": 1, "y": 2}, r"valid\[0\] must be .* got dict"),
        (([1.0, 2.0], 0), "must be a tensor or an array, got list"),
    ],
)
def test_items_that_are_not_input_and_label_are_refused(item, message):
    with pytest.raises(DataError, match=message):
        next(as_examples(Listed([item]), name="valid").batches(1))


def test_a_pillow_image_asks_for_a_transform():
    from PIL import Image

    data = Listed([(Image.new("L", (4, 4)), 0)])
    with pytest.raises(DataError, match=r"got Image; .* a transform.*ToTensor"):
        next(as_examples(data).batches(1))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (5, "a pair of arrays or a data set .* got int"),
        (iter([]), "got list_iterator"),
        (DataLoader(TensorDataset(torch.zeros(2, 2))), r"DataLoader.*loader\.dataset"),
        ((np.zeros((2, 3), np.uint16), [0, 1]), "pictures or floats, got uint16"),
        ((np.zeros((2, 3), np.int16), [0, 1]), "pictures or floats, got int16"),
        ((np.zeros((2, 3, 3), np.int64), [0, 1]), "pictures or floats, got int64"),
    ],
)
def test_other_data_is_refused(data, message):
    with pytest.raises(DataError, match=message):
        as_examples(data)


@pytest.mark.parametrize("data", [(np.zeros((0, 4)), []), Listed([])])
def test_no_examples_are_refused(data):
    with pytest.raises(FeatureError, match="train has no examples"):
        as_examples(data)


def test_more_inputs_than_labels_are_refused():
    with pytest.raises(ShapeError, match="3 inputs but 2 labels"):
        as_examples((np.zeros((3, 4)), [0, 1]))


def test_inputs_without_features_are_refused():
    with pytest.raises(ShapeError, match=r"one row per example, got shape \(3,\)"):
        as_examples((np.zeros(3), [0, 1, 2]))


def test_inputs_of_two_shapes_are_refused_by_place():
    data = Listed([(torch.zeros(2), 0), (torch.zeros(3), 0)])
    with pytest.raises(
        ShapeError, match=r"train\[0\] has \(2,\) and train\[1\] has \(3,\)"
    ):
        next(as_examples(data).batches(2))


def test_labels_among_a_mapping_of_arrays_are_to_be_taken_out() -> None:
    ids = np.ones((3, 2), int)
    data = {"input_ids": ids, "attention_mask": ids, "labels": [0, 1, 0]}
    with pytest.raises(DataError, match=r"labels = train.pop\('labels'\), then"):
        as_examples(data)
