"""Arrays and lists are taken for tensors by every function of tensors."""

import inspect

import numpy as np
import pandas as pd
import pytest
import scipy.sparse
import torch

from depthviz import difficulty, neighbors, probes
from depthviz.datasets.tensor_arguments import as_tensor
from depthviz.errors import ArgumentError, DataError
from depthviz.probes import (
    knn_vote,
    nearest_neighbors,
    neighbor_agreement,
    probe_accuracy,
)

POINTS = np.random.default_rng(0).normal(size=(20, 4)).astype(np.float32)
LABELS = np.arange(20) % 3
FOUND = nearest_neighbors(torch.tensor(POINTS), torch.tensor(POINTS), k=3)


@pytest.mark.parametrize(
    "points",
    [
        POINTS,
        POINTS.tolist(),
        POINTS.astype(">f4"),
        np.asfortranarray(POINTS),
        pd.DataFrame(POINTS),
        np.frombuffer(POINTS.tobytes(), np.float32).reshape(20, 4),
    ],
    ids=lambda points: f"{type(points).__name__} {getattr(points, 'dtype', '')}",
)
def test_neighbors_of_arrays_are_those_of_tensors(points):
    found = nearest_neighbors(points, points, k=3)
    assert torch.equal(found.index, FOUND.index)
    without = nearest_neighbors(points, points, k=2, exclude=np.arange(20))
    assert torch.equal(without.index, FOUND.index[:, 1:])


@pytest.mark.parametrize("form", [np.asarray, np.ndarray.tolist, pd.Series])
def test_votes_and_depths_take_arrays(form):
    labels, index = form(LABELS), FOUND.index.numpy()
    votes = knn_vote(index, labels)
    assert torch.equal(votes, knn_vote(FOUND.index, torch.tensor(LABELS)))
    share = neighbor_agreement(index.tolist(), labels, labels)
    assert share.shape == (20,)
    assert float(probe_accuracy([votes.tolist()], labels)) == pytest.approx(
        (votes.numpy() == LABELS).mean()
    )
    depth = difficulty.prediction_depth(votes[None].numpy(), labels)
    assert depth.tolist() == (votes.numpy() != LABELS).astype(int).tolist()


def test_unsigned_labels_are_whole_numbers():
    assert as_tensor("labels", LABELS.astype(np.uint16)).dtype == torch.int64


@pytest.mark.parametrize(
    ("value", "error", "message"),
    [
        ("cat", ArgumentError, "query must be a tensor or an array .* got str"),
        (np.array(["a"]), ArgumentError, "array of numbers, got ndarray of <U1"),
        ({1, 2}, ArgumentError, "query must be a tensor .* got set"),
        (scipy.sparse.csr_matrix(POINTS), DataError, "query must be dense.*toarray"),
        (np.ma.masked_less(POINTS, 0), DataError, "query must have a value every"),
    ],
)
def test_what_holds_no_numbers_is_refused_by_name(value, error, message):
    with pytest.raises(error, match=message):
        nearest_neighbors(value, POINTS, k=3)


@pytest.mark.parametrize("face", [probes, difficulty, neighbors])
def test_every_function_of_tensors_takes_arrays(face):
    for name in face.__all__:
        function = getattr(face, name)
        if not inspect.isfunction(function):
            continue
        tensors = [
            each.name
            for each in inspect.signature(function).parameters.values()
            if "Tensor" in str(each.annotation)
        ]
        assert not tensors or hasattr(function, "__wrapped__"), name
