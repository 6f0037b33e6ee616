"""Counting again from stored neighbors is what a search from the start would give."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.neighbors import KNeighborsClassifier

from depthviz.errors import StudyError
from depthviz.study import Conventions, Recount, Study, stored_sensitivity
from tests.measurement.clouds import Cloud, depths, vote

PROBES = 4


def slow(cloud, k, conventions):
    """Depths by a new search of all embeddings, in the study's probes."""
    places = [
        place
        for place in range(PROBES)
        if place not in {left % PROBES for left in conventions.left_out}
    ]
    votes = [
        [slow_vote(cloud, place, example, k, conventions) for example in range(24)]
        for place in places
    ]
    compared = {
        "prediction": cloud.prediction,
        "label": cloud.labels,
        "last probe": votes[-1],
    }[conventions.compare_with]
    found = []
    for example, depth in enumerate(depths(votes, compared)):
        last = [row[example] for row in votes[-conventions.settled :]]
        counted = max(depth, conventions.least)
        told = 0 if counted == 0 else places[counted - 1] + 1
        found.append(np.nan if conventions.settled and None in last else told)
    return found


def slow_vote(cloud, place, example, k, conventions):
    k = conventions.k or k
    own = conventions.include_self
    nearest = cloud.nearest(place, example, include_self=own)
    if conventions.drop_nearest == "of k":
        nearest = nearest[1:k]
    elif conventions.drop_nearest != "no" and cloud.trained[example]:
        nearest = nearest[1 : k + 1]
    labels = [cloud.labels[other] for other in nearest[:k]]
    winner = vote(labels, conventions.ties)
    share = round(labels.count(winner) / len(labels), 2)
    return winner if not conventions.share or share > conventions.share else None


OPTIONS = st.fixed_dictionaries(
    {
        "ties": st.sampled_from(["nearest", "smallest", "fewer neighbors"]),
        "include_self": st.booleans(),
        "compare_with": st.sampled_from(["prediction", "label", "last probe"]),
        "k": st.sampled_from([None, 2, 3, 5]),
        "drop_nearest": st.sampled_from(["no", "of k"]),
        "share": st.sampled_from([0.0, 0.5, 0.62]),
        "settled": st.integers(0, 2),
        "left_out": st.sampled_from([(), (0,), (0, -1), (1, 2), (-1,)]),
        "least": st.integers(0, 1),
    }
)


def check(cloud, study, k, conventions):
    found = Recount(study).under(conventions).depth
    np.testing.assert_array_equal(found, slow(cloud, k, conventions))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 99), OPTIONS)
def test_stored_neighbors_tell_what_a_new_search_would_find(seed, options):
    cloud, conventions = Cloud(seed), Conventions(**options)
    if conventions.compare_with == "last probe" and conventions.share:
        conventions = conventions._replace(settled=1)
    check(cloud, cloud.study(6), 6, conventions)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 99), st.sampled_from([None, 1, 3]))
def test_the_nearest_of_one_more_is_dropped_where_the_example_was_trained_on(seed, k):
    cloud = Cloud(seed, values=5)
    conventions = Conventions(
        include_self=True, drop_nearest="of k + 1 where trained on", k=k
    )
    check(cloud, cloud.study(6), 6, conventions)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 99), st.booleans())
def test_who_stored_itself_can_leave_it_out_of_fewer(seed, own):
    cloud = Cloud(seed)
    study = cloud.study(6, include_self=True)
    check(cloud, study, 5, Conventions(include_self=own, k=5))


def test_itself_comes_after_duplicates_of_smaller_index():
    cloud = Cloud(0)
    cloud.points[:] = 0
    cloud.trained[:] = True
    included = Conventions(include_self=True, ties="nearest", k=1)
    votes = Recount(cloud.study(3)).under(included).votes
    assert (votes == cloud.labels[0]).all()


def test_weights_are_those_of_scikit_learn():
    cloud = Cloud(3, count=60)
    cloud.points += np.random.default_rng(0).normal(size=cloud.points.shape)
    study, references = cloud.study(7), np.flatnonzero(cloud.trained)
    weighted = Conventions(weights="inverse distance", include_self=True)
    votes = Recount(study).under(weighted).votes
    labels = np.array(cloud.labels)
    for points, found in zip(cloud.points, votes, strict=True):
        model = KNeighborsClassifier(7, weights="distance")
        model.fit(points[references], labels[references])
        assert found.tolist() == model.predict(points).tolist()
    held_out = Conventions(weights="inverse distance")
    others = Recount(study).under(held_out).votes[:, ~cloud.trained]
    assert np.array_equal(others, votes[:, ~cloud.trained])


@pytest.mark.parametrize(
    ("stored", "options", "message"),
    [
        (False, {"k": 7}, "needs 7 neighbors of each example; 6 are stored"),
        (True, {"include_self": False}, "needs 7 neighbors of each"),
        (
            False,
            {"drop_nearest": "of k + 1 where trained on"},
            "needs 7 neighbors of each",
        ),
        (
            True,
            {"include_self": True, "drop_nearest": "of k + 1 where trained on"},
            "needs 7 neighbors of each",
        ),
        (False, {"k": 1, "drop_nearest": "of k"}, "drops the only neighbor"),
        (False, {"left_out": (0, 1, 2, 3)}, "leaves out all of the 4 probes"),
    ],
)
def test_what_stored_neighbors_cannot_tell_is_refused(stored, options, message):
    recount = Recount(Cloud(0).study(6, include_self=stored))
    with pytest.raises(StudyError, match=message):
        recount.under(Conventions(**options))


def test_a_study_without_neighbors_is_refused():
    data = Cloud(0).study(2).dataset
    with pytest.raises(StudyError, match="lacks neighbor_index, split"):
        Recount(Study(data.drop_vars(["neighbor_index", "split"])))
    with pytest.raises(StudyError, match="no depth to compare with"):
        stored_sensitivity(Study(data.drop_vars("depth")))
