"""knn_vote against a definition in plain Python."""

from typing import cast

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from depthviz.errors import ArgumentError, LabelError, ShapeError
from depthviz.probes import TIES, Ties, knn_vote
from depthviz.probes.votes import (
    COLUMNS,
    FEW,
    _by_comparing,
    _by_sorting,
    commonest,
)
from tests.neighbors import brute


@st.composite
def elections(draw: st.DrawFn) -> tuple[list[list[int]], list[int]]:
    labels = draw(st.lists(st.integers(0, 4), min_size=1, max_size=12))
    width = draw(st.integers(1, len(labels)))
    row = st.permutations(range(len(labels))).map(lambda order: order[:width])
    return draw(st.lists(row, min_size=1, max_size=6)), labels


@given(elections())
def test_votes_are_those_of_the_slow_definition(
    election: tuple[list[list[int]], list[int]],
) -> None:
    index, labels = election
    found = knn_vote(torch.tensor(index), torch.tensor(labels))
    assert found.tolist() == brute.votes(index, labels)


def fewer(labels: list[int]) -> int:
    """Let go of the farthest until one label is the commonest."""
    most = max(map(labels.count, labels))
    tied = {label for label in labels if labels.count(label) == most}
    return tied.pop() if len(tied) == 1 else fewer(labels[:-1])


@given(elections())
def test_the_smallest_of_tied_labels_is_the_mode_of_others(
    election: tuple[list[list[int]], list[int]],
) -> None:
    index, labels = torch.tensor(election[0]), torch.tensor(election[1])
    found = knn_vote(index, labels, ties="smallest")
    assert found.tolist() == stats.mode(labels[index].numpy(), axis=1).mode.tolist()
    counts = [torch.bincount(row).argmax().item() for row in labels[index]]
    assert found.tolist() == counts


@given(elections())
def test_fewer_neighbors_are_those_left_when_the_farthest_go_one_by_one(
    election: tuple[list[list[int]], list[int]],
) -> None:
    index, labels = election
    found = knn_vote(torch.tensor(index), torch.tensor(labels), ties="fewer neighbors")
    assert found.tolist() == [fewer([labels[i] for i in row]) for row in index]


@given(elections())
def test_a_rule_for_ties_changes_no_vote_without_one(
    election: tuple[list[list[int]], list[int]],
) -> None:
    rows = torch.tensor(election[1])[torch.tensor(election[0])]
    value, count = commonest(rows)
    counts = [sorted(map(row.tolist().count, set(row.tolist()))) for row in rows]
    alone = torch.tensor([each[-1:] != each[-2:-1] for each in counts])
    for ties in TIES:
        other, as_many = commonest(rows, ties=ties)
        assert torch.equal(other[alone], value[alone])
        assert torch.equal(as_many, count)


def test_a_rule_that_is_none_is_refused() -> None:
    with pytest.raises(ArgumentError, match="one of 'nearest', 'smallest', 'fewer"):
        commonest(torch.tensor([[1]]), ties=cast("Ties", "random"))


@given(elections(), st.permutations(range(5)))
def test_new_names_of_the_classes_change_no_vote(
    election: tuple[list[list[int]], list[int]], names: list[int]
) -> None:
    index, labels = torch.tensor(election[0]), torch.tensor(election[1])
    renamed = torch.tensor(names)
    assert torch.equal(
        knn_vote(index, renamed[labels]), renamed[knn_vote(index, labels)]
    )


@given(elections())
def test_commonest_counts_its_value(
    election: tuple[list[list[int]], list[int]],
) -> None:
    rows = torch.tensor(election[1])[torch.tensor(election[0])]
    value, count = commonest(rows)
    assert count.tolist() == (rows == value[:, None]).sum(1).tolist()


@pytest.mark.parametrize("ties", TIES)
@pytest.mark.parametrize("width", [1, 2, 30, FEW, FEW + 1])
def test_sorting_and_comparing_say_the_same(ties: Ties, width: int) -> None:
    draw = torch.Generator().manual_seed(width)
    rows = 2 * COLUMNS + 3 if width == 30 else 50
    for classes in (1, 3, 1_000_000):
        values = torch.randint(-classes, classes, (rows, width), generator=draw)
        found, again = _by_sorting(values, ties), _by_comparing(values, ties)
        assert all(map(torch.equal, found, again))
        assert all(map(torch.equal, found, commonest(values, ties=ties)))


def test_values_beyond_int32_are_told_apart() -> None:
    values = torch.tensor([[2**40, 0, 2**40], [-(2**40), -(2**40), 2**32]])
    assert commonest(values)[0].tolist() == [2**40, -(2**40)]


def test_votes_of_a_million_classes_need_no_table_of_them(device: torch.device) -> None:
    labels = torch.arange(1000, device=device) * 10**9
    index = torch.arange(1000, device=device).repeat(1000, 1)
    assert knn_vote(index, labels).tolist() == [0] * 1000


def test_small_integer_types_are_labels() -> None:
    labels = torch.tensor([1, 255, 255], dtype=torch.uint8)
    assert knn_vote(torch.tensor([[0, 1, 2]]), labels).tolist() == [255]


def test_no_queries_have_no_votes() -> None:
    empty = torch.empty(0, 3, dtype=torch.int64)
    assert knn_vote(empty, torch.tensor([1])).shape == (0,)


@pytest.mark.parametrize(
    ("index", "labels", "classes", "error", "message"),
    [
        ([[0]], [0.5], None, LabelError, "labels must be integers, got torch.float32"),
        ([[0]], [True], None, LabelError, "labels must be integers, got torch.bool"),
        ([[0]], [-1], None, LabelError, "labels must be 0 or more, got -1"),
        ([[0]], [3], 3, LabelError, "labels must be below the 3 classes, got 3"),
        ([[0.0]], [3], None, LabelError, "index must be integers"),
        ([[2]], [1, 1], None, ShapeError, "reference 2, but there are labels for 2"),
        ([2], [1, 1], None, ShapeError, r"index must have shape \(Q, K\), got \(1,\)"),
        ([[0]], [[1]], None, ShapeError, r"labels must have shape \(R\), got \(1, 1\)"),
        ([[]], [1], None, LabelError, "index must be integers"),
    ],
)
def test_what_is_no_vote_is_refused(
    index: list[object],
    labels: list[object],
    classes: int | None,
    error: type[Exception],
    message: str,
) -> None:
    with pytest.raises(error, match=message):
        knn_vote(torch.tensor(index), torch.tensor(labels), classes=classes)


def test_neighbors_that_are_none_are_refused() -> None:
    with pytest.raises(ShapeError, match="K=1"):
        knn_vote(torch.empty(2, 0, dtype=torch.int64), torch.tensor([1]))
