"""Free memory is the machine's, or less where a container says so."""

import pytest
import torch

from depthviz.machine import memory as free
from depthviz.machine.memory import free_memory


def test_free_memory_is_a_part_of_the_machine(device):
    assert 2**20 < free_memory(device) < 2**45


def test_a_container_allows_less_than_the_machine(tmp_path, monkeypatch):
    (tmp_path / "memory.max").write_text("3000000\n")
    (tmp_path / "memory.current").write_text("1000000\n")
    monkeypatch.setattr(free, "CGROUP", tmp_path)
    assert free_memory(torch.device("cpu")) == 2_000_000


def test_files_that_the_kernel_may_drop_are_free_memory(tmp_path, monkeypatch):
    (tmp_path / "memory.max").write_text("3000000\n")
    (tmp_path / "memory.current").write_text("2900000\n")
    (tmp_path / "memory.stat").write_text("active_file 7\ninactive_file 500000\n")
    monkeypatch.setattr(free, "CGROUP", tmp_path)
    assert free_memory(torch.device("cpu")) == 600_000


@pytest.mark.parametrize("limit", ["max", None])
def test_a_container_without_limit_allows_the_machine(tmp_path, monkeypatch, limit):
    if limit:
        (tmp_path / "memory.max").write_text(limit)
    monkeypatch.setattr(free, "CGROUP", tmp_path)
    assert free_memory(torch.device("cpu")) > 2_000_000


def test_memory_that_torch_holds_unused_is_free(monkeypatch):
    told = {"mem_get_info": (1_000, 9_000), "memory_reserved": 700}
    told["memory_allocated"] = 200
    for name, value in told.items():
        monkeypatch.setattr(torch.cuda, name, lambda device, value=value: value)
    assert free_memory(torch.device("cuda")) == 1_500
