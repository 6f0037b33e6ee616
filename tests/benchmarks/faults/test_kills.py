"""Killed writers leave the earlier thing or the later one."""

import sys

import pytest

from tests.benchmarks.faults.kills import kills


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL and flock")
def test_no_kill_leaves_a_half_of_anything() -> None:
    assert kills(6, seed=1).notes == []
