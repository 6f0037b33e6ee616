"""A residual network on real photographs, against float64 and one example at a time."""

import io
from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
import torch
from PIL import Image
from torchvision import models

from depthviz.embeddings import choose_probes, stream_embeddings
from depthviz.measurement import measure

TRAIN, HELD_OUT, K = 220, 40, 30


@pytest.fixture(scope="module")
def photographs(data_dir):
    file = np.load(data_dir / "cifar10_dev10k" / "cifar10_train_0_9999.npz")
    header, offsets, data = file["header"].tobytes(), file["offsets"], file["data"]
    pictures = [
        np.array(Image.open(io.BytesIO(header + data[start:stop].tobytes())))
        for start, stop in pairwise(offsets[: TRAIN + HELD_OUT + 1])
    ]
    return np.stack(pictures), file["labels"][: TRAIN + HELD_OUT]


def exact_neighbors(embedding, query):
    """The K nearest training examples in float64, ties by index, itself left out."""
    distance = np.square(embedding[:TRAIN] - embedding[query]).sum(1)
    if query < TRAIN:
        distance[query] = np.inf
    return distance.argsort(kind="stable")[:K]


def majority(labels):
    count = Counter(labels)
    return next(label for label in labels if count[label] == max(count.values()))


def test_votes_and_depth_of_a_resnet_equal_the_definition(photographs, device):
    torch.manual_seed(0)
    model = models.resnet18(num_classes=10).eval()
    pictures, labels = photographs
    study = measure(
        model,
        (pictures[:TRAIN], labels[:TRAIN]),
        (pictures[TRAIN:], labels[TRAIN:]),
        k=K,
        device=device,
        projection=None,
        progress=False,
        batch_size=65,
    )
    inputs = torch.tensor(pictures).permute(0, 3, 1, 2).contiguous() / 255
    probes = choose_probes(model, inputs[:4])
    assert len(probes) == 11
    found = list(stream_embeddings(model, inputs.split(65), probes, device=device))
    votes = np.empty((11, len(labels)), int)
    for place, probe in enumerate(probes):
        rows = torch.cat([batch.embeddings[probe.name] for batch in found])
        rows = rows.double().numpy()
        for query in range(len(labels)):
            nearest = exact_neighbors(rows, query)
            votes[place, query] = majority(labels[nearest].tolist())
    assert np.array_equal(study.dataset["vote"], votes)
    prediction = torch.cat([batch.logits for batch in found]).argmax(1).numpy()
    disagree = votes != prediction
    depth = np.where(disagree.any(0), 11 - disagree[::-1].argmax(0), 0)
    assert np.array_equal(study.dataset["depth"], depth)
    assert np.array_equal(study.dataset["image"], pictures)
