"""Sentences of SST-2 in every form: arrays, columns by name, items collated."""

import numpy as np
import pytest
import torch

import depthviz as dv
from tests.benchmarks.pooling.sentences import (
    have_sentences,
    make_tokenizer,
    read_sentences,
)

OPTIONS = {"k": 5, "projection": None, "progress": False, "preview": None}
FIELDS = ["input_ids", "attention_mask"]


@pytest.mark.skipif(not have_sentences(), reason="SST-2 is not in DEPTHVIZ_DATA")
def test_depths_are_the_same_in_every_form():
    datasets = pytest.importorskip("datasets", reason="datasets is not installed")
    transformers = pytest.importorskip(
        "transformers", reason="transformers is not installed"
    )
    texts, labels = read_sentences(200, seed=0)
    tokenizer = make_tokenizer(texts)
    padded = tokenizer(texts, padding=True, truncation=True, max_length=48)
    columns = {name: np.asarray(padded[name]) for name in FIELDS}
    torch.manual_seed(0)
    config = transformers.BertConfig(
        vocab_size=len(tokenizer),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
    )
    model = transformers.BertForSequenceClassification(config).eval()
    plain = dv.measure(model, (columns, labels), **OPTIONS)
    data = datasets.Dataset.from_dict(
        {"sentence": texts, **padded, "label": labels.tolist()},
    ).cast_column("label", datasets.ClassLabel(names=["negative", "positive"]))
    named = dv.measure(model, data, input=FIELDS, label="label", **OPTIONS)
    assert named.classes == ("negative", "positive")

    short = tokenizer(texts, truncation=True, max_length=48)
    items = [
        {"label": int(label), **{name: short[name][row] for name in FIELDS}}
        for row, label in enumerate(labels)
    ]
    collate = transformers.DataCollatorWithPadding(
        tokenizer, padding="max_length", max_length=columns["input_ids"].shape[1]
    )
    collated = dv.measure(model, items, collate_fn=collate, **OPTIONS)
    for other in (named, collated):
        for name in ("depth", "vote", "neighbor_index"):
            expected, found = plain.dataset[name].values, other.dataset[name].values
            assert np.array_equal(expected, found), name
