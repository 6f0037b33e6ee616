"""neighbor_margin against a definition in plain Python."""

from collections import Counter

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from depthviz.difficulty import neighbor_margin
from depthviz.errors import LabelError, ShapeError

Case = tuple[torch.Tensor, torch.Tensor, torch.Tensor]


@st.composite
def cases(draw: st.DrawFn) -> Case:
    probes, examples, k = (draw(st.integers(1, most)) for most in (3, 4, 7))
    references = draw(st.integers(1, 8))
    size = probes * examples * k
    index = draw(st.lists(st.integers(0, references - 1), min_size=size, max_size=size))
    labels, given_labels = (
        torch.tensor(draw(st.lists(st.integers(0, 3), min_size=n, max_size=n)))
        for n in (references, examples)
    )
    return torch.tensor(index).view(probes, examples, k), labels, given_labels


def slow(index: list[list[int]], labels: list[int], given_label: int) -> float:
    total = 0.0
    for neighbors in index:
        count = Counter(labels[one] for one in neighbors)
        own = count.pop(given_label, 0)
        total += (max(count.values(), default=0) - own) / len(neighbors)
    return total / len(index)


@given(cases())
def test_the_margin_is_that_of_the_slow_definition(case: Case) -> None:
    index, labels, given_labels = case
    found = neighbor_margin(index, labels, given_labels)
    expected = [
        slow(index[:, i].tolist(), labels.tolist(), int(given_labels[i]))
        for i in range(len(given_labels))
    ]
    assert found.tolist() == pytest.approx(expected, abs=1e-6)
    assert found.abs().max() <= 1


@given(cases(), st.permutations([0, 1, 2, 3]))
def test_new_names_of_the_classes_change_no_margin(
    case: Case, names: list[int]
) -> None:
    index, labels, given_labels = case
    renamed = torch.tensor(names)
    again = neighbor_margin(index, renamed[labels], renamed[given_labels])
    assert torch.equal(again, neighbor_margin(index, labels, given_labels))


def test_the_ends_are_all_against_and_all_for_the_label(device: torch.device) -> None:
    index = torch.zeros(3, 2, 5, dtype=torch.int64, device=device)
    labels, own = torch.tensor([6, 1]).to(device), torch.tensor([1, 6]).to(device)
    assert neighbor_margin(index, labels, own).tolist() == [1, -1]


def test_suspicion_of_what_does_not_fit_is_refused() -> None:
    index = torch.zeros(2, 4, 3, dtype=torch.int64)
    labels, own = torch.tensor([0]), torch.zeros(4, dtype=torch.int64)
    with pytest.raises(ShapeError, match=r"index must have shape \(P, N, K\)"):
        neighbor_margin(index[0], labels, own)
    with pytest.raises(ShapeError, match=r"given must have shape \(N=4\), got \(3,\)"):
        neighbor_margin(index, labels, own[:3])
    with pytest.raises(ShapeError, match="at least one probe and one neighbor"):
        neighbor_margin(index[:, :, :0], labels, own)
    with pytest.raises(LabelError, match="given must be 0 or more"):
        neighbor_margin(index, labels, own - 1)
