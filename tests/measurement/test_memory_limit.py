"""Few passes within the memory there is, and how much that is."""

from itertools import chain, combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from depthviz.measurement.memory import Share, share_gpu, share_passes

SIZES = st.dictionaries(st.text(min_size=1, max_size=4), st.integers(1, 50), min_size=1)


ROOMS = {"memory": st.integers(0, 200), "disk": st.integers(0, 200)}


def fitting(sizes, memory, disk):
    return {name: size for name, size in sizes.items() if size <= max(memory, disk)}


@given(sizes=SIZES, **ROOMS, share=st.sampled_from([share_passes, share_gpu]))
def test_every_probe_is_in_one_pass_that_fits(sizes, memory, disk, share):
    sizes = fitting(sizes, memory, disk)
    passes = share(sizes, memory=memory, disk=disk)
    assert sorted(name for each in passes for name in each.names) == sorted(sizes)
    for each in passes:
        assert each.names
        assert sum(sizes[name] for name in each.kept) <= memory
        assert sum(sizes[name] for name in each.spilled) <= disk


def fewest_passes(sizes, memory, disk):
    """Try every place for each size, one after another."""

    def place(rest, rooms):
        if not rest:
            return len(rooms)
        size, *rest = rest
        found = []
        for i, room in enumerate([*rooms, (memory, disk)]):
            for left in ((room[0] - size, room[1]), (room[0], room[1] - size)):
                if min(left) >= 0:
                    found.append(place(rest, [*rooms[:i], left, *rooms[i + 1 :]]))
        return min(found)

    return place(sorted(sizes, reverse=True), [])


@given(
    sizes=st.lists(st.integers(1, 12), min_size=1, max_size=6),
    memory=st.integers(0, 15),
    disk=st.integers(0, 15),
)
def test_passes_are_nearly_the_fewest(sizes, memory, disk):
    sizes = fitting(dict(enumerate(sizes)), memory, disk)
    found = share_passes(sizes, memory=memory, disk=disk)
    fewest = fewest_passes(list(sizes.values()), memory, disk)
    assert len(found) <= 11 / 9 * fewest + 1
    if fewest <= 1:
        assert len(found) == fewest


def most_kept(sizes, memory):
    subsets = chain.from_iterable(combinations(sizes, n) for n in range(len(sizes) + 1))
    return max(sum(subset) for subset in subsets if sum(subset) <= memory)


@given(
    sizes=st.lists(st.integers(1, 50), min_size=1, max_size=8),
    memory=st.integers(0, 200),
)
def test_the_fewest_bytes_go_to_the_disk(sizes, memory):
    [found] = share_passes(dict(enumerate(sizes)), memory=memory, disk=400)
    assert sum(sizes[name] for name in found.kept) == most_kept(sizes, memory)


def test_many_probes_of_odd_sizes_are_shared_in_no_time():
    sizes = {f"layer{n}": 1_000_003 + 7_919 * n**3 % 999_983 for n in range(200)}
    memory = sum(sizes.values()) // 3
    [found] = share_passes(sizes, memory=memory, disk=10**12)
    assert 0.98 * memory < sum(sizes[name] for name in found.kept) <= memory


@given(sizes=SIZES, **ROOMS)
def test_passes_are_in_the_order_given(sizes, memory, disk):
    order = list(sizes).index
    found = share_passes(fitting(sizes, memory, disk), memory=memory, disk=disk)
    for part in (part for share in found for part in share):
        assert list(map(order, part)) == sorted(map(order, part))
    firsts = [min(map(order, share.names)) for share in found]
    assert firsts == sorted(firsts)


@pytest.mark.parametrize("share", [share_passes, share_gpu])
def test_all_probes_share_one_pass_where_they_fit(share):
    found = share({"a": 1, "b": 9, "c": 5}, memory=15, disk=10**9)
    assert found == [Share(["a", "b", "c"], [])]


def test_beside_a_gpu_only_what_is_too_large_for_it_goes_to_the_disk():
    sizes = {"a": 30, "b": 9, "c": 5, "d": 40, "e": 1}
    found = share_gpu(sizes, memory=10, disk=60)
    assert found == [Share(["b", "e"], ["a"]), Share(["c"], ["d"])] or found == [
        Share(["b", "e"], ["d"]),
        Share(["c"], ["a"]),
    ]
