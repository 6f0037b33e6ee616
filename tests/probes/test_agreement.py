"""Shares of neighbors and of votes."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from depthviz.errors import LabelError, ShapeError
from depthviz.probes import neighbor_agreement, probe_accuracy, probe_agreement

CLASS = st.integers(0, 3)


@given(st.data(), st.integers(1, 5), st.integers(1, 6), st.integers(1, 4))
def test_neighbor_agreement_is_a_share_of_labels(
    data: st.DataObject, queries: int, references: int, k: int
) -> None:
    def draw(*shape: int, values: st.SearchStrategy[int] = CLASS) -> torch.Tensor:
        size = int(torch.tensor(shape).prod())
        drawn = data.draw(st.lists(values, min_size=size, max_size=size))
        return torch.tensor(drawn).view(shape)

    index = draw(queries, k, values=st.integers(0, references - 1))
    labels, prediction = draw(references), draw(queries)
    found = neighbor_agreement(index, labels, prediction)
    for row, predicted, share in zip(index, prediction, found, strict=True):
        same = sum(int(labels[one] == predicted) for one in row)
        assert float(share) == pytest.approx(same / k)


@given(st.lists(st.lists(CLASS, min_size=3, max_size=3), min_size=1, max_size=5))
def test_probe_shares_count_equal_classes(votes: list[list[int]]) -> None:
    truth = torch.tensor([0, 1, 2])
    expected = [
        sum(v == t for v, t in zip(row, range(3), strict=True)) / 3 for row in votes
    ]
    for share in (probe_agreement, probe_accuracy):
        assert share(torch.tensor(votes), truth).tolist() == pytest.approx(expected)


def test_the_share_of_no_examples_is_not_a_number() -> None:
    none = torch.empty(2, 0, dtype=torch.int64)
    assert probe_agreement(none, none[0]).isnan().all()


def test_votes_and_classes_cover_the_same_examples() -> None:
    votes = torch.zeros(2, 100, dtype=torch.int64)
    with pytest.raises(ShapeError) as error:
        probe_agreement(votes, votes[0, :90])
    assert str(error.value) == (
        "votes cover 100 examples but prediction covers 90; index both by the same "
        "examples."
    )
    with pytest.raises(LabelError, match="labels must be integers"):
        probe_accuracy(votes, votes[0].float())


def test_every_query_has_a_prediction() -> None:
    index = torch.zeros(4, 2, dtype=torch.int64)
    with pytest.raises(ShapeError, match=r"prediction must have shape \(Q=4\)"):
        neighbor_agreement(index, torch.tensor([1]), torch.tensor([1, 1]))
