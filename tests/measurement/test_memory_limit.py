"""Few passes within the memory and the disk there are."""

from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from depthviz.measurement.pass_plan import PassGroup, group_probes

SIZES = st.dictionaries(st.text(min_size=1, max_size=4), st.integers(1, 50), min_size=1)
BUDGETS = {"memory": st.integers(0, 200), "disk": st.integers(0, 200)}
on_gpu = partial(group_probes, gpu=True)


def fitting(sizes, memory, disk):
    return {name: size for name, size in sizes.items() if size <= max(memory, disk)}


@given(sizes=SIZES, **BUDGETS, group=st.sampled_from([group_probes, on_gpu]))
def test_every_probe_is_in_one_pass_that_fits(sizes, memory, disk, group):
    sizes = fitting(sizes, memory, disk)
    passes = group(sizes, memory=memory, disk=disk)
    assert sorted(name for each in passes for name in each.names) == sorted(sizes)
    for each in passes:
        assert each.names
        assert sum(sizes[name] for name in each.kept) <= memory
        assert sum(sizes[name] for name in each.spilled) <= disk


def fewest_passes(sizes, memory, disk):
    """Try every place for each size, one after another."""

    def place(rest, passes):
        if not rest:
            return len(passes)
        size, *rest = rest
        found = []
        for i, free in enumerate([*passes, (memory, disk)]):
            for left in ((free[0] - size, free[1]), (free[0], free[1] - size)):
                if min(left) >= 0:
                    found.append(place(rest, [*passes[:i], left, *passes[i + 1 :]]))
        return min(found)

    return place(sorted(sizes, reverse=True), [])


@given(
    sizes=st.lists(st.integers(1, 12), min_size=1, max_size=6),
    memory=st.integers(0, 15),
    disk=st.integers(0, 15),
)
def test_passes_are_nearly_the_fewest(sizes, memory, disk):
    sizes = fitting(dict(enumerate(sizes)), memory, disk)
    found = group_probes(sizes, memory=memory, disk=disk)
    assert len(found) <= 11 / 9 * fewest_passes(list(sizes.values()), memory, disk) + 1


@given(
    sizes=st.lists(st.integers(1, 50), min_size=1, max_size=12),
    memory=st.integers(0, 300),
    spare=st.integers(0, 9),
)
def test_one_pass_takes_all_that_fits_with_the_largest_probe_to_spare(
    sizes, memory, spare
):
    disk = max(*sizes, sum(sizes) + max(sizes) - memory + spare)
    assert len(group_probes(dict(enumerate(sizes)), memory=memory, disk=disk)) == 1


@given(sizes=SIZES, memory=st.integers(0, 200))
def test_nothing_is_on_the_disk_that_memory_has_room_for(sizes, memory):
    [found] = group_probes(sizes, memory=memory, disk=sum(sizes.values()))
    left = memory - sum(sizes[name] for name in found.kept)
    assert all(sizes[name] > left for name in found.spilled)


def test_many_probes_of_odd_sizes_are_shared_in_no_time():
    sizes = {f"layer{n}": 1_000_003 + 7_919 * n**3 % 999_983 for n in range(200)}
    memory = sum(sizes.values()) // 3
    [found] = group_probes(sizes, memory=memory, disk=10**12)
    assert 0.98 * memory < sum(sizes[name] for name in found.kept) <= memory


@given(sizes=SIZES, **BUDGETS)
def test_passes_are_in_the_order_given(sizes, memory, disk):
    order = list(sizes).index
    found = group_probes(fitting(sizes, memory, disk), memory=memory, disk=disk)
    for part in (part for group in found for part in group):
        assert list(map(order, part)) == sorted(map(order, part))
    firsts = [min(map(order, group.names)) for group in found]
    assert firsts == sorted(firsts)


@pytest.mark.parametrize("group", [group_probes, on_gpu])
def test_all_probes_share_one_pass_where_they_fit(group):
    found = group({"a": 1, "b": 9, "c": 5}, memory=15, disk=10**9)
    assert found == [PassGroup(["a", "b", "c"], [])]


def test_next_to_a_gpu_only_what_is_too_large_for_it_goes_to_the_disk():
    sizes = {"a": 30, "b": 9, "c": 5, "d": 40, "e": 1}
    found = on_gpu(sizes, memory=10, disk=60)
    assert found == [PassGroup(["c"], ["a"]), PassGroup(["b", "e"], ["d"])]
