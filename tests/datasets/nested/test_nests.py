"""Nests of tensors: their leaves, rows and digests, whatever form they have."""

from collections import UserDict
from hashlib import sha256

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from depthviz.datasets.nested import (
    describe_nest,
    feed_digest,
    leaves,
    length,
    map_leaves,
    not_finite,
    rows,
    same,
)
from depthviz.errors import DataError, ShapeError

COUNT = 5
KINDS = (torch.float32, torch.int64, torch.int32, torch.bool)


@st.composite
def tensors(draw: st.DrawFn) -> Tensor:
    """A tensor of COUNT examples."""
    shape = draw(st.lists(st.integers(1, 3), max_size=2))
    kind, seed = draw(st.sampled_from(KINDS)), draw(st.integers(0, 99))
    torch.manual_seed(seed)
    return torch.randint(0, 50, (COUNT, *shape)).to(kind)


NESTS = st.recursive(
    tensors(),
    lambda nests: st.one_of(
        st.dictionaries(st.sampled_from("abcd"), nests, min_size=1, max_size=3),
        st.lists(nests, min_size=1, max_size=3),
        st.lists(nests, min_size=1, max_size=3).map(tuple),
    ),
    max_leaves=5,
)


def digest(nest) -> str:
    made = sha256()
    feed_digest(made, nest)
    return made.hexdigest()


@given(nest=NESTS)
def test_two_halves_are_the_whole(nest):
    assert length(nest) == COUNT
    parts = [rows(nest, slice(0, 2)), rows(nest, slice(2, None))]
    assert [length(part) for part in parts] == [2, 3]
    pairs = zip(*(leaves(part) for part in parts), strict=True)
    whole = iter([torch.cat([one, two]) for (_, one), (_, two) in pairs])
    joined = map_leaves(lambda _: next(whole), nest)
    assert same(joined, nest)
    assert digest(joined) == digest(nest)


@given(nest=NESTS, data=st.data())
def test_one_changed_number_changes_the_digest(nest, data):
    every = [leaf for _, leaf in leaves(nest)]
    chosen = data.draw(st.integers(0, len(every) - 1))
    place = data.draw(st.integers(0, every[chosen].numel() - 1))
    numbers = iter(range(len(every)))

    def change(leaf: Tensor) -> Tensor:
        changed = leaf.clone()
        if next(numbers) == chosen:
            flat = changed.view(-1)
            flat[place] = ~flat[place] if leaf.dtype == torch.bool else flat[place] + 1
        return changed

    other = map_leaves(change, nest)
    assert digest(other) != digest(nest)
    assert not same(other, nest)


@given(nest=NESTS)
def test_mapping_keeps_the_form(nest):
    kept = map_leaves(lambda leaf: leaf, nest)
    assert type(kept) is type(nest)
    assert [name for name, _ in leaves(kept)] == [name for name, _ in leaves(nest)]
    assert describe_nest(kept) == describe_nest(nest)


def test_the_digest_of_one_tensor_is_that_of_its_bytes():
    tensor = torch.arange(6.0).reshape(2, 3)
    assert digest(tensor) == sha256(tensor.numpy().tobytes()).hexdigest()


def test_other_names_shapes_and_types_are_other_nests():
    ids = torch.zeros(4, 2, dtype=torch.int64)
    others = [{"a": ids}, {"b": ids}, {"a": ids.view(4, 2, 1)}, {"a": ids.view(2, 4)}]
    others += [{"a": ids.double()}, (ids,), {"a": ids[:2], "b": ids[2:]}]
    assert len({digest(each) for each in others}) == len(others)


def test_any_mapping_is_one():
    batch = UserDict({"ids": torch.ones(2, 3)})
    assert map_leaves(torch.clone, batch).keys() == {"ids"}
    assert length(batch) == 2


@pytest.mark.parametrize(
    ("nest", "message"),
    [
        ({"a": torch.ones(2), "b": torch.ones(3)}, r"'a' \(2,\), 'b' \(3,\)"),
        ({}, "got no tensors"),
        ((torch.tensor(1.0),), r"'0' \(\)"),
    ],
)
def test_leaves_of_several_lengths_are_refused(nest, message):
    with pytest.raises(ShapeError, match=message):
        length(nest)


def test_what_is_no_tensor_is_named():
    with pytest.raises(DataError, match=r"got str at 'a\.0'"):
        list(leaves({"a": ["text"]}))


def test_rows_that_are_not_finite_are_found_in_any_leaf():
    bad = torch.tensor([[0.0, 1.0], [torch.nan, 1.0], [0.0, 1.0]])
    mask = torch.tensor([1, 1, 0])
    odd = torch.tensor([0.0, 0.0, torch.inf])
    assert not_finite({"x": bad, "mask": mask, "y": odd}).tolist() == [1, 2]
    assert not_finite(mask).tolist() == []
