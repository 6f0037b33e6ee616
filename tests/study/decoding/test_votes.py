"""Votes for a column are those that a measurement with it as label would count."""

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from depthviz.errors import ArgumentError, StudyError
from depthviz.probes import TIES, Ties, knn_vote
from depthviz.study import Study, decoded_votes
from depthviz.study.decoding.votes import commonest_code
from tests.charts.studies import study_named
from tests.study.decoding.small import COLORS, colored, measured, slow_vote

SHAPES = st.tuples(st.integers(1, 12), st.integers(1, 9))


@pytest.mark.parametrize("ties", TIES)
@given(codes=arrays(np.int64, SHAPES, elements=st.integers(0, 4)))
def test_votes_of_codes_are_those_of_labels(ties: Ties, codes: Any) -> None:
    index = torch.arange(codes.size).view(codes.shape)
    want = knn_vote(index.T, torch.from_numpy(codes.ravel()), ties=ties)
    assert commonest_code(codes, ties=ties).tolist() == want.tolist()


@pytest.mark.parametrize("ties", TIES)
@given(codes=arrays(np.int8, SHAPES, elements=st.integers(-1, 3)))
def test_neighbors_without_a_value_are_as_if_they_were_not_there(
    ties: Ties, codes: Any
) -> None:
    found = commonest_code(codes, ties=ties)
    for column, vote in zip(codes.T, found.tolist(), strict=True):
        known = column[column >= 0]
        if len(known):
            assert vote == commonest_code(known[:, None], ties=ties)[0]
        else:
            assert vote == -1


def test_more_neighbors_than_a_byte_counts() -> None:
    codes = np.repeat([1, 0], [300, 299])[:, None]
    assert commonest_code(codes, ties="smallest").tolist() == [1]


@pytest.mark.parametrize("ties", TIES)
@pytest.mark.parametrize("include_self", [False, True])
def test_votes_equal_those_of_a_measurement_with_the_column_as_label(
    ties: Ties, include_self: bool
) -> None:
    draw = np.random.default_rng(0)
    other = draw.integers(0, 3, 60)
    options: dict[str, Any] = {"ties": ties, "include_self": include_self}
    study = measured(draw.integers(0, 3, 60), **options)
    fresh = measured(other, **options).dataset["vote"].values
    for column in (other, np.array(COLORS)[other]):
        votes = decoded_votes(study.assign(other=column), "other")
        values = np.unique(column)
        assert np.array_equal(values[fresh], votes.to_numpy().T)
    assert not np.array_equal(fresh, study.dataset["vote"].values)


def test_votes_for_the_label_are_the_votes_of_the_study() -> None:
    study = colored()
    votes = decoded_votes(study, "label")
    assert list(votes.columns) == list(study.probes)
    assert votes.index.equals(study.frame().index)
    assert np.array_equal(votes.to_numpy().T, study.dataset["vote"].values)


def test_votes_with_gaps_equal_the_slow_count() -> None:
    study = colored()
    level = [None if np.isnan(one) else one for one in study.frame()["level"]]
    votes = decoded_votes(study, "level")
    for probe, index in zip(
        study.probes, study.dataset["neighbor_index"].values, strict=True
    ):
        want = [slow_vote([level[row] for row in rows]) for rows in index]
        got = [None if np.isnan(one) else one for one in votes[probe]]
        assert got == want


def test_votes_of_an_ensemble_are_those_of_its_shown_member() -> None:
    study = study_named("ensemble")
    votes = decoded_votes(study, "label")
    assert np.array_equal(votes.to_numpy().T, study.dataset["vote"].values)


def test_the_order_of_the_examples_changes_no_vote() -> None:
    study = colored()
    turned = study.subset(study.frame().index[::-1])
    votes = decoded_votes(study, "color")
    assert decoded_votes(turned, "color").loc[votes.index].equals(votes)


def test_votes_are_a_column_of_the_study_and_tell_what_is_read_right() -> None:
    study = colored()
    votes = decoded_votes(study, "bold")
    assert votes.dtypes.eq(bool).all()
    right = votes["softmax"] == study.frame()["bold"]
    added = study.assign(read=right, voted=votes["input"])
    assert added.frame()["read"].equals(right.rename("read"))


def test_groups_stay_categories_so_that_they_compare() -> None:
    study = study_named("ensemble")
    votes, group = decoded_votes(study, "group"), study.frame()["group"]
    assert (votes["input"] == group).sum() > 0
    assert votes["input"].cat.categories.equals(group.cat.categories)


def test_what_has_no_neighbors_says_how_to_get_them() -> None:
    study = colored()
    bare = Study(study.dataset.drop_vars(["neighbor_index"]))
    with pytest.raises(StudyError, match=r"lacks neighbor_index\. Measure it with"):
        decoded_votes(bare, "color")
    part = study.subset(study.frame().index[:20])
    with pytest.raises(StudyError, match=r"Decoding a column needs .* 20 examples"):
        decoded_votes(part, "color")


def test_columns_that_no_neighbor_can_tell_are_refused() -> None:
    study = colored()
    names = [f"picture {row}" for row in range(len(study))]
    late = ["", *["a", "b"] * 30][: len(study)]
    late[: len(study) * 2 // 3] = [""] * (len(study) * 2 // 3)
    added = study.assign(name=names, late=late)
    with pytest.raises(
        StudyError, match=r"'name' has another value for each of the 40"
    ):
        decoded_votes(added, "name")
    with pytest.raises(StudyError, match="no value of any training example"):
        decoded_votes(added, "late")
    with pytest.raises(ArgumentError, match=r"Unknown column 'shade'\. This"):
        decoded_votes(study, "shade")
