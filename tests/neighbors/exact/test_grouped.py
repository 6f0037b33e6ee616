"""Equal rows are searched once, and the answer stays the same to the bit."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from depthviz.embeddings import StoredRows
from depthviz.neighbors import Neighbors, nearest_neighbors
from depthviz.neighbors.exact import equal_rows, search, sweep
from depthviz.neighbors.exact.equal_rows import find_equal_rows
from tests.neighbors.executors import Inline
from tests.neighbors.hard import TYPES, same
from tests.neighbors.shards.tables import SMALL

LIMIT = 1 << 24


@pytest.fixture(autouse=True)
def few_are_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    """Group equal rows of small tables too."""
    monkeypatch.setattr(equal_rows, "_FEWEST", 1)


def drawn(count: int, features: int, distinct: int, seed: int) -> Tensor:
    """Rows of whole numbers, few of them distinct, with zeros of both signs."""
    draw = torch.Generator().manual_seed(seed)
    few = torch.randn(distinct, features, generator=draw).round() + 0.0
    rows = few[torch.randint(0, distinct, (count,), generator=draw)]
    minus = (rows == 0) & (torch.rand(rows.shape, generator=draw) < 0.5)
    return torch.where(minus, -0.0, rows)


def plain(*sides: Any, **options: Any) -> Neighbors:
    """Search without groups."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(search, "group_problem", lambda problem: None)
        return nearest_neighbors(*sides, **options)


def check_equal(found: Neighbors, wanted: Neighbors) -> None:
    assert torch.equal(found.index, wanted.index)
    assert torch.equal(found.distance, wanted.distance)


@settings(max_examples=120, deadline=None)
@given(
    references=st.integers(2, 90),
    queries=st.sampled_from(["all", "fewer", "more", "others"]),
    features=st.sampled_from([1, 3, 40]),
    distinct=st.integers(1, 30),
    k=st.integers(1, 89),
    dtype=st.sampled_from(TYPES),
    metric=st.sampled_from(["euclidean", "cosine"]),
    leave_out=st.sampled_from(["nothing", "itself", "anything"]),
    limit=st.sampled_from([None, 1, 100_000]),
    seed=st.integers(0, 1000),
)
def test_neighbors_are_those_of_a_search_without_groups(
    *,
    references: int,
    queries: str,
    features: int,
    distinct: int,
    k: int,
    dtype: torch.dtype,
    metric: str,
    leave_out: str,
    limit: int | None,
    seed: int,
) -> None:
    rows = drawn(references + 20, features, distinct, seed).to(dtype)
    if metric == "cosine":
        rows += 0.5 * (rows == 0).all(1, keepdim=True)
    reference = rows[:references]
    query = {
        "all": reference,
        "fewer": reference[: references // 2 + 1],
        "more": rows,
        "others": rows.flip(0),
    }[queries]
    exclude = {
        "nothing": None,
        "itself": torch.arange(len(query)) % (references + 1) - 1,
        "anything": torch.arange(len(query)) * 7 % (references + 1) - 1,
    }[leave_out]
    if leave_out == "itself" and len(query) <= references:
        exclude = torch.arange(len(query))
    asked: dict[str, Any] = {
        "k": min(k, references - 1),
        "exclude": exclude,
        "metric": metric,
    }
    wanted = plain(query, reference, **asked)
    check_equal(
        nearest_neighbors(query, reference, **asked, memory_limit=limit), wanted
    )
    shared = {"executor": Inline(), "memory_limit": SMALL}
    check_equal(nearest_neighbors(query, reference, **asked, **shared), wanted)


@pytest.mark.parametrize("distinct", [1, 3, 40])
@pytest.mark.parametrize("compiled", [True, False])
def test_neighbors_are_those_of_brute_force(
    distinct: int, compiled: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not compiled:
        for room in ("exact.shortlists", "exact.direct", "exact.operands", "features"):
            monkeypatch.setattr(f"depthviz.neighbors.{room}.kernels", lambda: None)
    rows, alone = drawn(200, 5, distinct, 0), torch.arange(200)
    found = nearest_neighbors(rows, rows, k=9, exclude=alone)
    same(found, rows, rows, alone)
    check_equal(found, plain(rows, rows, k=9, exclude=alone))


def test_rows_on_the_disk_are_grouped_like_others() -> None:
    rows, alone = drawn(300, 20, 12, 0), torch.arange(300)
    with StoredRows.create((300, 20)) as stored:
        stored.write(0, rows)
        for query, reference in ((stored, stored), (stored, stored.head(200))):
            asked = {"k": 9, "exclude": alone % len(reference)}
            found = nearest_neighbors(query, reference, **asked)
            check_equal(found, plain(rows, rows[: len(reference)], **asked))


def test_distances_that_tie_between_groups_go_to_the_smaller_index() -> None:
    rows = torch.eye(4).repeat(100, 1)
    found = nearest_neighbors(rows, rows, k=103, exclude=torch.arange(400))
    assert found.index[5].tolist() == [1, *range(9, 400, 4), 0, 2, 3, 4]


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param(torch.ones(3000, 40), id="all equal"),
        pytest.param(torch.randn(7, 40).repeat(400, 1), id="seven rows"),
        pytest.param(
            torch.cat([torch.zeros(1500, 40), torch.randn(60, 40)]), id="one is common"
        ),
    ],
)
def test_equal_rows_are_multiplied_once(
    rows: Tensor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("a search by direct distances")

    pairs = []
    product = sweep.multiply

    def count(left: list[Tensor], right: list[Tensor], *rest: object) -> Tensor:
        pairs.append(len(left[0]) * len(right[0]))
        return product(left, right, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(sweep, "multiply", count)
    monkeypatch.setattr(search, "search_directly", refuse)
    nearest_neighbors(rows, rows, k=30, exclude=torch.arange(len(rows)))
    assert sum(pairs) <= 61**2


def test_groups_are_in_the_order_of_their_first_rows() -> None:
    rows = torch.tensor([[2.0, 0], [1, 0], [2, -0.0], [1, 1], [1, 0]]).repeat(2, 1)
    found = find_equal_rows(rows, LIMIT)
    assert found is not None
    assert found.first.tolist() == [0, 1, 3]
    assert found.group.tolist() == [0, 1, 0, 2, 1] * 2


@pytest.mark.parametrize("prints", [lambda rows: rows * 0, lambda rows: rows % 3])
def test_rows_that_share_a_fingerprint_are_not_taken_for_equal(
    prints: Callable[[Tensor], Tensor], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        equal_rows, "_fingerprints", lambda values, rows, limit: prints(rows)
    )
    rows, alone = drawn(200, 4, 9, 0), torch.arange(200)
    found = find_equal_rows(rows, LIMIT)
    assert found is not None
    assert torch.equal(rows[found.first[found.group]] + 0.0, rows + 0.0)
    check_equal(
        nearest_neighbors(rows, rows, k=8, exclude=alone),
        plain(rows, rows, k=8, exclude=alone),
    )


def test_rows_of_which_hardly_any_repeat_are_looked_at_by_a_sample_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looked = []
    prints = equal_rows._fingerprints

    def spy(values: Tensor, rows: Tensor, limit: int) -> Tensor:
        looked.append(len(rows))
        return prints(values, rows, limit)

    monkeypatch.setattr(equal_rows, "_fingerprints", spy)
    rows = torch.randn(5000, 3, generator=torch.Generator().manual_seed(0))
    rows[4000:4002] = rows[0]
    assert find_equal_rows(rows, LIMIT) is None
    assert looked == [1024]


def test_distinct_rows_that_do_not_fit_into_memory_are_not_copied() -> None:
    rows = torch.randn(400, 300).repeat(3, 1)
    problem = search.Problem(
        rows, rows, 3, torch.full((1200,), -1), "euclidean", limit=600_000
    )
    assert search.group_problem(problem) is None


def test_progress_counts_every_query_once() -> None:
    for reference in (torch.zeros(700, 3), torch.randn(7, 3).repeat(100, 1)):
        reported: list[int] = []
        nearest_neighbors(reference, reference, k=2, progress=reported.append)
        assert sum(reported) == 700
        assert min(reported) > 0
