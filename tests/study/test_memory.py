"""Few passes within the memory there is, and how much that is."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from depthviz.study import memory
from depthviz.study.memory import free_memory, share_passes

SIZES = st.dictionaries(st.text(min_size=1, max_size=4), st.integers(1, 50), min_size=1)


@given(sizes=SIZES, limit=st.integers(1, 200))
def test_every_probe_is_in_one_group_that_fits(sizes, limit):
    groups = share_passes(sizes, limit)
    assert sorted(name for group in groups for name in group) == sorted(sizes)
    for group in groups:
        assert len(group) == 1 or sum(sizes[name] for name in group) <= limit


def fewest_groups(sizes, limit):
    """Try every place for each size, one after another."""

    def place(rest, groups):
        if not rest:
            return len(groups)
        size, *rest = rest
        tries = [place(rest, [*groups, size])]
        for i, group in enumerate(groups):
            if group + size <= limit:
                tries.append(place(rest, [*groups[:i], group + size, *groups[i + 1 :]]))
        return min(tries)

    return place(list(sizes), [])


@given(sizes=st.lists(st.integers(1, 12), min_size=1, max_size=7))
def test_groups_are_nearly_the_fewest(sizes):
    found = share_passes(dict(enumerate(sizes)), 10)
    assert len(found) <= 11 / 9 * fewest_groups(sizes, 10) + 1


def test_largest_first_can_take_one_group_too_many():
    sizes = [4, 4, 3, 3, 3, 3]
    found = share_passes(dict(zip("abcdef", sizes, strict=True)), 10)
    assert (len(found), fewest_groups(sizes, 10)) == (3, 2)


@given(sizes=SIZES, limit=st.integers(1, 200))
def test_groups_are_in_the_order_given(sizes, limit):
    order = list(sizes).index
    places = [[order(name) for name in group] for group in share_passes(sizes, limit)]
    assert places == sorted(map(sorted, places))


def test_all_probes_share_one_pass_where_they_fit():
    assert share_passes({"a": 1, "b": 9, "c": 5}, 15) == [["a", "b", "c"]]


def test_free_memory_is_a_part_of_the_machine(device):
    assert 2**20 < free_memory(device) < 2**45


def test_a_container_allows_less_than_the_machine(tmp_path, monkeypatch):
    (tmp_path / "memory.max").write_text("3000000\n")
    (tmp_path / "memory.current").write_text("1000000\n")
    monkeypatch.setattr(memory, "CGROUP", tmp_path)
    assert free_memory(torch.device("cpu")) == 2_000_000


@pytest.mark.parametrize("limit", ["max", None])
def test_a_container_without_limit_allows_the_machine(tmp_path, monkeypatch, limit):
    if limit:
        (tmp_path / "memory.max").write_text(limit)
    monkeypatch.setattr(memory, "CGROUP", tmp_path)
    assert free_memory(torch.device("cpu")) > 2_000_000
