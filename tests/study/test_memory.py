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


@given(sizes=SIZES, limit=st.integers(50, 200))
def test_groups_are_few(sizes, limit):
    fewest = -(-sum(sizes.values()) // limit)
    assert len(share_passes(sizes, limit)) <= 2 * fewest


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
