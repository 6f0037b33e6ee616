"""Products bound every distance, in every number type, and short lists lose nobody."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from depthviz.neighbors.exact import matmul, number_types
from depthviz.neighbors.exact.bounds import bounds_of, multiply
from depthviz.neighbors.exact.matmul import Buffers
from depthviz.neighbors.exact.operands import Operand, choose_frame
from depthviz.neighbors.exact.prepared import Exclusion
from depthviz.neighbors.exact.shortlists import begin_lists
from depthviz.neighbors.features import read_features
from tests.neighbors import brute
from tests.neighbors.hard import HARD

PRODUCT_TYPES = {
    "single": number_types.SINGLE,
    "double": number_types.DOUBLE,
    "bfloat16 on a CPU": number_types.HALF_ON_CPU,
    "float16 on a GPU": number_types.HALF_ON_GPU,
}


@settings(max_examples=150, deadline=None)
@given(
    shape=st.sampled_from(sorted(HARD)),
    features=st.sampled_from([1, 5, 70, 5000]),
    name=st.sampled_from(sorted(PRODUCT_TYPES)),
    seed=st.integers(0, 1000),
)
def test_products_bound_every_distance(
    shape: str, features: int, name: str, seed: int
) -> None:
    noise = torch.randn(30, features, generator=torch.Generator().manual_seed(seed))
    rows = HARD[shape](noise)
    side = read_features("reference", rows, "euclidean", 1 << 20)
    frame = choose_frame(side, side, PRODUCT_TYPES[name])
    if frame is None:
        return
    query, reference = (Operand(side, None, frame, keep=keep) for keep in (True, False))
    bounds = bounds_of(query, reference)
    product = multiply(
        query.panels(slice(0, 30)), reference.panels(slice(0, 30)), frame, Buffers()
    ).double()
    off = bounds.slack * product.abs()
    spread = bounds.spread.double().unsqueeze(1)
    lower = bounds.base.double() - 2 * product - off + query.squares[:, None]
    lower -= spread / 2
    upper = lower + bounds.extra.double() + spread + 2 * off
    truth = torch.as_tensor(brute.distances(rows, rows) * frame.scale).square()
    assert (lower <= truth * (1 + 1e-12)).all()
    assert (upper >= truth * (1 - 1e-12)).all()


@pytest.mark.parametrize("compiled", [True, False])
@pytest.mark.parametrize(
    ("slack", "columns"), [(0.0, False), (0.0, True), (0.01, False)]
)
@pytest.mark.parametrize(("references", "k"), [(1500, 7), (1500, 400), (40, 7), (9, 9)])
def test_lists_hold_all_that_may_be_near_and_little_else(
    compiled: bool, slack: float, columns: bool, references: int, k: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        if not compiled:
            patch.setattr("depthviz.neighbors.exact.shortlists.kernels", lambda: None)
        _check_lists(slack, columns, references, k)


def _check_lists(slack: float, columns: bool, references: int, k: int) -> None:
    generator = torch.Generator().manual_seed(references + k)
    points = torch.randn(references, 8, generator=generator)
    query = points[:70]
    rows = read_features("reference", points, "euclidean", 1 << 20)
    frame = choose_frame(rows, rows, number_types.SINGLE)
    assert frame is not None
    near = Operand(rows, None, frame, keep=True)
    far = Operand(rows, torch.arange(len(query)), frame, keep=True)
    bounds = replace(bounds_of(far, near), slack=slack)
    none = Exclusion(torch.full((len(query),), -1), torch.empty(0, 0).bool())
    lists = begin_lists(bounds, none, k)
    step = 1100
    for start in range(0, references, step):
        stop = min(start + step, references)
        part = near.panels(slice(start, stop))
        every = far.panels(slice(0, len(query)))
        if columns:
            lists.add_columns(
                multiply(part, every, frame, Buffers()), start, 0, begin=0
            )
        else:
            lists.add_rows(multiply(every, part, frame, Buffers()), 0, start)
    found = lists.take(slice(0, len(query)))
    nearest = brute.neighbors(query, points, k)[1]
    assert (found.count >= 0).all()
    for listed, count, wanted in zip(found.index, found.count, nearest, strict=True):
        assert set(wanted) <= set(listed[:count].tolist())
        if slack == 0:
            assert count <= k + 2


def test_a_list_that_cannot_hold_the_ties_says_so() -> None:
    points = torch.zeros(5000, 4)
    rows = read_features("reference", points, "euclidean", 1 << 20)
    frame = choose_frame(rows, rows, number_types.SINGLE)
    assert frame is not None
    side = Operand(rows, None, frame, keep=True)
    none = Exclusion(torch.full((5000,), -1), torch.empty(0, 0).bool())
    lists = begin_lists(bounds_of(side, side), none, 3)
    everything = side.panels(slice(0, 5000))
    lists.add_rows(multiply(everything, everything, frame, Buffers()), 0, 0)
    assert (lists.take(slice(0, 5000)).count == -1).all()


def test_half_precision_loses_what_is_measured() -> None:
    points = torch.randn(50, 300, generator=torch.Generator().manual_seed(0))
    rows = read_features("reference", points, "euclidean", 1 << 20)
    frame = choose_frame(rows, rows, number_types.HALF_ON_CPU)
    assert frame is not None
    side = Operand(rows, None, frame, keep=True)
    centered = (points - frame.center).double()
    lost = (centered - centered.bfloat16().double()).norm(dim=1) / centered.norm(dim=1)
    assert side.lost == pytest.approx(float(lost.max()), rel=1e-6)
    assert side.lost < 2.0**-8


@pytest.mark.parametrize("features", [3, 200, 3000])
def test_the_fastest_product_is_a_product(features: int) -> None:
    generator = torch.Generator().manual_seed(features)
    left, right = torch.randn(2, 50, features, generator=generator)
    product = matmul.fastest_product(features, torch.float32)
    np.testing.assert_allclose(
        product(left, right, torch.empty(50, 50)),
        left.double() @ right.double().T,
        atol=1e-3,
    )


def test_an_operator_that_is_gone_or_wrong_is_not_used(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def gone(*factors: torch.Tensor) -> torch.Tensor:
        raise AttributeError("no such operator")

    def rounding(left: torch.Tensor, right: torch.Tensor, out: object) -> torch.Tensor:
        return (left.bfloat16() @ right.bfloat16().T).float()

    for product in (gone, rounding):
        monkeypatch.setattr(matmul, "_onednn_product", product)
        found = matmul._fastest.__wrapped__(64, torch.get_num_threads())
        assert found is matmul.plain_product
