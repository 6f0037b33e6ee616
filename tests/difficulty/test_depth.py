"""prediction_depth against definition 2."""

from random import Random

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from depthviz.difficulty import prediction_depth
from depthviz.errors import LabelError, ShapeError
from tests.neighbors import brute


@st.composite
def ballots(draw: st.DrawFn) -> tuple[torch.Tensor, torch.Tensor]:
    probes, examples = draw(st.integers(1, 6)), draw(st.integers(1, 8))
    row = st.lists(st.integers(0, 2), min_size=examples, max_size=examples)
    votes = draw(st.lists(row, min_size=probes, max_size=probes))
    return torch.tensor(votes), torch.tensor(draw(row))


@given(ballots())
def test_depth_is_that_of_the_slow_definition(
    ballot: tuple[torch.Tensor, torch.Tensor],
) -> None:
    votes, prediction = ballot
    found = prediction_depth(votes, prediction)
    assert found.tolist() == brute.depth(votes.tolist(), prediction.tolist())
    assert found.dtype == torch.int64


@pytest.mark.parametrize(
    ("agrees", "depth"),
    [
        ([1, 1, 1, 1], 0),
        ([0, 1, 1, 1], 1),
        ([1, 1, 1, 0], 4),
        ([1, 0, 1, 1], 2),
        ([1, 1, 0, 1], 3),
        ([0, 0, 0, 0], 4),
        ([1], 0),
        ([0], 1),
    ],
)
def test_depth_counts_up_to_the_last_probe_that_disagrees(
    agrees: list[int], depth: int, device: torch.device
) -> None:
    votes = torch.tensor(agrees, device=device)[:, None]
    assert prediction_depth(votes, torch.tensor([1], device=device)).tolist() == [depth]


@given(ballots(), st.permutations([0, 1, 2]), st.randoms())
def test_names_of_classes_and_order_of_examples_change_no_depth(
    ballot: tuple[torch.Tensor, torch.Tensor], names: list[int], shuffle: Random
) -> None:
    votes, prediction = ballot
    renamed = torch.tensor(names)
    order = list(range(len(prediction)))
    shuffle.shuffle(order)
    depth = prediction_depth(votes, prediction)
    again = prediction_depth(renamed[votes[:, order]], renamed[prediction[order]])
    assert torch.equal(again, depth[order])


@given(ballots())
def test_a_probe_that_agrees_with_all_adds_nothing_at_the_end(
    ballot: tuple[torch.Tensor, torch.Tensor],
) -> None:
    votes, prediction = ballot
    more = torch.cat([votes, prediction[None]])
    assert torch.equal(
        prediction_depth(more, prediction), prediction_depth(votes, prediction)
    )


def test_no_examples_have_no_depths() -> None:
    none = torch.empty(3, 0, dtype=torch.int64)
    assert prediction_depth(none, none[0]).shape == (0,)


def test_votes_that_do_not_fit_are_refused() -> None:
    votes = torch.zeros(2, 100, dtype=torch.int64)
    with pytest.raises(
        ShapeError, match="votes cover 100 examples but prediction cove"
    ):
        prediction_depth(votes, votes[0, :90])
    with pytest.raises(ShapeError, match="at least one probe"):
        prediction_depth(votes[:0], votes[0])
    with pytest.raises(LabelError, match="votes must be integers"):
        prediction_depth(votes.float(), votes[0])
