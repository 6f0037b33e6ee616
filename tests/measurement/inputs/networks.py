"""Small networks of Hugging Face from random weights, and texts for them."""

from typing import Any

import numpy as np
import torch
from torch import nn

VOCABULARY, LONGEST, COUNT, CLASSES = 60, 20, 48, 3
DRAW = np.random.default_rng(0)
TEXTS = [DRAW.integers(5, VOCABULARY, n).tolist() for n in DRAW.integers(3, 12, COUNT)]
LABELS = (np.arange(COUNT) % CLASSES).tolist()
OPTIONS = {"k": 5, "projection": None, "progress": False, "device": "cpu"}
SIZES = {
    "vocab_size": VOCABULARY,
    "hidden_size": 16,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "intermediate_size": 32,
    "max_position_embeddings": LONGEST,
    "num_labels": CLASSES,
}


def text_network(kind: str, **options: Any) -> nn.Module:
    """Make a classifier of texts: bert, distilbert or albert."""
    import transformers

    torch.manual_seed(0)
    if kind == "bert":
        config = transformers.BertConfig(**SIZES, **options)
        return transformers.BertForSequenceClassification(config)
    if kind == "albert":
        config = transformers.AlbertConfig(**SIZES, embedding_size=8, **options)
        return transformers.AlbertForSequenceClassification(config)
    config = transformers.DistilBertConfig(
        vocab_size=VOCABULARY,
        dim=16,
        n_layers=2,
        n_heads=2,
        hidden_dim=32,
        max_position_embeddings=LONGEST,
        num_labels=CLASSES,
        **options,
    )
    return transformers.DistilBertForSequenceClassification(config)


def items(texts: list[list[int]] = TEXTS) -> list[dict[str, Any]]:
    """Texts as a tokenizer gives them, without padding."""
    return [
        {"input_ids": text, "attention_mask": [1] * len(text), "label": label}
        for text, label in zip(texts, LABELS, strict=True)
    ]


def pad(batch: list[dict[str, Any]], length: int = 0) -> dict[str, torch.Tensor]:
    """Pad a batch to its longest text, as a collator does."""
    longest = max(length, *(len(item["input_ids"]) for item in batch))
    padded = {
        name: torch.tensor(
            [item[name] + [0] * (longest - len(item[name])) for item in batch]
        )
        for name in ("input_ids", "attention_mask")
    }
    return {**padded, "labels": torch.tensor([item["label"] for item in batch])}


def columns(length: int = 12) -> dict[str, np.ndarray[Any, Any]]:
    """All texts padded to one length."""
    whole = pad(items(), length)
    return {name: whole[name].numpy() for name in ("input_ids", "attention_mask")}
