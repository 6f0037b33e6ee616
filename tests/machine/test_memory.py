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


def test_the_first_version_of_cgroups_is_read(tmp_path, monkeypatch):
    folder = tmp_path / "memory"
    folder.mkdir()
    (folder / "memory.limit_in_bytes").write_text("5000000\n")
    (folder / "memory.usage_in_bytes").write_text("4000000\n")
    (folder / "memory.stat").write_text("inactive_file 1\ntotal_inactive_file 9\n")
    monkeypatch.setattr(free, "CGROUP", tmp_path)
    assert free_memory(torch.device("cpu")) == 1_000_009


@pytest.mark.parametrize("line", ["0::/job/step", "4:memory:/job/step"])
def test_the_group_of_the_process_and_those_around_it_count(
    tmp_path, monkeypatch, line
):
    (tmp_path / "cgroup").write_text(f"9:name=systemd:/\n{line}\n")
    root = tmp_path / "groups"
    second = line.startswith("0")
    at = root if second else root / "memory"
    (at / "job" / "step").mkdir(parents=True)
    names = ("max", "current") if second else ("limit_in_bytes", "usage_in_bytes")
    for folder, limit in ((at / "job", 2_000_000), (at / "job" / "step", 9_000_000)):
        (folder / f"memory.{names[0]}").write_text(str(limit))
        (folder / f"memory.{names[1]}").write_text("500000")
    monkeypatch.setattr(free, "CGROUP", root)
    monkeypatch.setattr(free, "PROCESS", tmp_path)
    assert free_memory(torch.device("cpu")) == 1_500_000


@pytest.mark.parametrize(("kind", "column"), [("RLIMIT_AS", 0), ("RLIMIT_DATA", 5)])
def test_limits_of_a_shell_are_read(tmp_path, monkeypatch, kind, column):
    resource = pytest.importorskip("resource")
    pages = ["0"] * 7
    pages[column] = "100"
    (tmp_path / "statm").write_text(" ".join(pages))
    page = free.os.sysconf("SC_PAGE_SIZE")
    limits = {getattr(resource, kind): 150 * page}
    unlimited = resource.RLIM_INFINITY
    monkeypatch.setattr(
        resource, "getrlimit", lambda which: (limits.get(which, unlimited),) * 2
    )
    monkeypatch.setattr(free, "PROCESS", tmp_path)
    assert free_memory(torch.device("cpu")) == 50 * page
