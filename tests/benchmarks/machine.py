"""What the machine can do, so that times are told as ratios.

The peak is the best rate of float32 matrix products that any public way reaches here,
over several shapes, into memory that is there, save for oneDNN, which takes its own. A
noisy machine changes from minute to minute: so the best few of them are measured again
beside whatever they are compared with.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from typing import NamedTuple, TypeVar

import numpy as np
import torch
from threadpoolctl import threadpool_limits
from torch import Tensor
from torch.nn import functional

__all__ = [
    "Product",
    "best_products",
    "bfloat16_rate",
    "rate",
    "seconds",
    "threads",
    "timed",
]

Result = TypeVar("Result")

SHAPES = ((2048, 2048, 2048), (2048, 4096, 4096), (4096, 4096, 1024))
QUICK_SHAPES = ((512, 512, 512),)


class Product(NamedTuple):
    """One way to multiply matrices, with operands of one shape.

    Attributes:
        name: The way and the shape.
        run: Does it once.
        work: Floating-point operations of a run.
    """

    name: str
    run: Callable[[], object]
    work: float


@contextmanager
def threads(count: int) -> Iterator[None]:
    """Give every library the same number of threads, and theirs back at the end."""
    import sklearn.neighbors  # noqa: F401  # limits hold for what is loaded by then

    before = torch.get_num_threads()
    with _numba_threads(count), _faiss_threads(count), threadpool_limits(count):
        torch.set_num_threads(count)
        try:
            yield
        finally:
            torch.set_num_threads(before)


@contextmanager
def _numba_threads(count: int) -> Iterator[None]:
    if not find_spec("numba"):
        yield
        return
    import numba

    before = numba.get_num_threads()
    numba.set_num_threads(min(count, numba.config.NUMBA_NUM_THREADS))
    try:
        yield
    finally:
        numba.set_num_threads(before)


@contextmanager
def _faiss_threads(count: int) -> Iterator[None]:
    if not find_spec("faiss"):
        yield
        return
    import faiss

    before = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(count)
    try:
        yield
    finally:
        faiss.omp_set_num_threads(before)


def timed(run: Callable[[], Result], device: str = "cpu") -> tuple[float, Result]:
    """Run once, to the end on the device; give the seconds and what came out."""
    _wait(device)
    start = time.perf_counter()
    result = run()
    _wait(device)
    return time.perf_counter() - start, result


def seconds(run: Callable[[], object], device: str = "cpu") -> float:
    """Time one run."""
    return timed(run, device)[0]


def rate(product: Product, *, repeats: int = 3, device: str = "cpu") -> float:
    """Find the best rate of a product in GFLOP/s, after one run to warm up."""
    product.run()
    best = min(seconds(product.run, device) for _ in range(repeats))
    return product.work / best / 1e9


def best_products(*, quick: bool, keep: int = 3) -> list[Product]:
    """Find the fastest ways to multiply float32 matrices here, best first."""
    found = [
        product
        for shape in (QUICK_SHAPES if quick else SHAPES)
        for product in _products(*shape)
    ]
    return sorted(found, key=rate, reverse=True)[:keep]


def bfloat16_rate(*, quick: bool) -> float:
    """Find the rate of bfloat16 products in GFLOP/s, for information."""
    rates = []
    for rows, columns, depth in QUICK_SHAPES if quick else SHAPES:
        left, right = (part.bfloat16() for part in _operands(rows, columns, depth))
        rates.append(rate(_mm("bfloat16", left, right)))
    return max(rates)


def _products(rows: int, columns: int, depth: int) -> Iterator[Product]:
    left, right = _operands(rows, columns, depth)
    shape, work = f"{rows} x {columns} x {depth}", 2.0 * rows * columns * depth
    yield _mm(f"torch.mm, {shape}", left, right)
    a, b = left.numpy(), right.numpy()
    out = np.empty((rows, columns), np.float32)
    yield Product(f"NumPy, {shape}", lambda: np.matmul(a, b.T, out=out), work)
    if torch.backends.mkldnn.is_available():
        x, weight = left.to_mkldnn(), right.to_mkldnn()
        run = _no_grad(lambda: functional.linear(x, weight))
        yield Product(f"oneDNN linear, {shape}", run, work)


def _operands(rows: int, columns: int, depth: int) -> Sequence[Tensor]:
    generator = torch.Generator().manual_seed(0)
    return [torch.randn(n, depth, generator=generator) for n in (rows, columns)]


def _mm(name: str, left: Tensor, right: Tensor) -> Product:
    work = 2.0 * len(left) * len(right) * left.shape[1]
    out = left.new_empty(len(left), len(right))
    return Product(name, lambda: torch.mm(left, right.T, out=out), work)


def _no_grad(run: Callable[[], object]) -> Callable[[], object]:
    def quietly() -> object:
        with torch.no_grad():
            return run()

    return quietly


def _wait(device: str) -> None:
    if device.startswith("cuda"):
        torch.cuda.synchronize(device)
