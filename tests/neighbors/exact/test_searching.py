"""The steps of a search: which are taken, and that each alone gives the answer."""

from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from depthviz.errors import FeatureError
from depthviz.machine.switches.precision import full_precision
from depthviz.neighbors import nearest_neighbors
from depthviz.neighbors.exact import matmul, number_types, search, sweep, type_choice
from depthviz.neighbors.exact.number_types import ProductType
from tests.neighbors.hard import HARD, same

CPU = torch.device("cpu")

LADDERS = {
    "bfloat16 first": [number_types.HALF_ON_CPU, number_types.SINGLE],
    "float16 first": [number_types.HALF_ON_GPU, number_types.SINGLE],
    "no float64 products": [number_types.SINGLE],
    "float64 products": [number_types.DOUBLE],
    "no products": [],
}


@pytest.fixture
def climb(monkeypatch: pytest.MonkeyPatch) -> Callable[[list[ProductType]], None]:
    """Choose the number types that a search goes through."""

    def choose(ladder: list[ProductType]) -> None:
        monkeypatch.setattr(search, "choose_types", lambda prepared: iter(ladder))

    return choose


@pytest.fixture
def tensors_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Go without compiled loops, as on a machine without Numba."""
    for module in ("exact.shortlists", "exact.direct", "exact.operands", "features"):
        monkeypatch.setattr(f"depthviz.neighbors.{module}.kernels", lambda: None)


@pytest.mark.parametrize("ladder", LADDERS)
@pytest.mark.parametrize("shape", HARD)
def test_each_ladder_gives_the_answer(
    ladder: str, shape: str, climb: Callable[[list[ProductType]], None]
) -> None:
    climb(LADDERS[ladder])
    rows = HARD[shape](torch.randn(150, 12, generator=torch.Generator().manual_seed(5)))
    exclude = torch.arange(150)
    same(nearest_neighbors(rows, rows, k=4, exclude=exclude), rows, rows, exclude)


@pytest.mark.usefixtures("tensors_only")
@pytest.mark.parametrize("ladder", LADDERS)
@pytest.mark.parametrize("shape", HARD)
def test_each_ladder_gives_the_answer_without_compiled_loops(
    ladder: str, shape: str, climb: Callable[[list[ProductType]], None]
) -> None:
    climb(LADDERS[ladder])
    rows = HARD[shape](torch.randn(150, 12, generator=torch.Generator().manual_seed(6)))
    exclude = torch.arange(150)
    same(nearest_neighbors(rows, rows, k=4, exclude=exclude), rows, rows, exclude)


@pytest.mark.usefixtures("tensors_only")
def test_compiled_loops_and_tensors_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = torch.randn(3000, 20, generator=torch.Generator().manual_seed(0))
    plain = nearest_neighbors(rows, rows, k=5, exclude=torch.arange(3000))
    monkeypatch.undo()
    found = nearest_neighbors(rows, rows, k=5, exclude=torch.arange(3000))
    assert torch.equal(found.index, plain.index)
    assert torch.equal(found.distance, plain.distance)


def test_queries_that_are_the_references_are_multiplied_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pairs = []
    product = sweep.multiply

    def count(left: list[Tensor], right: list[Tensor], *rest: object) -> Tensor:
        pairs.append(len(left[0]) * len(right[0]))
        return product(left, right, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(sweep, "multiply", count)
    rows = torch.randn(6000, 300, generator=torch.Generator().manual_seed(0))
    once = nearest_neighbors(rows, rows[:5500], k=3)
    assert sum(pairs) < 0.75 * 6000 * 5500
    pairs.clear()
    twice = nearest_neighbors(rows, rows[:5500].clone(), k=3)
    assert sum(pairs) >= 6000 * 5500
    assert torch.equal(once.index, twice.index)
    assert torch.equal(once.distance, twice.distance)


def test_half_precision_is_left_where_its_lists_would_be_long(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tried: list[ProductType] = []
    products = search._Search._by_products

    def spy(self: search._Search, rows: Tensor, *, product_type: ProductType) -> object:
        tried.append(product_type)
        return products(self, rows, product_type=product_type)

    monkeypatch.setattr(search._Search, "_by_products", spy)
    monkeypatch.setattr(type_choice, "half_is_faster", lambda features: 2.0)
    generator = torch.Generator().manual_seed(0)
    rows = torch.randn(2000, 200, generator=generator)
    noise = torch.randn(2000, 200, generator=generator)
    near = rows[:2].repeat(1000, 1) + 1e-3 * noise
    spread = torch.cat([rows, rows + 0.1 * noise])
    close = nearest_neighbors(near[:1500], near, k=5)
    assert number_types.HALF_ON_CPU not in tried
    same(close, near[:1500], near, torch.full((1500,), -1))
    for offset in (0, 30):
        tried.clear()
        far = spread + offset
        nearest_neighbors(far, far, k=1, exclude=torch.arange(4000))
        assert number_types.HALF_ON_CPU in tried


def test_half_precision_is_not_tried_on_a_processor_without_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    timed: list[torch.dtype] = []

    def spy(product: object, left: Tensor, right: Tensor) -> float:
        timed.append(left.dtype)
        return 1.0

    monkeypatch.setattr(matmul, "_time", spy)
    monkeypatch.setattr(matmul.platform, "machine", lambda: "x86_64")
    has = dict.fromkeys(
        ("_is_avx512_bf16_supported", "_is_amx_tile_supported"), lambda: False
    )
    for name, ask in has.items():
        monkeypatch.setattr(torch.cpu, name, ask, raising=False)
    caches = (matmul._multiplies_half, matmul._half_ratio, matmul._fastest)
    for known in caches:
        known.cache_clear()
    try:
        assert matmul.half_is_faster(512) == 0
        assert not timed
        for known in caches:
            known.cache_clear()
        monkeypatch.setattr(torch.cpu, "_is_amx_tile_supported", lambda: True)
        assert matmul.half_is_faster(512) == 1
        assert torch.bfloat16 in timed
    finally:
        for known in caches:
            known.cache_clear()


def test_a_search_that_runs_out_of_memory_goes_on_with_half(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rows = torch.randn(2000, 30, generator=torch.Generator().manual_seed(0))
    exclude = torch.arange(2000)
    plain = nearest_neighbors(rows, rows, k=4, exclude=exclude)
    product, refused = sweep.multiply, []

    def small(left: list[Tensor], right: list[Tensor], *rest: object) -> Tensor:
        if len(left[0]) * len(right[0]) > 40_000:
            refused.append(len(left[0]) * len(right[0]))
            raise torch.OutOfMemoryError("CUDA out of memory.")
        return product(left, right, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(sweep, "multiply", small)
    found = nearest_neighbors(rows, rows, k=4, exclude=exclude)
    assert refused
    assert torch.equal(found.index, plain.index)
    assert torch.equal(found.distance, plain.distance)


def test_other_errors_are_not_taken_for_a_lack_of_memory(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(*arguments: object) -> Tensor:
        raise RuntimeError("device-side assert triggered")

    monkeypatch.setattr(sweep, "multiply", broken)
    with pytest.raises(RuntimeError, match="device-side"):
        nearest_neighbors(torch.ones(3, 2), torch.ones(4, 2), k=1)


def _precisions(monkeypatch: pytest.MonkeyPatch) -> list[tuple[object, ...]]:
    seen: list[tuple[object, ...]] = []
    product = sweep.multiply

    def spy(left: list[Tensor], right: list[Tensor], *rest: object) -> Tensor:
        seen.append(
            (
                torch.is_autocast_enabled("cpu"),
                torch.backends.cuda.matmul.fp32_precision,
                torch.backends.mkldnn.matmul.fp32_precision,
            )
        )
        return product(left, right, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(sweep, "multiply", spy)
    return seen


needs_switches = pytest.mark.skipif(
    not hasattr(torch.backends, "fp32_precision"), reason="needs torch 2.9"
)


@needs_switches
@pytest.mark.parametrize("precision", ["medium", "high", "highest"])
def test_products_keep_their_precision_whatever_the_user_allows(
    precision: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = _precisions(monkeypatch)
    rows = torch.randn(100, 30, generator=torch.Generator().manual_seed(0))
    plain = nearest_neighbors(rows, rows, k=3)
    seen.clear()
    torch.set_float32_matmul_precision(precision)
    try:
        with torch.autocast("cpu", dtype=torch.bfloat16):
            found = nearest_neighbors(rows, rows, k=3)
        assert torch.get_float32_matmul_precision() == precision
    finally:
        torch.set_float32_matmul_precision("highest")
    assert seen
    assert all(not cast and {cuda, cpu} <= {"ieee", "none"} for cast, cuda, cpu in seen)
    assert torch.equal(found.index, plain.index)
    assert torch.equal(found.distance, plain.distance)


@needs_switches
def test_precision_is_kept_until_the_last_search_ends() -> None:
    matmul = torch.backends.mkldnn.matmul
    before = matmul.fp32_precision
    matmul.fp32_precision = "bf16"
    first, second = full_precision(CPU), full_precision(CPU)
    try:
        with second:
            with first:
                pass
            assert matmul.fp32_precision in ("ieee", "none")
        assert matmul.fp32_precision == "bf16"
    finally:
        matmul.fp32_precision = before


@needs_switches
def test_precision_is_put_back_after_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    matmul = torch.backends.mkldnn.matmul
    before = matmul.fp32_precision
    matmul.fp32_precision = "bf16"
    try:
        with pytest.raises(FeatureError):
            nearest_neighbors(torch.full((3, 2), torch.nan), torch.ones(3, 2), k=1)
        assert matmul.fp32_precision == "bf16"
    finally:
        matmul.fp32_precision = before
