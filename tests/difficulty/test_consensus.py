"""Consensus, consistency, C-score and entropy against counting by hand and scipy."""

import math
from collections import Counter
from random import Random

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import entropy

from depthviz.difficulty import (
    c_score,
    consensus_class,
    consistency,
    vote_entropy,
)
from depthviz.errors import ArgumentError, LabelError, ShapeError
from tests.difficulty.members import CLASSES, Votes, votes


@settings(deadline=None)
@given(votes())
def test_the_consensus_is_the_commonest_class_and_of_tied_ones_the_smallest(
    ballot: Votes,
) -> None:
    found = consensus_class(*ballot, classes=CLASSES)
    share = consistency(*ballot, classes=CLASSES)
    for example in range(len(found)):
        said = ballot.of(example)
        best = min(set(said), key=lambda one: (-said.count(one), one), default=-1)
        expected = said.count(best) / len(said) if said else math.nan
        assert found[example] == best
        assert share[example].item() == pytest.approx(expected, nan_ok=True)


@settings(deadline=None)
@given(votes())
def test_entropy_is_that_of_scipy(ballot: Votes) -> None:
    found = vote_entropy(*ballot, classes=CLASSES)
    for example, value in enumerate(found.tolist()):
        counts = list(Counter(ballot.of(example)).values())
        expected = entropy(counts) if counts else math.nan
        assert value == pytest.approx(expected, nan_ok=True, abs=1e-12)
        assert math.copysign(1, value) == 1 or math.isnan(value)


@settings(deadline=None)
@given(votes(), st.integers(0, CLASSES - 1))
def test_the_c_score_is_the_share_that_predicts_the_label(
    ballot: Votes, label: int
) -> None:
    labels = torch.full(ballot.predictions.shape[1:], label)
    found = c_score(*ballot, labels)
    for example, value in enumerate(found.tolist()):
        said = ballot.of(example)
        expected = said.count(label) / len(said) if said else math.nan
        assert value == pytest.approx(expected, nan_ok=True)


@settings(deadline=None)
@given(votes())
def test_the_c_score_of_the_consensus_is_the_consistency(ballot: Votes) -> None:
    labels = consensus_class(*ballot, classes=CLASSES).clamp(min=0)
    share = consistency(*ballot, classes=CLASSES)
    torch.testing.assert_close(c_score(*ballot, labels), share, equal_nan=True)


@settings(deadline=None)
@given(votes(), st.permutations(range(CLASSES)), st.randoms())
def test_order_of_members_and_names_of_classes_change_no_share(
    ballot: Votes, names: list[int], shuffle: Random
) -> None:
    order = list(range(len(ballot.counted)))
    shuffle.shuffle(order)
    renamed = torch.tensor(names)[ballot.predictions[order]]
    for measure in (consistency, vote_entropy):
        torch.testing.assert_close(
            measure(renamed, ballot.counted[order], classes=CLASSES),
            measure(*ballot, classes=CLASSES),
            equal_nan=True,
        )
    assert torch.equal(
        consensus_class(
            ballot.predictions[order], ballot.counted[order], classes=CLASSES
        ),
        consensus_class(*ballot, classes=CLASSES),
    )


@settings(deadline=None)
@given(votes())
def test_blocks_of_examples_change_nothing(ballot: Votes) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("depthviz.difficulty.consensus._BLOCK", 2 * CLASSES)
        blocked = vote_entropy(*ballot, classes=CLASSES)
    whole = vote_entropy(*ballot, classes=CLASSES)
    assert torch.equal(blocked.nan_to_num(-1), whole.nan_to_num(-1))


def test_compact_types_are_read_and_members_that_failed_are_not(
    device: torch.device,
) -> None:
    predictions = torch.tensor([[1, 2], [999, 999], [1, 0]]).to(torch.uint16)
    counted = torch.tensor([[True] * 2, [False] * 2, [True] * 2], device=device)
    said = predictions.to(device)
    assert consensus_class(said, counted, classes=3).tolist() == [1, 0]
    labels = torch.tensor([1, 2], device=device)
    assert c_score(said, counted, labels).tolist() == [1, 0.5]


def test_votes_that_do_not_fit_are_refused() -> None:
    predictions = torch.zeros(2, 5, dtype=torch.int64)
    everyone = torch.ones(2, 5, dtype=torch.bool)
    with pytest.raises(ShapeError, match=r"counted must have shape \(M=2, N=5\)"):
        consistency(predictions, everyone[:, :4], classes=3)
    with pytest.raises(LabelError, match="must be below the 3 classes, got 3"):
        vote_entropy(predictions + 3, everyone, classes=3)
    with pytest.raises(LabelError, match="predictions must be 0 or more"):
        consensus_class(predictions - 1, everyone, classes=3)
    with pytest.raises(LabelError, match="predictions must be integers"):
        consensus_class(predictions.float(), everyone, classes=3)
    with pytest.raises(ArgumentError, match="classes must be at least 1"):
        consensus_class(predictions, everyone, classes=0)
    with pytest.raises(ShapeError, match=r"labels must have shape \(N=5\)"):
        c_score(predictions, everyone, predictions[0, :4])
    with pytest.raises(LabelError, match="labels must be 0 or more"):
        c_score(predictions, everyone, predictions[0] - 1)
    with pytest.raises(LabelError, match="predictions must be 0 or more, got -1"):
        c_score(predictions - 1, everyone, predictions[0])
    with pytest.raises(ShapeError, match=r"counted must have shape \(M=2, N=5\)"):
        c_score(predictions, everyone[:, :4], predictions[0])


def test_the_c_score_reads_no_prediction_that_does_not_count() -> None:
    predictions, counted = torch.tensor([[-1], [2]]), torch.tensor([[False], [True]])
    assert c_score(predictions, counted, torch.tensor([2])).tolist() == [1]
