"""Suspicion of a study of one network, against the rule in plain Python."""

import math

import numpy as np
import pytest
import torch
import xarray as xr
from torch import nn

from depthviz.difficulty import all_probabilities, all_shares
from depthviz.measurement import measure

COUNT, TRAINED, CLASSES, K = 60, 40, 3, 5


def examples(classes=CLASSES, count=COUNT):
    draw = np.random.default_rng(0)
    labels = np.arange(count) % classes
    points = np.eye(classes, 6)[labels] + draw.normal(0, 0.6, (count, 6))
    wrong = draw.permutation(count)[: count // 6]
    labels = np.where(np.isin(np.arange(count), wrong), (labels + 1) % classes, labels)
    return points.astype(np.float32), labels


def network(classes=CLASSES):
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(6, 16), nn.ReLU(), nn.Linear(16, classes))


def measured(points, labels, trained=TRAINED, **options):
    held_out = None
    if trained < len(labels):
        held_out = points[trained:], labels[trained:]
    classes = int(labels.max()) + 1
    chosen = {"k": K, "projection": None, "progress": False} | options
    return measure(
        network(classes), (points[:trained], labels[:trained]), held_out, **chosen
    ).dataset


def slow_weights(data: xr.Dataset, trained: int) -> list[tuple[float, float]]:
    """Weights of each probe for examples that were trained on, and for others."""
    found = []
    labels = data["label"].values
    for votes in data["vote"].values:
        right = votes == labels
        seen = right[:trained].mean()
        if trained == len(labels):
            weight = max(0.0, seen - 1 / CLASSES) ** 2 * (1 - seen)
            found.append((weight, weight))
            continue
        unseen = right[trained:].mean()
        weight = max(0.0, unseen - 1 / CLASSES) ** 2
        repeats = (1 - seen) / max(1e-9, 1 - unseen)
        found.append((weight * min(1.0, repeats), weight))
    return found


def slow_evidence(data, trained, logits):
    weights, labels = slow_weights(data, trained), data["label"].values
    found = []
    for i, label in enumerate(labels):
        share, total = np.zeros(CLASSES), 0.0
        for neighbors, weight in zip(
            data["neighbor_index"].values[:, i], weights, strict=True
        ):
            chosen = weight[0] if i < trained else weight[1]
            total += chosen
            for other in neighbors:
                share[labels[other]] += chosen / len(neighbors)
        if not total:
            found.append((math.nan, -1))
            continue
        evidence = np.log(share / total + 1 / (2 * data.sizes["neighbor"]))
        if i >= trained:
            evidence += 0.5 * logits[i].double().log_softmax(0).numpy()
        others = np.delete(np.arange(CLASSES), label)
        best = others[evidence[others].argmax()]
        found.append((evidence[best] - evidence[label], best))
    return found


@pytest.mark.parametrize("trained", [TRAINED, COUNT])
def test_suspicion_is_that_of_the_slow_rule(trained):
    points, labels = examples()
    data = measured(points, labels, trained)
    with torch.no_grad():
        logits = network()(torch.from_numpy(points))
    expected = slow_evidence(data, trained, logits)
    assert np.allclose(data["suspicion"], [each for each, _ in expected], atol=1e-4)
    assert data["suggested_label"].values.tolist() == [best for _, best in expected]
    weights = np.array(slow_weights(data, trained))
    assert np.allclose(data["probe_weight"], weights, atol=1e-6)
    assert weights.max() > 0


def test_the_rule_is_named_and_says_whether_labels_were_held_out():
    points, labels = examples()
    rules = [
        measured(points, labels, trained)["suspicion"].attrs["rule"]
        for trained in (TRAINED, COUNT)
    ]
    assert rules == ["label evidence", "label evidence, without held-out examples"]


def test_where_no_probe_predicts_labels_nothing_is_said_of_any():
    points, _ = examples()
    labels = np.arange(COUNT) % 2
    same = np.zeros_like(points)
    same[:, 0] = np.arange(COUNT) // 2  # the neighbors of each are as many of both
    data = measured(same, labels, COUNT, k=2)
    if data["probe_weight"].values.any():
        pytest.fail("a probe predicts the labels; the test needs other data")
    assert np.isnan(data["suspicion"]).all()
    assert (data["suggested_label"] == -1).all()


def test_of_many_classes_the_likely_ones_are_kept():
    points, labels = examples(100, 300)
    data = measured(points, labels, 200)
    kept = torch.from_numpy(data["kept_class"].values.astype(int))
    assert data["class_share"].dims == ("example", "kept")
    assert kept.shape == (300, 64)
    assert (kept == torch.from_numpy(labels)[:, None]).any(1).all()
    share = all_shares(
        torch.from_numpy(data["class_share"].values / 65535), kept, count=100
    )
    weights = data["probe_weight"].values
    for i in range(0, 300, 29):
        weight = weights[:, 0 if i < 200 else 1].astype(float)
        near = labels[data["neighbor_index"].values[:, i]]
        counts = np.stack([np.bincount(each, minlength=100) for each in near])
        plain = weight @ counts / K / weight.sum()
        assert np.allclose(share[i], plain, atol=1e-4)
    with torch.no_grad():
        logs = network(100)(torch.from_numpy(points)).double().log_softmax(1)
    found = torch.from_numpy(data["log_probability"].values.astype(float))
    assert torch.allclose(found, logs.gather(1, kept), atol=0.01)
    every = all_probabilities(found, kept, count=100)
    assert torch.allclose(every.exp().sum(1), torch.ones(300).double(), atol=0.01)
