"""Each method keeps what its authors' code keeps, in their order."""

import numpy as np
import pytest

from depthviz.selection import (
    beta_density,
    beta_weights,
    cosine_graph,
    facility_location_order,
    k_center_order,
    message_passing_order,
    nearest_graph,
    neighborhood_order,
    select,
    stratum_budgets,
)
from depthviz.selection.amounts import keep_count
from depthviz.selection.methods.messages import gathered
from tests.selection.pools import column_study
from tests.selection.references import close, expected, given


@pytest.mark.parametrize("place", range(5))
def test_strata_get_the_budgets_of_ccs(place):
    one = expected("ccs")[place]
    found = stratum_budgets(given("ccs_score"), one["budget"])
    assert found.tolist() == one["budgets"]


@pytest.mark.parametrize("place", range(5))
def test_a_stratified_selection_keeps_these_budgets(place):
    one, score = expected("ccs")[place], given("ccs_score")
    chosen = select(
        column_study(depth=score), keep=one["budget"], method="stratified", by="depth"
    )
    low, high = score.min(), 1.0001 * score.max()
    stratum = np.floor((score[chosen.rows] - low) / (high - low) * 50).astype(int)
    assert np.bincount(stratum, minlength=50).tolist() == one["budgets"]


@pytest.mark.parametrize("place", range(3))
def test_message_passing_chooses_in_the_order_of_d2(place):
    one = expected("d2")[place]
    graph = nearest_graph(given("points"), one["k"])
    close(gathered(given("importance"), graph), one["start"])
    found = message_passing_order(
        given("importance"), graph, count=one["budget"], gamma=one["gamma"]
    )
    assert found.tolist() == one["selected_in_order"]


@pytest.mark.parametrize("place", range(4))
def test_neighborhoods_are_chosen_in_the_order_of_prune4rel(place):
    one = expected("prune4rel")[place]
    # Their tau is one of (1 + cosine) / 2.
    graph, _ = cosine_graph(given("p4r_embeddings"), 2 * one["tau"] - 1)
    labels = given("p4r_given_labels") if one["balanced"] else None
    found = neighborhood_order(
        given("p4r_confidence"),
        graph,
        count=one["budget"],
        eta=one["eta"],
        classes=labels,
    )
    assert found.tolist() == one["selected_in_order"]


@pytest.mark.parametrize("place", range(4))
def test_the_seed_does_not_move_a_choice_without_ties(place):
    one = expected("prune4rel")[place]
    study = column_study(
        confidence=given("p4r_confidence"), label=given("p4r_given_labels")
    )
    for seed in (0, 1):
        chosen = select(
            study,
            keep=one["budget"],
            method="neighborhood",
            embeddings=given("p4r_embeddings"),
            tau=2 * one["tau"] - 1,
            eta=one["eta"],
            balance="label" if one["balanced"] else None,
            seed=seed,
        )
        assert chosen.ids == one["selected_in_order"]


def test_the_middle_is_that_of_moderate():
    distance = np.array(expected("moderate_distance"))
    chosen = select(
        column_study(prototype_distance=distance), keep=0.4, method="middle"
    )
    assert sorted(chosen.ids) == sorted(expected("moderate_kept_40_percent"))


def test_k_center_chooses_in_the_order_of_deepcore():
    first = int(given("k_center_first"))
    points = given("points")
    rows, radius, owner = k_center_order(points, count=13, first=first)
    assert rows.tolist() == expected("k_center_13_in_order")
    distance = np.linalg.norm(points[:, None] - points[rows], axis=2)
    np.testing.assert_allclose(radius, distance.min(1), atol=1e-9)
    assert np.array_equal(distance.argmin(1), owner)


def test_facility_location_chooses_in_the_order_of_apricot_and_submodlib():
    points = given("points")
    graph = nearest_graph(points, len(points) - 1)
    rows, gains = facility_location_order(graph, count=12)
    assert rows.tolist() == expected("facility_location_in_order")
    close(gains, expected("facility_location_gains"))


@pytest.mark.parametrize("place", range(10))
def test_beta_weights_are_those_of_dual_pruning(place):
    one = expected("beta_sampling", "beta")[place]
    mean, dual = given("mean", "beta"), given("dual", "beta")
    asked = {"pruned": one["pruning_ratio"], "c": one["c"]}
    density = beta_density(mean, dual, **asked)
    close([density.a, density.b], [one["a"], one["b"]], "beta")
    close(density.anchor, one["anchor_mean"], "beta")
    close(beta_weights(mean, dual, **asked), one["weight"], "beta")
    assert keep_count(1 - one["pruning_ratio"], len(mean)) == one["kept"]
