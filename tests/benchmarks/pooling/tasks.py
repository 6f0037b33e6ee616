"""Small transformers, and what they are trained on: pictures, and sentences.

A Vision Transformer of torchvision's on Fashion-MNIST or CIFAR, and a BERT of
transformers' on SST-2: untrained, six and four layers, each with a token of its own
that the head reads.
"""

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor, nn

from depthviz.embeddings.pooling import PoolName
from tests.benchmarks.pooling.sentences import (
    have_sentences,
    make_tokenizer,
    read_sentences,
)
from tests.benchmarks.protocol.data import fashion
from tests.conftest import DATA
from tests.neighbors.pictures import cifar

__all__ = ["TASKS", "Inputs", "Task", "have_data", "make_task", "of_rows"]

Inputs = Tensor | dict[str, Tensor]
Three: tuple[PoolName, ...] = ("flatten", "mean", "first")
LAYERS = {"pictures": 6, "sentences": 4}
WIDTH, HEADS, PATCHES = 64, 4, 4  # patches a side
FOLDERS = {"fashion": "fashion_mnist", "cifar": "cifar10_dev10k"}


class Task(NamedTuple):
    """A network to be trained, and its examples.

    Attributes:
        name: Of the data.
        network: Builds it, untrained.
        inputs: Of all examples.
        labels: Shape `(N,)`.
        trained: How many of them, from the first, it trains on.
        stem: Module that makes the tokens.
        blocks: Modules after it, in order.
        pools: Rules to compare.
        epochs: Times that it sees each example.
    """

    name: str
    network: Callable[[], nn.Module]
    inputs: Inputs
    labels: Tensor
    trained: int
    stem: str
    blocks: tuple[str, ...]
    pools: tuple[PoolName, ...]
    epochs: int


def have_data(name: str) -> bool:
    """Whether the examples are there; DEPTHVIZ_DATA names their folder."""
    return have_sentences() if name == "sst2" else (DATA / FOLDERS[name]).is_dir()


def make_task(name: str, count: int, *, quick: bool) -> Task:
    """Make a task of so many examples, of which a quarter is held out."""
    task = TASKS[name](name, count)
    return task._replace(epochs=2) if quick else task


def of_rows(inputs: Inputs, rows: slice | Tensor) -> Inputs:
    """Take some examples of inputs, whatever these are."""
    if isinstance(inputs, dict):
        return {name: values[rows] for name, values in inputs.items()}
    return inputs[rows]


def _pictures(name: str, count: int) -> Task:
    images, labels = _read_pictures(name, count)
    side = images.shape[-1]
    layers = range(LAYERS["pictures"])
    return Task(
        name,
        partial(_vision_transformer, side),
        images,
        labels,
        count * 3 // 4,
        "encoder.dropout",
        tuple(f"encoder.layers.encoder_layer_{layer}" for layer in layers),
        Three,
        15,
    )


def _read_pictures(name: str, count: int) -> tuple[Tensor, Tensor]:
    """Read pictures in three colors, about standardized, and their labels."""
    if name == "cifar":
        images, labels = cifar(DATA, count)
        return images * 2, labels
    found = fashion(0, count, noise=0.0)
    grey = torch.as_tensor(found.pictures).float() / 255
    return ((grey - 0.29) / 0.35)[:, None].expand(-1, 3, -1, -1).contiguous(), (
        torch.as_tensor(found.labels)
    )


def _vision_transformer(side: int) -> nn.Module:
    from torchvision.models import VisionTransformer

    return VisionTransformer(
        image_size=side,
        patch_size=side // PATCHES,
        num_layers=LAYERS["pictures"],
        num_heads=HEADS,
        hidden_dim=WIDTH,
        mlp_dim=2 * WIDTH,
        num_classes=10,
    )


def _sentences(name: str, count: int) -> Task:
    texts, labels = read_sentences(count, 0)
    tokenizer = make_tokenizer(texts[: count * 3 // 4])
    found = tokenizer(texts, truncation=True, padding=True, return_tensors="pt")
    inputs = {key: found[key] for key in ("input_ids", "attention_mask")}
    layers = range(LAYERS["sentences"])
    return Task(
        name,
        partial(_bert, len(tokenizer), int(inputs["input_ids"].shape[1])),
        inputs,
        torch.from_numpy(labels.astype(np.int64)),
        count * 3 // 4,
        "bert.embeddings",
        tuple(f"bert.encoder.layer.{layer}" for layer in layers),
        (*Three, "max", "last"),
        5,
    )


def _bert(words: int, longest: int) -> nn.Module:
    from transformers import BertConfig, BertForSequenceClassification

    config = BertConfig(
        vocab_size=words,
        hidden_size=WIDTH,
        num_hidden_layers=LAYERS["sentences"],
        num_attention_heads=HEADS,
        intermediate_size=2 * WIDTH,
        max_position_embeddings=longest,
        num_labels=2,
    )
    network: Any = BertForSequenceClassification(config)
    return network


TASKS: dict[str, Callable[[str, int], Task]] = {
    "fashion": _pictures,
    "cifar": _pictures,
    "sst2": _sentences,
}
