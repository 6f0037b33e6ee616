"""Both forms in which examples come are read the same way, or refused by name."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.utils.data import ConcatDataset, Subset, TensorDataset

from depthviz.datasets.examples import check_labels
from depthviz.datasets.forms import as_examples
from depthviz.errors import DataError, LabelError
from tests.datasets.listed import Listed, inputs_of, labels_of


@given(count=st.integers(1, 20), batch=st.integers(1, 25), start=st.integers(0, 20))
def test_batches_give_every_example_once_in_order(count, batch, start):
    points = np.arange(2.0 * count).reshape(count, 2)
    batches = list(as_examples((points, range(count))).batches(batch, start))
    assert all(len(labels) <= batch for _, labels in batches)
    seen = [int(label) for _, labels in batches for label in labels]
    assert seen == list(range(start, count))
    rows = [row.tolist() for inputs, _ in batches for row in inputs]
    assert rows == points[start:].tolist()


def test_bytes_are_scaled_to_one():
    pixels = np.array([[[0, 51], [102, 255]]], np.uint8)
    assert torch.equal(inputs_of((pixels, [0])), torch.tensor(pixels)[:, None] / 255)


@pytest.mark.parametrize("kind", [np.float16, np.float32, np.float64])
def test_floats_keep_their_values(kind):
    points = np.array([[-3.5, 700.0]], kind)
    found = inputs_of((points, [0]))
    assert found.dtype == torch.float32
    assert found.tolist() == points.tolist()


@pytest.mark.parametrize(
    ("given_shape", "shape"),
    [
        ((2, 8, 6), (2, 1, 8, 6)),
        ((2, 3, 8, 6), (2, 3, 8, 6)),
        ((2, 8, 9, 1), (2, 1, 8, 9)),
        ((2, 9, 8, 3), (2, 3, 9, 8)),
        ((2, 8, 8, 4), (2, 4, 8, 8)),
        ((2, 3, 8, 3), (2, 3, 8, 3)),
        ((2, 16, 8, 8), (2, 16, 8, 8)),
        ((2, 7), (2, 7)),
    ],
)
@pytest.mark.parametrize("kind", [np.uint8, np.float32])
def test_pictures_become_channels_first(given_shape, shape, kind):
    assert inputs_of((np.zeros(given_shape, kind), [0, 1])).shape == shape


@pytest.mark.parametrize("shape", [(2, 16, 4, 4), (2, 7, 8, 3), (2, 8, 7, 1)])
def test_small_floats_may_be_feature_maps_and_stay(shape):
    maps = np.random.default_rng(0).random(shape).astype(np.float32)
    assert np.array_equal(inputs_of((maps, [0, 1])), maps)
    pixels = (maps * 255).astype(np.uint8)
    moved = pixels.transpose(0, 3, 1, 2)
    assert torch.equal(inputs_of((pixels, [0, 1])), torch.tensor(moved) / 255)


@pytest.mark.parametrize("shape", [(2, 9, 8, 3), (2, 8, 8)])
def test_a_tensor_data_set_hands_over_what_looks_like_pictures(shape):
    data = TensorDataset(torch.rand(shape), torch.tensor([0, 1]))
    assert torch.equal(inputs_of(data), data.tensors[0])
    assert as_examples(data).note is None


@pytest.mark.parametrize(
    ("shape", "note"),
    [
        ((2, 8, 9), "valid: 2 arrays read as pictures (2, 8, 9) → (2, 1, 8, 9); a Te"),
        ((2, 8, 9, 3), "read as pictures (2, 8, 9, 3) → (2, 3, 8, 9); a TensorDataset"),
    ],
)
def test_a_new_shape_is_noted(shape, note):
    assert note in as_examples((np.zeros(shape), [0, 1]), name="valid").note


def test_the_division_of_bytes_is_noted():
    note = as_examples((np.zeros((2, 1, 8, 9), np.uint8), [0, 1])).note
    assert note.startswith("train: 2 arrays divided by 255; a TensorDataset of floats")


@pytest.mark.parametrize("shape", [(2, 5), (2, 1, 8, 9), (2, 16, 4, 4)])
def test_a_kept_shape_needs_no_note(shape):
    assert as_examples((np.zeros(shape), [0, 1])).note is None


def test_moving_channels_keeps_each_pixel():
    pixels = np.random.default_rng(0).random((2, 8, 9, 3)).astype(np.float32)
    found = inputs_of((pixels, [0, 1]))
    assert np.array_equal(found.permute(0, 2, 3, 1).numpy(), pixels)


def test_read_only_and_tensor_inputs_are_read():
    pixels = np.frombuffer(bytes(range(18)), np.uint8).reshape(2, 3, 3)
    tensor = torch.tensor(pixels)
    assert torch.equal(inputs_of((pixels, [0, 1])), inputs_of((tensor, [0, 1])))


def test_reading_does_not_change_the_users_array():
    pixels = np.full((2, 3, 3), 0.5, np.float32)
    for inputs, _ in as_examples((pixels, [0, 1])).batches(2):
        inputs.zero_()
    assert (pixels == 0.5).all()


@pytest.mark.parametrize(
    "label",
    [
        3,
        np.int64(3),
        np.uint8(3),
        torch.tensor(3),
        np.array(3),
        torch.tensor(3).short(),
    ],
)
def test_any_integer_is_a_label(label):
    assert labels_of(Listed([(torch.zeros(2), label)])) == [3]


@pytest.mark.parametrize("kind", [np.uint8, np.int16, np.uint32, np.int64])
def test_any_integer_array_holds_labels(kind):
    assert labels_of((np.zeros((2, 3)), np.array([0, 7], kind))) == [0, 7]
    assert labels_of((np.zeros((2, 3)), torch.tensor([0, 7], dtype=torch.int32))) == [
        0,
        7,
    ]


@pytest.mark.parametrize(
    "data",
    [
        ([[0.0, 1.0], [2.0, 3.0], [4.0, 5.0]], [0, 1, 1]),
        ([np.zeros(2), np.ones(2)], [0, 1]),
        ([[0.0], [1.0]], np.array([0, 1])),
        (((0.0, 1.0),), torch.tensor([0])),
        ([[0.0], [1.0]], [torch.tensor(0), torch.tensor(1)]),
        [[[0.0], [1.0]], ["cat", "dog"]],
        ([], []),
    ],
)
def test_a_pair_of_lists_is_no_data_set_of_two(data):
    with pytest.raises(
        DataError, match=r"give arrays: \(np\.asarray\(inputs\), labels"
    ):
        as_examples(data)


@pytest.mark.parametrize("form", [list, tuple])
def test_a_list_of_two_items_is_a_data_set(form):
    data = form([(torch.zeros(2), 4), (torch.ones(2), 7)])
    assert labels_of(data) == [4, 7]


def test_a_data_set_gives_inputs_as_they_are():
    data = Listed([(np.array([7, 9]), 0), (np.array([1, 2]), 1)])
    assert inputs_of(data).dtype == torch.int64
    assert inputs_of(data).tolist() == [[7, 9], [1, 2]]


@pytest.mark.parametrize("form", [np.array, torch.tensor])
def test_bytes_of_a_data_set_ask_for_a_transform(form):
    floats, pixels = form([[0.5]]), form([[7]])
    bytes_ = pixels.astype("u1") if form is np.array else pixels.to(torch.uint8)
    data = Listed([(floats, 0), (bytes_, 1)])
    with pytest.raises(
        DataError, match=r"valid\[1\] is uint8; .*ToDtype\(torch\.float32"
    ):
        list(as_examples(data, name="valid").batches(2))


def test_parts_of_data_sets_keep_order_and_class_names():
    data = Listed([(torch.full((2,), float(i)), i) for i in range(5)], ["a", "b"])
    parts = ConcatDataset([Subset(data, [4, 2]), data])
    assert labels_of(parts) == [4, 2, 0, 1, 2, 3, 4]
    assert as_examples(parts).class_names == ("a", "b")


@pytest.mark.parametrize(
    ("classes", "names"),
    [
        (["a", "b"], ("a", "b")),
        ([("tench", "Tinca"), ("shark",)], ("tench, Tinca", "shark")),
        (7, None),
        (None, None),
    ],
)
def test_class_names_come_from_the_data_set(classes, names):
    assert as_examples(Listed([(torch.zeros(2), 0)], classes)).class_names == names


def test_parts_that_disagree_have_no_class_names():
    one, two = (Listed([(torch.zeros(2), 0)], [name]) for name in "ab")
    assert as_examples(ConcatDataset([one, two])).class_names is None


@pytest.mark.parametrize("label", [-1, 3])
def test_a_label_outside_the_classes_is_named(label):
    labels = torch.tensor([0, 2, label])
    check_labels(labels[:2], 3)
    with pytest.raises(LabelError, match=rf"0 to 2, but valid\[12\] has label {label}"):
        check_labels(labels, 3, name="valid", start=10)


def test_a_subset_reads_what_the_whole_reads():
    pictures = np.random.default_rng(0).integers(0, 256, (9, 8, 8), dtype=np.uint8)
    labels = np.arange(9)
    rows = np.array([7, 2, 2, 0, 8])
    whole = as_examples((pictures, labels))
    items = as_examples(list(zip(*whole.read(slice(0, 9)), strict=True)))
    for examples in (whole, items):
        subset = examples.subset(rows, name="some")
        inputs, given = next(subset.batches(5))
        assert torch.equal(given, torch.from_numpy(labels[rows]))
        assert torch.equal(inputs, whole.read(slice(0, 9))[0][rows])
        assert [len(part) for _, part in subset.batches(2)] == [2, 2, 1]
