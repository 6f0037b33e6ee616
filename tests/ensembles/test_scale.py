"""Large ensemble studies fit into memory, and more members need no more of it.

Each question is asked in a process of its own, whose peak the kernel tells. Times are
the machine's matter and are not asserted.
"""

import pytest

from tests.benchmarks.memory import tells_memory
from tests.benchmarks.protocol.scale import cost, make

pytestmark = pytest.mark.skipif(
    not tells_memory(), reason="this system does not tell the peak of a process"
)

EXAMPLES, FEW, MANY = 12_000, 20, 120
AT_ONCE = EXAMPLES * FEW


@pytest.fixture(autouse=True)
def give_back_what_is_freed(monkeypatch):
    """Else the peak is what the allocator kept, which differs from run to run."""
    monkeypatch.setenv("MALLOC_MMAP_THRESHOLD_", "16384")


@pytest.fixture(scope="module")
def places(tmp_path_factory):
    folder = tmp_path_factory.mktemp("scale")
    return {
        members: make(folder / str(members), EXAMPLES, members)
        for members in (FEW, MANY)
    }


@pytest.mark.parametrize("question", ["frame", "examples"])
def test_more_members_need_no_more_memory(places, question):
    few, many = (
        cost(question, places[members], numbers=AT_ONCE).extra
        for members in (FEW, MANY)
    )
    one_array = 4 * EXAMPLES * (MANY - FEW)  # of the many that all members have
    assert many - few < one_array


def test_groups_need_few_bytes_for_each_depth_of_a_member(places):
    few, many = (cost("groups", places[members]).extra for members in (FEW, MANY))
    bytes_a_depth = (many - few) / (EXAMPLES * (MANY - FEW))
    assert bytes_a_depth < 40


def test_a_table_of_60_000_examples_and_100_members_needs_less_than_2_gb(tmp_path):
    found = cost("frame", make(tmp_path / "study", 60_000, 100))
    assert found.peak < 2e9
    assert found.extra < 0.1e9  # votes and agreement of the members are 0.13 GB
