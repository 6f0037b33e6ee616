"""Measures are those of their authors' codes, on the same input."""

import numpy as np
import pytest
import torch
from torch import nn

from depthviz.difficulty import (
    area_under_margin,
    data_map,
    dual_score,
    dynamic_uncertainty,
    entropy_gradient,
    entropy_step,
    error_norm,
    first_query_score,
    forgetting_events,
    influence,
    informativeness,
    memorization,
    predictive_entropy,
    purity,
    query_input,
    query_score,
    ranking_loss,
    second_split_forgetting,
)
from tests.difficulty.references import check, given, reference

TRAINING = "training_dynamics"


@pytest.fixture(scope="module")
def logits() -> torch.Tensor:
    return given(TRAINING, "logits_TNC")


@pytest.fixture(scope="module")
def labels() -> torch.Tensor:
    return given(TRAINING, "labels")


@pytest.fixture(scope="module")
def probabilities(logits: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    return logits.softmax(2)[:, torch.arange(len(labels)), labels]


def test_windows_are_those_of_the_authors(probabilities: torch.Tensor) -> None:
    check(TRAINING, "dual", dual_score(probabilities))
    check(TRAINING, "dynamic_uncertainty", dynamic_uncertainty(probabilities))


def test_el2n_is_that_of_the_authors(
    logits: torch.Tensor, labels: torch.Tensor
) -> None:
    check(TRAINING, "el2n_epoch_20", error_norm(logits[20], labels))
    members = torch.stack([error_norm(logits[step], labels) for step in (18, 19, 20)])
    check(TRAINING, "el2n_mean_of_epochs_18_19_20_as_members", members.mean(0))


def test_events_and_margins_are_those_of_the_authors(
    logits: torch.Tensor, labels: torch.Tensor
) -> None:
    correct = logits.argmax(2) == labels
    check(TRAINING, "forgetting_never_is_T", forgetting_events(correct))
    check(TRAINING, "forgetting_never_is_0", forgetting_events(correct, never=0))
    check(TRAINING, "aum_logits", area_under_margin(margins_of(logits, labels)))


def margins_of(values: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """The value of the label minus the largest other, `(T, N)`."""
    rows = torch.arange(len(labels))
    others = values.clone()
    others[:, rows, labels] = -torch.inf
    return values[:, rows, labels] - others.amax(2)


def test_probabilities_are_those_of_the_authors(probabilities: torch.Tensor) -> None:
    check(TRAINING, "probability_of_label_last_epoch", probabilities[-1])


def test_an_area_under_the_margin_is_no_margin_of_a_softmax(
    logits: torch.Tensor, labels: torch.Tensor
) -> None:
    of_softmax = area_under_margin(margins_of(logits.softmax(2), labels))
    check(TRAINING, "softmax_margin_mean", of_softmax)
    known = reference(TRAINING)["outputs"]
    assert not np.allclose(known["aum_logits"], known["softmax_margin_mean"], atol=0.1)


def test_the_data_map_is_that_of_the_authors(
    logits: torch.Tensor, labels: torch.Tensor, probabilities: torch.Tensor
) -> None:
    found = data_map(probabilities, logits.argmax(2) == labels)
    for name in ("confidence", "variability", "correctness"):
        check(TRAINING, f"data_map_{name}", getattr(found, name))


def test_entropy_is_that_of_the_last_epoch(logits: torch.Tensor) -> None:
    check(TRAINING, "entropy_last_epoch", predictive_entropy(logits[-1]))


def test_second_split_forgetting_is_that_of_the_authors() -> None:
    correct = given(TRAINING, "ssft_correct_TN").bool()
    check(TRAINING, "ssft", second_split_forgetting(correct))


def test_the_step_towards_entropy_is_that_of_the_authors() -> None:
    name = "predictive_entropy"
    net = nn.Linear(5, 4).double()
    net.weight.data = given(name, "W").T.contiguous()
    net.bias.data = given(name, "b")
    inputs = given(name, "x")
    check(name, "entropy", predictive_entropy(net(inputs)))
    gradient = entropy_gradient(net, inputs)
    check(name, "gradient", gradient)
    check(name, "step_of_3_percent", entropy_step(inputs, gradient, scale=0.03))


def test_purity_and_its_scores_are_those_of_the_authors() -> None:
    name = "purity_informativeness"
    pure = purity(given(name, "unlabeled_features"), given(name, "labeled_features"))
    check(name, "purity", pure)
    informative = given(name, "informativeness")
    meta = query_input(informative, pure)
    check(name, "meta_input", meta)
    check(name, "first_round_score", first_query_score(informative, pure))
    first, second = (
        (given(name, f"W{layer}"), given(name, f"b{layer}")) for layer in (1, 2)
    )
    scores = query_score(meta, first, second)
    check(name, "score", scores)
    check(name, "ranking_loss", ranking_loss(scores, given(name, "true_loss")))


def test_informativeness_is_what_the_largest_softmax_lacks() -> None:
    logits = given(TRAINING, "logits_TNC")[-1]
    torch.testing.assert_close(informativeness(logits), 1 - logits.softmax(1).amax(1))


def test_memorization_and_influence_are_those_of_the_authors() -> None:
    name = "memorization"
    right, trained = (given(name, key).bool() for key in ("correct_MN", "trained_MN"))
    found = memorization(right, trained, torch.ones_like(trained))
    check(name, "memorization", found.mean)
    others = given(name, "test_correct_MV").bool()
    every = torch.ones(len(others), dtype=torch.bool)
    check(name, "influence_VN", influence(others, trained, every))


def test_what_no_member_tells_is_unknown() -> None:
    in_train = torch.tensor([[True, False], [True, False]])
    right = torch.ones(2, 3, dtype=torch.bool)
    found = influence(right, in_train, torch.ones(2, dtype=torch.bool))
    assert found.isnan().all()
    assert memorization(right[:, :2], in_train, in_train | True).mean.isnan().all()
