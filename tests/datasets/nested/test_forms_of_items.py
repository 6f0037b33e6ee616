"""Items that are mappings and tuples, mappings of arrays, and what a collator makes."""

from collections import UserDict

import numpy as np
import pytest
import torch
from torch.utils.data import Subset

from depthviz.datasets.forms import as_examples
from depthviz.datasets.nested import leaves, same
from depthviz.errors import ArgumentError, DataError, LabelError, ShapeError
from tests.datasets.listed import Listed

IDS = [[5, 6, 7], [8, 9, 0], [1, 2, 3]]
MASK = [[1, 1, 1], [1, 1, 0], [1, 1, 1]]
BOTH = list(zip(IDS, MASK, strict=True))


def read(data, **options):
    examples = as_examples(data, **options)
    return examples.read(slice(0, len(examples)))


FORMS = {
    "lists": [{"ids": a, "mask": b, "label": i} for i, (a, b) in enumerate(BOTH)],
    "labels": [{"labels": i, "ids": a, "mask": b} for i, (a, b) in enumerate(BOTH)],
    "tensors": [
        {"ids": torch.tensor(a), "mask": torch.tensor(b), "label": torch.tensor(i)}
        for i, (a, b) in enumerate(BOTH)
    ],
    "pairs": [
        ({"ids": np.array(a), "mask": np.array(b)}, i) for i, (a, b) in enumerate(BOTH)
    ],
    "columns": ({"ids": np.array(IDS), "mask": torch.tensor(MASK)}, [0, 1, 2]),
    "columns of lists": (UserDict({"ids": IDS, "mask": MASK}), np.arange(3)),
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_gives_the_same_batch(form):
    inputs, labels = read(FORMS[form])
    assert same(inputs, {"ids": torch.tensor(IDS), "mask": torch.tensor(MASK)})
    assert labels.tolist() == [0, 1, 2]


@pytest.mark.parametrize("form", FORMS)
def test_some_rows_are_those_of_the_whole(form):
    examples = as_examples(FORMS[form])
    inputs, labels = examples.read(np.array([2, 0]))
    assert inputs["ids"].tolist() == [IDS[2], IDS[0]]
    assert examples.subset(np.array([1]), name="x").read(slice(0, 1))[1].tolist() == [1]
    assert labels.tolist() == [2, 0]


def test_tuples_keep_their_order():
    items = [((torch.ones(2), np.zeros(3)), 0), ((torch.ones(2), np.zeros(3)), 1)]
    inputs, _ = read(items)
    assert [tuple(leaf.shape) for _, leaf in leaves(inputs)] == [(2, 2), (2, 3)]


def test_numbers_of_python_get_the_types_of_torch():
    items = [{"ids": [1], "x": [0.5], "on": [True], "size": 3, "label": 0}]
    kinds = {name: leaf.dtype for name, leaf in leaves(read(items)[0])}
    assert kinds == {
        "ids": torch.int64,
        "x": torch.float32,
        "on": torch.bool,
        "size": torch.int64,
    }


@pytest.mark.parametrize("kind", [np.int32, np.int64])
def test_rows_of_whole_numbers_are_token_ids(kind):
    ids = np.array(IDS, kind)
    inputs, _ = read((ids, [0, 1, 2]))
    assert inputs.dtype == torch.from_numpy(ids).dtype
    assert inputs.tolist() == IDS
    assert "go in as they are, as token ids" in as_examples((ids, [0, 1, 2])).note


class Features(Listed):
    """A data set with the columns of Hugging Face."""

    def __init__(self, items, names):
        super().__init__(items)
        column = type("ClassLabel", (), {"names": names})()
        self.features = {"ids": object(), "label": column}


def test_names_of_a_column_of_labels_are_class_names():
    data = Features(FORMS["lists"], ["a", "b", "c"])
    assert as_examples(data).class_names == ("a", "b", "c")
    assert as_examples(Subset(data, [0])).class_names == ("a", "b", "c")


RAGGED = [{"ids": [1] * (i + 1), "label": i} for i in range(4)]


def pad(items):
    ids = [torch.tensor(item["ids"]) for item in items]
    padded = torch.nn.utils.rnn.pad_sequence(ids, batch_first=True)
    return {"ids": padded, "labels": torch.tensor([item["label"] for item in items])}


def test_a_collator_pads_by_the_batch():
    batches = list(as_examples(RAGGED, collate_fn=pad).batches(2))
    assert [tuple(inputs["ids"].shape) for inputs, _ in batches] == [(2, 2), (2, 4)]
    assert [labels.tolist() for _, labels in batches] == [[0, 1], [2, 3]]


def test_a_pair_of_lists_of_ids_may_be_collated():
    lists = {"ids": [item["ids"] for item in RAGGED]}
    inputs, labels = read((lists, [0, 1, 2, 3]), collate_fn=pad)
    assert same(inputs, read(RAGGED, collate_fn=pad)[0])
    assert labels.tolist() == [0, 1, 2, 3]


def test_a_part_of_collated_examples_is_collated():
    part = as_examples(RAGGED, collate_fn=pad).subset(np.array([3, 0]), name="part")
    assert part.ragged
    assert part.read(slice(0, 2))[0]["ids"].tolist() == [[1, 1, 1, 1], [1, 0, 0, 0]]


@pytest.mark.parametrize(
    ("collate_fn", "error", "message"),
    [
        (lambda items: 5, DataError, r"collate_fn's batch of train\[0\] to .*got int"),
        (lambda items: {"ids": torch.ones(4, 2)}, DataError, "'labels' or 'label'"),
        (lambda items: pad(items[:2]), ShapeError, "2 inputs and 2 labels for 4"),
        (lambda items: (pad(items)["ids"], 3), DataError, "a list of labels, got int"),
        (
            lambda items: (pad(items)["ids"], [0.5] * 4),
            LabelError,
            r"label of train\[0\] must be an integer",
        ),
    ],
)
def test_what_a_collator_returns_is_checked(collate_fn, error, message):
    with pytest.raises(error, match=message):
        read(RAGGED, collate_fn=collate_fn)


def test_an_error_of_a_collator_says_what_it_was_given():
    with pytest.raises(KeyError) as caught:
        read(RAGGED, collate_fn=lambda items: items[0]["missing"])
    assert (
        "a list of 4 items, train[0] to train[3], each dict of 'ids', 'label'"
        in (caught.value.__notes__[0])
    )


@pytest.mark.parametrize(
    ("data", "error", "message"),
    [
        (RAGGED, ShapeError, r"'ids' of shape \(1,\) and train\[1\] .*collate_fn=, su"),
        (
            [(torch.tensor([1]), 0), (torch.tensor([1, 2]), 1)],
            ShapeError,
            r"train\[0\] has \(1,\) and train\[1\] has \(2,\)\. Pad .*collate_fn=",
        ),
        (
            [{"a": [1], "label": 0}, {"b": [1], "label": 0}],
            DataError,
            r"same entries, but train\[0\] has 'a' and train\[1\] has 'b'",
        ),
        ([{"text": "hello", "label": 0}], DataError, r"train\[0\]\['text'\] holds te"),
        ([{"text": ["a"], "label": 0}], DataError, r"remove_columns\(\['text'\]\)"),
        ([{"ids": None, "label": 0}], DataError, "holds NoneType, None"),
        ([{"ids": [], "label": 0}], DataError, r"train\[0\]\['ids'\] is empty"),
        ([{"ids": [[1], [2, 3]], "label": 0}], DataError, "of several lengths"),
        ([{"ids": [1], "label": 0, "labels": 0}], DataError, "with one label"),
        ([{"label": 0}], DataError, "dict of 'label'"),
        ([{"x": np.zeros((2, 2), np.uint8), "label": 0}], DataError, "is uint8"),
        (({"ids": [[1], [2, 3]]}, [0, 1]), ShapeError, "'ids' of train have several"),
        (({"ids": np.ones((3, 2))}, [0, 1]), ShapeError, "3 rows, but there are 2 lab"),
        (({"x": np.array([["a"]])}, [0]), DataError, "must hold numbers"),
        (({"x": {"y": np.ones((1, 2))}}, [0]), DataError, "'x' of train is a mapping"),
        ((torch.ones(2), torch.ones(2), [0, 1]), DataError, r"\{'a': …, 'b': …\}"),
    ],
)
def test_other_items_are_refused_in_words(data, error, message):
    with pytest.raises(error, match=message):
        read(data)


def test_a_collator_that_gets_text_is_told_of_it():
    texts = [{**item, "text": "hello"} for item in RAGGED]
    with pytest.raises(ValueError, match="excessive") as caught:
        read(
            texts,
            collate_fn=lambda items: (_ for _ in ()).throw(ValueError("excessive")),
        )
    assert "remove_columns(['text'])" in caught.value.__notes__[0]


def test_several_data_sets_are_named():
    both = {"train": Features(FORMS["lists"], ["a"]), "test": None}
    with pytest.raises(DataError, match=r"'train', 'test'; .* such as data\['train'\]"):
        read(both)


def test_arrays_are_not_collated():
    with pytest.raises(ArgumentError, match="pair of arrays, which are batches"):
        read((np.ones((2, 3)), [0, 1]), collate_fn=pad)
