"""Votes and depth on real activations equal a float64 brute force, everywhere."""

from pathlib import Path

import numpy as np
import pytest
import torch
from sklearn.neighbors import NearestNeighbors
from torch import Tensor

from depthviz.difficulty import prediction_depth
from depthviz.neighbors import nearest_neighbors
from depthviz.probes import knn_vote
from tests.neighbors import brute
from tests.neighbors.pictures import activations, cifar

REFERENCES, QUERIES, K = 600, 200, 30


@pytest.fixture(scope="module")
def labels_and_rows(data_dir: Path) -> tuple[Tensor, dict[str, Tensor], Tensor]:
    images, labels = cifar(data_dir, REFERENCES + QUERIES)
    rows, logits = activations(images, torch.device("cpu"))
    return labels[:REFERENCES], rows, logits[REFERENCES:].argmax(1)


def test_votes_and_depths_are_those_of_float64(
    labels_and_rows: tuple[Tensor, dict[str, Tensor], Tensor], device: torch.device
) -> None:
    labels, rows, prediction = labels_and_rows
    assert len(rows) == 11
    ours, slow = [], []
    for each in rows.values():
        reference, query = each[:REFERENCES], each[REFERENCES:]
        found = nearest_neighbors(query.to(device), reference.to(device), k=K)
        ours.append(knn_vote(found.index.cpu(), labels))
        distance, index = brute.neighbors(query, reference, K)
        slow.append(brute.votes(index, labels.tolist()))
        assert (found.index.cpu().numpy() == index).all()
        np.testing.assert_allclose(found.distance.cpu(), distance, rtol=1e-6)
        judge = NearestNeighbors(n_neighbors=K, algorithm="brute")
        judged = judge.fit(reference.double().numpy()).kneighbors(
            query.double().numpy(), return_distance=False
        )
        assert (found.index.cpu().numpy() == judged).all()
    assert torch.stack(ours).tolist() == slow
    depth = prediction_depth(torch.stack(ours), prediction)
    assert depth.tolist() == brute.depth(slow, prediction.tolist())
    assert depth.unique().numel() > 1
