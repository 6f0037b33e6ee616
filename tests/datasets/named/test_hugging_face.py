"""Data sets of Hugging Face, by the columns that are asked for."""

import pickle

import numpy as np
import pytest
import torch

from depthviz.datasets.forms import as_examples
from depthviz.datasets.named import Columns
from depthviz.errors import DataError
from tests.measurement.inputs.networks import text_network
from tests.measurement.small import measured, same

datasets = pytest.importorskip("datasets", reason="the library datasets is missing")

COUNT = 40
DRAW = np.random.default_rng(0)
MASK = np.arange(7) < DRAW.integers(3, 8, (COUNT, 1))
IDS = DRAW.integers(1, 30, (COUNT, 7)) * MASK
LABELS = DRAW.integers(0, 3, COUNT)
NAMES = ["negative", "neutral", "positive"]
TEXTS = [f"sentence {i} שלום 🙂 <b>" for i in range(COUNT)]
COLUMNS = Columns(("input_ids", "attention_mask"), "label")


def tokenized(label="label", **columns):
    """A data set as a tokenizer leaves SST-2."""
    found = {
        "sentence": TEXTS,
        label: LABELS.tolist(),
        "idx": list(range(COUNT)),
        "input_ids": IDS.tolist(),
        "attention_mask": MASK.astype(int).tolist(),
        **columns,
    }
    data = datasets.Dataset.from_dict(found)
    return data.cast_column(label, datasets.ClassLabel(names=NAMES))


def test_tokenized_sentences_are_measured_as_arrays_are():
    arrays = {"input_ids": IDS, "attention_mask": MASK.astype(int)}, LABELS
    network = text_network("distilbert")
    one = measured(network, arrays, None, class_names=NAMES, preview=TEXTS)
    columns = {"input": ["input_ids", "attention_mask"], "label": "label"}
    other = measured(network, tokenized(), None, **columns)
    same(one, other)
    assert other.classes == tuple(NAMES)
    assert other.frame()["text"].tolist() == TEXTS


@pytest.mark.parametrize("form", ["plain", "numpy", "torch", "part", "transformed"])
def test_every_form_of_a_data_set_gives_the_same_batch(form):
    data, rows = tokenized(), np.arange(COUNT)
    if form in ("numpy", "torch"):
        data = data.with_format(form)
    elif form == "part":
        rows = np.array([5, 3, 8])
        data = data.select(rows)
    elif form == "transformed":
        data = data.with_transform(lambda batch: batch)
    found = as_examples(data, columns=COLUMNS)
    inputs, labels = found.read(slice(0, 3))
    assert inputs["input_ids"].tolist() == IDS[rows[:3]].tolist()
    assert inputs["attention_mask"].dtype == torch.int64
    assert labels.tolist() == LABELS[rows[:3]].tolist()
    assert found.class_names == tuple(NAMES)


def test_one_column_is_one_tensor():
    data = datasets.Dataset.from_dict({"x": [[0.5, 1.0], [2.0, 3.0]], "y": [0, 1]})
    inputs, labels = as_examples(data, columns=Columns("x", "y")).read(slice(0, 2))
    assert inputs.dtype == torch.float32
    assert (inputs.tolist(), labels.tolist()) == ([[0.5, 1.0], [2.0, 3.0]], [0, 1])


def test_labels_that_are_words_are_read_without_a_column_asked_for():
    data = datasets.Dataset.from_dict({"x": [[0.5], [2.0]], "label": ["no", "ja"]})
    found = as_examples(data)
    assert found.read(slice(0, 2))[1].tolist() == [1, 0]
    assert found.class_names == ("ja", "no")


@pytest.mark.parametrize("label", ["labels", "kind"])
def test_a_collator_gets_the_label_under_the_name_that_it_knows(label):
    seen = []

    def collate(items):
        seen.extend(items)
        ids = torch.tensor([item["input_ids"] for item in items])
        name = "labels" if label == "labels" else "label"
        return {"ids": ids, "labels": [item[name] for item in items]}

    columns = Columns("input_ids", label)
    found = as_examples(tokenized(label), columns=columns, collate_fn=collate)
    assert found.read(slice(0, 4))[1].tolist() == LABELS[:4].tolist()
    assert len(seen[0]) == 2


def test_nothing_is_copied_and_it_can_be_sent_to_a_process(tmp_path):
    tokenized().save_to_disk(tmp_path / "data")
    data = datasets.load_from_disk(tmp_path / "data")
    sent = pickle.dumps(as_examples(data, columns=COLUMNS))
    again = pickle.loads(sent)
    assert again.read(slice(2, 4))[1].tolist() == LABELS[2:4].tolist()
    assert IDS.astype(np.int64).tobytes() not in sent


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        (Columns("ids", "label"), r"no column 'ids'; it has 'sentence', 'label'"),
        (Columns("input_ids", "kind"), "no column 'kind'"),
        (Columns("sentence", "label"), r"holds text, 'sentence 0.*input=\["),
        (Columns(None, "label"), r"\['sentence'\] holds text"),
    ],
)
def test_other_columns_are_refused_with_those_there_are(columns, message):
    with pytest.raises(DataError, match=message):
        as_examples(tokenized(), columns=columns).read(slice(0, 1))


def test_an_unlabeled_example_is_refused_by_place():
    data = tokenized(label="label", idx=[0] * COUNT)
    labels = [-1, *LABELS[1:].tolist()]
    data = data.remove_columns("label").add_column("label", labels)
    with pytest.raises(Exception, match=r"train\[0\] has label -1"):
        measured(
            text_network("distilbert"),
            data,
            None,
            input=["input_ids", "attention_mask"],
            label="label",
        )
